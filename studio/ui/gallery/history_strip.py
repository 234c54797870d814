"""The history: every picture that was painted, newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QColor, QDrag, QFocusEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPixmap, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle
from typing_extensions import override

from studio.bridge.history_model import EntryRole, HistoryModel
from studio.services.history_entry import Entry
from studio.ui import theme
from studio.ui.gallery.thumbnail_delegate import GAP, ThumbnailDelegate
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, LABEL, SPACE

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

_BEST_SIDE: Final = 104
_EDGE: Final = 2 * SPACE
_CARRIED_SIDE: Final = 72
_CARRIED_OPACITY: Final = 0.8


class HistoryStrip(QListView):
    """Thumbnails in as many columns as there is room for; arrow keys or a click choose one, dragging takes it along.

    Signals:
        entry_chosen: the `Entry` whose picture is wanted.
    """

    entry_chosen = Signal(object)

    def __init__(self, model: QAbstractItemModel) -> None:
        super().__init__()
        self._delegate = ThumbnailDelegate(self)
        self.setItemDelegate(self._delegate)
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(True)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setLayoutMode(QListView.LayoutMode.Batched)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setAccessibleName("History")
        self.setViewportMargins(_EDGE - GAP, _EDGE - GAP, 0, _EDGE - GAP)
        self._is_announced = self._is_silent = False
        self._looked_at = QPersistentModelIndex()
        self.setModel(model)
        self.selectionModel().currentChanged.connect(self._choose)
        self.clicked.connect(self._click)

    def choose(self, row: int) -> None:
        """Mark a picture as the one that is looked at, without asking for it."""
        index = self.model().index(row, 0)
        selection = self.selectionModel()
        blocked = selection.blockSignals(True)
        selection.setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
        selection.blockSignals(blocked)
        self._is_announced = False
        self.scrollTo(index)
        self.viewport().update()

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 480)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        # A press may become a drag, which must not change the picture that it is going to be dropped on.
        self._looked_at = QPersistentModelIndex(self.currentIndex())
        self._is_silent = True
        super().mousePressEvent(event)
        self._is_silent = False

    @override
    def focusInEvent(self, event: QFocusEvent, /) -> None:
        # Qt makes the first row the current one if none is; that is wanted by somebody who comes with the keyboard.
        self._is_silent = event.reason() not in {Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason}
        super().focusInEvent(event)
        self._is_silent = False

    @override
    def startDrag(self, supportedActions: Qt.DropAction, /) -> None:
        index = self.currentIndex()
        if not index.flags() & Qt.ItemFlag.ItemIsDragEnabled:
            return
        drag = QDrag(self)
        drag.setMimeData(self.model().mimeData([index]))
        thumbnail = index.data(Qt.ItemDataRole.DecorationRole)
        if isinstance(thumbnail, QImage):
            shown = _as_carried(thumbnail, self.devicePixelRatioF())
            drag.setPixmap(shown)
            drag.setHotSpot((QRectF(QPointF(), shown.deviceIndependentSize()).center()).toPoint())
        drag.exec(Qt.DropAction.CopyAction)
        if self.currentIndex() == index:
            self.choose(self._looked_at.row())

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        # The view keeps the scroll bar's width free even while there is none.
        width = self.viewport().width() - self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent) - 1
        columns = max(1, round(width / _BEST_SIDE))
        self._delegate.side = width // columns
        self.setGridSize(QSize(self._delegate.side, self._delegate.side))
        super().resizeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        model = self.model()
        if model.rowCount() == 0:
            self._paint_empty()
        elif isinstance(model, HistoryModel):
            side = self._delegate.side - 2 * GAP
            first = self.indexAt(QPoint(side // 2, GAP + 1)).row()
            seen = model.rowCount() if first < 0 else first + 200
            model.look(range(max(0, first), min(seen, model.rowCount())), round(side * self.devicePixelRatioF()), 4)

    def _paint_empty(self) -> None:
        tokens = theme.current()
        area = self.viewport().rect().adjusted(_EDGE, 0, -2 * _EDGE, 0)
        middle = area.center().y() - 10 * SPACE
        painter = QPainter(self.viewport())
        icons.paint(painter, Icon.HISTORY, QRect(area.left(), middle - 48, area.width(), 28), tokens.text_disabled)
        painter.setPen(QColor(tokens.text))
        painter.setFont(font(BODY))
        painter.drawText(QRect(area.left(), middle, area.width(), 20), Qt.AlignmentFlag.AlignCenter, "No pictures yet")
        painter.setPen(QColor(tokens.text_quiet))
        painter.setFont(font(LABEL))
        hint = "Every picture you paint is kept here"
        room = QRect(area.left(), middle + 24, area.width(), 60)
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, hint)
        if self.hasFocus():
            painter.setPen(QColor(tokens.focus))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _choose(self, current: QModelIndex) -> None:
        entry = current.data(EntryRole)
        self._is_announced = False
        if isinstance(entry, Entry) and not self._is_silent:
            self._is_announced = True
            self.entry_chosen.emit(entry)

    def _click(self, index: QModelIndex) -> None:
        # A click on the one that was marked by `choose` changes nothing in the view, yet its picture is wanted.
        if not self._is_announced:
            self._choose(index)


def _as_carried(thumbnail: QImage, scale: float) -> QPixmap:
    """Return a thumbnail as the pointer carries it: so small and clear that what lies below is still seen."""
    side = round(_CARRIED_SIDE * scale)
    small = thumbnail.scaled(side, side, Qt.AspectRatioMode.KeepAspectRatio, Qt.TransformationMode.SmoothTransformation)
    carried = QPixmap(small.size())
    carried.fill(Qt.GlobalColor.transparent)
    painter = QPainter(carried)
    painter.setOpacity(_CARRIED_OPACITY)
    painter.drawImage(0, 0, small)
    painter.end()
    carried.setDevicePixelRatio(scale)
    return carried
