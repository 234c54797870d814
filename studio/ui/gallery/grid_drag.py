"""Dragging pictures out of a grid."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QDrag, QFont, QPainter, QPixmap

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QImage
    from PySide6.QtWidgets import QWidget

SIDE: Final = 72
_STEP: Final = SPACE
_STACKED: Final = 3
_OPACITY: Final = 0.85
_COUNT: Final = 6 * SPACE


def drag_pictures(source: QWidget, mime: QMimeData, thumbnails: Sequence[QImage], count: int) -> Qt.DropAction:
    """Let the user carry pictures; return what became of them.

    Args:
        source: where they come from.
        mime: what they are.
        thumbnails: of some of them, the one under the pointer first.
        count: how many there are.
    """
    drag = QDrag(source)
    drag.setMimeData(mime)
    if thumbnails:
        shown = _as_carried(thumbnails[:_STACKED], count, source.devicePixelRatioF())
        drag.setPixmap(shown)
        # Beside the pointer: what one aims at has a name.
        drag.setHotSpot(QPoint(-3 * SPACE, -3 * SPACE))
    return drag.exec(Qt.DropAction.CopyAction)


def _as_carried(thumbnails: Sequence[QImage], count: int, scale: float) -> QPixmap:
    """Return pictures as the pointer carries them: so small and clear that what lies below is still seen."""
    side = SIDE + _STEP * (len(thumbnails) - 1) + _COUNT // 2
    carried = QPixmap(QSize(side, side) * scale)
    carried.setDevicePixelRatio(scale)
    carried.fill(Qt.GlobalColor.transparent)
    painter = QPainter(carried)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    painter.setOpacity(_OPACITY)
    for place, image in reversed(list(enumerate(thumbnails))):
        painter.drawImage(QRect(place * _STEP, place * _STEP, SIDE, SIDE), image)
    painter.setOpacity(1.0)
    if count > 1:
        _paint_count(painter, f"{count:,}")
    painter.end()
    return carried


def _paint_count(painter: QPainter, words: str) -> None:
    tokens = theme.current()
    painter.setFont(font(LABEL, QFont.Weight.DemiBold))
    width = max(_COUNT, painter.fontMetrics().horizontalAdvance(words) + 3 * SPACE)
    badge = QRectF(SIDE + SPACE - width, SIDE + SPACE - _COUNT, width, _COUNT)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(tokens.text))
    painter.drawRoundedRect(badge, _COUNT / 2, _COUNT / 2)
    painter.setPen(QColor(tokens.window))
    painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, words)
