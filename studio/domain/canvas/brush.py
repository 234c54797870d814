"""The tip of a brush and the dab it leaves: how much of every pixel one touch covers."""

from __future__ import annotations

import math
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

_LEAST_SPACING: Final = 0.5
"""Pixels between dabs at least: closer ones cannot be told apart."""
_CACHED_BYTES: Final = 32 * 2**20
_SMALL: Final = 16
"""Diameter in pixels below which every part of a pixel counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tip:
    """What a brush is like.

    Attributes:
        size: diameter at full pressure, in pixels, 1 to 1000.
        hardness: the share of the radius that is covered wholly, 0 to 1.
        opacity: the most that a whole stroke covers, 0 to 1.
        flow: how much of that one dab adds, 0 to 1.
        spacing: between two dabs, as a share of the diameter.
        smoothing: how far the line lags behind the hand, in pixels of the document; 0 follows it exactly.
        does_pressure_size: whether a light pressure draws a thin line.
        does_pressure_fade: whether a light pressure covers less.
        gamma: exponent of the pressure: below 1 a light hand is enough, above 1 a heavy one is needed.
    """

    size: float
    hardness: float = 1.0
    opacity: float = 1.0
    flow: float = 1.0
    spacing: float = 0.1
    smoothing: float = 0.0
    does_pressure_size: bool = False
    does_pressure_fade: bool = False
    gamma: float = 1.0

    @property
    def is_single_pixel(self) -> bool:
        """Whether it draws whole pixels, one beside the other, without soft edges."""
        return self.size <= 1 and self.hardness >= 1

    def size_at(self, pressure: float) -> float:
        """Return the diameter in pixels."""
        return self.size * self._felt(pressure) if self.does_pressure_size else self.size

    def cap_at(self, pressure: float) -> float:
        """Return the share of the stroke's opacity that dabs of this pressure lead up to."""
        return self._felt(pressure) if self.does_pressure_fade else 1.0

    def spacing_at(self, pressure: float) -> float:
        """Return the pixels from a dab of this pressure to the next."""
        if self.is_single_pixel:
            return _LEAST_SPACING
        return max(_LEAST_SPACING, self.size_at(pressure) * self.spacing)

    def _felt(self, pressure: float) -> float:
        return min(1.0, max(0.0, pressure)) ** self.gamma


@dataclass(frozen=True, slots=True, eq=False)
class Dab:
    """One touch of the brush.

    Attributes:
        left: the column of the plane where its pixels begin.
        top: the row likewise.
        cover: (H, W) float32, 0 to 1, not to be written to.
    """

    left: int
    top: int
    cover: NDArray[np.float32]


class Dabs:
    """Makes dabs of one hardness, and keeps the latest for the next one of the same size."""

    def __init__(self, hardness: float) -> None:
        self._hardness = hardness
        self._cache: OrderedDict[tuple[float, float, float], NDArray[np.float32]] = OrderedDict()
        self._nbytes = 0

    def at(self, x: float, y: float, size: float) -> Dab:
        """Return the dab of a diameter in pixels around a point of the plane."""
        size = _rounded_size(size)
        places = 4 if size <= 256 else 2 if size <= 512 else 1
        # Of pixels: a thin line wobbles by less than an eighth of one, and a few dabs serve the whole stroke.
        x, y = (math.floor(value * places + 0.5) / places for value in (x, y))
        column, row = math.floor(x), math.floor(y)
        cover = self._cover(size, x - column, y - row)
        middle = (len(cover) - 1) // 2
        return Dab(column - middle, row - middle, cover)

    def _cover(self, size: float, dx: float, dy: float) -> NDArray[np.float32]:
        key = (size, dx, dy)
        cover = self._cache.get(key)
        if cover is None:
            cover = self._cache[key] = cover_of(size, self._hardness, dx, dy)
            self._nbytes += cover.nbytes
            while self._nbytes > _CACHED_BYTES and len(self._cache) > 1:
                self._nbytes -= self._cache.popitem(last=False)[1].nbytes
        else:
            self._cache.move_to_end(key)
        return cover


def single_pixel(x: float, y: float) -> Dab:
    """Return the dab that covers one pixel wholly: the one in which a point lies."""
    return Dab(math.floor(x), math.floor(y), np.ones((1, 1), np.float32))


def cover_of(size: float, hardness: float, dx: float = 0.5, dy: float = 0.5) -> NDArray[np.float32]:
    """Return how much of each pixel a round dab covers.

    Args:
        size: diameter in pixels; below 1 it stays a pixel wide and pales, as a thinner line does.
        hardness: the share of the radius that is covered wholly, 0 to 1; the rest falls off as 3u^2 - 2u^3.
        dx: where its middle lies in the middle pixel, 0 to 1.
        dy: likewise.

    Returns:
        (N, N) float32, 0 to 1, N odd.
    """
    radius = max(size, 1.0) / 2
    reach = math.ceil(radius + 0.5)
    # Small dabs are drawn four times as large and made smaller: else they would lie a little beside their place.
    parts = 4 if size < _SMALL else 1
    steps = (np.arange(-reach * parts, (reach + 1) * parts, dtype=np.float32) + np.float32(0.5)) / np.float32(parts)
    across, down = steps - np.float32(dx), steps - np.float32(dy)
    distance = np.sqrt((across * across)[None, :] + (down * down)[:, None])
    fall = radius * (1 - hardness)
    if fall * parts < 1:
        # An edge that is sharper than a pixel covers the pixel by the share that lies inside.
        cover = np.clip((np.float32(radius) - distance) * np.float32(parts) + np.float32(0.5), 0, 1)
    else:
        u = np.clip((np.float32(radius) - distance) * np.float32(1 / fall), 0, 1)
        cover = u * u * (3 - 2 * u)
    if parts > 1:
        cover = cover.reshape(2 * reach + 1, parts, 2 * reach + 1, parts).mean((1, 3))
    return cover * np.float32(min(size, 1.0))


def _rounded_size(size: float) -> float:
    """Return a diameter so near that nobody sees it, of which there are few."""
    per_pixel = 8 if size < 32 else 4 if size < 128 else 1
    return max(1, round(size * per_pixel)) / per_pixel
