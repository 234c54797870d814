"""A choice between on and off, with its words."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, RADIUS, ROW, SPACE

_BOX: Final = 14
_TICK: Final = ((3.5, 7.5), (6.0, 10.0), (10.5, 4.5))


class Toggle(QAbstractButton):
    """A box with a tick and words beside it."""

    def __init__(self, title: str, tip: str) -> None:
        super().__init__()
        self.setText(title)
        self.setAccessibleName(title)
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_BOX + QFontMetrics(font(LABEL)).horizontalAdvance(self.text()) + 5 * SPACE, ROW)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        strong = self.underMouse() or self.isChecked()
        ink = tokens.text_disabled if not self.isEnabled() else tokens.text if strong else tokens.text_quiet
        box = QRectF(2 * SPACE, (self.height() - _BOX) / 2, _BOX, _BOX)
        painter.setPen(QPen(QColor(tokens.text_disabled), 1))
        painter.setBrush(QColor(tokens.field_pressed if self.isChecked() else tokens.field))
        painter.drawRoundedRect(box.adjusted(0.5, 0.5, -0.5, -0.5), 3, 3)
        if self.isChecked():
            painter.setPen(QPen(QColor(ink), 1.75, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
            painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(x, y) for x, y in _TICK]))
        painter.setFont(font(LABEL))
        painter.setPen(QColor(ink))
        words = self.rect().adjusted(2 * SPACE + _BOX + 2 * SPACE, 0, 0, 0)
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.end()
