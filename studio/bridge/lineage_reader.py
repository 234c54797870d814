"""Reads what a picture was made of, and what was made of it, behind the window."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_edges import Lineage


class LineageReader(QObject):
    """Reads one lineage at a time; what was asked for before is not told any more.

    Signals:
        came: the `studio.services.history_edges.Lineage` that was asked for last.
        failed: the `StudioError` that says why it cannot be read.
    """

    came = Signal(object)
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
        self._wanted: int | None = None

    def want(self, entry_id: int) -> None:
        """Ask for the lineage of an entry; `came` or `failed` answers, unless another one is asked for first."""
        self._wanted = entry_id
        self._disk.run(lambda: self._read(entry_id), self._tell, self._give_up)

    def drop(self) -> None:
        """Want no answer any more."""
        self._wanted = None

    def _read(self, entry_id: int) -> Lineage | None:
        # On the disk's thread; a number is read whole, so no lock is needed. Who steps fast through pictures waits for
        # the last one alone.
        return self._history().lineage.of(entry_id) if entry_id == self._wanted else None

    def _tell(self, lineage: Lineage | None) -> None:
        if lineage is not None and lineage.entry_id == self._wanted:
            self.came.emit(lineage)

    def _give_up(self, error: StudioError) -> None:
        if self._wanted is not None:
            self.failed.emit(error)
