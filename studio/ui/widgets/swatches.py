"""The two colours at hand: what is painted with, and the other one behind it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.colour_button import ColourButton
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from studio.domain.tools.tool import RGB

_SWATCH: Final = 6 * SPACE
_SMALL: Final = 5 * SPACE
SWATCHES: Final = QSize(9 * SPACE, 15 * SPACE)


class Swatches(QWidget):
    """Two overlapping colours; below them, to swap them and to go back to black and white.

    Attributes:
        foreground: in front.
        background: behind.

    Signals:
        swap_requested: each is to be the other.
        reset_requested: black before white.
    """

    swap_requested = Signal()
    reset_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(SWATCHES)
        size = QSize(_SWATCH, _SWATCH)
        self.background = ColourButton("Background colour", "The other colour, which a gradient ends in", size)
        self.foreground = ColourButton("Foreground colour", "What is painted with; Alt picks one from the canvas", size)
        swap = IconButton(Icon.SWAP, "Swap colours", "Swap foreground and background (X)", side=_SMALL)
        reset = _ResetButton()
        for button, x, y in (
            (self.background, SWATCHES.width() - _SWATCH, 3 * SPACE),
            (self.foreground, 0, 0),
            (reset, 0, SWATCHES.height() - _SMALL),
            (swap, SWATCHES.width() - _SMALL + 2, SWATCHES.height() - _SMALL),
        ):
            button.setParent(self)
            button.move(x, y)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setTabOrder(self.foreground, self.background)
        swap.clicked.connect(self.swap_requested)
        reset.clicked.connect(self.reset_requested)

    def show_colours(self, foreground: RGB, background: RGB) -> None:
        """Show other colours."""
        self.foreground.show_colours(foreground)
        self.background.show_colours(background)


class _ResetButton(QAbstractButton):
    """A small picture of the two colours that it brings back."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedSize(_SMALL, _SMALL)
        self.setAccessibleName("Black and white")
        self.setToolTip("Foreground black, background white (D)")
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return self.maximumSize()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.field_hover), 1))
            painter.setBrush(QColor(tokens.field_hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), SPACE, SPACE)
        painter.setPen(QPen(QColor(tokens.text_disabled), 1))
        for square, colour in ((QRect(8, 8, 8, 8), Qt.GlobalColor.white), (QRect(4, 4, 8, 8), Qt.GlobalColor.black)):
            painter.setBrush(QColor(colour))
            painter.drawRect(QRectF(square).adjusted(0.5, 0.5, -0.5, -0.5))
        painter.end()
