"""The history as rows, newest first: all of it, or what a search finds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

import numpy as np
from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from studio.bridge.drag_out import history_data
from studio.bridge.dropped import HISTORY_MIME, URI_LIST
from studio.bridge.entry_shelf import EntryShelf
from studio.bridge.matches import Matches
from studio.bridge.row_changes import Insertion, Removal, row_changes
from studio.bridge.row_contents import PAGE, RowContents
from studio.bridge.thumbnail_shelf import BYTES_KEPT, ThumbnailShelf
from studio.services.history_entry import Entry

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QImage

    from studio.bridge.matches import Days

EntryRole: Final = int(Qt.ItemDataRole.UserRole) + 1
"""`Entry` of a row; None as long as it is not read."""
_NO_INDEX: Final = QModelIndex()
_NOTHING: Final = Matches(np.zeros(0, np.int64), (), is_all=False)


class HistoryModel(QAbstractListModel):
    """Rows of one view. Only their numbers are all in memory; entries and thumbnails come as the view looks at them.

    Attributes:
        drags: makes what is dragged of entries; their own files, unless something else is set.

    Signals:
        added: a new picture is kept, and shown first.
        counted: `rowCount`, `groups`, `query` or `is_complete` may have changed.
        entries_changed: entries came into memory, or are not what they were; thumbnails are not meant.
        matches_wanted: what a query finds: its serial number, its text, and whether rows are shown that mostly stay.
        entries_wanted: tuple of numbers of entries to read.
        thumbnails_wanted: list of `Wish`, in place of all earlier ones.
    """

    added = Signal(Entry)
    counted = Signal()
    entries_changed = Signal()
    matches_wanted = Signal(int, str, bool)
    entries_wanted = Signal(object)
    thumbnails_wanted = Signal(object)

    def __init__(
        self, parent: QObject | None = None, *, shelf: EntryShelf | None = None, thumbnail_bytes: int = BYTES_KEPT
    ) -> None:
        """Make an empty list; `set_query` or `refresh` asks for rows.

        Args:
            parent: owns this object.
            shelf: the entries in memory, shared by several models.
            thumbnail_bytes: bound on the memory of thumbnails.
        """
        super().__init__(parent)
        self.drags: Callable[[Sequence[Entry]], QMimeData] = history_data
        self._contents = RowContents(shelf or EntryShelf(), ThumbnailShelf(thumbnail_bytes))
        self._found = _NOTHING
        self._query = ""
        self._serial = 0
        self._rows = range(0)

    @property
    def query(self) -> str:
        """What is searched for; empty for everything."""
        return self._query

    @property
    def serial(self) -> int:
        """Number of the latest question: an answer to an earlier one is of no use. Any thread may read it."""
        return self._serial

    @property
    def groups(self) -> Days:
        """Each day with the number of its rows, in their order."""
        return self._found.days

    @property
    def is_complete(self) -> bool:
        """Whether all rows are there; the first ones come before the others are found."""
        return self._found.is_all

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Those that are in memory, in the order of their rows."""
        known = self._contents.entries
        there = np.isin(self._found.ids, np.fromiter(known.ids, np.int64, len(known.ids)))
        return tuple(entry for number in self._found.ids[there].tolist() if (entry := known.get(number)))

    @property
    def ids_in_memory(self) -> frozenset[int]:
        """Numbers of the entries that are in memory, shown here or elsewhere."""
        return frozenset(self._contents.entries.ids)

    def set_query(self, text: str) -> None:
        """Show what a query finds, as soon as it is found."""
        if text != self._query:
            self._query = text
            self._serial += 1
            self.matches_wanted.emit(self._serial, text, False)

    def refresh(self) -> None:
        """Find anew: the history has changed."""
        self._serial += 1
        self._contents.forget_failures()
        self.matches_wanted.emit(self._serial, self._query, self._found.ids.size > 0)

    def entry_at(self, row: int) -> Entry | None:
        """Return the entry of a row; None where it is not in memory (`look` has it read) or there is no such row."""
        return self.entry_of(int(self._found.ids[row])) if 0 <= row < self._found.ids.size else None

    def entry_of(self, entry_id: int) -> Entry | None:
        """Return an entry by its number, shown here or elsewhere; None where it is not in memory. On any thread."""
        return self._contents.entries.get(entry_id)

    def row_of(self, entry_id: int) -> int | None:
        """Return the row of an entry, or None where it is not among those that are shown."""
        return self._found.row_of(entry_id)

    def ids_of(self, rows: Iterable[int]) -> tuple[int, ...]:
        """Return the numbers of the entries of these rows."""
        return tuple(self._found.ids[np.fromiter(rows, np.int64)].tolist())

    def thumbnail(self, row: int) -> QImage | None:
        """Return a row's thumbnail, perhaps in another size than is wanted; None where it is not there (yet)."""
        return self._contents.thumbnails.get(int(self._found.ids[row]))

    def has_no_picture(self, row: int) -> bool:
        """Tell whether there is no thumbnail to be had for a row."""
        return self._contents.has_no_picture(int(self._found.ids[row]))

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else self._found.ids.size

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= self._found.ids.size:
            return None
        if role == Qt.ItemDataRole.DecorationRole:
            return self.thumbnail(index.row())
        entry = self.entry_at(index.row())
        if role == EntryRole:
            return entry
        is_text = role in {Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole}
        return entry.prompt if is_text and entry is not None else None

    @override
    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        entry = self.entry_at(index.row())
        is_there = entry is not None and not entry.is_missing
        return flags | Qt.ItemFlag.ItemIsDragEnabled if is_there else flags

    @override
    def mimeTypes(self) -> list[str]:
        return [HISTORY_MIME, URI_LIST]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex], /) -> QMimeData:
        """Return what to drag: the files of these rows, and their numbers for this program."""
        entries = (self.entry_at(index.row()) for index in indexes)
        return self.drags([entry for entry in entries if entry is not None and not entry.is_missing])

    # --- what the view looks at

    def look(self, rows: range, pixels: int, corner: int) -> None:
        """Have the entries and thumbnails of these rows read, and then those of the rows around them.

        Args:
            rows: on the screen.
            pixels: side of a thumbnail in pixels of the screen.
            corner: radius of its corners, likewise.
        """
        contents = self._contents
        if (rows, pixels, corner) != (self._rows, contents.pixels, contents.corner):
            self._rows, contents.pixels, contents.corner = rows, pixels, corner
            contents.touch(self._found.ids[rows.start : rows.stop].tolist())
            self._ask()

    def want_entries(self, ids: Sequence[int]) -> None:
        """Have these entries read, as many as a page has, though they may not be on the screen."""
        if missing := self._contents.missing(ids):
            self.entries_wanted.emit(missing)

    # --- what comes

    def reset(self, entries: Sequence[Entry]) -> None:
        """Show these and no others."""
        self._start_anew(Matches.of_entries(entries))

    def show_matches(self, serial: int, found: Matches) -> None:
        """Show what a query found, unless something else is searched for by now."""
        if serial != self._serial:
            return
        changes = row_changes(self._found.ids, found.ids)
        if changes is None or not self._found.ids.size:
            self._start_anew(found)
            return
        self._contents.entries.keep(found.entries)
        for change in changes:
            match change:
                case Removal(first, count):
                    self.beginRemoveRows(QModelIndex(), first, first + count - 1)
                    self._found = found.with_ids(np.delete(self._found.ids, slice(first, first + count)))
                    self.endRemoveRows()
                case Insertion(first, ids):
                    self.beginInsertRows(QModelIndex(), first, first + ids.size - 1)
                    self._found = found.with_ids(np.insert(self._found.ids, first, ids))
                    self.endInsertRows()
                case _:
                    assert_never(change)
        self._found = found
        self._show_count()

    def show_entries(self, asked: Iterable[int], entries: Sequence[Entry]) -> None:
        """Show entries that were wanted or have changed; those that were asked for in vain are not asked for again."""
        self._contents.take_page(asked, entries)
        self._tell({entry.id for entry in entries})
        self.entries_changed.emit()
        self._ask()

    def stop_reading(self) -> None:
        """Note that entries could not be read; the view may ask again."""
        self._contents.stop_reading()

    def prepend(self, entry: Entry) -> None:
        """Show a new picture, first."""
        self._contents.entries.keep([entry])
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._found = self._found.with_first(entry)
        self.endInsertRows()
        self._show_count()
        self.added.emit(entry)

    def set_thumbnail(self, entry_id: int, pixels: int, thumbnail: QImage) -> None:
        """Show a thumbnail of so many pixels a side; a null one says that there is none to be had."""
        self._contents.take_thumbnail(entry_id, pixels, thumbnail)
        # Only what is on the screen or near it was wanted: to look for it among all takes longer than to show it.
        row = self._found.row_of(entry_id, near=self._rows)
        if row is not None:
            self.dataChanged.emit(self.index(row), self.index(row))

    def forget_thumbnails(self, ids: Sequence[int]) -> None:
        """Read these thumbnails again: their files have changed or come back."""
        self._contents.forget_thumbnails(ids)
        self._tell(set(ids))
        self._ask()

    def _start_anew(self, found: Matches) -> None:
        self.beginResetModel()
        self._contents.entries.keep(found.entries)
        self._found = found
        self.endResetModel()
        self._show_count()

    def _show_count(self) -> None:
        self.counted.emit()
        # What is on the screen is not what it was, even where the view looks at the same rows.
        self._ask()

    def _tell(self, ids: set[int]) -> None:
        if (rows := self._found.rows_of(ids)).size:
            self.dataChanged.emit(self.index(int(rows[0])), self.index(int(rows[-1])))

    def _ask(self) -> None:
        if not (rows := self._rows):
            return
        near = self._found.around(rows, min(len(rows), PAGE))
        if page := self._contents.next_page(near):
            self.entries_wanted.emit(page)
        self.thumbnails_wanted.emit(self._contents.wishes(near))
