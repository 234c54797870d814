"""What is selected in a grid, by rows."""

from __future__ import annotations

from itertools import chain, islice
from typing import TYPE_CHECKING

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QPersistentModelIndex

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from PySide6.QtCore import QAbstractItemModel

_SELECT = QItemSelectionModel.SelectionFlag.Select
_REPLACE = QItemSelectionModel.SelectionFlag.ClearAndSelect
_TOGGLE = QItemSelectionModel.SelectionFlag.Toggle
_NONE = QItemSelectionModel.SelectionFlag.NoUpdate


class GridSelection:
    """Changes a selection model as file managers do: one, one more, all from here to there.

    Attributes:
        is_single: whether no more than one row can be selected.
    """

    def __init__(self, model: QAbstractItemModel, selection: QItemSelectionModel, *, is_single: bool) -> None:
        self.is_single = is_single
        self._model = model
        self._selection = selection
        # Stays with its picture while others come and go; after a reset nothing does.
        self._anchor = QPersistentModelIndex()

    @property
    def current(self) -> int | None:
        """The row where the keyboard is; None where it is nowhere."""
        index = self._selection.currentIndex()
        return index.row() if index.isValid() else None

    @property
    def count(self) -> int:
        """How many rows are selected."""
        return sum(len(run) for run in self.runs())

    def runs(self) -> Iterator[range]:
        """Yield the selected rows as runs, in no order. Millions of rows may be few runs."""
        for run in self._selection.selection().mid(0):
            yield range(run.top(), run.bottom() + 1)

    def rows(self, most: int | None = None) -> list[int]:
        """Return the selected rows from top to bottom, or the first of them."""
        runs = sorted(self.runs(), key=lambda run: run.start)
        return list(islice(chain.from_iterable(runs), most))

    def within(self, rows: range) -> set[int]:
        """Return which of these rows are selected."""
        found: set[int] = set()
        for run in self.runs():
            found.update(range(max(run.start, rows.start), min(run.stop, rows.stop)))
        return found

    def contains(self, row: int) -> bool:
        """Tell whether a row is selected."""
        return any(row in run for run in self.runs())

    def take_one(self, row: int) -> None:
        """Select one row and no other."""
        self._hold(row)
        self._selection.setCurrentIndex(self._model.index(row, 0), _REPLACE)

    def move(self, row: int) -> None:
        """Go to a row without selecting it."""
        self._selection.setCurrentIndex(self._model.index(row, 0), _NONE)

    def toggle(self, row: int) -> None:
        """Select one more row, or one less."""
        if self.is_single:
            self.take_one(row)
            return
        self._hold(row)
        self._selection.setCurrentIndex(self._model.index(row, 0), _TOGGLE)

    def extend(self, row: int, *, keeps: bool = False) -> None:
        """Select all rows from the last one that was selected or toggled to this one.

        Args:
            row: the other end.
            keeps: whether what is selected elsewhere stays so.
        """
        if self.is_single:
            self.take_one(row)
            return
        if not self._anchor.isValid():
            self._hold(row if self.current is None else self.current)
        anchor = self._anchor.row()
        run = range(min(anchor, row), max(anchor, row) + 1)
        self._selection.select(self._selected([run]), _SELECT if keeps else _REPLACE)
        self.move(row)

    def take(self, runs: Iterable[range]) -> None:
        """Select these rows and no others."""
        self._selection.select(self._selected(runs), _REPLACE)

    def take_all(self) -> None:
        """Select every row."""
        if not self.is_single and self._model.rowCount():
            self.take([range(self._model.rowCount())])

    def clear(self) -> None:
        """Select nothing; the keyboard stays where it is."""
        self._selection.clearSelection()

    def _hold(self, row: int) -> None:
        """Remember the row from which the selection is extended."""
        self._anchor = QPersistentModelIndex(self._model.index(row, 0))

    def _selected(self, runs: Iterable[range]) -> QItemSelection:
        selected = QItemSelection()
        for run in runs:
            selected.select(self._model.index(run.start, 0), self._model.index(run.stop - 1, 0))
        return selected
