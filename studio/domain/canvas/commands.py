"""What can be done to a document: frozen values that turn one state into the next.

A command only says what comes out (`applied`); what has changed, what to repaint and how to undo it follow from
comparing the two states. So a new command, wherever it stands, is undone right from its first day.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Protocol, assert_never

import numpy as np

from studio.domain.canvas.blend import divided
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, held, plane_of
from studio.domain.errors import InvalidEdit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.canvas.blend import BlendMode
    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect


class Command(Protocol):
    """An edit.

    Attributes:
        title: for "Undo ...", e.g. ``Brush``.
    """

    @property
    def title(self) -> str:
        """What the edit is called."""
        ...

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state after the edit.

        Raises:
            InvalidEdit: the document refuses it; the message says why.
        """
        ...


class Ground(Enum):
    """What can be painted on beside the layers."""

    MASK = "mask"
    SELECTION = "selection"


Target = str | Ground
"""The id of a layer, the mask or the selection."""


@dataclass(frozen=True, slots=True, eq=False)
class Paint:
    """Replace a rectangle of pixels.

    Attributes:
        target: what is painted on.
        rect: where, in the document's coordinates.
        pixels: of the rectangle's size: (H, W, 4) uint8 premultiplied for a layer, (H, W) uint8 for mask and selection.
        title: the tool's.
    """

    target: Target
    rect: Rect
    pixels: NDArray[np.uint8]
    title: str = "Paint"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the rectangle replaced."""
        match self.target:
            case Ground.MASK:
                return replace(state, mask=state.mask.written(self.rect, self.pixels))
            case Ground.SELECTION:
                selection = state.selection or NO_MASK
                return replace(state, selection=selection.written(self.rect, self.pixels))
            case str() as layer_id:
                return state.with_layer(unlocked(state, layer_id).painted(self.rect, self.pixels))
            case _:
                assert_never(self.target)


@dataclass(frozen=True, slots=True, eq=False)
class SetPixels:
    """Replace everything on a layer, as a transformation does.

    Attributes:
        layer_id: whose.
        pixels: premultiplied RGBA in the layer's own coordinates.
        offset: where the layer's origin lies from now on.
        title: the tool's.
    """

    layer_id: str
    pixels: Plane
    offset: tuple[int, int] = (0, 0)
    title: str = "Transform layer"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the layer replaced."""
        layer = unlocked(state, self.layer_id)
        return state.with_layer(replace(layer, pixels=self.pixels, offset=self.offset))


@dataclass(frozen=True, slots=True, eq=False)
class AddLayer:
    """Put a layer above another one, and paint on it from now on.

    Attributes:
        layer: the new one.
        above: id of the layer below it; None for the top.
        title: what the edit is called.
    """

    layer: Layer
    above: str | None = None
    title: str = "Add layer"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with one layer more."""
        place = len(state.layers) if self.above is None else state.index_of(self.above) + 1
        layers = (*state.layers[:place], self.layer, *state.layers[place:])
        return replace(state, layers=layers, active=self.layer.id)


@dataclass(frozen=True, slots=True)
class RemoveLayer:
    """Take a layer away; the one below it becomes active."""

    layer_id: str
    title: str = "Delete layer"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with one layer less."""
        place = state.index_of(self.layer_id)
        unlocked(state, self.layer_id)
        layers = (*state.layers[:place], *state.layers[place + 1 :])
        active = state.active
        if active == self.layer_id:
            active = layers[max(0, place - 1)].id if layers else None
        return replace(state, layers=layers, active=active)


@dataclass(frozen=True, slots=True)
class DuplicateLayer:
    """Put a copy of a layer above it.

    Attributes:
        layer_id: which.
        copy_id: id of the copy.
        title: what the edit is called.
    """

    layer_id: str
    copy_id: str
    title: str = "Duplicate layer"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the copy, which is not locked and shares the pixels until one of the two changes."""
        layer = state.layer(self.layer_id)
        copy = replace(layer, id=self.copy_id, name=f"{layer.name} copy", locked=False)
        return AddLayer(copy, above=self.layer_id).applied(state)


@dataclass(frozen=True, slots=True)
class ReorderLayer:
    """Move a layer to another place in the order.

    Attributes:
        layer_id: which.
        index: its place afterwards, 0 for the lowest; beyond the ends: the end.
        title: what the edit is called.
    """

    layer_id: str
    index: int
    title: str = "Reorder layers"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state in the new order."""
        layer = state.layer(self.layer_id)
        others = [other for other in state.layers if other.id != layer.id]
        others.insert(min(max(0, self.index), len(others)), layer)
        return replace(state, layers=tuple(others))


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeLayer:
    """Change what is said about a layer; None leaves as it is.

    Attributes:
        layer_id: which.
        name: for people.
        visible: whether it is seen.
        opacity: 0 to 1.
        blend: how it meets what lies below.
        locked: whether its pixels may not be changed.
        offset: where its origin lies.
        title: what the edit is called.
        joins: consecutive edits with the same key, not empty, are undone as one: a slider that is dragged.
    """

    layer_id: str
    name: str | None = None
    visible: bool | None = None
    opacity: float | None = None
    blend: BlendMode | None = None
    locked: bool | None = None
    offset: tuple[int, int] | None = None
    title: str = "Change layer"
    joins: str = ""

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the layer changed."""
        layer = state.layer(self.layer_id) if self.offset is None else unlocked(state, self.layer_id)
        return state.with_layer(
            replace(
                layer,
                name=layer.name if self.name is None else self.name,
                visible=layer.visible if self.visible is None else self.visible,
                opacity=layer.opacity if self.opacity is None else min(1.0, max(0.0, self.opacity)),
                blend=layer.blend if self.blend is None else self.blend,
                locked=layer.locked if self.locked is None else self.locked,
                offset=layer.offset if self.offset is None else self.offset,
            )
        )


@dataclass(frozen=True, slots=True)
class ClearLayer:
    """Erase what is selected of a layer; where nothing is selected, everything."""

    layer_id: str
    title: str = "Clear layer"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with nothing on the layer where it is selected."""
        layer = unlocked(state, self.layer_id)
        if state.selection is None:
            return state.with_layer(replace(layer.of(), pixels=NO_PIXELS))
        area = layer.bounds.intersected(state.selection.tile_bounds)
        if area.is_empty:
            raise InvalidEdit("Nothing is painted there", "nothing of the layer is selected", "Select another part")
        kept = (255 - state.selection.read(area)).astype(np.uint16)
        return state.with_layer(layer.written(area, divided(layer.read(area) * kept[..., None]).astype(np.uint8)))


@dataclass(frozen=True, slots=True)
class MergeDown:
    """Make one layer of two: what is seen of both stays as it is where nothing lies below them.

    Attributes:
        layer_id: the upper one; it goes away.
        title: what the edit is called.
    """

    layer_id: str
    title: str = "Merge down"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the layer merged into the one below.

        Raises:
            InvalidEdit: there is none below, one of the two is locked or hidden, or they lie too far apart.
        """
        place = state.index_of(self.layer_id)
        if place == 0:
            raise InvalidEdit("There is nothing to merge with", "it is the lowest layer", "Choose a higher one")
        upper, lower = unlocked(state, self.layer_id), unlocked(state, state.layers[place - 1].id)
        if not (upper.visible and lower.visible):
            raise InvalidEdit(
                "A hidden layer cannot be merged", "what it shows would be lost", "Show both layers first"
            )
        area = held(upper.reach.united(lower.reach))
        merged = plane_of(flatten((lower, upper), area), area.x, area.y)
        whole = replace(lower.joined(upper), pixels=merged, offset=(0, 0), opacity=1.0)
        layers = (*state.layers[: place - 1], whole, *state.layers[place + 1 :])
        return replace(state, layers=layers, active=whole.id)


@dataclass(frozen=True, slots=True, eq=False)
class SetMask:
    """Replace the mask."""

    mask: Plane
    title: str = "Change mask"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with another mask."""
        return replace(state, mask=self.mask)


@dataclass(frozen=True, slots=True, eq=False)
class SetSelection:
    """Replace the selection; None selects everything."""

    selection: Plane | None
    title: str = "Select"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with another selection."""
        return replace(state, selection=self.selection)


@dataclass(frozen=True, slots=True)
class SetFrame:
    """Move or resize the generation frame.

    Attributes:
        frame: what the model is to see; the caller snaps its size to what the model can paint.
        title: what the edit is called.
        joins: as in `ChangeLayer`.
    """

    frame: Rect
    title: str = "Move frame"
    joins: str = ""

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with another frame.

        Raises:
            InvalidEdit: it is empty.
        """
        if self.frame.is_empty:
            raise InvalidEdit("The frame cannot be empty", "the model paints into it", "Give it a width and a height")
        return replace(state, frame=self.frame)


def unlocked(state: CanvasState, layer_id: str) -> Layer:
    """Return a layer whose pixels may be changed.

    Raises:
        InvalidEdit: it is locked, or gone.
    """
    layer = state.layer(layer_id)
    if layer.locked:
        raise InvalidEdit(
            f"The layer \u201c{layer.name}\u201d is locked",
            "so that it cannot be changed by mistake",
            "Unlock it in the list of layers, or choose another one",
        )
    return layer
