"""What the mouse does in a grid of pictures: it selects one, more, or all in a rubber band, and drags them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPersistentModelIndex, QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QMouseEvent

    from studio.ui.gallery.cell_view import CellView
    from studio.ui.gallery.grid_selection import GridSelection

_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_SHIFT: Final = Qt.KeyboardModifier.ShiftModifier
_FRAME_MS: Final = 16
_MOST_PER_FRAME: Final = 60


class GridPointer:
    """Follows the left button over one grid.

    What is under it, and the rubber band, it tells the view to paint.
    """

    def __init__(self, grid: CellView, selection: GridSelection, drag: Callable[[int], object]) -> None:
        """Follow it.

        Args:
            grid: where.
            selection: what is changed.
            drag: called with the row that a drag begins on; returns when it is over.
        """
        self._grid = grid
        self._selection = selection
        self._drag = drag
        self._pressed_at: QPoint | None = None
        # New pictures may come before the button is released; it was this one that was meant.
        self._pressed: QPersistentModelIndex | None = None
        # A press on one of several that are selected may begin a drag of all of them.
        self._narrows = False
        self._before: list[range] = []
        self._scroller = QTimer(grid, interval=_FRAME_MS)
        self._scroller.timeout.connect(self._scroll_on)

    def press(self, event: QMouseEvent) -> None:
        """Select what is pressed."""
        at = event.position().toPoint() + self._offset
        row = self._grid.layout_of_cells.row_at(at.x(), at.y())
        self._pressed_at, self._narrows = at, False
        self._pressed = None if row is None else QPersistentModelIndex(self._grid.history.index(row))
        modifiers, selection = event.modifiers(), self._selection
        if row is None:
            self._before = list(selection.runs()) if modifiers & (_CONTROL | _SHIFT) else []
            if not self._before and not selection.is_single:
                selection.clear()
        elif modifiers & _SHIFT:
            selection.extend(row, keeps=bool(modifiers & _CONTROL))
        elif modifiers & _CONTROL:
            selection.toggle(row)
        elif selection.contains(row):
            self._narrows = True
        else:
            selection.take_one(row)

    def move(self, event: QMouseEvent) -> None:
        """Drag, or draw the rubber band."""
        place = event.position().toPoint()
        at = place + self._offset
        self.hover(self._grid.layout_of_cells.row_at(at.x(), at.y()))
        if self._pressed_at is None or not event.buttons() & Qt.MouseButton.LeftButton:
            return
        if self._grid.band is None and (at - self._pressed_at).manhattanLength() < QApplication.startDragDistance():
            return
        if self._pressed is not None:
            self._pressed_at, self._narrows = None, False
            if self._pressed.isValid():
                self._drag(self._pressed.row())
        elif not self._selection.is_single:
            self._stretch(at)
            outside = not 0 <= place.y() < self._grid.viewport().height()
            if outside and not self._scroller.isActive():
                self._scroller.start()
            elif not outside:
                self._scroller.stop()

    def release(self, event: QMouseEvent) -> int | None:
        """End it, and return the row that was clicked."""
        at = event.position().toPoint() + self._offset
        pressed = None if self._pressed is None or self._pressed_at is None else self._pressed.row()
        was_band, narrows = self._grid.band is not None, self._narrows
        self.stop()
        if was_band or pressed is None or pressed != self._grid.layout_of_cells.row_at(at.x(), at.y()):
            return None
        if narrows:
            self._selection.take_one(pressed)
        return pressed

    def stop(self) -> None:
        """Forget the press."""
        self._scroller.stop()
        self._pressed_at, self._narrows = None, False
        if self._grid.band is not None:
            self._grid.band = None
            self._grid.viewport().update()

    def hover(self, row: int | None) -> None:
        """Show which row is under the pointer."""
        if row != self._grid.hovered:
            before, self._grid.hovered = self._grid.hovered, row
            for each in (before, row):
                if each is not None:
                    self._grid.repaint_row(each)

    @property
    def _offset(self) -> QPoint:
        return QPoint(0, self._grid.verticalScrollBar().value())

    def _stretch(self, at: QPoint) -> None:
        if self._pressed_at is not None:
            self._grid.band = QRect(self._pressed_at, at).normalized()
            touched = self._grid.layout_of_cells.rows_in(self._grid.band)
            self._selection.take([*self._before, *touched])
            self._grid.viewport().update()

    def _scroll_on(self) -> None:
        viewport, bar = self._grid.viewport(), self._grid.verticalScrollBar()
        place = viewport.mapFromGlobal(QCursor.pos())
        beyond = place.y() - viewport.height() if place.y() > 0 else place.y()
        bar.setValue(bar.value() + max(-_MOST_PER_FRAME, min(beyond // 2, _MOST_PER_FRAME)))
        self._stretch(place + self._offset)
