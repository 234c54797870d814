"""Does what a grid's keys and its menu ask for."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject, QPoint, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QMenu

from studio.domain.found_parameters import parameters_text
from studio.domain.found_settings import FoundSettings
from studio.domain.settings_part import SettingsPart
from studio.services.history_entry import Entry
from studio.ui.gallery.grid_keys import PictureAsk
from studio.ui.gallery.picture_menu import LINE, MenuRow, fill
from studio.ui.gallery.words_popover import NotePopover, TagsPopover

if TYPE_CHECKING:
    from studio.bridge.history_boards import HistoryBoards
    from studio.bridge.history_changes import HistoryChanges
    from studio.ui.gallery.gallery_grid import GalleryGrid


class PictureCommands(QObject):
    """Changes the history at once, and passes on what others do.

    Signals:
        viewer_wanted: a row, to be looked at large.
        compare_wanted: two `Entry`.
        lineage_wanted: an `Entry`.
        replay_wanted: an `Entry`.
        settings_wanted: `FoundSettings`, and the `SettingsPart` of them to take over.
        export_wanted: numbers of pictures of which copies are to go out, a tuple, and one of their `Entry`.
        said: something that was done, in a few words.
    """

    viewer_wanted = Signal(int)
    compare_wanted = Signal(Entry, Entry)
    lineage_wanted = Signal(Entry)
    replay_wanted = Signal(Entry)
    settings_wanted = Signal(FoundSettings, SettingsPart)
    export_wanted = Signal(tuple, Entry)
    said = Signal(str)

    def __init__(self, grid: GalleryGrid, changes: HistoryChanges, boards: HistoryBoards) -> None:
        """Follow a grid.

        Args:
            grid: asks, and owns this.
            changes: stars, notes, tags and the trash.
            boards: boards.
        """
        super().__init__(grid)
        self._grid = grid
        self._changes = changes
        self._boards = boards
        grid.asked.connect(self.do)
        grid.menu_wanted.connect(self._open_menu)

    @property
    def is_about_trash(self) -> bool:
        """Whether the grid shows what was thrown away."""
        entry = self._grid.current_entry
        return entry is not None and entry.trashed is not None

    @property
    def _has_star(self) -> bool:
        entries = self._known()
        return bool(entries) and all(entry.is_starred for entry in entries)

    def do(self, ask: PictureAsk) -> None:
        """Do what a key asks for."""
        grid, ids = self._grid, self._grid.selected_ids
        if not ids:
            return
        match ask:
            case PictureAsk.VIEW:
                if grid.selected.current is not None:
                    self.viewer_wanted.emit(grid.selected.current)
            case PictureAsk.STAR:
                # Several are treated alike: all get a star, unless all have one.
                self._changes.star(ids, not self._has_star)
            case PictureAsk.TRASH:
                self._throw(ids)
            case PictureAsk.NOTE:
                self._write_note(ids)
            case PictureAsk.TAGS:
                self._write_tags(ids)
            case PictureAsk.BOARD:
                self._show(self._board_rows(ids), grid.viewport().mapToGlobal(self._place()))
            case PictureAsk.COMPARE:
                self._compare()
            case _:
                assert_never(ask)

    def rows(self) -> tuple[MenuRow, ...]:
        """Return what the menu offers for what is selected."""
        ids = self._grid.selected_ids
        if self.is_about_trash:
            return (MenuRow("Put back", partial(self._changes.bring_back, ids), "Del"),)
        entry = self._grid.current_entry
        single = () if entry is None or len(ids) > 1 else self._rows_of_one(entry)
        return (*single, *self._rows_of_all(ids))

    def _rows_of_one(self, entry: Entry) -> tuple[MenuRow, ...]:
        found = entry.found
        can = {
            SettingsPart.ALL: bool(found.described()),
            SettingsPart.PROMPT: bool(found.prompt),
            SettingsPart.SEED: found.seed is not None,
            SettingsPart.SIZE: found.size is not None or bool(entry.width),
        }
        return (
            MenuRow("Open on the canvas", partial(self._grid.entry_chosen.emit, entry), "Enter"),
            MenuRow("Look at it large", partial(self.do, PictureAsk.VIEW), "Space"),
            LINE,
            *(
                MenuRow(part.title, partial(self.settings_wanted.emit, found, part), is_enabled=can[part])
                for part in SettingsPart
            ),
            MenuRow("Copy as A1111 text", partial(self._copy, entry), is_enabled=can[SettingsPart.ALL]),
            LINE,
            MenuRow("Lineage", partial(self.lineage_wanted.emit, entry)),
            MenuRow("Replay", partial(self.replay_wanted.emit, entry), is_enabled=bool(found.prompt)),
            MenuRow("Show in folder", partial(open_folder, entry)),
            LINE,
        )

    def _rows_of_all(self, ids: tuple[int, ...]) -> tuple[MenuRow, ...]:
        compare = MenuRow("Compare", self._compare, "C") if len(ids) == 2 else None
        return (
            *((compare,) if compare else ()),
            MenuRow("Take the star away" if self._has_star else "Star", partial(self.do, PictureAsk.STAR), "."),
            MenuRow("Add to board", rows=self._board_rows(ids)),
            MenuRow("Tags\u2026", partial(self.do, PictureAsk.TAGS), "T"),
            MenuRow("Note\u2026", partial(self.do, PictureAsk.NOTE), "F2"),
            MenuRow("Export a copy\u2026" if len(ids) == 1 else "Export copies\u2026", partial(self._export, ids)),
            LINE,
            MenuRow("Move to the trash", partial(self.do, PictureAsk.TRASH), "Del"),
        )

    def _board_rows(self, ids: tuple[int, ...]) -> tuple[MenuRow, ...]:
        rows = tuple(MenuRow(board.name, partial(self._boards.put, board.id, ids)) for board in self._boards.boards)
        new = MenuRow("New board", partial(self._boards.create, self._new_name(), ids))
        return (*rows, LINE, new) if rows else (new,)

    def _new_name(self) -> str:
        """Return a name that no board has; it is renamed at the side."""
        taken = {board.name.casefold() for board in self._boards.boards}
        number = 1
        while f"board {number}" in taken:
            number += 1
        return f"Board {number}"

    def _throw(self, ids: tuple[int, ...]) -> None:
        if self.is_about_trash:
            self._changes.bring_back(ids)
        else:
            self._changes.throw(ids)

    def _compare(self) -> None:
        entries = self._grid.selected_entries
        if len(entries) == 2:
            self.compare_wanted.emit(*entries)
        else:
            self.said.emit("Select two pictures to compare them")

    def _export(self, ids: tuple[int, ...]) -> None:
        if (entry := self._grid.current_entry) is not None:
            self.export_wanted.emit(ids, entry)

    def _copy(self, entry: Entry) -> None:
        text = parameters_text(entry.found) if entry.metadata is None else entry.metadata.to_parameters()
        QGuiApplication.clipboard().setText(text)
        self.said.emit("The settings are in the clipboard")

    def _write_note(self, ids: tuple[int, ...]) -> None:
        notes = {entry.note for entry in self._known()}
        note = NotePopover(notes.pop() if len(notes) == 1 else "", _about("Note", ids), self._grid)
        note.written.connect(partial(self._changes.note, ids))
        note.open_over(self._grid.viewport().mapToGlobal(self._place()), self._grid)

    def _write_tags(self, ids: tuple[int, ...]) -> None:
        tags = [set(entry.tags) for entry in self._known()]
        common = tuple(sorted(set.intersection(*tags))) if tags else ()
        words = TagsPopover(common, _about("Tags", ids), self._grid)
        words.changed.connect(partial(self._changes.tag, ids))
        words.open_over(self._grid.viewport().mapToGlobal(self._place()), self._grid)

    def _known(self) -> tuple[Entry, ...]:
        """Return the selected entries; none where not all of them are in memory."""
        entries = self._grid.selected_entries
        return entries if len(entries) == self._grid.selected.count else ()

    def _place(self) -> QPoint:
        """Return where on the viewport something about the current picture opens."""
        area = self._grid.visualRect(self._grid.currentIndex())
        return area.bottomLeft() if area.isValid() else QPoint()

    def _open_menu(self, at: QPoint) -> None:
        self._show(self.rows(), at)

    def _show(self, rows: tuple[MenuRow, ...], at: QPoint) -> None:
        menu = fill(QMenu(self._grid), rows)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.popup(at)


def _about(title: str, ids: tuple[int, ...]) -> str:
    return title if len(ids) == 1 else f"{title} of {len(ids):,} pictures"


def open_folder(entry: Entry) -> None:
    """Open the folder of a picture in the system's file manager."""
    QDesktopServices.openUrl(QUrl.fromLocalFile(str(entry.path.parent)))
