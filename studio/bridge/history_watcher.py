"""Lets the history follow what other programs do in the pictures folder."""

from __future__ import annotations

from functools import partial
from itertools import islice
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Qt, Signal

from studio.domain.errors import StudioError
from studio.services.history_watch import LOOK_MS, FolderWatch

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_recovery import Recovery

AT_ONCE: Final = 16
"""Files that are looked at before anything else has its turn: reading one takes up to a tenth of a second."""
BUDGET_S: Final = 0.5
"""How long one look reads pictures: what is painted meanwhile waits for it."""


class HistoryWatcher(QObject):
    """Listens to the pictures folder, and has the history look at what has changed, a few files at a time.

    Signals:
        recovered: what a look at the files has changed in the index, a `studio.services.history_recovery.Recovery`;
            only if it has changed anything.
        came: the folder was not there, and is now, with what other windows may have put into it.
        seen: numbers of entries whose file was written: by this window, or by another one, which entered it as well.
        failed: the folder has gone, or a look at it failed; once until somebody listens to it anew.
    """

    recovered = Signal(object)
    came = Signal()
    seen = Signal(tuple)
    failed = Signal(StudioError)
    _began = Signal(bool)
    _heard = Signal(object)
    _lost = Signal(object)

    def __init__(
        self,
        pictures: Path,
        disk: Background,
        history: Callable[[], History],
        parent: QObject | None = None,
        look_ms: int = LOOK_MS,
    ) -> None:
        """Stand ready; `start` begins.

        Args:
            pictures: the folder.
            disk: the thread of the history.
            history: returns it, on that thread.
            parent: owns this object.
            look_ms: how often somebody looks whether the folder is there.
        """
        super().__init__(parent)
        self._disk = disk
        self._history = history
        # In the order in which they came, each once.
        self._pending: dict[Path, None] = {}
        self._is_looking = False
        self._has_failed = False
        self._watch = FolderWatch(pictures, self._began.emit, self._heard.emit, self._lost.emit, look_ms)
        # They come from the watch's own thread.
        self._began.connect(self._begin, Qt.ConnectionType.QueuedConnection)
        self._heard.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._lost.connect(self._fail, Qt.ConnectionType.QueuedConnection)

    def start(self) -> None:
        """Begin to listen."""
        self._watch.start()

    def close(self) -> None:
        """Stop listening. What was heard so far and not looked at is found at the next start."""
        self._pending.clear()
        self._watch.close()

    # --- on the disk's thread

    def _recover(self) -> Recovery:
        return self._history().recover(BUDGET_S)

    def _look_at(self, paths: tuple[Path, ...]) -> Recovery:
        return self._history().recovery.look_at(paths, BUDGET_S)

    # --- on the main thread

    def _begin(self, is_new: bool) -> None:
        self._has_failed = False
        if is_new:
            self.came.emit()
        self._look_at_all()

    def _look_at_all(self) -> None:
        """Find what happened before anybody listened: folders whose time is that of the last look are not opened."""
        self._disk.run(self._recover, self._show_all, self._fail)

    def _show_all(self, recovery: Recovery) -> None:
        self._tell(recovery)
        if not recovery.is_complete:
            self._look_at_all()

    def _take(self, paths: frozenset[Path]) -> None:
        self._pending |= dict.fromkeys(sorted(paths))
        self._look()

    def _look(self) -> None:
        if self._pending and not self._is_looking:
            self._is_looking = True
            paths = tuple(islice(self._pending, AT_ONCE))
            for path in paths:
                del self._pending[path]
            self._disk.run(partial(self._look_at, paths), self._show, self._stop_looking)

    def _show(self, recovery: Recovery) -> None:
        self._is_looking = False
        self._show_all(recovery)
        self._look()

    def _stop_looking(self, error: StudioError) -> None:
        self._is_looking = False
        # Whatever it is, it will be the same for the others.
        self._pending.clear()
        self._fail(error)

    def _fail(self, error: StudioError) -> None:
        # Where the folder has gone, every look fails, and the same need not be said twice.
        if not self._has_failed:
            self._has_failed = True
            self.failed.emit(error)

    def _tell(self, recovery: Recovery) -> None:
        if recovery.has_changed:
            self.recovered.emit(recovery)
        if recovery.seen:
            self.seen.emit(recovery.seen)
