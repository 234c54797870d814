"""One of a few choices below each other, with a line that says what it means."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, LABEL, RADIUS, SPACE

_RING: Final = 14
_LEFT: Final = _RING + 4 * SPACE
_WRAP: Final = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop


class ExplainedChoice(QAbstractButton):
    """A ring with a dot in it, a title, and below it a sentence in smaller letters.

    Of those with the same parent exactly one is taken; the arrow keys go from one to the next.
    """

    def __init__(self, title: str, help_text: str) -> None:
        super().__init__()
        self._help = help_text
        self.setText(title)
        self.setAccessibleName(title)
        self.setAccessibleDescription(help_text)
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    @override
    def sizeHint(self) -> QSize:
        width = 100 * SPACE
        return QSize(width, self.heightForWidth(width))

    @override
    def heightForWidth(self, width: int, /) -> int:
        return self._help_rect(width).bottom() + 2 * SPACE

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.underMouse() or self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.field_hover), 1))
            painter.setBrush(QColor(tokens.field_hover))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        middle = QPointF(2 * SPACE + _RING / 2, self._title_rect().center().y() + 0.5)
        painter.setPen(QPen(QColor(tokens.text if self.isChecked() else tokens.text_disabled), 1.25))
        painter.setBrush(QColor(tokens.field_pressed if self.isChecked() else tokens.field))
        painter.drawEllipse(middle, _RING / 2 - 0.5, _RING / 2 - 0.5)
        if self.isChecked():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(tokens.text))
            painter.drawEllipse(middle, 3, 3)
        painter.setFont(_title_font(is_taken=self.isChecked()))
        painter.setPen(QColor(tokens.text))
        painter.drawText(self._title_rect(), Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        painter.setFont(font(LABEL))
        painter.setPen(QColor(tokens.text_quiet))
        painter.drawText(self._help_rect(self.width()), _WRAP, self._help)
        painter.end()

    def _title_rect(self) -> QRect:
        height = QFontMetrics(_title_font(is_taken=True)).height()
        return QRect(_LEFT, 2 * SPACE, self.width() - _LEFT - 2 * SPACE, height)

    def _help_rect(self, width: int) -> QRect:
        place = QRect(_LEFT, self._title_rect().bottom() + 3, max(1, width - _LEFT - 2 * SPACE), 1000)
        return QFontMetrics(font(LABEL)).boundingRect(place, _WRAP, self._help)


def _title_font(*, is_taken: bool) -> QFont:
    return font(BODY, QFont.Weight.Medium if is_taken else QFont.Weight.Normal)
