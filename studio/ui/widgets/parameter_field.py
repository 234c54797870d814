"""A declared number as a field: with its unit, and along a logarithm where it has that scale."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox
from typing_extensions import override

from studio.domain.parameters import Scale
from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE
from studio.ui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from studio.domain.parameters import Number

_RATIO: Final = 1.12
"""One step along a logarithm: about 60 of them lie between 1 and 1000."""
_RIGHT: Final = 8


class ParameterField(NumberField):
    """A number field drawn from a `Number`. It stands where nothing scrolls, so the wheel needs no focus.

    Attributes:
        parameter: what it is drawn from.
    """

    def __init__(self, parameter: Number) -> None:
        self.parameter = parameter
        self._unit_width = QFontMetrics(font(LABEL)).horizontalAdvance(parameter.unit)
        self._is_logarithmic = parameter.scale is Scale.LOGARITHMIC
        super().__init__(
            parameter.title,
            parameter.minimum,
            parameter.maximum,
            step=_drag_step(parameter),
            decimals=parameter.decimals,
            usual_high=parameter.maximum,
        )
        self.default = parameter.default
        self.setToolTip(parameter.help or parameter.title)
        margins = self.lineEdit().textMargins()
        self.lineEdit().setTextMargins(margins.left(), 0, _RIGHT + self._unit_room(), 0)

    @override
    def sizeHint(self) -> QSize:
        return super().sizeHint() + QSize(self._unit_room(), 0)

    @override
    def stepBy(self, steps: int) -> None:
        if self._is_logarithmic:
            super().stepBy(steps)
            return
        # Steps of the wheel and of keys are coarser than those of a drag, and end on round numbers.
        self.set_value(round(self.value / self.parameter.step + steps) * self.parameter.step)
        self.selectAll()

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        QAbstractSpinBox.wheelEvent(self, event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        super().keyPressEvent(event)
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape}:
            # Whoever holds the field may want to give the keyboard back to the canvas.
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        tokens = theme.current()
        painter = QPainter(self)
        painter.setFont(font(LABEL))
        painter.setPen(QColor(tokens.text_quiet if self.isEnabled() else tokens.text_disabled))
        area = self.rect().adjusted(0, 0, -_RIGHT - 2, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self.parameter.unit)
        painter.end()

    @override
    def _share(self, high: float) -> float:
        if not self._is_logarithmic:
            return super()._share(high)
        low = self._least()
        return math.log(max(self.value, low) / low) / math.log(high / low)

    @override
    def _stepped(self, start: float, steps: int) -> float:
        if not self._is_logarithmic:
            return super()._stepped(start, steps)
        moved = max(start, self._least()) * _RATIO**steps
        # From ten on nobody wants to see tenths, and below it a step may be less than can be shown.
        moved = round(moved, 0 if moved >= 10 else self.parameter.decimals)
        smallest = 1.0 if moved >= 10 else 10.0**-self.parameter.decimals
        return max(moved, start + steps * smallest) if steps > 0 else min(moved, start + steps * smallest)

    @override
    def _text(self, value: float) -> str:
        text = super()._text(value)
        return text.rstrip("0").rstrip(".") if self.parameter.decimals else text

    def _least(self) -> float:
        return max(self.parameter.minimum, 10.0**-self.parameter.decimals)

    def _unit_room(self) -> int:
        return self._unit_width + SPACE if self.parameter.unit else 0


def _drag_step(parameter: Number) -> float:
    """Return a hundredth of the range, no finer than can be shown and no coarser than a step of the wheel."""
    hundredth = (parameter.maximum - parameter.minimum) / 100
    shown = 10.0**-parameter.decimals
    return min(parameter.step, max(shown, math.floor(hundredth / shown) * shown))
