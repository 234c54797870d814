"""Paint on a ground: what is painted on, with what colour, and how much of it gets through the selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.blend import source_over

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from studio.domain.canvas.commands import Target
    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect

Ink = tuple[int, ...]
"""Premultiplied RGBA for a layer, one byte for a mask; zeros erase."""

ERASING: Final[Ink] = (0, 0, 0, 0)
MASKING: Final[Ink] = (255,)
UNMASKING: Final[Ink] = (0,)
_AT_ONCE: Final = 2**16
"""Pixels computed at one go, so that what lies in between stays in the cache: 1000 x 1000 take 8 ms instead of 60."""


@dataclass(frozen=True, slots=True, eq=False)
class Inked:
    """A ground as it was before it is painted on, and the paint.

    Attributes:
        target: what is painted on.
        read: returns the ground's pixels in a rectangle of the document's plane: (H, W, 4) or (H, W) uint8.
        ink: of as many bytes as the ground has channels.
        selection: where paint gets through; None for everywhere.
    """

    target: Target
    read: Callable[[Rect], NDArray[np.uint8]]
    ink: Ink
    selection: Plane | None

    @classmethod
    def on_layer(cls, state: CanvasState, layer: Layer, ink: Ink) -> Inked:
        """Return a layer as it is now, to be painted on through the selection."""
        return cls(layer.id, layer.read, ink, state.selection)

    @property
    def reach(self) -> Rect | None:
        """A rectangle outside which nothing gets through; None where there is no such limit."""
        return None if self.selection is None else self.selection.tile_bounds

    def laid(self, rect: Rect, cover: NDArray[np.float32], opacity: float = 1.0) -> NDArray[np.uint8]:
        """Return the ground's pixels in a rectangle with the paint on them.

        Args:
            rect: of the document's plane.
            cover: (H, W) float32, 0 to 1: how much each pixel is covered.
            opacity: 0 to 1: of all of it.
        """
        alpha = cover * np.float32(255 * opacity)
        if self.selection is not None:
            alpha *= self.selection.read(rect) * np.float32(1 / 255)
        alpha += np.float32(0.5)
        return covered(self.read(rect), alpha.astype(np.uint16), np.array(self.ink, np.uint16))


def laid_over(
    ground: NDArray[np.uint8], paint: NDArray[np.uint8], opacity: float, selection: Plane | None, rect: Rect
) -> NDArray[np.uint8]:
    """Return the ground with a picture on it: source over.

    Args:
        ground: (H, W, 4) uint8, premultiplied.
        paint: likewise.
        opacity: 0 to 1: of all of the paint.
        selection: where paint gets through; None for everywhere.
        rect: where on the document's plane both lie.
    """
    alpha = np.full(ground.shape[:2], 255 * opacity + 0.5, np.float32)
    if selection is not None:
        alpha = selection.read(rect) * np.float32(opacity) + np.float32(0.5)
    return source_over(ground, covered(np.zeros_like(paint), alpha.astype(np.uint16), paint))


def covered(
    ground: NDArray[np.uint8], alpha: NDArray[np.uint16], ink: NDArray[np.uint16] | NDArray[np.uint8]
) -> NDArray[np.uint8]:
    """Return ground x (1 - alpha) + ink x alpha, rounded: source over of premultiplied colours.

    Args:
        ground: (H, W, C) or (H, W) uint8, premultiplied.
        alpha: (H, W) uint16, 0 to 255.
        ink: (C,), or (H, W, C) for a colour of each pixel's own; premultiplied, 0 to 255.

    Returns:
        uint8 of the ground's shape.
    """
    out = np.empty_like(ground)
    rows = max(1, _AT_ONCE // max(1, alpha.shape[1]))
    for top in range(0, len(alpha), rows):
        band = slice(top, top + rows)
        out[band] = _covered(ground[band], alpha[band], ink if ink.ndim == 1 else ink[band])
    return out


def _covered(
    ground: NDArray[np.uint8], alpha: NDArray[np.uint16], ink: NDArray[np.uint16] | NDArray[np.uint8]
) -> NDArray[np.uint8]:
    height, width = alpha.shape
    channels = ground.shape[2] if ground.ndim == 3 else 1
    # One long row a line, and no temporaries: 0.17 ms for 200 x 200 RGBA, against 0.52 ms with a broadcast axis of 4.
    shares = np.repeat(alpha, channels, axis=1) if channels > 1 else alpha.copy()
    inks = np.tile(ink, width) if ink.ndim == 1 else ink.reshape(height, width * channels)
    sums = shares * inks
    np.subtract(255, shares, out=shares)
    shares *= ground.reshape(height, width * channels)
    sums += shares
    # Divided by 255 as in `studio.domain.canvas.blend.divided`.
    sums += 128
    np.right_shift(sums, 8, out=shares)
    sums += shares
    sums >>= 8
    return sums.astype(np.uint8).reshape(ground.shape)
