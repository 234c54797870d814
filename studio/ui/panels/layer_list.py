"""The list of layers: eye, thumbnail, name and lock of each."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractItemView, QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget
from typing_extensions import override

from studio.bridge.layer_model import ActiveRole, LayerRole, LockedRole, facts_of
from studio.domain.canvas.layer import Layer
from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, CAPTION, ICON, LABEL, RADIUS, SPACE
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.thumbnail import THUMBNAIL, paint_thumbnail

if TYPE_CHECKING:
    from PySide6.QtCore import QAbstractItemModel

    from studio.bridge.layer_model import LayerModel
    from studio.ui.theme.tokens import Tokens

ROW_HEIGHT: Final = 12 * SPACE
_CELL: Final = 7 * SPACE
_EDGE: Final = SPACE
_DoubleClick: Final = QEvent.Type.MouseButtonDblClick
_MOUSE: Final = {QEvent.Type.MouseButtonPress, QEvent.Type.MouseButtonRelease, _DoubleClick}


class LayerList(QListView):
    """Rows that are chosen, renamed, hidden, locked and dragged into another order."""

    def __init__(self, model: LayerModel) -> None:
        super().__init__()
        self._layers = model
        self.setModel(model)
        self.setItemDelegate(LayerDelegate(self))
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.DoubleClicked | QAbstractItemView.EditTrigger.EditKeyPressed)
        self.setDragDropMode(QAbstractItemView.DragDropMode.InternalMove)
        self.setDefaultDropAction(Qt.DropAction.MoveAction)
        self.setDropIndicatorShown(True)
        self.setUniformItemSizes(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setMouseTracking(True)
        # One who drags a layer paints on: keys for tools stay with the canvas.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName("Layers")
        self.setToolTip("The topmost layer first; drag to reorder, double-click to rename, Space hides")
        model.active_changed.connect(self.follow_active)
        self.follow_active()

    def rename(self) -> None:
        """Let the name of the current layer be typed."""
        if self.currentIndex().isValid():
            self.edit(self.currentIndex())

    def follow_active(self) -> None:
        """Mark the layer that tools paint on."""
        row = self._layers.active_row
        index = QModelIndex() if row is None else self._layers.index(row)
        if index != self.currentIndex() or not self.selectionModel().isSelected(index):
            self.setCurrentIndex(index)
        if index.isValid():
            self.scrollTo(index)

    @override
    def sizeHint(self) -> QSize:
        return QSize(240, 5 * ROW_HEIGHT)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, 2 * ROW_HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        if self.model().rowCount() == 0:
            self._paint_empty()

    def _paint_empty(self) -> None:
        tokens = theme.current()
        area = self.viewport().rect().adjusted(4 * SPACE, 0, -4 * SPACE, 0)
        middle = area.center().y() - 6 * SPACE
        painter = QPainter(self.viewport())
        icons.paint(painter, Icon.LAYERS, QRect(area.left(), middle - 40, area.width(), 28), tokens.text_disabled)
        painter.setPen(QColor(tokens.text))
        painter.setFont(font(BODY))
        painter.drawText(QRect(area.left(), middle, area.width(), 20), Qt.AlignmentFlag.AlignCenter, "No layers yet")
        painter.setPen(QColor(tokens.text_quiet))
        painter.setFont(font(LABEL))
        room = QRect(area.left(), middle + 24, area.width(), 60)
        hint = "Paint, or drop a picture on the canvas"
        painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, hint)
        if self.hasFocus():
            painter.setPen(QColor(tokens.focus))
            painter.drawRect(self.viewport().rect().adjusted(0, 0, -1, -1))
        painter.end()


class LayerDelegate(QStyledItemDelegate):
    """Paints a row and takes clicks on its eye and its lock."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /) -> QSize:
        return QSize(160, ROW_HEIGHT)

    @override
    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        layer = index.data(LayerRole)
        if not isinstance(layer, Layer):
            return
        tokens = theme.current()
        area: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_active = bool(index.data(ActiveRole))
        self._paint_ground(painter, area, state, is_active=is_active)
        ink = tokens.text_quiet if layer.visible else tokens.text_disabled
        icons.paint(painter, Icon.EYE if layer.visible else Icon.EYE_OFF, _middle(eye_area(area)), ink)
        image = index.data(Qt.ItemDataRole.DecorationRole)
        paint_thumbnail(painter, _thumbnail_area(area), image, is_dim=not layer.visible)
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        if layer.locked or is_hovered:
            lock = Icon.LOCKED if layer.locked else Icon.UNLOCKED
            ink = tokens.text if layer.locked else tokens.text_disabled
            icons.paint(painter, lock, _middle(lock_area(area)), ink)
        _paint_words(painter, name_area(area), layer, tokens, is_active=is_active)
        painter.restore()

    @override
    def editorEvent(
        self,
        event: QEvent,
        model: QAbstractItemModel,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
        /,
    ) -> bool:
        if isinstance(event, QKeyEvent):
            is_space = event.type() == QEvent.Type.KeyPress and event.key() == Qt.Key.Key_Space
            return is_space and _toggle_eye(model, index)
        if not isinstance(event, QMouseEvent) or event.button() != Qt.MouseButton.LeftButton:
            return False
        if event.type() not in _MOUSE:
            return False
        area: QRect = option.rect
        at = event.position().toPoint()
        is_press = event.type() != QEvent.Type.MouseButtonRelease
        # Press and release are both kept from the view: the one would choose the row, the other rename it.
        if eye_area(area).contains(at):
            return not is_press or _toggle_eye(model, index)
        if lock_area(area).contains(at):
            return not is_press or model.setData(index, not index.data(LockedRole), LockedRole)
        return False

    @override
    def createEditor(
        self, parent: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> QWidget:
        return LineField("Name of the layer", parent)

    @override
    def setEditorData(self, editor: QWidget, index: QModelIndex | QPersistentModelIndex, /) -> None:
        if isinstance(editor, LineField) and not editor.isModified():
            editor.setText(str(index.data(Qt.ItemDataRole.EditRole)))
            editor.selectAll()

    @override
    def setModelData(
        self, editor: QWidget, model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        if isinstance(editor, LineField):
            model.setData(index, editor.text(), Qt.ItemDataRole.EditRole)

    @override
    def updateEditorGeometry(
        self, editor: QWidget, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex, /
    ) -> None:
        area: QRect = option.rect
        editor.setGeometry(name_area(area).adjusted(-2 * SPACE, 2 * SPACE, 0, -2 * SPACE))

    def _paint_ground(self, painter: QPainter, area: QRect, state: QStyle.StateFlag, *, is_active: bool) -> None:
        tokens = theme.current()
        is_hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        colour = tokens.field_pressed if is_active else tokens.field_hover if is_hovered else None
        has_focus = bool(state & QStyle.StateFlag.State_HasFocus)
        if colour is None and not has_focus:
            return
        painter.setBrush(QColor(colour) if colour else Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(tokens.focus if has_focus else colour or tokens.window), 1))
        painter.drawRoundedRect(QRectF(area).adjusted(_EDGE + 0.5, 1.5, -_EDGE - 0.5, -1.5), RADIUS, RADIUS)


def eye_area(row: QRect) -> QRect:
    """Return where a click hides or shows the layer."""
    return QRect(row.left() + _EDGE, row.top(), _CELL, row.height())


def lock_area(row: QRect) -> QRect:
    """Return where a click locks or unlocks the layer."""
    return QRect(row.right() + 1 - _EDGE - _CELL, row.top(), _CELL, row.height())


def name_area(row: QRect) -> QRect:
    """Return where the name stands."""
    left = _thumbnail_area(row).right() + 2 * SPACE
    return QRect(left, row.top(), lock_area(row).left() - left, row.height())


def _thumbnail_area(row: QRect) -> QRect:
    area = QRect(0, 0, THUMBNAIL.width(), THUMBNAIL.height())
    area.moveCenter(row.center())
    area.moveLeft(eye_area(row).right() + 1)
    return area


def _middle(area: QRect) -> QRect:
    square = QRect(0, 0, ICON, ICON)
    square.moveCenter(area.center())
    return square


def _paint_words(painter: QPainter, area: QRect, layer: Layer, tokens: Tokens, *, is_active: bool) -> None:
    facts = " · ".join(facts_of(layer))
    name_font = font(BODY, QFont.Weight.Medium if is_active else QFont.Weight.Normal)
    height = QFontMetrics(name_font).height()
    name_place = QRect(area.left(), area.center().y() - (height if facts else height // 2), area.width(), height)
    painter.setFont(name_font)
    painter.setPen(QColor(tokens.text if layer.visible else tokens.text_quiet))
    _draw_elided(painter, name_place, layer.name)
    if facts:
        painter.setFont(font(CAPTION))
        painter.setPen(QColor(tokens.text if is_active else tokens.text_quiet))
        _draw_elided(painter, name_place.translated(0, height), facts)


def _draw_elided(painter: QPainter, area: QRect, text: str) -> None:
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, area.width())
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)


def _toggle_eye(model: QAbstractItemModel, index: QModelIndex | QPersistentModelIndex) -> bool:
    is_seen = Qt.CheckState(index.data(Qt.ItemDataRole.CheckStateRole)) == Qt.CheckState.Checked
    wanted = Qt.CheckState.Unchecked if is_seen else Qt.CheckState.Checked
    return model.setData(index, wanted, Qt.ItemDataRole.CheckStateRole)
