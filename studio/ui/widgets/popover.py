"""A small window that opens beside what was clicked and closes with the next click elsewhere."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QColor, QHideEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.tokens import SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QRect


class Edge(Enum):
    """Where a popover opens, seen from what was clicked."""

    BELOW = "below"
    RIGHT = "right"


class Popover(QWidget):
    """Controls that are wanted now and then. Esc closes it; Tab stays inside.

    Signals:
        closed: it is gone from the screen.
    """

    closed = Signal()

    def __init__(self, name: str, owner: QWidget) -> None:
        super().__init__(owner, Qt.WindowType.Popup | Qt.WindowType.FramelessWindowHint)
        self.setAccessibleName(name)
        self.setWindowTitle(name)

    def open_at(self, anchor: QWidget, edge: Edge) -> None:
        """Show it beside a widget, wholly on that widget's screen."""
        self.resize(self.sizeHint())
        match edge:
            case Edge.BELOW:
                corner = anchor.mapToGlobal(QPoint(0, anchor.height() + SPACE))
            case Edge.RIGHT:
                corner = anchor.mapToGlobal(QPoint(anchor.width() + SPACE, 0))
            case _:
                assert_never(edge)
        self._open(corner, anchor)

    def open_over(self, corner: QPoint, owner: QWidget) -> None:
        """Show it with its corner at a place of the screen, wholly on the screen of a widget."""
        self.resize(self.sizeHint())
        self._open(corner, owner)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter}:
            self.close()
        else:
            super().keyPressEvent(event)

    @override
    def hideEvent(self, event: QHideEvent, /) -> None:
        super().hideEvent(event)
        self.closed.emit()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        # Fields have the colour of raised surfaces, so that they are seen only on the window's.
        painter.fillRect(self.rect(), QColor(tokens.window))
        painter.setPen(QColor(tokens.field_pressed))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _open(self, corner: QPoint, owner: QWidget) -> None:
        self.move(self._kept_inside(corner, owner.screen().availableGeometry()))
        self.show()
        self.setFocus(Qt.FocusReason.PopupFocusReason)

    def _kept_inside(self, corner: QPoint, screen: QRect) -> QPoint:
        right, bottom = screen.right() - self.width() - SPACE, screen.bottom() - self.height() - SPACE
        return QPoint(max(screen.left(), min(corner.x(), right)), max(screen.top(), min(corner.y(), bottom)))
