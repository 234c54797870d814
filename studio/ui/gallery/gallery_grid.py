"""The history as a grid of pictures to choose from, to select, to drag and to ask things of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from PySide6.QtCore import QEvent, QModelIndex, QPoint, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleAnnouncementEvent,
    QContextMenuEvent,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractScrollArea, QToolTip
from typing_extensions import override

from studio.ui.gallery import grid_keys
from studio.ui.gallery.cell_view import ROOM, CellView
from studio.ui.gallery.grid_drag import drag_pictures
from studio.ui.gallery.grid_keys import GridAsk, PictureAsk
from studio.ui.gallery.grid_pointer import GridPointer
from studio.ui.gallery.nothing_here import paint_nothing
from studio.ui.gallery.picture_words import picture_spoken, picture_tip

if TYPE_CHECKING:
    from PySide6.QtGui import QFocusEvent

    from studio.bridge.history_model import HistoryModel
    from studio.services.history_entry import Entry
    from studio.ui.gallery.cell_view import GridStyle

STEP_FACTOR: Final = 1.2
"""From one size of cells to the next with a key or the wheel."""
MOST_DRAGGED: Final = 200
"""Files that are dragged at once: their entries are read for it, a page at most."""
_WHEEL_NOTCH: Final = 120


class GalleryGrid(CellView):
    """A click selects, a double click or Enter opens, a drag takes along; keys do what the menu does.

    Signals:
        entry_chosen: the `Entry` that is to be opened on the canvas.
        asked: the `PictureAsk` of a key.
        menu_wanted: where on the screen.
        selection_changed: other rows are selected, or the keyboard is on another one.
    """

    entry_chosen = Signal(object)
    asked = Signal(PictureAsk)
    menu_wanted = Signal(QPoint)
    selection_changed = Signal()

    def __init__(self, model: HistoryModel, style: GridStyle = ROOM) -> None:
        super().__init__(model, style)
        self._pointer = GridPointer(self, self.selected, self._carry)
        self.setMouseTracking(True)
        self.setAccessibleName("Pictures")
        self.selectionModel().selectionChanged.connect(self._on_selection)
        self.selectionModel().currentChanged.connect(self._on_selection)
        model.entries_changed.connect(self._describe)
        model.rowsRemoved.connect(self._select_neighbour)

    @property
    def current_entry(self) -> Entry | None:
        """The entry where the keyboard is, where it is in memory."""
        row = self.selected.current
        return None if row is None else self.history.entry_at(row)

    @property
    def selected_ids(self) -> tuple[int, ...]:
        """Numbers of the selected pictures, from the first to the last."""
        return self.history.ids_of(self.selected.rows())

    @property
    def selected_entries(self) -> tuple[Entry, ...]:
        """The first of the selected pictures, as far as their entries are in memory."""
        entries = (self.history.entry_at(row) for row in self.selected.rows(MOST_DRAGGED))
        return tuple(entry for entry in entries if entry is not None)

    def choose(self, row: int) -> None:
        """Select a picture and scroll to it, without asking for it."""
        self.selected.take_one(row)
        self.scrollTo(self.history.index(row))

    def step_side(self, steps: float) -> None:
        """Make cells larger, or smaller with a negative number."""
        self.set_side(round(self.side * STEP_FACTOR**steps))

    # --- keys

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            # Before the window's shortcuts, which mean the canvas.
            event.setAccepted(self._takes(event))
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if not self._takes(event):
            event.ignore()
        elif (ask := grid_keys.asked(event)) is not None:
            self._do(ask)
        else:
            self._go(event)

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        # QAbstractItemView makes the first row the current one, also for somebody who comes with the mouse.
        QAbstractScrollArea.focusInEvent(self, event)
        by_key = event.reason() in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        if by_key and self.selected.current is None and self.history.rowCount():
            self.selected.take_one(0)
            self.moved_to(0)
        self.viewport().update()

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        QAbstractScrollArea.focusOutEvent(self, event)
        self.viewport().update()

    # --- the pointer

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pointer.press(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        self._pointer.move(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton and (row := self._pointer.release(event)) is not None:
            self.clicked_row(row)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self.indexAt(event.position().toPoint()).isValid():
            self._do(GridAsk.OPEN)

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        if event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self.step_side(event.angleDelta().y() / _WHEEL_NOTCH)
            event.accept()
        else:
            super().wheelEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent, /) -> None:
        at = event.pos()
        if event.reason() == QContextMenuEvent.Reason.Keyboard:
            current = self.currentIndex()
            at = self.visualRect(current).center() if current.isValid() else at
        else:
            row = self.indexAt(at).row()
            if row >= 0 and not self.selected.contains(row):
                self.selected.take_one(row)
        if self.selected.count:
            self.menu_wanted.emit(self.viewport().mapToGlobal(at))

    @override
    def viewportEvent(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Leave:
            self._pointer.hover(None)
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            index = self.indexAt(event.pos())
            entry = self.history.entry_at(index.row()) if index.isValid() else None
            tip = "" if entry is None else picture_tip(entry)
            QToolTip.showText(event.globalPos(), tip, self, self.visualRect(index))
            return True
        return super().viewportEvent(event)

    def clicked_row(self, row: int) -> None:
        """Do what a click does beside selecting: nothing here."""

    def moved_to(self, row: int) -> None:
        """Do what a key does beside selecting the one row that it leads to: nothing here."""

    # --- and the rest

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 480)

    @override
    def paint_empty(self, painter: QPainter) -> None:
        paint_nothing(painter, self.viewport().rect(), self.history)

    def _takes(self, event: QKeyEvent) -> bool:
        ask = grid_keys.asked(event)
        if ask is GridAsk.CLEAR:
            # Esc means the window where there is nothing to clear.
            return self.selected.count > 1
        return ask is not None or grid_keys.is_move(event.key())

    def _do(self, ask: GridAsk | PictureAsk) -> None:
        match ask:
            case GridAsk.OPEN:
                if (entry := self.current_entry) is not None:
                    self.entry_chosen.emit(entry)
            case GridAsk.LARGER | GridAsk.SMALLER:
                self.step_side(1 if ask is GridAsk.LARGER else -1)
            case GridAsk.SELECT_ALL:
                self.selected.take_all()
            case GridAsk.CLEAR:
                self.selected.clear()
            case PictureAsk():
                self.asked.emit(ask)
            case _:
                assert_never(ask)

    def _go(self, event: QKeyEvent) -> None:
        cells = self.layout_of_cells
        if not cells.rows:
            return
        current = self.selected.current
        row = 0 if current is None else grid_keys.target(event.key(), current, cells, self.viewport().height())
        if row is None:
            return
        modifiers = event.modifiers()
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            self.selected.extend(row)
        elif modifiers & Qt.KeyboardModifier.ControlModifier:
            self.selected.move(row)
        else:
            self.selected.take_one(row)
            self.moved_to(row)
        self.scrollTo(self.history.index(row))

    def _carry(self, row: int) -> None:
        """Drag the selected pictures, the one of this row first."""
        rows = [row, *(other for other in self.selected.rows(MOST_DRAGGED) if other != row)]
        history = self.history
        carried = [index for each in rows[:MOST_DRAGGED] if _is_draggable(index := history.index(each))]
        if not carried or carried[0].row() != row:
            return
        thumbnails = [image for index in carried if (image := history.thumbnail(index.row())) is not None]
        # Its files are not asked for: those that are made for the drag would be waited for.
        drag_pictures(self, history.mimeData(carried), thumbnails, len(carried))

    def _on_selection(self) -> None:
        # Pictures that are selected beyond the screen are dragged, compared and shown in numbers as well.
        if 0 < self.selected.count <= MOST_DRAGGED:
            self.history.want_entries(self.selected_ids)
        self._describe()
        self.viewport().update()
        self.selection_changed.emit()

    def _select_neighbour(self, _: QModelIndex, first: int) -> None:
        # What took the place of those that are gone, so that the next key goes on from there.
        row = min(first, self.history.rowCount() - 1)
        if row >= 0 and not self.selected.is_single and not self.selected.count:
            self.selected.take_one(row)

    def _describe(self) -> None:
        entry = self.current_entry
        spoken = "" if entry is None else picture_spoken(entry)
        if spoken != self.accessibleDescription():
            self.setAccessibleDescription(spoken)
            # There is no widget for a cell that a screen reader could find: it is told.
            if spoken and self.hasFocus() and QAccessible.isActive():
                QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self, spoken))


def _is_draggable(index: QModelIndex) -> bool:
    return bool(index.flags() & Qt.ItemFlag.ItemIsDragEnabled)
