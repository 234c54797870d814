"""A small picture with transparency shown by a checkerboard."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPen

from studio.ui import theme
from studio.ui.theme.tokens import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QRect

THUMBNAIL: Final = QSize(10 * SPACE, 9 * SPACE)
_CELL: Final = SPACE
_CORNER: Final = 3


def paint_thumbnail(
    painter: QPainter, area: QRect, image: QImage | None, *, is_dim: bool = False, is_mask: bool = False
) -> None:
    """Paint an image into the middle of an area, as large as fits, over a checkerboard that fills it.

    Args:
        painter: on the target.
        area: where.
        image: what; None or a null image leaves the checkerboard alone.
        is_dim: whether it stands for something that is not seen.
        is_mask: whether it shows a mask, which lies on black.
    """
    tokens = theme.current()
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    shape = QPainterPath()
    shape.addRoundedRect(QRectF(area), _CORNER, _CORNER)
    painter.setClipPath(shape)
    if is_mask:
        painter.fillRect(area, QColor(Qt.GlobalColor.black))
    else:
        _paint_checkerboard(painter, area)
    if image is not None and not image.isNull():
        painter.setOpacity(0.35 if is_dim else 1.0)
        painter.drawImage(_fitted(image.size(), area), image)
        painter.setOpacity(1.0)
    painter.setClipping(False)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.text_disabled), 1))
    painter.drawRoundedRect(QRectF(area).adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
    painter.restore()


def _paint_checkerboard(painter: QPainter, area: QRect) -> None:
    # Greys of the middle, the same in both themes, so that dark and light strokes are both seen.
    painter.fillRect(area, QColor("#8c8c8c"))
    for row in range(0, area.height(), _CELL):
        for column in range(row // _CELL % 2 * _CELL, area.width(), 2 * _CELL):
            painter.fillRect(area.left() + column, area.top() + row, _CELL, _CELL, QColor("#737373"))


def _fitted(size: QSize, area: QRect) -> QRectF:
    room = QRectF(area).adjusted(1, 1, -1, -1)
    scaled = size.scaled(room.size().toSize(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(0, 0, max(1, scaled.width()), max(1, scaled.height()))
    target.moveCenter(room.center())
    return target
