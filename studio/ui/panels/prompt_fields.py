"""What to paint and what to avoid: two texts with the count of their tokens."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPlainTextEdit, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, SPACE
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from PySide6.QtCore import QPoint


_MOST_TIMES: Final = 4
"""A field grows with the window to this many times its usual height."""


class PromptText(QWidget):
    """A text with its name above it and the count of its tokens beside the name.

    Signals:
        edited: the text changed, by the user or by a call.
    """

    edited = Signal()

    def __init__(self, title: str, hint: str, tip: str, *, lines: int) -> None:
        super().__init__()
        self._count = QLabel()
        self._count.setFont(font(LABEL))
        # Wide enough for any count, so that the line does not move while one types.
        self._count.setMinimumWidth(self._count.fontMetrics().horizontalAdvance("0000/000"))
        self._count.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._count.setAccessibleName(f"Tokens of the {title.lower()}")
        self.edit = _Text(lines)
        self.edit.setPlaceholderText(hint)
        self.edit.setAccessibleName(title)
        self.edit.setToolTip(tip)
        self.edit.textChanged.connect(self.edited)
        name = QLabel(title)
        name.setFont(font(LABEL, QFont.Weight.Medium))
        name.setBuddy(self.edit)
        self.heading = QHBoxLayout()
        self.heading.setSpacing(SPACE)
        self.heading.addWidget(name)
        self.heading.addStretch(1)
        self.heading.addWidget(self._count)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addLayout(self.heading)
        layout.addWidget(self.edit, 1)
        self.setMaximumHeight(self.heading.sizeHint().height() + SPACE + self.edit.maximumHeight())
        self.setFocusProxy(self.edit)
        self.show_count(None, 0)

    @property
    def text(self) -> str:
        """What is written, without white space around it."""
        return self.edit.toPlainText().strip()

    @property
    def count_text(self) -> str:
        """The count as it is shown, e.g. ``12/30``."""
        return self._count.text()

    def set_text(self, text: str) -> None:
        """Show another text."""
        if text != self.edit.toPlainText():
            self.edit.setPlainText(text)

    def show_count(self, tokens: int | None, limit: int) -> None:
        """Show how many tokens are used of those that are read; None while that is unknown."""
        is_over = tokens is not None and tokens > limit
        role = QPalette.ColorRole.BrightText if is_over else QPalette.ColorRole.PlaceholderText
        self._count.setForegroundRole(role)
        self._count.setText("" if tokens is None else f"{tokens}/{limit}")
        tip = f"The model reads {limit} tokens, begin and end marks included"
        self._count.setToolTip(f"{tip}; what comes after them has no effect" if is_over else tip)


class ExamplesButton(IconButton):
    """Offers prompts that show what the model can do.

    Signals:
        chosen: the prompt that was picked.
    """

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__(Icon.EXAMPLES, "Example prompts", "Prompts this model is good at", side=6 * SPACE)
        self._prompts: tuple[str, ...] = ()
        self.clicked.connect(self._open)

    def offer(self, prompts: tuple[str, ...]) -> None:
        """Offer these prompts from now on."""
        self._prompts = prompts
        self.setVisible(bool(prompts))

    def build_menu(self) -> QMenu:
        """Return the menu that a click opens."""
        menu = QMenu(self)
        for prompt in self._prompts:
            menu.addAction(prompt).triggered.connect(partial(self.chosen.emit, prompt))
        return menu

    def _open(self) -> None:
        menu = self.build_menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._below())

    def _below(self) -> QPoint:
        return self.mapToGlobal(self.rect().bottomLeft())


class _Text(QPlainTextEdit):
    """Plain text that is as high as some lines and lets Tab leave it."""

    def __init__(self, lines: int) -> None:
        super().__init__()
        self._lines = lines
        self.setMaximumHeight(_MOST_TIMES * lines * self.fontMetrics().lineSpacing())
        self.setTabChangesFocus(True)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAsNeeded)

    @override
    def canInsertFromMimeData(self, source: QMimeData, /) -> bool:
        # The path of a dropped picture is no prompt; the picture belongs on the canvas.
        return super().canInsertFromMimeData(source) and not (source.hasUrls() or source.hasImage())

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._lines * self.fontMetrics().lineSpacing() + 5 * SPACE)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, min(2, self._lines) * self.fontMetrics().lineSpacing() + 5 * SPACE)
