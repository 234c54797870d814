"""Waits until there is something to see, before anything else is begun."""

from __future__ import annotations

import gc
import logging
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QTimer
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

_log = logging.getLogger("sfumato.start")


class FirstPaint(QObject):
    """Waits for a window's first frame to be on its way to the screen, then calls something, once."""

    def __init__(self, window: QWidget, then: Callable[[], None]) -> None:
        super().__init__(window)
        self._window = window
        self._then = then
        window.installEventFilter(self)

    def forget(self) -> None:
        """Call nothing any more."""
        self._window.removeEventFilter(self)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Paint:
            self.forget()
            QTimer.singleShot(0, self._go_on)
        return False

    def _go_on(self) -> None:
        # What is here now stays until the end: the collector, held back so far, need never look at it. A full
        # collection took a tenth of the start, and would stall the event loop later.
        gc.freeze()
        gc.enable()
        _log.info("the window is painted")
        self._then()
