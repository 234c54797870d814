"""What the history knows around a picture: its family, the boards it is on, the size of its file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_edges import Edge
    from studio.services.history_entry import Entry

MOST: Final = 24
"""Pictures of a family that are read: the nearest ones, of which parents and children alone are shown."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What is around a picture.

    Attributes:
        entry_id: number of its entry.
        parents: each edge to what it was made of, and that picture; None where the history does not have it.
        children: each edge to what was made of it, and that picture.
        boards: names of the boards that it is on.
        bytes: size of its file; None where that is gone.
    """

    entry_id: int
    parents: tuple[tuple[Edge, Entry | None], ...]
    children: tuple[tuple[Edge, Entry], ...]
    boards: tuple[str, ...]
    bytes: int | None


class SurroundingsReader(QObject):
    """Reads behind the window; what was asked for before the last is not read any more.

    Signals:
        came: the `Surroundings` that were asked for last.
        boards_came: numbers of the entries that were asked for last, and names of the boards that all of them are on;
            tuples.
        failed: the `StudioError` that says why they cannot be read.
    """

    came = Signal(Surroundings)
    boards_came = Signal(tuple, tuple)
    failed = Signal(StudioError)

    def __init__(self, disk: Background, history: Callable[[], History], parent: QObject | None = None) -> None:
        """Stand ready.

        Args:
            disk: the thread of the history.
            history: returns it, on that thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self._disk, self._history = disk, history
        self._wanted: int | tuple[int, ...] | None = None

    def want(self, entry: Entry) -> None:
        """Ask what is around a picture."""
        self._wanted = entry.id
        self._disk.run(lambda: self._read(entry), self._tell, self._give_up)

    def want_boards(self, ids: tuple[int, ...]) -> None:
        """Ask which boards several pictures have in common."""
        self._wanted = ids
        self._disk.run(lambda: self._shared(ids), lambda names: self._tell_shared(ids, names), self._give_up)

    def drop(self) -> None:
        """Want no answer any more."""
        self._wanted = None

    def _read(self, entry: Entry) -> Surroundings | None:
        # On the disk's thread. Who steps fast through pictures waits for the last one alone.
        if entry.id != self._wanted:
            return None
        history = self._history()
        lineage = history.lineage.of(entry.id, MOST)
        known = {one.id: one for one in lineage.nodes}
        return Surroundings(
            entry.id,
            tuple((edge, known.get(edge.parent_id or -1)) for edge in lineage.edges if edge.child_id == entry.id),
            tuple((edge, known[edge.child_id]) for edge in lineage.edges if edge.parent_id == entry.id),
            history.boards.of(entry.id),
            _size_of(entry.path),
        )

    def _shared(self, ids: tuple[int, ...]) -> tuple[str, ...]:
        return self._history().boards.shared_by(ids) if ids == self._wanted else ()

    def _tell_shared(self, ids: tuple[int, ...], names: tuple[str, ...]) -> None:
        if ids == self._wanted:
            self.boards_came.emit(ids, names)

    def _tell(self, found: Surroundings | None) -> None:
        if found is not None and found.entry_id == self._wanted:
            self.came.emit(found)

    def _give_up(self, error: StudioError) -> None:
        if self._wanted is not None:
            self.failed.emit(error)


def _size_of(path: Path) -> int | None:
    try:
        return path.stat().st_size
    except OSError:
        return None
