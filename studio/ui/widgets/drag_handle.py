"""A handle by which something is dragged out of the window."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QDrag, QImage, QMouseEvent, QPixmap
from PySide6.QtWidgets import QApplication
from typing_extensions import override

from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QMimeData

    from studio.ui.theme.icons import Icon

_CARRIED: Final = 96
"""Side of what hangs at the pointer, in device-independent pixels."""


class DragHandle(IconButton):
    """Drags a picture to a file manager or another program. It is made at the first move, not before."""

    def __init__(self, icon: Icon, name: str, tip: str, *, side: int, source: Callable[[], QMimeData | None]) -> None:
        """Make a handle.

        Args:
            icon: what it looks like.
            name: for screen readers.
            tip: what is dragged.
            side: in device-independent pixels.
            source: makes what is dragged; None where there is nothing.
        """
        super().__init__(icon, name, tip, side=side)
        self._source = source
        self._pressed_at: QPoint | None = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)

    @override
    def mousePressEvent(self, e: QMouseEvent, /) -> None:
        self._pressed_at = e.position().toPoint() if e.button() == Qt.MouseButton.LeftButton else None
        super().mousePressEvent(e)

    @override
    def mouseMoveEvent(self, e: QMouseEvent, /) -> None:
        if self._pressed_at is None:
            return
        if (e.position().toPoint() - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._pressed_at = None
            self.setDown(False)
            self._drag()

    def _drag(self) -> None:
        mime = self._source()
        if mime is None:
            return
        drag = QDrag(self)
        image = mime.imageData()
        if isinstance(image, QImage) and not image.isNull():
            side = round(_CARRIED * self.devicePixelRatioF())
            keep, smooth = Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation
            shown = QPixmap.fromImage(image.scaled(side, side, keep, smooth))
            shown.setDevicePixelRatio(self.devicePixelRatioF())
            drag.setPixmap(shown)
            drag.setHotSpot(QPoint(_CARRIED // 2, _CARRIED // 2))
        drag.setMimeData(mime)
        drag.exec(Qt.DropAction.CopyAction)
