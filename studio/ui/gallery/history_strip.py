"""The history beside the canvas: every picture that was painted, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter
from typing_extensions import override

from studio.ui import theme
from studio.ui.gallery.cell_view import COMPACT
from studio.ui.gallery.gallery_grid import GalleryGrid

if TYPE_CHECKING:
    from studio.bridge.history_model import HistoryModel


class HistoryStrip(GalleryGrid):
    """The grid in little. Arrow keys or a click choose a picture at once; dragging takes it along and chooses nothing.

    Signals:
        entry_chosen: the `Entry` whose picture is wanted.
    """

    def __init__(self, model: HistoryModel) -> None:
        super().__init__(model, COMPACT)
        self._looked_at = QPersistentModelIndex()
        self._announced: int | None = None
        self.setAccessibleName("History")

    @override
    def choose(self, row: int) -> None:
        """Mark a picture as the one that is looked at, without asking for it."""
        super().choose(row)
        # A click on it changes nothing in the view, yet its picture may be wanted again.
        self._announced = None

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        # A press may become a drag, which must not change the picture that it is going to be dropped on.
        self._looked_at = QPersistentModelIndex(self.currentIndex())
        super().mousePressEvent(event)

    @override
    def clicked_row(self, row: int) -> None:
        self._announce(row)

    @override
    def moved_to(self, row: int) -> None:
        self._announce(row)

    @override
    def paint_empty(self, painter: QPainter) -> None:
        super().paint_empty(painter)
        if self.hasFocus():
            painter.setPen(QColor(theme.current().focus))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))

    @override
    def _carry(self, row: int) -> None:
        super()._carry(row)
        if self.currentIndex().row() == row and self._looked_at.isValid():
            self.choose(self._looked_at.row())

    def _announce(self, row: int) -> None:
        entry = self.history.entry_at(row)
        if entry is not None and entry.id != self._announced:
            self._announced = entry.id
            self.entry_chosen.emit(entry)
