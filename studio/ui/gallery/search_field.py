"""The line in which one writes what is looked for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from typing_extensions import override

from studio.domain.query_completion import completions
from studio.domain.vocabulary import Vocabulary
from studio.ui import theme
from studio.ui.gallery.completion_list import CompletionList
from studio.ui.theme import icons
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ICON, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.line_field import LineField

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.domain.query_completion import Completion

_LEFT: Final = ICON + 3 * SPACE
_CLEAR: Final = 6 * SPACE


class SearchField(LineField):
    """Offers what the word could become. Down or Tab go into the offers, Enter goes on to the pictures.

    Attributes:
        vocabulary: what is offered beside keys.

    Signals:
        searched: the text, after each change.
        left: Enter, or Down where nothing is offered: the keyboard may go to the pictures.
    """

    searched = Signal(str)
    left = Signal()

    def __init__(self, ground: QWidget) -> None:
        """Build it.

        Args:
            ground: over which the offers lie.
        """
        super().__init__("Search the history")
        self.vocabulary = Vocabulary()
        self._offers = CompletionList(ground)
        self._clear = IconButton(Icon.CLOSE, "Clear the search", "Clear the search", side=_CLEAR)
        self._clear.setParent(self)
        self._clear.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._clear.setCursor(Qt.CursorShape.ArrowCursor)
        self._clear.clicked.connect(self.clear_all)
        self._clear.hide()
        self.setPlaceholderText('Words, "a phrase", -without, model:, board:, before:\u2026')
        self.setTextMargins(_LEFT - 2 * SPACE, 0, _CLEAR, 0)
        self._offers.accepted.connect(self._take)
        self.textEdited.connect(self._offer)
        self.textChanged.connect(self._on_text)

    def write(self, text: str) -> None:
        """Look for something else, without offers."""
        self._offers.offer((), self)
        self.setText(text)

    def clear_all(self) -> None:
        """Look for everything."""
        self.write("")

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ROW)

    @override
    def event(self, arg__1: QEvent, /) -> bool:
        # Tab leaves the field before `keyPressEvent` sees it.
        if arg__1.type() == QEvent.Type.KeyPress and isinstance(arg__1, QKeyEvent) and arg__1.key() == Qt.Key.Key_Tab:
            offer = self._offers.chosen or self._offers.first
            if offer is not None:
                self._take(offer)
                return True
        if arg__1.type() == QEvent.Type.ShortcutOverride and isinstance(arg__1, QKeyEvent):
            is_ours = arg__1.key() == Qt.Key.Key_Escape and (self._offers.isVisible() or bool(self.text()))
            if is_ours:
                arg__1.accept()
                return True
        return super().event(arg__1)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent, /) -> None:
        match arg__1.key():
            case Qt.Key.Key_Down if self._offers.isVisible():
                self._offers.step(1)
            case Qt.Key.Key_Up if self._offers.isVisible():
                self._offers.step(-1)
            case Qt.Key.Key_Down if not self.text():
                self._offer()
            case Qt.Key.Key_Return | Qt.Key.Key_Enter | Qt.Key.Key_Down:
                self._enter()
            case Qt.Key.Key_Escape if self._offers.isVisible():
                self._offers.offer((), self)
            case Qt.Key.Key_Escape if self.text():
                self.clear_all()
            case _:
                super().keyPressEvent(arg__1)

    @override
    def focusOutEvent(self, arg__1: QFocusEvent, /) -> None:
        super().focusOutEvent(arg__1)
        self._offers.offer((), self)

    @override
    def resizeEvent(self, arg__1: QResizeEvent, /) -> None:
        super().resizeEvent(arg__1)
        self._clear.move(self.width() - _CLEAR - SPACE, (self.height() - _CLEAR) // 2)

    @override
    def paintEvent(self, arg__1: QPaintEvent, /) -> None:
        super().paintEvent(arg__1)
        painter = QPainter(self)
        area = QRect(2 * SPACE + 2, 0, ICON, self.height())
        icons.paint(painter, Icon.SEARCH, area, theme.current().text_quiet)
        painter.end()

    def _enter(self) -> None:
        if (offer := self._offers.chosen) is not None:
            self._take(offer)
        else:
            self._offers.offer((), self)
            self.left.emit()

    def _offer(self) -> None:
        self._offers.offer(completions(self.text(), self.cursorPosition(), self.vocabulary), self)

    def _take(self, offer: Completion) -> None:
        text = self.text()
        self.setText(text[: offer.start] + offer.text + text[offer.end :].lstrip())
        self.setCursorPosition(offer.start + len(offer.text))
        # A key is nothing without a value, which is offered next.
        if offer.text.endswith(":"):
            self._offer()
        else:
            self._offers.offer((), self)

    def _on_text(self, text: str) -> None:
        self._clear.setVisible(bool(text))
        self.searched.emit(text)
