"""Knowing own pictures again when they come back without their metadata."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

    import numpy as np
    from numpy.typing import NDArray

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_entry import Entry

REST_MS: Final = 125
"""Between two pictures that nobody has looked at yet: unpacking one takes a tenth of that, so the rest of the program
does not notice, and 1,000 pictures take two minutes."""
_PROMPT_LETTERS: Final = 60


class HistoryLooks(QObject):
    """Looks at pictures on the disk's thread. Everything public is for the main thread.

    Signals:
        filled: every picture of the history was looked at.
        failed: why that could not be done.
    """

    filled = Signal()
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
        self._is_filling = False
        self._is_closed = False
        self._timer = QTimer(self, interval=REST_MS, singleShot=True)
        self._timer.timeout.connect(self._fill_one)

    def seek(self, pixels: NDArray[np.uint8], then: Callable[[Entry | None], object]) -> None:
        """Look for the picture of the history that another one is a copy of.

        Args:
            pixels: (H, W, 3) or (H, W, 4) uint8, sRGB, straight alpha.
            then: called with its entry, or with None: also where the history cannot be read, which others tell.
        """
        self._disk.run(partial(self._nearest, pixels), then, lambda _: then(None))

    def fill(self) -> None:
        """Look at the pictures that nobody has looked at, one after the other with rests between."""
        if not self._is_filling and not self._is_closed:
            self._is_filling = True
            self._fill_one()

    def close(self) -> None:
        """Look at nothing any more; the next start goes on."""
        self._is_closed = True
        self._timer.stop()

    def _nearest(self, pixels: NDArray[np.uint8]) -> Entry | None:
        found = self._history().look_alikes.nearest(pixels)
        return None if found is None else found[0]

    def _fill_one(self) -> None:
        self._disk.run(lambda: self._history().look_alikes.fill(1), self._go_on, self._stop)

    def _go_on(self, count: int) -> None:
        if count and not self._is_closed:
            self._timer.start()
            return
        self._is_filling = False
        if not self._is_closed:
            self.filled.emit()

    def _stop(self, error: StudioError) -> None:
        self._is_filling = False
        self.failed.emit(error)


def recognised_sentence(entry: Entry) -> str:
    """Return what to tell about a picture that looks like one of the history."""
    prompt = " ".join(entry.prompt.split())
    if len(prompt) > _PROMPT_LETTERS:
        prompt = prompt[:_PROMPT_LETTERS].rsplit(" ", 1)[0] + "\u2026"
    words = f", \u201c{prompt}\u201d" if prompt else ""
    return f"This looks like one of yours: {entry.day}{words}"
