"""The document's layers as rows, the topmost first."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, QTimer, Signal
from typing_extensions import override

from studio.bridge.plane_thumbnails import PlaneThumbnails
from studio.domain.canvas.blend import BlendMode
from studio.domain.canvas.commands import ChangeLayer, ReorderLayer

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.domain.canvas.layer import Layer

LayerRole: Final = int(Qt.ItemDataRole.UserRole) + 1
"""`Layer` of a row."""
ActiveRole: Final = int(Qt.ItemDataRole.UserRole) + 2
"""Whether tools paint on it."""
LockedRole: Final = int(Qt.ItemDataRole.UserRole) + 3
"""Whether its pixels may not be changed; can be set."""
MASK: Final = "mask"
"""The name of the mask's thumbnail."""
REDRAW_MS: Final = 200
"""How often thumbnails follow a stroke."""
_PROPERTY_ROLES: Final = [
    Qt.ItemDataRole.DisplayRole,
    Qt.ItemDataRole.EditRole,
    Qt.ItemDataRole.ToolTipRole,
    Qt.ItemDataRole.AccessibleTextRole,
    Qt.ItemDataRole.CheckStateRole,
    LayerRole,
    LockedRole,
]
_NO_INDEX: Final = QModelIndex()


class LayerModel(QAbstractListModel):
    """Shows the layers and edits them through the store: names, eyes, locks, order.

    Attributes:
        thumbnails: draws what the rows show; by the layers' ids, and by `MASK`.

    Signals:
        active_changed: tools paint on another row, or the rows around it have changed.
        mask_redrawn: the mask looks different; at most a few times a second.
    """

    active_changed = Signal()
    mask_redrawn = Signal()

    def __init__(self, store: CanvasStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._layers = _from_top(store)
        self._active = store.state.active
        self._is_following = False
        self.thumbnails = PlaneThumbnails(self)
        self.thumbnails.drawn.connect(self._show_thumbnail)
        self._outdated: set[str] = set()
        self._redraw = QTimer(self, interval=REDRAW_MS, singleShot=True)
        self._redraw.timeout.connect(self._ask_for_redraw)
        store.changed.connect(self._follow)
        store.replaced.connect(self._restart)

    @property
    def is_following(self) -> bool:
        """Whether rows come and go just now, so that a view's current row says nothing about what is wanted."""
        return self._is_following

    @property
    def active_row(self) -> int | None:
        """The row that tools paint on."""
        return self.row_of(self._active) if self._active is not None else None

    def row_of(self, layer_id: str) -> int | None:
        """Return the row of a layer, or None where it has none."""
        return next((row for row, layer in enumerate(self._layers) if layer.id == layer_id), None)

    def layer_at(self, row: int) -> Layer | None:
        """Return the layer of a row, or None where there is none."""
        return self._layers[row] if 0 <= row < len(self._layers) else None

    @override
    def rowCount(self, parent: QModelIndex | QPersistentModelIndex = _NO_INDEX) -> int:
        return 0 if parent.isValid() else len(self._layers)

    @override
    def data(self, index: QModelIndex | QPersistentModelIndex, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        layer = self.layer_at(index.row()) if index.isValid() else None
        if layer is None:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return layer.name
            case Qt.ItemDataRole.DecorationRole:
                return self.thumbnails.of(layer.id, layer.pixels)
            case Qt.ItemDataRole.CheckStateRole:
                return Qt.CheckState.Checked if layer.visible else Qt.CheckState.Unchecked
            case Qt.ItemDataRole.ToolTipRole | Qt.ItemDataRole.AccessibleTextRole:
                return self._words(layer)
            case _:
                return self._own_data(layer, role)

    @override
    def setData(
        self, index: QModelIndex | QPersistentModelIndex, value: object, role: int = Qt.ItemDataRole.EditRole
    ) -> bool:
        layer = self.layer_at(index.row()) if index.isValid() else None
        if layer is None:
            return False
        match role:
            case Qt.ItemDataRole.EditRole if (name := str(value).strip()) and name != layer.name:
                self._store.apply(ChangeLayer(layer_id=layer.id, name=name, title="Rename layer"))
            case Qt.ItemDataRole.CheckStateRole:
                visible = Qt.CheckState(value) == Qt.CheckState.Checked
                title = "Show layer" if visible else "Hide layer"
                self._store.apply(ChangeLayer(layer_id=layer.id, visible=visible, title=title))
            case _ if role == LockedRole:
                title = "Lock layer" if value else "Unlock layer"
                self._store.apply(ChangeLayer(layer_id=layer.id, locked=bool(value), title=title))
            case _:
                return False
        return True

    @override
    def flags(self, index: QModelIndex | QPersistentModelIndex, /) -> Qt.ItemFlag:
        if not index.isValid():
            return Qt.ItemFlag.ItemIsDropEnabled
        return (
            Qt.ItemFlag.ItemIsEnabled
            | Qt.ItemFlag.ItemIsSelectable
            | Qt.ItemFlag.ItemIsEditable
            | Qt.ItemFlag.ItemIsUserCheckable
            | Qt.ItemFlag.ItemIsDragEnabled
            | Qt.ItemFlag.ItemNeverHasChildren
        )

    @override
    def supportedDropActions(self) -> Qt.DropAction:
        return Qt.DropAction.MoveAction

    @override
    def moveRows(
        self,
        sourceParent: QModelIndex | QPersistentModelIndex,
        sourceRow: int,
        count: int,
        destinationParent: QModelIndex | QPersistentModelIndex,
        destinationChild: int,
        /,
    ) -> bool:
        layer = self.layer_at(sourceRow)
        if layer is None or count != 1 or sourceParent.isValid() or destinationParent.isValid():
            return False
        # Qt counts the place while the row is still where it was, and from the top.
        row = destinationChild - (destinationChild > sourceRow)
        self._store.apply(ReorderLayer(layer.id, len(self._layers) - 1 - row))
        return True

    def _own_data(self, layer: Layer, role: int) -> object:
        if role == LayerRole:
            return layer
        if role == ActiveRole:
            return layer.id == self._active
        return layer.locked if role == LockedRole else None

    def _words(self, layer: Layer) -> str:
        facts = [layer.name, *facts_of(layer)]
        facts += ["active"] * (layer.id == self._active) + ["hidden"] * (not layer.visible) + ["locked"] * layer.locked
        return ", ".join(facts)

    def _follow(self, change: Change) -> None:
        if not change.mask.is_empty:
            self._outdate(MASK)
        if not (change.layers or change.structure):
            return
        before = {layer.id: layer for layer in self._layers}
        former, self._active = self._active, self._store.state.active
        self._is_following = True
        if change.structure:
            self._follow_order(_from_top(self._store))
        else:
            self._layers = _from_top(self._store)
        for row, layer in enumerate(self._layers):
            if layer.id in change.layers and layer.id in before:
                self._follow_layer(row, before[layer.id], layer)
            if former != self._active and layer.id in {former, self._active}:
                self._tell(row, [ActiveRole, Qt.ItemDataRole.AccessibleTextRole])
        self._is_following = False
        if change.structure:
            self.thumbnails.keep_only([MASK, *(layer.id for layer in self._layers)])
            self.active_changed.emit()

    def _follow_layer(self, row: int, before: Layer, now: Layer) -> None:
        # What a layer was made of, no row shows.
        if not before.is_alike(replace(now, origins=before.origins, is_painted=before.is_painted)):
            self._tell(row, _PROPERTY_ROLES)
        if before.pixels is not now.pixels:
            self._outdate(now.id)

    def _follow_order(self, wanted: list[Layer]) -> None:
        """Bring the rows into another order, telling of each row, so that views keep their place."""
        places = {layer.id: row for row, layer in enumerate(wanted)}
        for row in reversed(range(len(self._layers))):
            if self._layers[row].id not in places:
                self.beginRemoveRows(_NO_INDEX, row, row)
                del self._layers[row]
                self.endRemoveRows()
        for row, layer in enumerate(wanted):
            found = self.row_of(layer.id)
            if found is None:
                self.beginInsertRows(_NO_INDEX, row, row)
                self._layers.insert(row, layer)
                self.endInsertRows()
            elif found == row + 1:
                # The next one is right: the one that stands here went down, to the place that it has in the end.
                self._move(row, min(places[self._layers[row].id], len(self._layers) - 1))
            elif found > row:
                self._move(found, row)
        self._layers = wanted

    def _move(self, source: int, row: int) -> None:
        # Qt counts the target while the row is still where it was.
        self.beginMoveRows(_NO_INDEX, source, source, _NO_INDEX, row + (row > source))
        self._layers.insert(row, self._layers.pop(source))
        self.endMoveRows()

    def _restart(self) -> None:
        self.beginResetModel()
        self._layers = _from_top(self._store)
        self._active = self._store.state.active
        self.thumbnails.keep_only([MASK])
        self.endResetModel()
        self._outdate(MASK)
        self.active_changed.emit()

    def _outdate(self, name: str) -> None:
        self._outdated.add(name)
        if not self._redraw.isActive():
            self._redraw.start()

    def _ask_for_redraw(self) -> None:
        outdated, self._outdated = self._outdated, set()
        for name in outdated:
            # A view that shows the row asks for its thumbnail then; one that does not costs nothing.
            self._show_thumbnail(name)

    def _show_thumbnail(self, name: str) -> None:
        if name == MASK:
            self.mask_redrawn.emit()
        elif (row := self.row_of(name)) is not None:
            self._tell(row, [Qt.ItemDataRole.DecorationRole])

    def _tell(self, row: int, roles: list[int] | list[Qt.ItemDataRole]) -> None:
        index = self.index(row)
        self.dataChanged.emit(index, index, roles)


def facts_of(layer: Layer) -> list[str]:
    """Return in words how a layer meets what lies below it, as far as that is not the usual way."""
    facts = [layer.blend.title] if layer.blend is not BlendMode.NORMAL else []
    return facts if layer.opacity == 1 else [*facts, f"{round(layer.opacity * 100)} %"]


def _from_top(store: CanvasStore) -> list[Layer]:
    return list(reversed(store.state.layers))
