"""What the pointer looks like over the canvas."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QCursor, QPainter, QPixmap

from studio.domain.tools.tool import Cursor
from studio.ui.theme import icons
from studio.ui.theme.icons import Icon

LEAST_OUTLINE: Final = 6.0
"""A brush smaller than this, in device-independent pixels, is found by a cross instead of its outline."""
_SIDE: Final = 24
_SHAPES: Final = {
    Cursor.ARROW: Qt.CursorShape.ArrowCursor,
    Cursor.BRUSH: Qt.CursorShape.CrossCursor,
    Cursor.CROSS: Qt.CursorShape.CrossCursor,
    Cursor.MOVE: Qt.CursorShape.SizeAllCursor,
    Cursor.HAND: Qt.CursorShape.OpenHandCursor,
    Cursor.SIZE_HORIZONTAL: Qt.CursorShape.SizeHorCursor,
    Cursor.SIZE_VERTICAL: Qt.CursorShape.SizeVerCursor,
    Cursor.SIZE_DOWN: Qt.CursorShape.SizeFDiagCursor,
    Cursor.SIZE_UP: Qt.CursorShape.SizeBDiagCursor,
}
_ICONS: Final = {
    Cursor.PICKER: (Icon.PICKER, QPoint(3, 21)),
    Cursor.ZOOM: (Icon.ZOOM, QPoint(11, 11)),
    Cursor.ROTATE: (Icon.TURN_RIGHT, QPoint(12, 12)),
}
"""The icon, and which of its pixels points."""


def cursor_for(cursor: Cursor, scale: float, *, is_pressed: bool, brush: float) -> QCursor:
    """Return the pointer.

    Args:
        cursor: what the tool asks for.
        scale: the screen's pixels for one device-independent pixel.
        is_pressed: whether the tool is at work.
        brush: diameter of the brush in device-independent pixels; a large one is drawn as an outline instead.
    """
    if cursor is Cursor.BRUSH and brush >= LEAST_OUTLINE:
        return QCursor(Qt.CursorShape.BlankCursor)
    if cursor is Cursor.HAND and is_pressed:
        return QCursor(Qt.CursorShape.ClosedHandCursor)
    if cursor in _ICONS:
        icon, tip = _ICONS[cursor]
        return QCursor(_drawn(icon, scale), tip.x(), tip.y())
    return QCursor(_SHAPES[cursor])


def _drawn(icon: Icon, scale: float) -> QPixmap:
    """Return an icon with a light edge, which is seen on any ground."""
    pixmap = QPixmap(round(_SIDE * scale), round(_SIDE * scale))
    pixmap.setDevicePixelRatio(scale)
    pixmap.fill(QColor(0, 0, 0, 0))
    painter = QPainter(pixmap)
    area = QRect(2, 2, _SIDE - 4, _SIDE - 4)
    for by in (QPoint(-1, 0), QPoint(1, 0), QPoint(0, -1), QPoint(0, 1)):
        icons.paint(painter, icon, area.translated(by), "#ffffff")
    icons.paint(painter, icon, area, "#000000")
    painter.end()
    return pixmap
