"""The shapes a picture can have, to pick one of."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget
from typing_extensions import override

from studio.domain.geometry import ASPECTS
from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import CAPTION, RADIUS, SPACE

if TYPE_CHECKING:
    from studio.domain.geometry import Aspect

_SHAPE = 18
"""Side of the square that every shape is drawn into."""


class AspectPicker(QWidget):
    """One button for each shape, drawn in that shape; the arrow keys go from one to the next.

    Signals:
        picked: the `Aspect` that the user picked.
    """

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._group = QButtonGroup(self)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        for aspect in ASPECTS:
            button = _AspectButton(aspect)
            self._group.addButton(button)
            layout.addWidget(button, 1)
        self._group.buttonClicked.connect(self._pick)

    def show_aspect(self, aspect: Aspect | None) -> None:
        """Mark the shape of the present size, or none."""
        # An exclusive group refuses to have no button checked.
        self._group.setExclusive(False)
        for button in self._group.buttons():
            button.setChecked(isinstance(button, _AspectButton) and button.aspect is aspect)
        self._group.setExclusive(True)

    def _pick(self, button: QAbstractButton) -> None:
        if isinstance(button, _AspectButton):
            self.picked.emit(button.aspect)


class _AspectButton(QAbstractButton):
    def __init__(self, aspect: Aspect) -> None:
        super().__init__()
        self.aspect = aspect
        self.setText(aspect.title)
        self.setCheckable(True)
        self.setAccessibleName(f"Aspect ratio {aspect.title}")
        self.setToolTip(f"Aspect ratio {aspect.title}, with about as many pixels as the model was trained on")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(34, 44)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.isChecked() or self.underMouse() or self.hasFocus():
            ground = tokens.field_pressed if self.isChecked() else tokens.field_hover
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else ground), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        ink = QColor(tokens.text if self.isChecked() or self.underMouse() else tokens.text_quiet)
        ratio = self.aspect.ratio
        shape = QRectF(0, 0, _SHAPE * min(1.0, ratio), _SHAPE * min(1.0, 1 / ratio))
        shape.moveCenter(QPointF(self.width() / 2, 5 + _SHAPE / 2))
        painter.setPen(QPen(ink, 1.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(shape, 2, 2)
        painter.setFont(font(CAPTION))
        painter.drawText(self.rect().adjusted(0, 26, 0, -2), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()
