"""A button that does something at once: an icon in a bar, with words where it is folded away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import ICON, LABEL, RADIUS, ROW, SPACE
from studio.ui.widgets.overflow_bar import FOLDED

if TYPE_CHECKING:
    from studio.ui.theme.icons import Icon

_SIDE = 7 * SPACE


class OperationButton(QAbstractButton):
    """Follows the bar that it stands in: see `FOLDED`."""

    def __init__(self, icon: Icon, title: str, tip: str) -> None:
        super().__init__()
        self._icon = icon
        self.setAccessibleName(title)
        self.setToolTip(f"{title}\n{tip}" if tip else title)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)

    @override
    def sizeHint(self) -> QSize:
        if not self._has_words():
            return QSize(_SIDE, _SIDE)
        words = QFontMetrics(font(LABEL)).horizontalAdvance(self.accessibleName())
        return QSize(_SIDE + words + 3 * SPACE, ROW)

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.DynamicPropertyChange:
            self.updateGeometry()
        return super().event(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_strong = self.underMouse() or self.hasFocus() or self.isDown()
        if is_strong and self.isEnabled():
            ground = tokens.field_pressed if self.isDown() else tokens.field_hover
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else ground), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        ink = tokens.text_disabled if not self.isEnabled() else tokens.text if is_strong else tokens.text_quiet
        place = QRect(0, 0, _SIDE, self.height())
        area = QRect(0, 0, ICON, ICON)
        area.moveCenter(place.center())
        icons.paint(painter, self._icon, area, ink)
        if self._has_words():
            painter.setFont(font(LABEL))
            painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.text_disabled))
            words = self.rect().adjusted(_SIDE + SPACE, 0, 0, 0)
            left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(words, left, self.accessibleName())
        painter.end()

    def _has_words(self) -> bool:
        return bool(self.property(FOLDED))
