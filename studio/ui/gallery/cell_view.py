"""Paints the pictures of the history as cells, under a heading for each day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView
from typing_extensions import override

from studio.ui import theme
from studio.ui.gallery.cell_painter import CORNER, RING, CellLook, CellPainter
from studio.ui.gallery.day_layout import DayLayout, Spacing
from studio.ui.gallery.day_titles import DayRun, each_day, few_headings, run_title
from studio.ui.gallery.grid_anchor import GridAnchor
from studio.ui.gallery.grid_selection import GridSelection
from studio.ui.theme.tokens import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.bridge.history_model import HistoryModel

SIDES: Final = (64, 320)
"""Least and greatest side of a cell that is offered."""


@dataclass(frozen=True, slots=True)
class GridStyle:
    """How a grid looks and behaves.

    Attributes:
        spacing: distances; with a heading of 0 days are not told apart.
        side: best side of a cell at first.
        is_single: whether one picture is selected at a time.
        is_panel: whether it lies among panels; else it is the place where pictures are looked at, as the canvas is.
    """

    spacing: Spacing
    side: int
    is_single: bool = False
    is_panel: bool = False


ROOM: Final = GridStyle(Spacing(edge=4 * SPACE, gap=2 * SPACE, heading=8 * SPACE, after_day=3 * SPACE), side=168)
COMPACT: Final = GridStyle(
    Spacing(edge=2 * SPACE, gap=2 * SPACE, heading=0, after_day=0), side=96, is_single=True, is_panel=True
)


class CellView(QAbstractItemView):
    """Paints the cells that are seen, each as a copy of its thumbnail; there is no widget for any of them.

    Attributes:
        history: its rows.
        selected: the selection, by rows.
        hovered: the row under the pointer, or None.
        band: the rubber band, in the coordinates of the whole grid; None while there is none.

    Signals:
        side_changed: the best side of a cell.
    """

    side_changed = Signal(int)

    def __init__(self, model: HistoryModel, style: GridStyle = ROOM) -> None:
        super().__init__()
        self.history = model
        self._look = style
        self._side = style.side
        self._cells: DayLayout | None = None
        self._headings: tuple[DayRun, ...] = ()
        self.setModel(model)
        self.selected = GridSelection(model, self.selectionModel(), is_single=style.is_single)
        self.hovered: int | None = None
        self.band: QRect | None = None
        self._anchor = GridAnchor(self)
        self.setFrameShape(QAbstractItemView.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        model.counted.connect(self.lay_out)

    @property
    def layout_of_cells(self) -> DayLayout:
        """Where everything is."""
        if self._cells is None:
            self._headings = self._days_with_headings()
            counts = [run.count for run in self._headings] or [self.history.rowCount()] * bool(self.history.rowCount())
            self._cells = DayLayout(counts, self._width(), self._side, self._look.spacing)
        return self._cells

    @property
    def side(self) -> int:
        """Best side of a cell; the one that fills the width is near it."""
        return self._side

    def set_side(self, side: int) -> None:
        """Take another size of cells."""
        side = max(SIDES[0], min(side, SIDES[1]))
        if side != self._side:
            self._side = side
            self.lay_out()
            self.side_changed.emit(side)

    def lay_out(self) -> None:
        """Find anew where everything is, and keep in view what is seen."""
        self._cells = None
        self.updateGeometries()
        self._anchor.restore()
        self.viewport().update()

    def repaint_row(self, row: int) -> None:
        """Paint one cell anew."""
        if row < self.layout_of_cells.rows:
            self.viewport().update(self._area(row).adjusted(-RING, -RING, RING, RING))

    def rows_seen(self) -> range:
        """Return the rows of which a part is seen."""
        top = self.verticalOffset()
        return self.layout_of_cells.rows_between(top, top + self.viewport().height())

    # --- what Qt asks of a view

    @override
    def visualRect(self, index: QModelIndex | QPersistentModelIndex, /) -> QRect:
        return self._area(index.row()) if index.isValid() else QRect()

    @override
    def indexAt(self, point: QPoint, /) -> QModelIndex:
        row = self.layout_of_cells.row_at(point.x(), point.y() + self.verticalOffset())
        return QModelIndex() if row is None else self.history.index(row)

    @override
    def scrollTo(
        self,
        index: QModelIndex | QPersistentModelIndex,
        /,
        hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible,
    ) -> None:
        if index.isValid() and index.row() < self.layout_of_cells.rows:
            self._anchor.scroll_to(index.row(), centred=hint == QAbstractItemView.ScrollHint.PositionAtCenter)

    @override
    def moveCursor(
        self, cursorAction: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier, /
    ) -> QModelIndex:
        # Keys are handled in `keyPressEvent`; Qt asks only where the keyboard goes first.
        return self.currentIndex() if self.currentIndex().isValid() else self.history.index(0)

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    @override
    def isIndexHidden(self, index: QModelIndex | QPersistentModelIndex, /) -> bool:
        return False

    @override
    def setSelection(self, rect: QRect, command: object, /) -> None:
        pass  # `GridPointer` selects

    @override
    def visualRegionForSelection(self, selection: object, /) -> QRegion:
        # What is seen is painted in a few milliseconds; to find out what has changed may take longer.
        return QRegion(self.viewport().rect())

    @override
    def updateGeometries(self) -> None:
        bar, height = self.verticalScrollBar(), self.viewport().height()
        bar.setRange(0, max(0, self.layout_of_cells.height - height))
        bar.setPageStep(height)
        bar.setSingleStep(max(4 * SPACE, self.layout_of_cells.side // 3))

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.lay_out()

    @override
    def dataChanged(
        self,
        topLeft: QModelIndex | QPersistentModelIndex,
        bottomRight: QModelIndex | QPersistentModelIndex,
        /,
        roles: Sequence[int] = (),
    ) -> None:
        if topLeft.row() == bottomRight.row():
            self.repaint_row(topLeft.row())
        else:
            self.viewport().update()

    @override
    def scrollContentsBy(self, dx: int, dy: int, /) -> None:
        self._anchor.note()
        if self.band is None:
            self.viewport().scroll(0, dy)
        else:
            self.viewport().update()

    # --- painting

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self.viewport())
        painter.fillRect(event.rect(), QColor(tokens.window if self._look.is_panel else tokens.backdrop))
        rows = self.rows_seen()
        if self.layout_of_cells.rows:
            self._paint_cells(painter, event.rect())
        else:
            self.paint_empty(painter)
        if self.band is not None:
            self._paint_band(painter, self.band.translated(0, -self.verticalOffset()))
        painter.end()
        scale = self.devicePixelRatioF()
        self.history.look(rows, round(self.layout_of_cells.side * scale), round(CORNER * scale))

    def paint_empty(self, painter: QPainter) -> None:
        """Paint what there is where there are no pictures."""

    def _paint_cells(self, painter: QPainter, dirty: QRect) -> None:
        offset, cells, history = self.verticalOffset(), self.layout_of_cells, self.history
        top, bottom = dirty.top() + offset - RING, dirty.bottom() + offset + RING + 1
        paint = CellPainter(painter)
        rows = cells.rows_between(top, bottom)
        selected, current, has_focus = self.selected.within(rows), self.selected.current, self.hasFocus()
        for row in rows:
            area = cells.area(row).translated(0, -offset)
            entry, missing = history.entry_at(row), history.has_no_picture(row)
            paint.paint_picture(area, history.thumbnail(row), is_dim=entry is not None and entry.is_missing)
            if entry is not None and (missing or entry.is_starred or entry.is_imported or entry.is_missing):
                paint.paint_badges(area, entry, has_no_picture=missing)
            if row in selected or row in {current, self.hovered}:
                look = CellLook(row in selected, row == current, row == self.hovered)
                paint.paint_ring(area, look, has_focus=has_focus)
        today = _today()
        for place, area in cells.headings_between(top, bottom):
            if place < len(self._headings):
                run = self._headings[place]
                paint.paint_heading(area.translated(0, -offset), run_title(run, today), run.count)

    def _paint_band(self, painter: QPainter, band: QRect) -> None:
        ink = QColor(theme.current().focus)
        painter.setPen(ink)
        ink.setAlphaF(0.12)
        painter.setBrush(ink)
        painter.drawRect(band)

    # --- where things are

    def _area(self, row: int) -> QRect:
        """Return where a cell is on the viewport."""
        return self.layout_of_cells.area(row).translated(0, -self.verticalOffset())

    def _days_with_headings(self) -> tuple[DayRun, ...]:
        """Return the days that are told apart; none where they are not."""
        days = self.history.groups
        # Between two changes of the model the days may be ahead of the rows.
        if not self._look.spacing.heading or sum(count for _, count in days) != self.history.rowCount():
            return ()
        if not self.history.query.strip():
            return each_day(days)
        return few_headings(days, self._look.spacing.columns(self._width(), self._side), _today())

    def _width(self) -> int:
        # The scroll bar's room is kept free, so that columns do not jump when it comes and goes.
        return self.width() - self.verticalScrollBar().sizeHint().width()


def _today() -> date:
    return datetime.now().astimezone().date()
