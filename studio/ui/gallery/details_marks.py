"""What the user says of pictures: tags, boards, and a note."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.gallery.details_chips import ChipFlow
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, SPACE
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.line_field import LineField

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.services.history_boards import Board

_NOTE_LINES: Final = 3
_MOST_OFFERS: Final = 6


class TagsField(QWidget):
    """Chips of the tags, and a line in which one writes new ones.

    While one writes, known tags that begin so stand below it, to be clicked: no window of their own, which would take
    the keyboard away.

    Attributes:
        chips: the tags.
        field: the line.
        offers: known tags that begin with what is written.

    Signals:
        changed: tags to add, tags to take away; both tuples.
    """

    changed = Signal(object, object)

    def __init__(self) -> None:
        super().__init__()
        self.chips = ChipFlow("Tags", "Take the tag {} away")
        self.field = LineField("New tag")
        self.field.setPlaceholderText("Add a tag")
        self.offers = ChipFlow("Known tags", "Add the tag {}", Icon.ADD)
        self._known: tuple[str, ...] = ()
        _column(self, "Tags", self.chips, self.field, self.offers)
        self.field.textEdited.connect(self._offer)
        self.field.returnPressed.connect(self._add)
        self.chips.taken.connect(lambda word: self.changed.emit((), (word,)))
        self.offers.taken.connect(self._take_offer)

    def show_tags(self, tags: Sequence[str]) -> None:
        """Show what the pictures have."""
        self.chips.show_words(tags)

    def offer(self, tags: Sequence[str]) -> None:
        """Offer tags that the history knows while one writes."""
        self._known = tuple(tags)

    def _offer(self, text: str) -> None:
        words = text.replace(",", " ").split()
        begun = words[-1].casefold() if words and not text[-1:].isspace() else ""
        fitting = (tag for tag in self._known if begun and tag.casefold().startswith(begun))
        self.offers.show_words([tag for tag in fitting if tag not in self.chips.words][:_MOST_OFFERS])

    def _add(self) -> None:
        new = tuple(dict.fromkeys(self.field.text().replace(",", " ").split()))
        self._clear()
        if new:
            self.changed.emit(new, ())

    def _take_offer(self, tag: str) -> None:
        before = self.field.text().replace(",", " ").split()[:-1]
        self._clear()
        self.changed.emit(tuple(dict.fromkeys((*before, tag))), ())
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _clear(self) -> None:
        self.field.clear()
        self.offers.show_words(())


class BoardsField(QWidget):
    """Chips of the boards, and a button that offers the others.

    Signals:
        put_wanted: number of the board to put the pictures on.
        taken: number of the board to take them off.
        made: name of a board to make for them.
    """

    put_wanted = Signal(int)
    taken = Signal(int)
    made = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.chips = ChipFlow("Boards", "Take it off the board {}")
        self._boards: tuple[Board, ...] = ()
        self._add = IconButton(Icon.ADD, "Add to a board", "Put it on a board", side=6 * SPACE)
        self.field = LineField("New board")
        self.field.setPlaceholderText("Name of a new board")
        self.field.hide()
        _column(self, "Boards", self.chips, self.field, beside=self._add)
        self._add.clicked.connect(self._open)
        self.chips.taken.connect(self._take)
        self.field.returnPressed.connect(self._make)
        self.field.editingFinished.connect(self.field.hide)

    def show_boards(self, names: Sequence[str]) -> None:
        """Show the boards that the pictures are on."""
        self.chips.show_words(names)

    def offer(self, boards: tuple[Board, ...]) -> None:
        """Offer these boards."""
        self._boards = boards

    def menu(self) -> QMenu:
        """Return a menu of the boards that the pictures are not on."""
        menu = QMenu(self)
        for board in self._boards:
            if board.name not in self.chips.words:
                menu.addAction(board.name).triggered.connect(partial(self.put_wanted.emit, board.id))
        if not menu.isEmpty():
            menu.addSeparator()
        menu.addAction("New board\u2026").triggered.connect(self._write)
        return menu

    def _open(self) -> None:
        menu = self.menu()
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(self._add.mapToGlobal(QPoint(0, self._add.height())))

    def _write(self) -> None:
        self.field.clear()
        self.field.show()
        self.field.setFocus(Qt.FocusReason.OtherFocusReason)

    def _make(self) -> None:
        if name := self.field.text().strip():
            self.made.emit(name)

    def _take(self, name: str) -> None:
        for board in self._boards:
            if board.name == name:
                self.taken.emit(board.id)


class NoteField(QWidget):
    """A note, written in place; it is kept when the keyboard goes elsewhere, and with Ctrl+Enter.

    Signals:
        written: number of the entry, and the text, where it is another one than before.
    """

    written = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._entry_id: int | None = None
        self._before = ""
        self.edit = _Note()
        self.edit.left.connect(self.keep)
        _column(self, "Note", self.edit)

    def show_note(self, entry_id: int, text: str) -> None:
        """Show the note of an entry; one that is being written is not touched, and that of another entry is kept."""
        if entry_id != self._entry_id:
            self.keep()
        elif self.edit.hasFocus() and self.edit.toPlainText() != self._before:
            return
        self._entry_id, self._before = entry_id, text
        if text != self.edit.toPlainText():
            self.edit.setPlainText(text)

    def keep(self) -> None:
        """Hand over what was written."""
        text = self.edit.toPlainText().strip()
        if self._entry_id is not None and text != self._before:
            self._before = text
            self.written.emit(self._entry_id, text)


class _Note(QPlainTextEdit):
    left = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Note")
        self.setFont(font(LABEL))
        self.setPlaceholderText("Found again by its words")
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * _NOTE_LINES + 5 * SPACE)

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.height())

    @override
    def event(self, event: QEvent, /) -> bool:
        # Ctrl+Enter would paint.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and _is_done(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if _is_done(event):
            self.left.emit()
        else:
            super().keyPressEvent(event)

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        super().focusOutEvent(event)
        self.left.emit()


def _is_done(event: QKeyEvent) -> bool:
    is_enter = event.key() in {Qt.Key.Key_Return, Qt.Key.Key_Enter}
    return is_enter and bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)


def _column(owner: QWidget, title: str, *widgets: QWidget, beside: QWidget | None = None) -> None:
    """Lay widgets below a title, with one beside it."""
    label = QLabel(title)
    label.setFont(font(LABEL))
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    head = QHBoxLayout()
    head.addWidget(label, 1)
    if beside is not None:
        head.addWidget(beside)
    column = QVBoxLayout(owner)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(SPACE)
    column.addLayout(head)
    for widget in widgets:
        column.addWidget(widget)
