"""The gallery: every picture of the history, to search, to sort and to look at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFont, QKeyEvent, QKeySequence, QPalette, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSplitter, QVBoxLayout, QWidget
from typing_extensions import override

from studio.domain.found_settings import FoundSettings
from studio.domain.query_parsing import parse
from studio.domain.settings_part import SettingsPart
from studio.services.history_entry import Entry
from studio.ui.gallery.board_deletion import BoardDeletion
from studio.ui.gallery.count_line import CountLine
from studio.ui.gallery.gallery_grid import GalleryGrid
from studio.ui.gallery.nothing_here import ClearButton
from studio.ui.gallery.picture_commands import PictureCommands
from studio.ui.gallery.places import places
from studio.ui.gallery.search_bar import SearchBar
from studio.ui.gallery.side_list import SideList
from studio.ui.gallery.spring_button import SpringButton
from studio.ui.gallery.thrown_notice import ThrownNotice
from studio.ui.gallery.trash_bar import TrashBar
from studio.ui.message_bar import MessageBar
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, ROW, SPACE
from studio.ui.ways_out import GoThere, Undo

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.session import Session
    from studio.domain.errors import StudioError
    from studio.ui.ways_out import WayOut

_EDGE: Final = 2 * SPACE
_COLUMNS: Final = (216, 760, 304)


class GalleryRoom(QWidget):
    """Places at the left, the search above the pictures, and what is known of the selected ones at the right.

    Attributes:
        grid: the pictures.
        search: above them.
        side: places at the left.
        messages: what was done, and how to undo it: the window's, which is there only while one is here, or its own.
        commands: what keys and menu do.

    Signals:
        entry_chosen: an `Entry` shall be looked at on the canvas.
        viewer_wanted: a row, to be looked at large.
        compare_wanted: two `Entry`.
        lineage_wanted: an `Entry`.
        replay_wanted: an `Entry`.
        settings_wanted: `FoundSettings`, and the `SettingsPart` of them to take over.
        closed: the user goes back to the canvas.
    """

    entry_chosen = Signal(Entry)
    viewer_wanted = Signal(int)
    compare_wanted = Signal(Entry, Entry)
    lineage_wanted = Signal(Entry)
    replay_wanted = Signal(Entry)
    settings_wanted = Signal(FoundSettings, SettingsPart)
    closed = Signal()

    def __init__(self, session: Session, messages: MessageBar | None = None) -> None:
        """Build it.

        Args:
            session: has the history.
            messages: the window's, told of the history's troubles and the trash by others; None: one of its own.
        """
        super().__init__()
        self._history = session.history
        self._show_details: Callable[[tuple[Entry, ...], int], object] | None = None
        self._shown: tuple[tuple[Entry, ...], int] = (), 0
        self.grid = GalleryGrid(session.history.gallery)
        self.search = SearchBar(self)
        self.side = SideList()
        self.messages = MessageBar() if messages is None else messages
        self.commands = PictureCommands(self.grid, session.history.changes, session.history.boards)
        self._trash_bar = TrashBar()
        self._clear = ClearButton(self.grid, session.history.gallery)
        self._count_line = CountLine(self.grid)
        self._columns = QSplitter(Qt.Orientation.Horizontal)
        self._lay_out()
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.setAccessibleName("Gallery")
        self.setFocusProxy(self.grid)
        if messages is None:
            self._answer()
        self._deletion = BoardDeletion(session.history.boards, self.messages)
        find = QShortcut(QKeySequence(QKeySequence.StandardKey.Find), self)
        find.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        find.activated.connect(self.look_for)
        self._connect_grid()
        self._connect_side()

    @property
    def count_text(self) -> str:
        """What is said about the number of pictures."""
        return self._count_line.text

    def set_details(self, details: QWidget, show: Callable[[tuple[Entry, ...], int], object]) -> None:
        """Put a widget at the right.

        Args:
            details: it.
            show: called with the selected entries, and how many more there are that are not in memory, whenever they
                are others or are not what they were.
        """
        self._columns.addWidget(details)
        self._columns.setSizes(list(_COLUMNS))
        self._show_details = show
        self._tell_details()

    def look_for(self) -> None:
        """Let the keyboard write what is looked for."""
        self.search.field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.field.selectAll()

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        if not self._history.gallery.serial:
            self._history.gallery.refresh()
        self._history.overview.refresh()
        self._history.boards.refresh()

    @override
    def event(self, event: QEvent, /) -> bool:
        # Before the window's shortcut, which cancels what is being painted.
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            event.setAccepted(event.key() == Qt.Key.Key_Escape and not event.modifiers())
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        elif event.key() == Qt.Key.Key_Slash:
            self.look_for()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        tip = "Back to the canvas (Esc). Pictures that are held over it are carried along"
        back = SpringButton(Icon.CHEVRON_LEFT, "Back to the canvas", tip, side=ROW)
        back.clicked.connect(self.closed)
        title = QLabel("Gallery")
        title.setFont(font(BODY, QFont.Weight.DemiBold))
        head = QWidget()
        row = QHBoxLayout(head)
        row.setContentsMargins(_EDGE, _EDGE, _EDGE, 0)
        row.addWidget(back)
        row.addWidget(title, 1)
        left = _column(head, self.side)
        left.setMinimumWidth(152)
        self._trash_bar.hide()
        self._columns.addWidget(left)
        self._columns.addWidget(_column(self.search, self._trash_bar, self.messages, self.grid, self._count_line))
        self._columns.setStretchFactor(1, 1)
        self._columns.setHandleWidth(2)
        self._columns.setChildrenCollapsible(False)
        self._columns.setSizes(list(_COLUMNS[:2]))
        whole = QHBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._columns)

    def _connect_grid(self) -> None:
        grid, commands, changes = self.grid, self.commands, self._history.changes
        grid.entry_chosen.connect(self.entry_chosen)
        grid.selection_changed.connect(self._tell_details)
        grid.history.entries_changed.connect(self._tell_details)
        commands.viewer_wanted.connect(self.viewer_wanted)
        commands.compare_wanted.connect(self.compare_wanted)
        commands.lineage_wanted.connect(self.lineage_wanted)
        commands.replay_wanted.connect(self.replay_wanted)
        commands.settings_wanted.connect(self.settings_wanted)
        commands.said.connect(self.messages.show_notice)
        self.search.searched.connect(self._search)
        self.search.left.connect(self.grid.setFocus)
        self._clear.clicked.connect(self.search.field.clear_all)
        self.search.save_wanted.connect(self._save_search)
        self._trash_bar.bring_back_wanted.connect(self._bring_back)
        self._trash_bar.empty_wanted.connect(changes.empty_trash)

    def _connect_side(self) -> None:
        side, boards, changes = self.side, self._history.boards, self._history.changes
        side.query_chosen.connect(self.search.write)
        side.board_named.connect(self._name_board)
        side.board_deleted.connect(self._deletion.delete)
        side.search_forgotten.connect(boards.forget_search)
        side.filled.connect(boards.put)
        side.starred.connect(self._star)
        side.thrown.connect(changes.throw)
        side.empty_wanted.connect(changes.empty_trash)
        boards.boards_changed.connect(self._show_places)
        boards.searches_changed.connect(self._show_places)
        boards.filled.connect(self._refresh)
        self._history.overview.changed.connect(self._show_overview)
        self._show_places()

    def _answer(self) -> None:
        """Say what becomes of pictures, and do what the buttons beside it say."""
        ThrownNotice(self._history.changes, self.messages)
        self.messages.way_out_chosen.connect(self._take)
        for part in (self._history.changes, self._history.boards):
            part.failed.connect(self._show_error)

    def _search(self, text: str) -> None:
        self.grid.history.set_query(text)
        self.side.show_query(text)
        self._trash_bar.setVisible(parse(text).is_about_trash)

    def _save_search(self, name: str) -> None:
        self._history.boards.save_search(name, self.search.field.text())

    def _show_overview(self) -> None:
        self.search.show_vocabulary(self._history.overview.vocabulary)
        self._show_places()

    def _show_places(self) -> None:
        boards = self._history.boards
        self.side.show_places(places(self._history.overview.counts, boards.boards, boards.searches))

    def _name_board(self, board_id: int | None, name: str) -> None:
        if board_id is None:
            self._history.boards.create(name)
        else:
            self._history.boards.rename(board_id, name)

    def _star(self, ids: tuple[int, ...]) -> None:
        self._history.changes.star(ids, True)

    def _bring_back(self) -> None:
        self._history.changes.bring_back(self.grid.selected_ids)

    def _refresh(self, ids: tuple[int, ...]) -> None:
        self._history.refresh(ids)

    def _tell_details(self) -> None:
        count, entries = self.grid.selected.count, self.grid.selected_entries
        self._trash_bar.show_selected(count)
        selected = entries, count - len(entries)
        if self._show_details is not None and selected != self._shown:
            self._shown = selected
            self._show_details(*selected)

    def _show_error(self, error: StudioError) -> None:
        self.messages.show_error(error, ())

    def _take(self, way: WayOut) -> None:
        if isinstance(way, Undo | GoThere):
            way.go_on()


def _column(*widgets: QWidget) -> QWidget:
    """Return widgets above one another; those that can grow take the room."""
    column = QWidget()
    layout = QVBoxLayout(column)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(0)
    for widget in widgets:
        layout.addWidget(widget)
    return column
