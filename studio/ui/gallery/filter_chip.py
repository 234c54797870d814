"""A filter as a button: its name, or what it is set to."""

from __future__ import annotations

from math import ceil
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QAction, QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QMenu
from typing_extensions import override

from studio.ui import theme
from studio.ui.gallery.filters import title_of, value_in
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from studio.domain.vocabulary import Vocabulary
    from studio.ui.gallery.filters import Filter, FilterChoice

HEIGHT: Final = 7 * SPACE
_PAD: Final = 10
_ICON: Final = 3 * SPACE
_MOST: Final = 24
"""More choices than this are typed, with completion."""
_WIDEST: Final = 40 * SPACE


class FilterChip(QAbstractButton):
    """Opens a menu of what the filter can be set to, or switches it where there is one choice only.

    Signals:
        chosen: what is written into the query; empty for everything.
    """

    chosen = Signal(str)

    def __init__(self, one: Filter, *, is_switch: bool = False) -> None:
        super().__init__()
        self.filter = one
        self._is_switch = is_switch
        self._written = ""
        self._choices: tuple[FilterChoice, ...] = ()
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFixedHeight(HEIGHT)
        self.clicked.connect(self._ask)
        self._name_it()

    @property
    def is_set(self) -> bool:
        """Whether it leaves anything out."""
        return bool(self._written)

    def offer(self, vocabulary: Vocabulary) -> None:
        """Remember what the filter could be set to."""
        self._choices = self.filter.choices(vocabulary)
        self._name_it()

    def show_state(self, text: str) -> None:
        """Show what a query's text sets the filter to."""
        written = value_in(text, self.filter)
        if written != self._written:
            self._written = written
            self._name_it()

    @override
    def sizeHint(self) -> QSize:
        room = 0 if self._is_switch else _ICON + SPACE
        symbol = _ICON + SPACE if self._is_switch else 0
        # Rounded up, for a word that wants a part of a pixel more loses its end; as if set, for no chip to move others.
        words = ceil(QFontMetricsF(font(LABEL, QFont.Weight.Medium)).horizontalAdvance(self.text()))
        width = words + 2 * _PAD + room + symbol
        return QSize(min(width, _WIDEST), HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hot = self.underMouse() or self.isDown()
        ground = tokens.field_pressed if self.is_set else tokens.field_hover if is_hot else tokens.field
        painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else ground), 1))
        painter.setBrush(QColor(ground))
        shape = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter.drawRoundedRect(shape, HEIGHT / 2, HEIGHT / 2)
        ink = tokens.text if self.is_set or is_hot else tokens.text_quiet
        words = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        symbol = QRect(words.left(), 0, _ICON, self.height())
        if self._is_switch:
            icons.paint(painter, Icon.STAR, symbol, ink, is_filled=self.is_set)
            words.setLeft(words.left() + _ICON + SPACE)
        else:
            symbol.moveRight(words.right())
            icons.paint(painter, Icon.CHEVRON_DOWN, symbol, ink)
            words.setRight(symbol.left() - SPACE)
        painter.setFont(self._font())
        painter.setPen(QColor(ink))
        shown = painter.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, words.width())
        painter.drawText(words, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        painter.end()

    def menu(self) -> QMenu:
        """Return a menu of what it can be set to."""
        menu = QMenu(self)
        self._add(menu, self.filter.everything, "")
        menu.addSeparator()
        for choice in self._choices[:_MOST]:
            count = "" if choice.count is None else f"\t{choice.count:,}"
            self._add(menu, f"{choice.title}{count}", choice.written)
        return menu

    def _add(self, menu: QMenu, title: str, written: str) -> None:
        action = QAction(title.replace("&", "&&"), menu)
        action.setCheckable(True)
        action.setChecked(written == self._written)
        action.setData(written)
        menu.addAction(action)

    def _ask(self) -> None:
        if self._is_switch:
            self.chosen.emit("" if self.is_set else self._choices[0].written)
            return
        menu = self.menu()
        menu.triggered.connect(self._choose)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self.mapToGlobal(QPoint(0, self.height() + SPACE)))

    def _choose(self, action: QAction) -> None:
        self.chosen.emit(str(action.data()))

    def _name_it(self) -> None:
        is_plain = self._is_switch or not self._written
        self.setText(self.filter.title if is_plain else title_of(self._written, self._choices))
        state = title_of(self._written, self._choices) if self._written else self.filter.everything
        self.setAccessibleName(f"{self.filter.title}: {state}")
        self.setToolTip("Show starred pictures only" if self._is_switch else f"{self.filter.title}: {state}")
        self.updateGeometry()
        self.update()

    def _font(self) -> QFont:
        return font(LABEL, QFont.Weight.Medium if self.is_set else QFont.Weight.Normal)
