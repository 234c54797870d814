"""The picture on the whole screen, and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from typing_extensions import override

from studio.ui.gallery.viewer_stage import PictureStage

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class FullScreen(QObject):
    """Opens a window for the picture and closes it; the viewer's keys work there, too.

    A window of its own, so that nothing in the program's window has to step aside and come back.

    Attributes:
        stage: the picture; None as long as the screen is not filled.

    Signals:
        key_pressed: a `QKeyEvent`, which the receiver accepts where it has a use for it.
        left: it is closed.
    """

    key_pressed = Signal(QKeyEvent)
    left = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self.stage: PictureStage | None = None

    def enter(self) -> PictureStage:
        """Fill the screen, and return what a picture is to be shown in."""
        stage = self.stage = PictureStage(self._owner)
        stage.setWindowFlags(Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint)
        stage.setWindowTitle(self._owner.window().windowTitle())
        stage.installEventFilter(self)
        stage.showFullScreen()
        stage.activateWindow()
        stage.setFocus()
        return stage

    def leave(self) -> None:
        """Close it; nothing where it is not open."""
        stage, self.stage = self.stage, None
        if stage is not None:
            stage.removeEventFilter(self)
            stage.close()
            stage.deleteLater()
            self.left.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched is self.stage:
            if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
                self.key_pressed.emit(event)
                return True
            if event.type() == QEvent.Type.Close:
                self.leave()
        return False
