"""Outlined areas as masks: a pixel that is cut by the outline is covered by the share that lies inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.canvas.mask import full
from studio.domain.canvas.plane import NO_MASK, TILE, held
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.domain.canvas.plane import Plane

_FINE: Final = 4
"""Parts of a pixel to either side by which a polygon is drawn: 17 shades of its edge."""


def rectangle(left: float, top: float, right: float, bottom: float, limit: Rect) -> Plane:
    """Return a mask of the whole pixels nearest to a rectangle, as far as they lie within the limit."""
    left, right = sorted((left, right))
    top, bottom = sorted((top, bottom))
    edges = (round(value) for value in (left, top, right, bottom))
    area = Rect.of_edges(*edges).intersected(limit)
    return NO_MASK if area.is_empty else full(area)


def ellipse(left: float, top: float, right: float, bottom: float, limit: Rect) -> Plane:
    """Return a mask of the ellipse that fills a rectangle, as far as it lies within the limit.

    The distance to the outline is taken as f / |grad f| of f = (x / a)^2 + (y / b)^2 - 1, exact at first order.
    """
    half_x, half_y = max(abs(right - left) / 2, 0.5), max(abs(bottom - top) / 2, 0.5)
    middle_x, middle_y = (left + right) / 2, (top + bottom) / 2
    around = Rect.around(middle_x - half_x, middle_y - half_y, middle_x + half_x, middle_y + half_y)
    area = around.grown(1).intersected(limit)
    plane = NO_MASK
    for band in _bands(area):
        across = ((np.arange(band.x, band.right) + (0.5 - middle_x)) / half_x).astype(np.float32)[None, :]
        down = ((np.arange(band.y, band.bottom) + (0.5 - middle_y)) / half_y).astype(np.float32)[:, None]
        slope = 2 * np.hypot(across / np.float32(half_x), down / np.float32(half_y))
        distance = (across * across + down * down - 1) / np.maximum(slope, np.float32(1e-9))
        cover = np.clip(np.float32(0.5) - distance, 0, 1)
        plane = plane.written(band, (cover * 255 + np.float32(0.5)).astype(np.uint8))
    return plane


def polygon(points: Sequence[tuple[float, float]], limit: Rect) -> Plane:
    """Return a mask of what a closed line goes around, as far as it lies within the limit.

    Where the line crosses itself, what it goes around twice lies outside, as the even-odd rule has it.
    """
    from PIL import ImageDraw  # noqa: PLC0415 - loads fonts as well, which the window's start need not wait for

    if len(points) < 3:
        return NO_MASK
    xs, ys = zip(*points, strict=True)
    area = Rect.around(min(xs), min(ys), max(xs), max(ys)).intersected(limit)
    plane = NO_MASK
    for band in _bands(area):
        fine = Image.new("L", (band.width * _FINE, band.height * _FINE))
        # Pillow's pixels lie at whole numbers, and ours between them.
        moved = [((x - band.x) * _FINE - 0.5, (y - band.y) * _FINE - 0.5) for x, y in points]
        ImageDraw.Draw(fine).polygon(moved, fill=255)
        plane = plane.written(band, np.asarray(fine.reduce(_FINE)))
    return plane


def _bands(area: Rect) -> list[Rect]:
    """Split an area into pieces of a tile's height, which bounds the memory that drawing finely takes."""
    if held(area).is_empty:
        return []
    rows = range(area.y, area.bottom, TILE)
    return [Rect.of_edges(area.x, row, area.right, min(row + TILE, area.bottom)) for row in rows]
