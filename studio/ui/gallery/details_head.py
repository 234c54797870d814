"""The picture at the head of its details."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE

if TYPE_CHECKING:
    from studio.bridge.entry_pictures import EntryPictures
    from studio.services.history_entry import Entry

_HEIGHT: Final = 45 * SPACE
_CORNER: Final = 4


class HeadPicture(QWidget):
    """Shows a picture whole, as large as there is room for."""

    def __init__(self, pictures: EntryPictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._entry: Entry | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(_HEIGHT)
        pictures.came.connect(self._on_picture)

    def show_entry(self, entry: Entry) -> None:
        """Show a picture."""
        self._entry = entry
        self.setAccessibleName(f"Picture: {entry.prompt or entry.path.name}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(_HEIGHT, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        if self._entry is None:
            return
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        ground = QPainterPath()
        ground.addRoundedRect(QRectF(self.rect()), _CORNER, _CORNER)
        painter.fillPath(ground, QColor(tokens.backdrop))
        image = self._pictures.of(self._entry)
        if image is not None and not image.isNull():
            size = image.size().scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
            target = QRect(0, 0, size.width(), size.height())
            target.moveCenter(self.rect().center())
            painter.setClipPath(ground)
            painter.drawImage(target, image)
        elif image is not None:
            area = QRect(0, 0, 32, 32)
            area.moveCenter(self.rect().center())
            icons.paint(painter, Icon.NO_PICTURE, area, tokens.text_disabled)
        painter.end()

    def _on_picture(self, entry_id: int) -> None:
        if self._entry is not None and self._entry.id == entry_id:
            self.update()
