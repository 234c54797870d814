"""Buttons that are a colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.colour_areas import hex_of

if TYPE_CHECKING:
    from studio.domain.tools.tool import RGB


class ColourButton(QAbstractButton):
    """Shows one colour, or the one before and the one now side by side."""

    def __init__(self, name: str, tip: str, size: QSize) -> None:
        super().__init__()
        self._name = name
        self._size = size
        self._colours: tuple[RGB, ...] = ((0, 0, 0),)
        self.setFixedSize(size)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_colours((0, 0, 0))

    @property
    def colour(self) -> RGB:
        """The first colour that is shown."""
        return self._colours[0]

    def show_colours(self, *colours: RGB) -> None:
        """Show other colours, from left to right."""
        self._colours = colours
        self.setAccessibleName(f"{self._name} {hex_of(colours[0])}")
        self.update()

    @override
    def sizeHint(self) -> QSize:
        return self._size

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(2, 2, -2, -2)
        shape = QPainterPath()
        shape.addRoundedRect(area, SPACE - 1, SPACE - 1)
        painter.setClipPath(shape)
        width = area.width() / len(self._colours)
        for place, colour in enumerate(self._colours):
            painter.fillRect(QRectF(area.left() + place * width, area.top(), width, area.height()), QColor(*colour))
        painter.setClipping(False)
        # A line between the colour and the window, which may be the same grey.
        painter.setPen(QPen(QColor(tokens.text_disabled), 1))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), SPACE - 1, SPACE - 1)
        if self.hasFocus() or self.underMouse():
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.text_quiet), 1.5))
            painter.drawRoundedRect(area.adjusted(-1, -1, 1, 1), SPACE, SPACE)
        painter.end()
