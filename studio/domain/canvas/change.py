"""What differs between two states of a document: what a view has to look at again."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from typing import TYPE_CHECKING

from studio.domain.canvas.plane import NO_MASK, area_of
from studio.domain.geometry import NOWHERE, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState


@dataclass(frozen=True, slots=True)
class Change:
    """What an edit, an undo or a redo has changed.

    Attributes:
        bounds: where the picture that is seen of the layers may look different, in the document's coordinates.
        layers: ids of the layers whose pixels or properties differ, new and removed ones included.
        structure: whether layers came, went, moved in the order or became active.
        mask: where the mask differs.
        selection: where the selection differs; everything, where one came or went, is the area of both.
        has_selection_changed: whether the selection differs at all: one that came may be of nothing.
        frame: whether the frame differs.
        proposals: whether the proposals differ.
    """

    bounds: Rect = NOWHERE
    layers: frozenset[str] = frozenset()
    structure: bool = False
    mask: Rect = NOWHERE
    selection: Rect = NOWHERE
    has_selection_changed: bool = False
    frame: bool = False
    proposals: bool = False

    @property
    def is_nothing(self) -> bool:
        """Whether nothing differs."""
        return self == Change()

    @property
    def is_content(self) -> bool:
        """Whether what a saved file holds differs."""
        return bool(self.layers) or self.structure or self.frame or self.has_selection_changed or not self.mask.is_empty


def change_between(before: CanvasState, after: CanvasState, reach: Rect | None = None) -> Change:
    """Return what differs.

    Args:
        before: one state.
        after: the other.
        reach: where pixels may differ at most, where that is known more exactly than by whole tiles.
    """
    old = {layer.id: layer for layer in before.layers}
    new = {layer.id: layer for layer in after.layers}
    touched = [key for key in old.keys() | new.keys() if not _is_same(old.get(key), new.get(key))]
    is_moved = [layer.id for layer in before.layers] != [layer.id for layer in after.layers]
    bounds = reduce(Rect.united, (_area(old.get(key), new.get(key)) for key in touched), NOWHERE)
    if is_moved:
        # What changed places may be seen through each other anywhere on them.
        bounds = reduce(Rect.united, (layer.reach for layer in (*before.layers, *after.layers)), bounds)
    mask = differing(before.mask, after.mask)
    selection = differing(before.selection or NO_MASK, after.selection or NO_MASK)
    if reach is not None:
        bounds, mask, selection = (area.intersected(reach) for area in (bounds, mask, selection))
    bounds, mask, selection = (NOWHERE if area.is_empty else area for area in (bounds, mask, selection))
    return Change(
        bounds=bounds,
        layers=frozenset(touched),
        structure=is_moved or before.active != after.active,
        mask=mask,
        selection=selection,
        has_selection_changed=before.selection is not after.selection,
        frame=before.frame != after.frame,
        proposals=before.proposals != after.proposals,
    )


def differing(before: Plane, after: Plane) -> Rect:
    """Return the rectangle around all tiles that two planes do not share."""
    if before is after:
        return NOWHERE
    return reduce(Rect.united, map(area_of, unshared(before, after)), NOWHERE)


def unshared(before: Plane, after: Plane) -> Iterator[tuple[int, int]]:
    """Yield column and row of every tile that two planes do not share."""
    for at in before.tiles.keys() | after.tiles.keys():
        if before.tiles.get(at) is not after.tiles.get(at):
            yield at


def _is_same(old: Layer | None, new: Layer | None) -> bool:
    """Tell whether a layer is as it was, if only because it was brought back there."""
    if old is None or new is None:
        return old is new
    return old is new or (old.pixels is new.pixels and old.is_alike(new))


def _area(old: Layer | None, new: Layer | None) -> Rect:
    """Where one layer looks different."""
    if old is None or new is None:
        layer = old or new
        return NOWHERE if layer is None else layer.reach
    if _is_seen_alike(old, new):
        return differing(old.pixels, new.pixels).moved(*new.offset)
    return old.reach.united(new.reach)


def _is_seen_alike(old: Layer, new: Layer) -> bool:
    def seen(layer: Layer) -> tuple[object, ...]:
        return layer.offset, layer.visible, layer.opacity, layer.blend

    return seen(old) == seen(new)
