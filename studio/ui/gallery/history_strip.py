"""The history beside the canvas: every picture that was painted, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QFocusEvent, QMouseEvent, QPainter
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
        self._is_announced = self._is_silent = False
        self._looked_at = QPersistentModelIndex()
        self.setAccessibleName("History")
        self.selectionModel().currentChanged.connect(self._announce)

    @override
    def choose(self, row: int) -> None:
        """Mark a picture as the one that is looked at, without asking for it."""
        self._is_silent = True
        super().choose(row)
        self._is_silent = self._is_announced = False

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        # A press may become a drag, which must not change the picture that it is going to be dropped on.
        self._looked_at = QPersistentModelIndex(self.currentIndex())
        self._is_silent = True
        super().mousePressEvent(event)
        self._is_silent = False

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        self._is_silent = event.reason() not in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)
        self._is_silent = False

    @override
    def clicked_row(self, row: int) -> None:
        # A click on the one that was marked by `choose` changes nothing in the view, yet its picture is wanted.
        if not self._is_announced:
            self._announce(self.history.index(row))

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

    def _announce(self, current: QModelIndex) -> None:
        self._is_announced = False
        entry = self.history.entry_at(current.row()) if current.isValid() else None
        if entry is not None and not self._is_silent:
            self._is_announced = True
            self.entry_chosen.emit(entry)
