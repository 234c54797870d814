"""Changes to the history that the user asks for: marks, the trash, pictures from outside."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.bridge.history_intake import HistoryIntake
from studio.bridge.portions import Portions
from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_entry import Entry
    from studio.services.history_marks import Mark


class HistoryChanges(QObject):
    """Carries changes out on the disk's thread. Everything public is for the main thread.

    Attributes:
        intake: takes pictures in from outside.

    Signals:
        changed: numbers of entries that are not what they were.
        marked: what marks were before, a tuple of `studio.services.history_marks.Mark`, for `put_back`.
        thrown: numbers of pictures that lie in the trash now, a tuple for `bring_back`.
        brought_back: numbers of those that do not any more, a tuple.
        emptied: how many pictures went from the trash into the system's trash.
        imported: entries of pictures from outside, a tuple.
        failed: why something could not be done. Nothing was changed then; of many pictures those that the other signals
            tell.
    """

    changed = Signal(tuple)
    marked = Signal(tuple)
    thrown = Signal(tuple)
    brought_back = Signal(tuple)
    emptied = Signal(int)
    imported = Signal(tuple)
    failed = Signal(StudioError)

    def __init__(self, disk: Background, history: Callable[[], History], parent: QObject | None = None) -> None:
        """Stand ready.

        Args:
            disk: the thread of the history.
            history: returns it, on that thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self._disk = disk
        self._history = history
        self._portions = Portions(disk)
        self.intake = HistoryIntake(disk, history, self)
        self.intake.entered.connect(self._show_imported)

    def star(self, ids: Sequence[int], is_starred: bool) -> None:
        """Say whether the user likes pictures."""
        self._mark(ids, lambda part: self._history().marks.star(part, is_starred))

    def note(self, ids: Sequence[int], text: str) -> None:
        """Write about pictures, in place of what was written before."""
        self._mark(ids, lambda part: self._history().marks.note(part, text))

    def tag(self, ids: Sequence[int], add: Sequence[str] = (), remove: Sequence[str] = ()) -> None:
        """Give pictures words and take some away."""
        self._mark(ids, lambda part: self._history().marks.tag(part, add, remove))

    def put_back(self, before: Sequence[Mark]) -> None:
        """Make marks what they were, as `marked` said it."""
        self._mark(before, self._put_back)

    def throw(self, ids: Sequence[int]) -> None:
        """Move pictures into the trash."""
        self._portions.run(ids, self._throw, self._show_thrown, self.failed.emit)

    def bring_back(self, ids: Sequence[int]) -> None:
        """Move pictures out of the trash."""
        self._portions.run(ids, self._bring_back, self._show_brought_back, self.failed.emit)

    def empty_trash(self) -> None:
        """Give all that is in the trash to the system's trash."""
        self._disk.run(self._empty, self._show_emptied, self.failed.emit)

    def purge(self) -> None:
        """Likewise with what was thrown away long ago."""
        self._disk.run(lambda: self._history().trash.purge(datetime.now(UTC)), self._show_purged, self.failed.emit)

    def in_turn(self, then: Callable[[], object]) -> None:
        """Call something once the marks and the trash are changed as was asked for so far, and that was told."""
        self._portions.run((), lambda _: (), lambda _: then(), self.failed.emit)

    # --- on the disk's thread

    def _put_back(self, before: Sequence[Mark]) -> tuple[Mark, ...]:
        return self._history().marks.put_back(before)

    def _throw(self, ids: Sequence[int]) -> tuple[int, ...]:
        return self._history().trash.throw(ids).ids

    def _bring_back(self, ids: Sequence[int]) -> tuple[int, ...]:
        return tuple(entry.id for entry in self._history().trash.bring_back(ids))

    def _empty(self) -> int:
        return self._history().trash.empty()

    # --- on the main thread

    def _mark(
        self, things: Sequence[int] | Sequence[Mark], change: Callable[[Sequence[Any]], tuple[Mark, ...]]
    ) -> None:
        self._portions.run(things, change, self._show_marked, self.failed.emit)

    def _show_marked(self, before: tuple[Mark, ...]) -> None:
        if before:
            self._tell(mark.id for mark in before)
            self.marked.emit(before)

    def _show_thrown(self, ids: tuple[int, ...]) -> None:
        if ids:
            self._tell(ids)
            self.thrown.emit(ids)

    def _show_brought_back(self, ids: tuple[int, ...]) -> None:
        if ids:
            self._tell(ids)
            self.brought_back.emit(ids)

    def _show_emptied(self, count: int) -> None:
        self._tell(())
        self.emptied.emit(count)

    def _show_purged(self, count: int) -> None:
        if count:
            self._show_emptied(count)

    def _show_imported(self, entries: tuple[Entry, ...]) -> None:
        self._tell(entry.id for entry in entries)
        self.imported.emit(entries)

    def _tell(self, ids: Iterable[int]) -> None:
        self.changed.emit(tuple(ids))
