"""A button that is an icon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.tokens import ICON, RADIUS

if TYPE_CHECKING:
    from studio.ui.theme.icons import Icon
    from studio.ui.theme.tokens import Tokens


class IconButton(QAbstractButton):
    """A square button; ``filled`` ones stand beside fields and look like them, others show only under the pointer.

    A checked button shows ``checked_icon`` where one is given; where that is the same icon, on a ground as if pressed,
    or with its inside filled.
    """

    def __init__(
        self,
        icon: Icon,
        name: str,
        tip: str,
        *,
        side: int,
        filled: bool = False,
        checked_icon: Icon | None = None,
        fills_icon: bool = False,
    ) -> None:
        super().__init__()
        self._icon, self._checked_icon = icon, checked_icon
        self._filled = filled
        self._fills_icon = fills_icon
        self.setFixedSize(QSize(side, side))
        self.setCheckable(checked_icon is not None)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return self.maximumSize()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if colour := self._ground(tokens):
            edge = tokens.focus if self.hasFocus() else tokens.outline if self._filled else colour
            painter.setPen(QPen(QColor(edge), 1))
            painter.setBrush(QColor(colour))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        checked = self._checked_icon is not None and self.isChecked()
        icon = self._checked_icon if checked and self._checked_icon else self._icon
        strong = checked or self.underMouse() or self.hasFocus()
        ink = tokens.text_disabled if not self.isEnabled() else tokens.text if strong else tokens.text_quiet
        area = QRect(0, 0, ICON, ICON)
        area.moveCenter(self.rect().center())
        icons.paint(painter, icon, area, ink, is_filled=checked and self._fills_icon)
        painter.end()

    def _ground(self, tokens: Tokens) -> str | None:
        is_held = self.isChecked() and self._checked_icon is self._icon and not self._fills_icon
        if self.isDown() or is_held:
            return tokens.field_pressed
        if self._filled:
            return tokens.field_hover if self.underMouse() else tokens.field
        return tokens.field_hover if self.underMouse() or self.hasFocus() else None
