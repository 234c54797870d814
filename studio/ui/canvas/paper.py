"""What the document covers: all that is painted, and the generation frame."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from studio.domain.geometry import NOWHERE, Rect

if TYPE_CHECKING:
    from studio.domain.canvas.change import Change
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState


class Paper:
    """Follows the extent of a document without measuring it at every touch of a brush.

    It grows with what is painted beyond it, and is measured exactly when layers come, go or move, or when told to.

    Attributes:
        area: in document pixels; never empty.
    """

    def __init__(self, state: CanvasState) -> None:
        self._content = NOWHERE
        self._measured: dict[int, tuple[Plane, Rect]] = {}
        self.area = state.frame

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted on any layer."""
        return self._content.is_empty

    def measure(self, state: CanvasState) -> tuple[Rect, ...]:
        """Measure exactly; planes that are known are not measured again.

        Returns:
            What it covers now and did not, or did and does not any more.
        """
        known, self._measured = self._measured, {}
        for layer in state.layers:
            plane = layer.pixels
            self._measured[id(plane)] = known.get(id(plane)) or (plane, plane.bounds)
        areas = (self._measured[id(layer.pixels)][1].moved(*layer.offset) for layer in state.layers)
        return self._set(reduce(Rect.united, areas, NOWHERE), state.frame)

    def follow(self, change: Change, state: CanvasState) -> tuple[Rect, ...]:
        """Take note of a change, and return where the paper came or went."""
        if change.structure or (change.layers and change.bounds.is_empty):
            return self.measure(state)
        if change.frame or not self._content.covers(change.bounds):
            painted = reduce(Rect.united, (layer.reach for layer in state.layers), NOWHERE)
            return self._set(self._content.united(change.bounds.intersected(painted)), state.frame)
        return ()

    def _set(self, content: Rect, frame: Rect) -> tuple[Rect, ...]:
        before = self.area
        self._content = content
        self.area = content.united(frame)
        return () if before == self.area else (*beyond(before, self.area), *beyond(self.area, before))


def beyond(outer: Rect, inner: Rect) -> tuple[Rect, ...]:
    """Return what of one rectangle lies outside another: up to four strips."""
    both = outer.intersected(inner)
    if both.is_empty:
        return () if outer.is_empty else (outer,)
    strips = (
        Rect.of_edges(outer.x, outer.y, outer.right, both.y),
        Rect.of_edges(outer.x, both.bottom, outer.right, outer.bottom),
        Rect.of_edges(outer.x, both.y, both.x, both.bottom),
        Rect.of_edges(both.right, both.y, outer.right, both.bottom),
    )
    return tuple(strip for strip in strips if not strip.is_empty)
