"""The buttons at the left and right edge of a picture that is looked at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE

_SIDE: Final = 10 * SPACE
_RESTING: Final = 0.45
_UNDER_POINTER: Final = 0.85
_RIM: Final = 0.2
"""So that it is seen on a ground as dark as itself."""


class EdgeButton(QAbstractButton):
    """A round button that lies on the picture and hardly shows until the pointer is on it."""

    def __init__(self, icon: Icon, name: str, tip: str, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setFixedSize(QSize(_SIDE, _SIDE))
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setCursor(Qt.CursorShape.ArrowCursor)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_SIDE, _SIDE)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_strong = self.underMouse() or self.hasFocus()
        scrim = QColor(tokens.scrim)
        scrim.setAlphaF(_UNDER_POINTER if is_strong else _RESTING)
        rim = QColor(tokens.on_scrim)
        rim.setAlphaF(1.0 if self.hasFocus() else _RIM)
        painter.setPen(QPen(rim, 1.5 if self.hasFocus() else 1))
        painter.setBrush(scrim)
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        area = QRect(0, 0, 20, 20)
        area.moveCenter(self.rect().center())
        icons.paint(painter, self._icon, area, tokens.on_scrim)
        painter.end()


class ViewerEdges:
    """Both buttons, kept at the edges of what they lie on.

    Attributes:
        back: to the picture before.
        on: to the picture after.
    """

    def __init__(self, stage: QWidget) -> None:
        self._stage = stage
        self.back = EdgeButton(Icon.CHEVRON_LEFT, "Previous picture", "Previous picture (Left)", stage)
        self.on = EdgeButton(Icon.CHEVRON_RIGHT, "Next picture", "Next picture (Right)", stage)

    def place(self) -> None:
        """Follow the size of what they lie on."""
        room = self._stage.rect()
        top = (room.height() - _SIDE) // 2
        self.back.move(3 * SPACE, top)
        self.on.move(room.width() - _SIDE - 3 * SPACE, top)

    def show_places(self, row: int, count: int) -> None:
        """Show only the ways that lead somewhere."""
        self.back.setVisible(row > 0)
        self.on.setVisible(0 <= row < count - 1)
