"""The details of what is selected in the gallery."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QGuiApplication, QKeyEvent, QPalette, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from studio.domain.found_parameters import parameters_text
from studio.domain.found_settings import FoundSettings
from studio.domain.geometry import Size
from studio.domain.settings_part import SettingsPart
from studio.services.history_entry import Entry
from studio.ui.gallery.details_facts import shared_rows
from studio.ui.gallery.details_marks import BoardsField, NoteField, TagsField
from studio.ui.gallery.details_one import MoreFacts, OnePicture
from studio.ui.gallery.details_rows import FactRows
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, SPACE

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.bridge.entry_pictures import EntryPictures
    from studio.bridge.surroundings import Surroundings, SurroundingsReader
    from studio.services.history_boards import Board

_WIDTH: Final = 76 * SPACE
_EDGE: Final = 4 * SPACE


class DetailsPanel(QScrollArea):
    """Shows one picture with all that is known of it, or in what several agree.

    Attributes:
        one: of one picture.
        several: in what several agree.
        tags: of what is selected.
        boards: likewise.
        note: of one picture.
        more: what is folded away.

    Signals:
        settings_wanted: `FoundSettings`, and the `SettingsPart` of them to take over.
        entry_wanted: number of an entry to go to.
        star_wanted: numbers of entries as a tuple, and whether they shall have a star.
        note_written: number of an entry, and its note.
        tags_changed: numbers of entries, tags to add, tags to take away; all tuples.
        board_put: number of a board, and numbers of entries as a tuple.
        board_taken: likewise, to take them off.
        board_made: name of a board to make, and numbers of entries as a tuple.
        folder_wanted: the `Entry` whose folder is to be opened.
        replay_wanted: the `Entry` that is to be painted again.
        lineage_wanted: the `Entry`.
        export_wanted: number of the entry of which a copy is to go out, in a tuple, and that `Entry`.
        said: something that was done, in a few words.
        left: the keyboard may go back to the pictures.
    """

    settings_wanted = Signal(FoundSettings, SettingsPart)
    entry_wanted = Signal(int)
    star_wanted = Signal(object, bool)
    note_written = Signal(int, str)
    tags_changed = Signal(object, object, object)
    board_put = Signal(int, object)
    board_taken = Signal(int, object)
    board_made = Signal(str, object)
    folder_wanted = Signal(Entry)
    replay_wanted = Signal(Entry)
    lineage_wanted = Signal(Entry)
    export_wanted = Signal(tuple, Entry)
    said = Signal(str)
    left = Signal()

    def __init__(self, pictures: EntryPictures, surroundings: SurroundingsReader) -> None:
        """Build an empty panel.

        Args:
            pictures: small ones.
            surroundings: reads for this panel alone.
        """
        super().__init__()
        self._surroundings = surroundings
        self._entries: tuple[Entry, ...] = ()
        self._others = 0
        self._around: Surroundings | None = None
        self._is_stale = True
        self._verdicts: dict[int, str] = {}
        self._heading = QLabel()
        self._heading.setFont(font(BODY, QFont.Weight.Medium))
        self._heading.setWordWrap(True)
        self.one = OnePicture(pictures)
        self.several = FactRows("What they have in common")
        self.tags, self.boards, self.note, self.more = TagsField(), BoardsField(), NoteField(), MoreFacts()
        self._lay_out()
        self._connect()

    @property
    def entries(self) -> tuple[Entry, ...]:
        """What is shown."""
        return self._entries

    def show_entries(self, entries: Sequence[Entry], others: int = 0) -> None:
        """Show what is selected.

        Args:
            entries: the pictures.
            others: how many more there are, whose entries are not in memory. Nothing is offered here then that would
                leave them out.
        """
        before, self._entries, self._others = self._entries, tuple(entries), others
        if [entry.id for entry in before] != [entry.id for entry in self._entries]:
            self.note.keep()
            self.verticalScrollBar().setValue(0)
            self._around = None
            self.boards.show_boards(())
        # Whoever steps through pictures with the details hidden need not wait for them.
        self._is_stale = not self.isVisible()
        if not self._is_stale:
            self._show()

    def show_boards(self, boards: tuple[Board, ...]) -> None:
        """Offer these boards; which of them the pictures are on is read anew."""
        self.boards.offer(boards)
        if len(self._entries) == 1 and not self._is_stale:
            self._surroundings.want(self._entries[0])
        elif not self._is_stale:
            self._want_shared_boards()

    def show_known_tags(self, tags: Sequence[str]) -> None:
        """Offer these tags while one writes."""
        self.tags.offer(tags)

    def show_verdict(self, entry_id: int, words: str) -> None:
        """Say what came of painting a picture again, now and whenever it is shown."""
        self._verdicts[entry_id] = words
        if [entry.id for entry in self._entries] == [entry_id]:
            self.one.show_verdict(words)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 640)

    @override
    def keyPressEvent(self, arg__1: QKeyEvent, /) -> None:
        # Enter in the line for tags would go on to the viewer, which opens the picture on the canvas.
        if arg__1.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(arg__1)
        arg__1.accept()

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if self._is_stale:
            self._is_stale = False
            self._show()

    def _show(self) -> None:
        self._show_parts()
        if len(self._entries) == 1 and not self._others:
            self._show_one(self._entries[0])
        else:
            self._want_shared_boards()
            self.several.show_rows(shared_rows(self._entries) if self._entries else {})
        tags = [set(entry.tags) for entry in self._entries]
        self.tags.show_tags(sorted(set.intersection(*tags)) if tags else ())

    def _lay_out(self) -> None:
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMinimumWidth(_WIDTH)
        self.setAccessibleName("Details")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        content = QWidget()
        content.setObjectName("settings")
        column = QVBoxLayout(content)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(4 * SPACE)
        for widget in (self._heading, self.one, self.several, self.tags, self.boards, self.note, self.more):
            column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(content)

    def _connect(self) -> None:
        actions = self.one.buttons
        actions.part_wanted.connect(self._use)
        actions.star_clicked.connect(self._star)
        actions.copy_clicked.connect(self._copy)
        actions.folder_clicked.connect(lambda: self._with_one(self.folder_wanted.emit))
        actions.export_clicked.connect(lambda: self._with_one(lambda one: self.export_wanted.emit((one.id,), one)))
        actions.lineage_clicked.connect(lambda: self._with_one(self.lineage_wanted.emit))
        actions.replay_clicked.connect(lambda: self._with_one(self.replay_wanted.emit))
        for row in (self.one.parents, self.one.children_row):
            row.chosen.connect(self.entry_wanted)
            row.more_wanted.connect(lambda: self._with_one(self.lineage_wanted.emit))
        self.tags.changed.connect(lambda add, remove: self.tags_changed.emit(self._ids(), add, remove))
        self.boards.put_wanted.connect(lambda board: self.board_put.emit(board, self._ids()))
        self.boards.taken.connect(lambda board: self.board_taken.emit(board, self._ids()))
        self.boards.made.connect(lambda name: self.board_made.emit(name, self._ids()))
        self.note.written.connect(self.note_written)
        self._surroundings.came.connect(self._on_surroundings)
        self._surroundings.boards_came.connect(self._on_boards)

    def _show_parts(self) -> None:
        count, is_all = len(self._entries) + self._others, not self._others
        self._heading.setText(_heading(count, is_all=is_all))
        self._heading.setVisible(count != 1 or not is_all)
        for widget in (self.one, self.note, self.more):
            widget.setVisible(count == 1 and is_all)
        self.several.setVisible(count > 1 and is_all)
        for widget in (self.tags, self.boards):
            widget.setVisible(count > 0 and is_all)

    def _show_one(self, entry: Entry) -> None:
        self.one.show_entry(entry, self._verdicts.get(entry.id, ""))
        self.note.show_note(entry.id, entry.note)
        self._show_around(entry)
        self._surroundings.want(entry)

    def _show_around(self, entry: Entry) -> None:
        around = self._around
        self.one.show_family(around)
        self.boards.show_boards(() if around is None else around.boards)
        self.more.show_entry(entry, None if around is None else around.bytes)

    def _on_surroundings(self, around: Surroundings) -> None:
        if [entry.id for entry in self._entries] == [around.entry_id]:
            self._around = around
            self._show_around(self._entries[0])

    def _want_shared_boards(self) -> None:
        if self._entries and not self._others:
            self._surroundings.want_boards(self._ids())
        else:
            self._surroundings.drop()

    def _on_boards(self, ids: tuple[int, ...], names: tuple[str, ...]) -> None:
        if ids == self._ids():
            self.boards.show_boards(names)

    def _ids(self) -> tuple[int, ...]:
        return tuple(entry.id for entry in self._entries)

    def _with_one(self, act: Callable[[Entry], object]) -> None:
        if len(self._entries) == 1:
            act(self._entries[0])

    def _use(self, part: SettingsPart) -> None:
        if len(self._entries) == 1:
            entry = self._entries[0]
            size = entry.found.size or (Size(entry.width, entry.height) if entry.width else None)
            self.settings_wanted.emit(replace(entry.found, size=size), part)

    def _star(self) -> None:
        if len(self._entries) == 1:
            entry = self._entries[0]
            self.star_wanted.emit((entry.id,), not entry.is_starred)
            # The button shows what the history says, not what was asked of it.
            self.one.buttons.star.setChecked(entry.is_starred)

    def _copy(self) -> None:
        if len(self._entries) == 1:
            entry = self._entries[0]
            text = parameters_text(entry.found) if entry.metadata is None else entry.metadata.to_parameters()
            QGuiApplication.clipboard().setText(text)
            self.said.emit("The settings are in the clipboard")


def _heading(count: int, *, is_all: bool) -> str:
    if not count:
        return "Select a picture to see how it was painted"
    words = "1 picture" if count == 1 else f"{count:,} pictures"
    return words if is_all else f"{words}\n\nThe menu changes all of them, and so do keys: T for tags, B for boards"
