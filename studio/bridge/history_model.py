"""The history as rows, newest first."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from typing_extensions import override

from studio.bridge.drag_out import history_data
from studio.bridge.dropped import HISTORY_MIME, URI_LIST
from studio.services.history_entry import Entry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData
    from PySide6.QtGui import QImage

EntryRole: Final = int(Qt.ItemDataRole.UserRole) + 1
"""`Entry` of a row."""
THUMBNAILS_KEPT: Final = 256
"""Thumbnails in memory, 192 KiB each; the others are read again when they come into view."""
_NO_INDEX: Final = QModelIndex()


class HistoryModel(QAbstractListModel):
    """Entries with thumbnails. Both are read behind the window: a row's thumbnail is None until it is there.

    Signals:
        added: a new picture is kept, and shown first.
        page_wanted: more entries, before the one of this number (None: the first ones).
        thumbnail_wanted: of this entry.
    """

    added = Signal(Entry)
    page_wanted = Signal(object)
    thumbnail_wanted = Signal(Entry)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []
        self._thumbnails: OrderedDict[int, QImage] = OrderedDict()
        self._asked: set[int] = set()
        # Until the history is open there is nothing to fetch.
        self._may_have_more = False
        self._is_fetching = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All that were read so far."""
        return tuple(self._entries)

    def row_of(self, entry_id: int) -> int | None:
        """Return the row of an entry, or None where it is not among those read so far."""
        return next((row for row, entry in enumerate(self._entries) if entry.id == entry_id), None)

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._entries)

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid() or index.row() >= len(self._entries):
            return None
        entry = self._entries[index.row()]
        match role:
            case Qt.ItemDataRole.DecorationRole:
                return self._thumbnail(entry)
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return entry.prompt
            case _ if role == EntryRole:
                return entry
            case _:
                return None

    @override
    def flags(self, index: QModelIndex | QPersistentModelIndex) -> Qt.ItemFlag:
        flags = super().flags(index)
        entry = self.data(index, EntryRole)
        is_there = isinstance(entry, Entry) and not entry.is_missing
        return flags | Qt.ItemFlag.ItemIsDragEnabled if is_there else flags

    @override
    def mimeTypes(self) -> list[str]:
        return [HISTORY_MIME, URI_LIST]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex], /) -> QMimeData:
        """Return what to drag: the files of these rows, and their numbers for this program."""
        entries = (self.data(index, EntryRole) for index in indexes)
        return history_data([entry for entry in entries if isinstance(entry, Entry)])

    @override
    def canFetchMore(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> bool:
        return not parent.isValid() and self._may_have_more and not self._is_fetching

    @override
    def fetchMore(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> None:
        if self.canFetchMore(parent):
            self._is_fetching = True
            self.page_wanted.emit(self._entries[-1].id if self._entries else None)

    def reset(self, entries: Sequence[Entry]) -> None:
        """Show the first page anew."""
        self.beginResetModel()
        self._entries = list(entries)
        self._asked.clear()
        self._may_have_more = bool(entries)
        self._is_fetching = False
        self.endResetModel()

    def append(self, entries: Sequence[Entry]) -> None:
        """Show one more page, below; an empty one is the end."""
        self._is_fetching = False
        self._may_have_more = bool(entries)
        known = {entry.id for entry in self._entries}
        new = [entry for entry in entries if entry.id not in known]
        if new:
            first = len(self._entries)
            self.beginInsertRows(QModelIndex(), first, first + len(new) - 1)
            self._entries += new
            self.endInsertRows()

    def stop_fetching(self) -> None:
        """Note that a page could not be read; the view may ask again."""
        self._is_fetching = False

    def prepend(self, entry: Entry, thumbnail: QImage) -> None:
        """Show a new picture, first."""
        self._remember(entry.id, thumbnail)
        self.beginInsertRows(QModelIndex(), 0, 0)
        self._entries.insert(0, entry)
        self.endInsertRows()
        self.added.emit(entry)

    def set_thumbnail(self, entry_id: int, thumbnail: QImage) -> None:
        """Show the thumbnail that was wanted."""
        self._asked.discard(entry_id)
        self._remember(entry_id, thumbnail)
        row = self.row_of(entry_id)
        if row is not None:
            index = self.index(row)
            self.dataChanged.emit(index, index, [Qt.ItemDataRole.DecorationRole])

    def _thumbnail(self, entry: Entry) -> QImage | None:
        found = self._thumbnails.get(entry.id)
        if found is not None:
            self._thumbnails.move_to_end(entry.id)
        elif entry.id not in self._asked:
            self._asked.add(entry.id)
            self.thumbnail_wanted.emit(entry)
        return found

    def _remember(self, entry_id: int, thumbnail: QImage) -> None:
        self._thumbnails[entry_id] = thumbnail
        self._thumbnails.move_to_end(entry_id)
        while len(self._thumbnails) > THUMBNAILS_KEPT:
            self._thumbnails.popitem(last=False)
