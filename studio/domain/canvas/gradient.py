"""Gradients: how far each pixel lies on the way from one colour to another."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.geometry import Rect

    Point = tuple[float, float]


def linear(rect: Rect, start: Point, end: Point) -> NDArray[np.float32]:
    """Return (H, W) float32: 0 before the start, 1 beyond the end, even in between, alike across the line."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = max(dx * dx + dy * dy, 1e-6)
    across = (np.arange(rect.x, rect.right) + (0.5 - start[0])) * (dx / length)
    down = (np.arange(rect.y, rect.bottom) + (0.5 - start[1])) * (dy / length)
    shares = across.astype(np.float32)[None, :] + down.astype(np.float32)[:, None]
    return np.clip(shares, 0, 1, out=shares)


def radial(rect: Rect, start: Point, end: Point) -> NDArray[np.float32]:
    """Return (H, W) float32: 0 at the start, 1 at the end's distance from it and beyond."""
    radius = max(math.dist(start, end), 1e-3)
    across = (np.arange(rect.x, rect.right) + (0.5 - start[0])) / radius
    down = (np.arange(rect.y, rect.bottom) + (0.5 - start[1])) / radius
    shares = np.hypot(across.astype(np.float32)[None, :], down.astype(np.float32)[:, None])
    return np.minimum(shares, 1, out=shares)


def mixed(shares: NDArray[np.float32], one: tuple[int, ...], other: tuple[int, ...]) -> NDArray[np.uint8]:
    """Return (H, W, 4) uint8 premultiplied: the one colour at 0, the other at 1; both premultiplied RGBA."""
    first, second = np.array(one, np.float32), np.array(other, np.float32)
    return (shares[..., None] * (second - first) + (first + np.float32(0.5))).astype(np.uint8)
