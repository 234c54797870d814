"""Keeps what is seen of a grid where it is, while pictures come and go and the width changes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Protocol

if TYPE_CHECKING:
    from PySide6.QtWidgets import QScrollBar, QWidget

    from studio.bridge.history_model import HistoryModel
    from studio.ui.gallery.day_layout import DayLayout
    from studio.ui.gallery.grid_selection import GridSelection

_MOST_KEPT: Final = 1000
"""Selected rows that are found again after everything was looked at anew."""


class Anchored(Protocol):
    """A view that can be kept in place.

    Attributes:
        history: its rows.
        selected: the selection.
    """

    history: HistoryModel
    selected: GridSelection

    @property
    def layout_of_cells(self) -> DayLayout:
        """Where everything is."""
        ...

    def rows_seen(self) -> range:
        """Return the rows of which a part is seen."""
        ...

    def verticalOffset(self) -> int:
        """Return how far it is scrolled."""
        ...

    def verticalScrollBar(self) -> QScrollBar:
        """Return what scrolls it."""
        ...

    def viewport(self) -> QWidget:
        """Return what it is seen through."""
        ...


class GridAnchor:
    """Remembers the first picture that is seen and the selected ones by their numbers, which stay theirs."""

    def __init__(self, view: Anchored) -> None:
        self._view = view
        self._query = view.history.query
        self._first: tuple[int, int] | None = None
        self._selected: tuple[int, ...] = ()
        self._current: int | None = None
        self._is_restoring = False
        view.history.modelAboutToBeReset.connect(self._note_selected)

    def note(self) -> None:
        """Remember what is seen."""
        if self._is_restoring:
            return
        view = self._view
        offset, rows = view.verticalOffset(), view.rows_seen()
        # At the top new pictures are seen as they come.
        if not offset or not rows:
            self._first = None
        else:
            self._first = view.history.ids_of([rows.start])[0], view.layout_of_cells.area(rows.start).top() - offset

    def restore(self) -> None:
        """Scroll to what was remembered; to the top where something else is searched for."""
        view = self._view
        self._is_restoring = True
        is_new, self._query = view.history.query != self._query, view.history.query
        if is_new:
            self._first = None
        row = None if self._first is None else view.history.row_of(self._first[0])
        if self._first is not None and row is not None:
            view.verticalScrollBar().setValue(view.layout_of_cells.area(row).top() - self._first[1])
        elif is_new:
            view.verticalScrollBar().setValue(0)
        self._is_restoring = False
        self._select_again()

    def scroll_to(self, row: int, *, centred: bool) -> None:
        """Scroll no further than it takes to see all of a cell, with the heading above the first one of a day."""
        view = self._view
        cells, bar, height = view.layout_of_cells, view.verticalScrollBar(), view.viewport().height()
        area = cells.area(row)
        if centred:
            bar.setValue(area.center().y() - height // 2)
            return
        is_first_line = row - cells.rows_of(cells.day_of(row)).start < cells.columns
        top = area.top() - (cells.top_margin if is_first_line else cells.gap)
        if top < bar.value():
            bar.setValue(top)
        elif area.bottom() + cells.gap > bar.value() + height:
            bar.setValue(area.bottom() + cells.gap - height)

    def _note_selected(self) -> None:
        selected, history = self._view.selected, self._view.history
        rows = selected.rows() if selected.count <= _MOST_KEPT else []
        self._selected = history.ids_of(rows)
        self._current = None if selected.current is None else history.ids_of([selected.current])[0]

    def _select_again(self) -> None:
        history, selected = self._view.history, self._view.selected
        wanted, current = self._selected, self._current
        self._selected, self._current = (), None
        row = None if current is None else history.row_of(current)
        if row is not None:
            selected.move(row)
        rows = [row for number in wanted if (row := history.row_of(number)) is not None]
        if rows:
            selected.take([range(row, row + 1) for row in rows])
