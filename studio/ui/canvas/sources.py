"""What the canvas shows of a document: the layers as they lie on each other, and the mask as a tint."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from studio.bridge.images import argb_of
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.plane import TILE, coords_in

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QColor

    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.plane import Plane
    from studio.domain.geometry import Rect

_LOOKED_AT: Final = 64
"""Tiles of a plane that are looked up one by one; for a larger area the rectangle around them all must do."""


class LayersSource:
    """All layers that are seen."""

    def __init__(self, store: CanvasStore) -> None:
        self._store = store

    def effort(self, rect: Rect) -> int:
        """Return how many layers have pixels in a rectangle."""
        return sum(
            layer.visible
            and layer.opacity > 0
            and _has_pixels(layer.pixels, rect.moved(-layer.offset[0], -layer.offset[1]))
            for layer in self._store.state.layers
        )

    def pixels(self, rect: Rect) -> NDArray[np.uint32]:
        """Return what a rectangle shows: (H, W) uint32, 0xAARRGGBB, premultiplied."""
        return argb_of(flatten(self._store.state.layers, rect))


class MaskSource:
    """The mask in one colour, half as strong as the mask is."""

    def __init__(self, store: CanvasStore) -> None:
        self._store = store
        self._tints = np.zeros(256, np.uint32)

    def set_tint(self, colour: QColor, strength: float) -> bool:
        """Show the mask in another colour, which is as opaque as ``strength`` where the mask is 255.

        Returns:
            Whether it is another one.
        """
        levels = np.arange(256) * strength
        alpha = np.round(levels).astype(np.uint32)
        red, green, blue = (
            np.round(levels * part).astype(np.uint32) for part in (colour.redF(), colour.greenF(), colour.blueF())
        )
        tints = (alpha << np.uint32(24)) | (red << np.uint32(16)) | (green << np.uint32(8)) | blue
        is_another = not np.array_equal(tints, self._tints)
        self._tints = tints
        return is_another

    def effort(self, rect: Rect) -> int:
        """Return 1 where there is something of the mask in a rectangle."""
        return int(_has_pixels(self._store.state.mask, rect))

    def pixels(self, rect: Rect) -> NDArray[np.uint32]:
        """Return the tint in a rectangle: (H, W) uint32, 0xAARRGGBB, premultiplied."""
        return self._tints[self._store.state.mask.read(rect)]


def _has_pixels(plane: Plane, rect: Rect) -> bool:
    if plane.is_empty:
        return False
    if rect.width * rect.height > _LOOKED_AT * TILE * TILE:
        return not plane.tile_bounds.intersected(rect).is_empty
    return any(at in plane.tiles for at in coords_in(rect))
