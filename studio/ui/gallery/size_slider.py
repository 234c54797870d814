"""A slider for the size of the pictures in the grid."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPoint, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractSlider
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.tokens import ROW, SPACE

_WIDTH: Final = 30 * SPACE
_KNOB: Final = 12
_TRACK: Final = 3


class SizeSlider(QAbstractSlider):
    """A knob on a line; a click anywhere on the line moves it there."""

    def __init__(self, low: int, high: int) -> None:
        super().__init__()
        self.setOrientation(Qt.Orientation.Horizontal)
        self.setRange(low, high)
        self.setSingleStep((high - low) // 16)
        self.setPageStep((high - low) // 4)
        self.setFixedSize(_WIDTH, ROW)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setAccessibleName("Size of the pictures")
        self.setToolTip("Size of the pictures (Ctrl+wheel, Ctrl++, Ctrl+-)")

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, ROW)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        middle = self.height() / 2
        knob = QPointF(self._x(), middle)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.field_pressed))
        line = QRectF(_KNOB / 2, middle - _TRACK / 2, self.width() - _KNOB, _TRACK)
        painter.drawRoundedRect(line, _TRACK / 2, _TRACK / 2)
        painter.setBrush(QColor(tokens.text_disabled))
        line.setRight(knob.x())
        painter.drawRoundedRect(line, _TRACK / 2, _TRACK / 2)
        is_strong = self.underMouse() or self.isSliderDown()
        painter.setBrush(QColor(tokens.text if is_strong else tokens.text_quiet))
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 2))
        painter.drawEllipse(knob, _KNOB / 2 - 1, _KNOB / 2 - 1)
        painter.end()

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event.position().toPoint())

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if self.isSliderDown():
            self._follow(event.position().toPoint())

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self.setSliderDown(False)
        self.update()

    @override
    def keyPressEvent(self, ev: QKeyEvent, /) -> None:
        super().keyPressEvent(ev)
        self.update()

    @override
    def sliderChange(self, change: QAbstractSlider.SliderChange, /) -> None:
        super().sliderChange(change)
        self.update()

    def _x(self) -> float:
        share = (self.value() - self.minimum()) / (self.maximum() - self.minimum())
        return _KNOB / 2 + share * (self.width() - _KNOB)

    def _follow(self, at: QPoint) -> None:
        share = (at.x() - _KNOB / 2) / (self.width() - _KNOB)
        value = self.minimum() + share * (self.maximum() - self.minimum())
        self.setValue(round(max(self.minimum(), min(value, self.maximum()))))
