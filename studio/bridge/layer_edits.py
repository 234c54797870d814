"""What panels, menus and keys do to the active layer and to the mask."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.canvas.commands import (
    AddLayer,
    ChangeLayer,
    ClearLayer,
    DuplicateLayer,
    MergeDown,
    RemoveLayer,
    ReorderLayer,
    SetMask,
)
from studio.domain.canvas.layer import Layer, new_layer_id
from studio.domain.canvas.mask import inverted
from studio.domain.canvas.plane import NO_MASK
from studio.domain.errors import InvalidEdit

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.blend import BlendMode


class LayerEdits:
    """Edits the active layer of a store; without one, only `add` does anything."""

    def __init__(self, store: CanvasStore) -> None:
        self._store = store

    @property
    def layer(self) -> Layer | None:
        """The layer that is edited."""
        return self._store.state.active_layer

    @property
    def place(self) -> int | None:
        """The layer's place, 0 for the lowest."""
        return self._store.state.index_of(layer.id) if (layer := self.layer) is not None else None

    @property
    def can_rise(self) -> bool:
        """Whether there is a layer above it."""
        return (place := self.place) is not None and place + 1 < len(self._store.state.layers)

    @property
    def can_sink(self) -> bool:
        """Whether there is a layer below it."""
        return bool(self.place)

    def add(self) -> None:
        """Put an empty layer above the active one, or on top."""
        self._store.apply(AddLayer(Layer(name=self._next_name()), above=self._store.state.active))

    def duplicate(self) -> None:
        """Put a copy above it."""
        if (layer := self.layer) is not None:
            self._store.apply(DuplicateLayer(layer.id, new_layer_id()))

    def remove(self) -> None:
        """Take it away."""
        if (layer := self.layer) is not None:
            self._store.apply(RemoveLayer(layer.id))

    def rise(self) -> None:
        """Move it up by one."""
        self._move(1)

    def sink(self) -> None:
        """Move it down by one."""
        self._move(-1)

    def merge_down(self) -> None:
        """Make one layer of it and the one below."""
        if (layer := self.layer) is not None:
            self._store.apply(MergeDown(layer.id))

    def clear(self) -> None:
        """Erase what is selected of it; where nothing is selected, everything."""
        if (layer := self.layer) is not None:
            self._store.apply(ClearLayer(layer.id))

    def toggle_lock(self) -> None:
        """Lock or unlock it."""
        if (layer := self.layer) is not None:
            title = "Unlock layer" if layer.locked else "Lock layer"
            self._store.apply(ChangeLayer(layer_id=layer.id, locked=not layer.locked, title=title))

    def toggle_visible(self) -> None:
        """Hide or show it."""
        if (layer := self.layer) is not None:
            title = "Hide layer" if layer.visible else "Show layer"
            self._store.apply(ChangeLayer(layer_id=layer.id, visible=not layer.visible, title=title))

    def set_opacity(self, opacity: float) -> None:
        """Make it as opaque as this, 0 to 1; all steps of a drag are undone as one."""
        if (layer := self.layer) is not None and layer.opacity != opacity:
            joins = f"opacity of {layer.id}"
            self._store.apply(ChangeLayer(layer_id=layer.id, opacity=opacity, title="Layer opacity", joins=joins))

    def set_blend(self, mode: BlendMode) -> None:
        """Let it meet what lies below in another way."""
        if (layer := self.layer) is not None and layer.blend is not mode:
            self._store.apply(ChangeLayer(layer_id=layer.id, blend=mode, title="Blend mode"))

    def invert_mask(self) -> None:
        """Mask within the frame what was free there, and free what was masked."""
        state = self._store.state
        try:
            mask = inverted(state.mask, state.frame)
        except InvalidEdit as error:
            self._store.refused.emit(error)
        else:
            self._store.apply(SetMask(mask, title="Invert mask"))

    def clear_mask(self) -> None:
        """Let the mask cover nothing."""
        self._store.apply(SetMask(NO_MASK, title="Clear mask"))

    def _move(self, by: int) -> None:
        place, layer = self.place, self.layer
        if place is not None and layer is not None and 0 <= place + by < len(self._store.state.layers):
            self._store.apply(ReorderLayer(layer.id, place + by))

    def _next_name(self) -> str:
        names = {layer.name for layer in self._store.state.layers}
        return next(name for number in range(1, len(names) + 2) if (name := f"Layer {number}") not in names)
