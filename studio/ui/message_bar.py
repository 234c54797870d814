"""One line above the canvas for what may need an answer: a failure, why, what to do, and a button that does it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, ICON, LABEL, RADIUS, SPACE
from studio.ui.ways_out import GoThere
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from studio.domain.errors import StudioError
    from studio.ui.ways_out import WayOut

_EDGE = 2 * SPACE


class MessageBar(QWidget):
    """Hidden until there is something to say. A message stays until it is answered, closed or replaced.

    Signals:
        way_out_chosen: the `WayOut` whose button was pressed.
        closed: nothing is shown any more.
    """

    way_out_chosen = Signal(object)
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._ways: list[tuple[QPushButton, WayOut]] = []
        self._is_notice = False
        self._what = _wrapping(font(BODY, QFont.Weight.DemiBold))
        self._why = _wrapping(font(LABEL))
        self._why.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        close = IconButton(Icon.CLOSE, "Close the message", "Close this message", side=7 * SPACE)
        close.clicked.connect(self.dismiss)

        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(self._what)
        words.addWidget(self._why)
        self._buttons = QHBoxLayout()
        self._buttons.setSpacing(_EDGE)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_EDGE + ICON + 6 * SPACE, _EDGE + 2 * SPACE, _EDGE + 2 * SPACE, 2 * SPACE)
        layout.setSpacing(3 * SPACE)
        layout.addLayout(words, 1)
        layout.addLayout(self._buttons)
        layout.addWidget(close)
        self.setAccessibleName("Message")
        self.hide()

    @property
    def text(self) -> str:
        """All words that are shown; empty while hidden."""
        return "" if self.isHidden() else f"{self._what.text()} {self._why.text()}".strip()

    @property
    def is_notice(self) -> bool:
        """Whether what is shown is no failure."""
        return self._is_notice and not self.isHidden()

    def show_error(self, error: StudioError, ways_out: tuple[WayOut, ...]) -> None:
        """Say what went wrong, why, and what can be done, with a button for each way out."""
        why = " ".join(_sentence(part) for part in (error.why, error.remedy) if part)
        self._is_notice = False
        self._show(_sentence(error.what), why, ways_out)

    def show_notice(self, what: str, details: str = "", ways_out: tuple[WayOut, ...] = ()) -> None:
        """Say what is being done, or was done, that one may want to know or to stop; a failure is not covered by it."""
        if self.isHidden() or self._is_notice:
            self._is_notice = True
            self._show(what, details, ways_out)

    def show_question(self, what: str, details: str, ways_out: tuple[WayOut, ...]) -> None:
        """Ask something; it stays until it is answered or closed."""
        self._is_notice = False
        self._show(what, details, ways_out)

    def dismiss_notice(self) -> None:
        """Hide what is shown, if it is no failure."""
        if self._is_notice:
            self.dismiss()

    def dismiss_passing(self) -> None:
        """Hide a notice that leads nowhere but to another place: one has gone to another place."""
        if all(isinstance(way, GoThere) for _, way in self._ways):
            self.dismiss_notice()

    def _show(self, what: str, why: str, ways_out: tuple[WayOut, ...]) -> None:
        self._what.setText(what)
        self._why.setText(why)
        self._why.setVisible(bool(why))
        if [way for _, way in self._ways] != list(ways_out):
            self._offer(ways_out)
        self.setAccessibleDescription(f"{what} {why}")
        self.show()
        self.update()

    def _offer(self, ways_out: tuple[WayOut, ...]) -> None:
        self._drop_buttons()
        for way in ways_out:
            button = QPushButton(way.title)
            button.setFont(font(LABEL, QFont.Weight.Medium))
            button.clicked.connect(self._choose)
            self._buttons.addWidget(button)
            self._ways.append((button, way))

    def dismiss(self) -> None:
        """Hide the message."""
        if not self.isHidden():
            self.hide()
            self.closed.emit()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.backdrop))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        card = QRectF(self.rect()).adjusted(_EDGE, _EDGE, -_EDGE, 0)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(card, RADIUS, RADIUS)
        mark = QRect(_EDGE + 3 * SPACE, 0, ICON + 2, self.height() + _EDGE)
        if self._is_notice:
            icons.paint(painter, Icon.INFO, mark, tokens.text_quiet)
        else:
            icons.paint(painter, Icon.WARNING, mark, tokens.danger)
        painter.end()

    def _choose(self) -> None:
        chosen = self.sender()
        way = next((way for button, way in self._ways if button is chosen), None)
        if way is not None:
            self.dismiss()
            self.way_out_chosen.emit(way)

    def _drop_buttons(self) -> None:
        for button, _ in self._ways:
            self._buttons.removeWidget(button)
            button.deleteLater()
        self._ways.clear()


def _wrapping(typeface: QFont) -> QLabel:
    label = QLabel()
    label.setFont(typeface)
    label.setWordWrap(True)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
    label.setMinimumSize(QSize(160, 0))
    return label


def _sentence(text: str) -> str:
    text = text[:1].upper() + text[1:]
    return text if not text or text.endswith((".", "!", "?")) else text + "."
