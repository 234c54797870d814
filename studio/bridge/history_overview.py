"""What the history holds in all: names to look for, and how many pictures there are of a kind."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import StudioError
from studio.domain.vocabulary import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.background import Background
    from studio.services.history import History

REST_MS: Final = 300
"""Changes that follow one another sooner are counted together."""
ALL: Final = ""
STARRED: Final = "star:yes"
IMPORTED: Final = "from:imported"
MISSING: Final = "is:missing"
TRASH: Final = "in:trash"
COUNTED: Final = (ALL, STARRED, IMPORTED, MISSING, TRASH)
"""The queries whose pictures are counted."""


class HistoryOverview(QObject):
    """Counts behind the window, once changes have come to rest. Everything public is for the main thread.

    Attributes:
        vocabulary: as it was told last.
        counts: number of pictures that each query of `COUNTED` finds.

    Signals:
        changed: one of the two has.
        failed: why nothing could be counted.
    """

    changed = Signal()
    failed = Signal(StudioError)

    def __init__(self, disk: Background, history: Callable[[], History], parent: QObject | None = None) -> None:
        """Know nothing yet; `refresh` asks.

        Args:
            disk: the thread of the history.
            history: returns it, on that thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self.vocabulary = Vocabulary()
        self.counts: dict[str, int] = {}
        self._disk = disk
        self._history = history
        self._is_used = False
        self._timer = QTimer(self, interval=REST_MS, singleShot=True)
        self._timer.timeout.connect(self.refresh)

    def refresh(self) -> None:
        """Count now."""
        self._is_used = True
        self._timer.stop()
        self._disk.run(self._count, self._show, self.failed.emit)

    def note_change(self) -> None:
        """Count soon, where anybody has looked: the history has changed."""
        if self._is_used:
            self._timer.start()

    def close(self) -> None:
        """Count nothing any more."""
        self._is_used = False
        self._timer.stop()

    def _count(self) -> tuple[Vocabulary, dict[str, int]]:
        from studio.domain.query_parsing import parse  # noqa: PLC0415 - loaded with the history, behind the window

        search = self._history().search
        return search.vocabulary(), {text: search.count(parse(text)) for text in COUNTED}

    def _show(self, counted: tuple[Vocabulary, dict[str, int]]) -> None:
        if counted != (self.vocabulary, self.counts):
            self.vocabulary, self.counts = counted
            self.changed.emit()
