"""Rows of a title and words that can be selected, and texts of any length that can be read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPalette, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, LABEL, SPACE

if TYPE_CHECKING:
    from studio.ui.gallery.details_facts import Rows

_TITLES: Final = 26 * SPACE
"""Width of the titles."""
_MOST_LINES: Final = 7
"""Of a text that is read without scrolling."""
_UNBROKEN: Final = 24
"""Characters of a word that may be too long for its column."""


class FactRows(QWidget):
    """A grid whose rows are used again: going through many pictures builds nothing."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._lines: list[_Line] = []
        self._rows: Rows = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(2 * SPACE)
        self._grid.setVerticalSpacing(SPACE + 1)
        self._grid.setColumnMinimumWidth(0, _TITLES)
        self._grid.setColumnStretch(1, 1)
        self.setAccessibleName(name)

    @property
    def rows(self) -> Rows:
        """What is shown."""
        return self._rows

    def show_rows(self, rows: Rows) -> None:
        """Show these and no others."""
        self._rows = rows
        while len(self._lines) < len(rows):
            self._lines.append(_Line(self._grid, len(self._lines)))
        for line, (title, words) in zip(self._lines, rows.items(), strict=False):
            line.show(title, words)
        for line in self._lines[len(rows) :]:
            line.hide()


class _Line:
    """A title and words; such words as no blank breaks, paths and hashes, are in a field that breaks them anywhere."""

    def __init__(self, grid: QGridLayout, row: int) -> None:
        self._grid, self._row = grid, row
        self._title, self._words = QLabel(), QLabel()
        self._long: _Read | None = None
        self._shown: tuple[str, str] | None = None
        self._is_long = False
        for label in (self._title, self._words):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(font(LABEL))
            label.setWordWrap(True)
        self._title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        grid.addWidget(self._title, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._words, row, 1)

    def show(self, title: str, words: str) -> None:
        if (title, words) == self._shown:
            return
        is_long = max((len(word) for word in words.split()), default=0) >= _UNBROKEN
        self._title.setText(title)
        if is_long:
            self._show_long(title, words)
        else:
            self._words.setText(words)
            self._words.setAccessibleName(f"{title}: {words}")
        if self._shown is None:
            self._title.show()
        if self._shown is None or is_long is not self._is_long:
            self._words.setVisible(not is_long)
            if self._long is not None:
                self._long.setVisible(is_long)
        self._shown, self._is_long = (title, words), is_long

    def hide(self) -> None:
        # To hide what is hidden costs as much as the rest together.
        if self._shown is not None:
            self._shown = None
            for part in (self._title, self._words, self._long):
                if part is not None:
                    part.hide()

    def _show_long(self, title: str, words: str) -> None:
        if self._long is None:
            self._long = _Read()
            self._long.setFont(font(LABEL))
            self._grid.addWidget(self._long, self._row, 1)
        self._long.setAccessibleName(title)
        self._long.show_text(words)


class ReadText(QWidget):
    """A text under its title, as high as it is long up to some lines, beyond which it scrolls."""

    def __init__(self, title: str, typeface: QFont | None = None) -> None:
        super().__init__()
        self._title = QLabel(title)
        self._title.setFont(font(LABEL))
        self._title.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._edit = _Read()
        self._edit.setFont(typeface or font(BODY))
        self._edit.setAccessibleName(title)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self._title)
        column.addWidget(self._edit)

    @property
    def text(self) -> str:
        """What is shown."""
        return self._edit.toPlainText()

    def show_text(self, text: str) -> None:
        """Show a text; nothing at all where it is empty."""
        self.setVisible(bool(text))
        self._edit.show_text(text)


class _Read(QPlainTextEdit):
    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setObjectName("read")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setStyleSheet("QPlainTextEdit#read { background: transparent; border: none; padding: 0; }")
        self.document().setDocumentMargin(0)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        # Keys go past it to the pictures; the mouse selects.
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)

    def show_text(self, text: str) -> None:
        """Show another text."""
        if text != self.toPlainText():
            self.setPlainText(text)
            self.fit()

    def fit(self) -> None:
        """Be as high as the text is, up to some lines; beyond them it scrolls."""
        lines = max(1, round(self.document().size().height()))
        self.setFixedHeight(self.fontMetrics().lineSpacing() * min(_MOST_LINES, lines) + 2)
        # A bar that came and went by itself would leave lines as long as they were without it.
        policy = Qt.ScrollBarPolicy.ScrollBarAlwaysOn if lines > _MOST_LINES else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        if policy != self.verticalScrollBarPolicy():
            self.setVerticalScrollBarPolicy(policy)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.fit()
