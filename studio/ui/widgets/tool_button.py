"""A button that chooses a tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.tokens import RADIUS

if TYPE_CHECKING:
    from studio.ui.theme.icons import Icon

TOOL_SIDE: Final = 30
"""Fifteen of them, the lines between and the colours find room in one column of a window 700 high."""
_ICON: Final = 18


class ToolButton(QAbstractButton):
    """An icon that stands out by its ground and its strength while it is chosen, never by the accent."""

    def __init__(self, icon: Icon, name: str, tip: str) -> None:
        super().__init__()
        self._icon = icon
        self.setFixedSize(TOOL_SIDE, TOOL_SIDE)
        self.setCheckable(True)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        # A click leaves the keyboard with the canvas, whose keys choose tools too.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return self.maximumSize()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_strong = self.isChecked() or self.isDown()
        ground = tokens.field_pressed if is_strong else tokens.field_hover if self.underMouse() else None
        if ground or self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else ground or tokens.window), 1))
            painter.setBrush(QColor(ground) if ground else Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        area = QRect(0, 0, _ICON, _ICON)
        area.moveCenter(self.rect().center())
        icons.paint(painter, self._icon, area, tokens.text if is_strong or self.underMouse() else tokens.text_quiet)
        painter.end()
