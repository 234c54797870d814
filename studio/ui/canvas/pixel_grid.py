"""Lines between the document's pixels, for those who look very closely."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QLineF, QPointF
from PySide6.QtGui import QColor, QPainter, QPen

if TYPE_CHECKING:
    from PySide6.QtGui import QTransform

    from studio.domain.geometry import Rect

_LINE: Final = QColor(128, 128, 128, 96)
"""Grey is seen on black and on white, and lets the colours beside it be."""


def draw_pixel_grid(painter: QPainter, to_screen: QTransform, seen: Rect) -> None:
    """Draw a line at every edge of a pixel in a rectangle of the document, one screen pixel wide."""
    if seen.is_empty:
        return
    columns = [
        QLineF(to_screen.map(QPointF(x, seen.y)), to_screen.map(QPointF(x, seen.bottom)))
        for x in range(seen.x, seen.right + 1)
    ]
    rows = [
        QLineF(to_screen.map(QPointF(seen.x, y)), to_screen.map(QPointF(seen.right, y)))
        for y in range(seen.y, seen.bottom + 1)
    ]
    painter.setPen(QPen(_LINE, 1))
    painter.drawLines([*columns, *rows])
