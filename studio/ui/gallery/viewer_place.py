"""Where one is among the pictures: a row of the model, followed wherever it moves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, Signal

if TYPE_CHECKING:
    from studio.bridge.history_model import HistoryModel
    from studio.services.history_entry import Entry

_AHEAD: Final = (1, -1, 2, -2)
"""Rows beside the one that is seen whose pictures are read ahead, the likeliest first; turned around going back."""
_REACH: Final = max(_AHEAD)


class ViewerPlace(QObject):
    """One row of the model.

    Attributes:
        row: the one that is seen; -1 where none is.
        entry: what it holds; None as long as the model does not know.
        before: the one that was seen before it.

    Signals:
        changed: another entry is seen, or something about it is new.
        moved: the row or the number of rows is another; the entry is the same.
        near_came: more of the entries beside this one are known.
        emptied: there is nothing left to see.
    """

    changed = Signal()
    moved = Signal()
    near_came = Signal()
    emptied = Signal()

    def __init__(self, model: HistoryModel, parent: QObject) -> None:
        super().__init__(parent)
        self._model = model
        self._index = QPersistentModelIndex()
        self._is_going_back = False
        self._near: list[Entry] = []
        self.row = -1
        self.entry: Entry | None = None
        self.before: Entry | None = None
        model.dataChanged.connect(self._on_data)
        model.rowsInserted.connect(self._on_rows)
        model.rowsRemoved.connect(self._on_rows)
        model.modelReset.connect(self._on_reset)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._model.rowCount()

    @property
    def near(self) -> list[Entry]:
        """The entries beside this one that are worth reading ahead, the likeliest first."""
        ways = [-way for way in _AHEAD] if self._is_going_back else _AHEAD
        found = (self._model.entry_at(self.row + way) for way in ways)
        return [entry for entry in found if entry is not None and not entry.is_missing]

    def go(self, row: int) -> None:
        """Look at another row; nothing where there is none."""
        if 0 <= row < self.count:
            self._is_going_back = row < self.row
            self.row = row
            self._index = QPersistentModelIndex(self._model.index(row, 0))
            self._follow()

    def _follow(self) -> None:
        entry = self._model.entry_at(self.row)
        rows = range(max(0, self.row - _REACH), min(self.count, self.row + _REACH + 1))
        self._model.want_entries(self._model.ids_of(rows))
        if self.entry is not None and (entry is None or entry.id != self.entry.id):
            self.before = self.entry
        self.entry = entry
        self._near = self.near
        self.changed.emit()

    def _on_data(self, first: QModelIndex, last: QModelIndex) -> None:
        if self.row < 0 or not first.row() - _REACH <= self.row <= last.row() + _REACH:
            return
        if self._model.entry_at(self.row) != self.entry:
            self._follow()
        elif self.near != self._near:
            self._near = self.near
            self.near_came.emit()

    def _on_rows(self) -> None:
        if self.row < 0:
            return
        if self._index.isValid():
            self.row = self._index.row()
            self.moved.emit()
        else:
            self._show_what_is_left()

    def _on_reset(self) -> None:
        if self.row < 0:
            return
        row = None if self.entry is None else self._model.row_of(self.entry.id)
        if row is None:
            self._show_what_is_left()
        else:
            self.go(row)

    def _show_what_is_left(self) -> None:
        """The picture is gone from the rows: look at the one in its place."""
        if self.count:
            self.go(min(self.row, self.count - 1))
        else:
            self.row, self.entry = -1, None
            self.emptied.emit()
