"""What a part of the canvas was made of: the pictures that are seen there, and whether anything is anybody's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.domain.canvas.blend import BlendMode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect


@dataclass(frozen=True, slots=True)
class Makings:
    """What a part of the canvas was made of.

    Attributes:
        origins: hex SHA-256 of the pictures that may be seen there, sorted.
        has_own_pixels: whether anything that no model painted may be seen there, as far as anybody knows.
    """

    origins: tuple[str, ...] = ()
    has_own_pixels: bool = False


def makings_of(state: CanvasState, area: Rect) -> Makings:
    """Return what a rectangle of the document's plane was made of; 1 to 50 ms, on any thread.

    Args:
        state: the document.
        area: in its coordinates.
    """
    layers = list(_seen(state, area))
    origins = sorted({origin for layer in layers for origin in layer.origins})
    return Makings(tuple(origins), any(layer.has_own_pixels for layer in layers))


def has_own_pixels(state: CanvasState, area: Rect | None = None) -> bool:
    """Tell whether anything that no model painted may be seen, as far as anybody knows.

    Args:
        state: the document.
        area: in its coordinates; None for all of it.
    """
    return makings_of(state, state.bounds if area is None else area).has_own_pixels


def _seen(state: CanvasState, area: Rect) -> Iterator[Layer]:
    """Yield the layers of which any pixel can be seen in a rectangle, the highest first."""
    is_open = np.ones((area.height, area.width), np.bool_)
    for layer in reversed(state.layers):
        there = layer.reach.intersected(area)
        if not layer.visible or layer.opacity == 0 or there.is_empty:
            continue
        alpha = layer.read(there)[..., 3]
        below = is_open[there.within(area)]
        if (below & (alpha > 0)).any():
            yield layer
        if layer.opacity == 1 and layer.blend is BlendMode.NORMAL:
            below &= alpha < 255
