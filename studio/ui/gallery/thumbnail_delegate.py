"""How one picture of the history looks in the strip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.tokens import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QObject

GAP: Final = SPACE
_CORNER: Final = 4


class ThumbnailDelegate(QStyledItemDelegate):
    """Paints the picture into a square cell, cropped to its middle, with a ring around the current one."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.side = 96

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        return QSize(self.side, self.side)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        tokens = theme.current()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        cell = QRectF(option.rect).adjusted(GAP, GAP, -GAP, -GAP)
        state: QStyle.StateFlag = option.state
        shape = QPainterPath()
        shape.addRoundedRect(cell, _CORNER, _CORNER)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(image, QImage) and not image.isNull():
            painter.setClipPath(shape)
            painter.drawImage(cell, image, _middle_square(image))
            painter.setClipping(False)
        else:
            painter.fillPath(shape, QColor(tokens.field))
        if state & QStyle.StateFlag.State_Selected:
            focused = state & QStyle.StateFlag.State_HasFocus
            painter.setPen(QPen(QColor(tokens.focus if focused else tokens.text_quiet), 2))
            painter.drawRoundedRect(cell.adjusted(-2, -2, 2, 2), _CORNER + 2, _CORNER + 2)
        elif state & QStyle.StateFlag.State_MouseOver:
            painter.setPen(QPen(QColor(tokens.text_quiet), 1))
            painter.drawRoundedRect(cell.adjusted(-1.5, -1.5, 1.5, 1.5), _CORNER + 1, _CORNER + 1)
        painter.restore()


def _middle_square(image: QImage) -> QRectF:
    side = min(image.width(), image.height())
    return QRectF((image.width() - side) / 2, (image.height() - side) / 2, side, side)
