"""The bar above the grid: what is looked for, in words and by filters."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.domain.query_parsing import parse
from studio.domain.vocabulary import Vocabulary
from studio.ui.gallery.filter_chip import FilterChip
from studio.ui.gallery.filters import FILTERS, STARRED, with_value
from studio.ui.gallery.search_field import SearchField
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.popover import Popover

if TYPE_CHECKING:
    from studio.ui.gallery.filters import Filter

_EDGE: Final = 4 * SPACE
_NAME_WIDTH: Final = 70 * SPACE


class SearchBar(QWidget):
    """Field and filters; the text in the field is all that they say.

    Attributes:
        field: the text.
        chips: the filters, from left to right.

    Signals:
        searched: the text, after each change.
        save_wanted: a name for what is looked for.
        left: the keyboard may go to the pictures.
    """

    searched = Signal(str)
    save_wanted = Signal(str)
    left = Signal()

    def __init__(self, ground: QWidget) -> None:
        """Build it.

        Args:
            ground: over which completions lie.
        """
        super().__init__()
        self.field = SearchField(ground)
        self.chips = (FilterChip(STARRED, is_switch=True), *(FilterChip(one) for one in FILTERS))
        self._save = IconButton(Icon.SAVED, "Save this search", "Save this search at the side", side=ROW)
        # What is asked for is a name, after which the keyboard goes on where it was.
        self._save.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._problem = QLabel()
        self._problem.setFont(font(LABEL))
        self._problem.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._problem.setTextFormat(Qt.TextFormat.PlainText)
        self._problem.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._problem.hide()
        self._lay_out()
        self.setAccessibleName("Search")
        self.field.searched.connect(self._follow)
        self.field.left.connect(self.left)
        self._save.clicked.connect(self._ask_name)
        for chip in self.chips:
            chip.chosen.connect(partial(self._filter, chip.filter))
        self.show_vocabulary(Vocabulary())
        self._follow("")

    @property
    def problem(self) -> str:
        """What is said about the text; empty where it is understood."""
        return "" if self._problem.isHidden() else self._problem.text()

    def write(self, text: str) -> None:
        """Look for something else."""
        self.field.write(text)

    def show_vocabulary(self, vocabulary: Vocabulary) -> None:
        """Offer other names."""
        self.field.vocabulary = vocabulary
        for chip in self.chips:
            chip.offer(vocabulary)

    def _follow(self, text: str) -> None:
        problems = parse(text).problems
        self._problem.setText(problems[0].text if problems else "")
        self._problem.setVisible(bool(problems))
        self._save.setEnabled(bool(text.strip()))
        for chip in self.chips:
            chip.show_state(text)
        self.searched.emit(text)

    def _filter(self, one: Filter, written: str) -> None:
        self.field.write(with_value(self.field.text(), one, written))

    def _ask_name(self) -> None:
        popover = _NamePopover(" ".join(self.field.text().split()), self)
        popover.named.connect(self.save_wanted)
        popover.open_over(self._save.mapToGlobal(QPoint(ROW - _NAME_WIDTH, ROW + SPACE)), self)

    def _lay_out(self) -> None:
        words = QHBoxLayout()
        words.setSpacing(SPACE)
        words.addWidget(self.field, 1)
        words.addWidget(self._save)
        filters = QHBoxLayout()
        filters.setSpacing(SPACE + 2)
        for chip in self.chips:
            filters.addWidget(chip)
        filters.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, 2 * SPACE, _EDGE, 2 * SPACE)
        column.setSpacing(2 * SPACE)
        column.addLayout(words)
        column.addWidget(self._problem)
        column.addLayout(filters)


class _NamePopover(Popover):
    """Asks for the name of a search. Enter keeps it, Esc gives it up.

    Signals:
        named: the name.
    """

    named = Signal(str)

    def __init__(self, suggestion: str, owner: QWidget) -> None:
        super().__init__("Name of the search", owner)
        self._edit = LineField("Name of the search")
        self._edit.setText(suggestion)
        self._edit.selectAll()
        label = QLabel("Save this search as")
        label.setFont(font(LABEL))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 3 * SPACE, 3 * SPACE, 3 * SPACE)
        layout.addWidget(label)
        layout.addWidget(self._edit)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFocusProxy(self._edit)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_NAME_WIDTH, super().sizeHint().height())

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        name = self._edit.text().strip()
        if event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter} and name:
            self.named.emit(name)
        super().keyPressEvent(event)
