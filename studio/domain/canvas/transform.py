"""Scaled, turned and flipped pixels, always from the pixels as they were painted."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.canvas.ink import covered
from studio.domain.canvas.plane import NO_PIXELS, plane_of
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.canvas.plane import Plane

_MOST_PIXELS: Final = 16384 * 16384
_TINY: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a rectangle of pixels lies, and how. There is no shear, so that it can always be said in these five.

    Attributes:
        x: of its middle, in document pixels.
        y: likewise.
        scale_x: of its width; negative where it is flipped.
        scale_y: of its height.
        angle: in degrees, clockwise as seen, after scaling.
    """

    x: float
    y: float
    scale_x: float = 1.0
    scale_y: float = 1.0
    angle: float = 0.0

    def out(self, x: float, y: float) -> tuple[float, float]:
        """Return where a point lies on the document's plane that is given from the middle of the unscaled rectangle."""
        turn = math.radians(self.angle)
        x, y = x * self.scale_x, y * self.scale_y
        return self.x + x * math.cos(turn) - y * math.sin(turn), self.y + x * math.sin(turn) + y * math.cos(turn)

    def turned_back(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of the document's plane from the middle, along the rectangle's own sides, not unscaled."""
        turn = math.radians(self.angle)
        x, y = x - self.x, y - self.y
        return x * math.cos(turn) + y * math.sin(turn), y * math.cos(turn) - x * math.sin(turn)

    def flipped(self, *, is_across: bool) -> Placement:
        """Return the mirror image as seen: left and right change places, or top and bottom."""
        angle = -self.angle
        if is_across:
            return replace(self, scale_x=-self.scale_x, angle=angle)
        return replace(self, scale_y=-self.scale_y, angle=angle)


@dataclass(frozen=True, slots=True, eq=False)
class Transformed:
    """A layer's pixels after a transformation, and where they come from.

    Attributes:
        layer_id: whose.
        result: the layer's pixels now, which tell whether this still holds.
        offset: where the layer's origin lies now.
        original: the pixels before any transformation.
        placement: how the original's bounds lie on the document's plane.
    """

    layer_id: str
    result: Plane
    offset: tuple[int, int]
    original: Plane
    placement: Placement


def placed(original: Plane, placement: Placement, *, is_fine: bool, source: Rect | None = None) -> Plane:
    """Return pixels put in place.

    Quarter turns and flips move whole pixels and change none. Otherwise a smaller size is computed by a Lanczos
    filter as wide as the shrinking asks for, a larger size or a turn by bicubic interpolation.

    Args:
        original: premultiplied RGBA, in coordinates of its own.
        placement: how its bounds are to lie on the document's plane.
        is_fine: whether to filter; else each pixel is that of the nearest point, which is quick.
        source: the original's bounds, where they are known already.

    Returns:
        Premultiplied RGBA in the document's coordinates.

    Raises:
        InvalidEdit: the result would be larger than memory should hold.
    """
    source = original.bounds if source is None else source
    if source.is_empty:
        return NO_PIXELS
    _check_size(source, placement)
    pixels = original.read(source)
    quarters, rest = divmod(placement.angle % 360 + _TINY, 90)
    if rest <= 2 * _TINY and abs(abs(placement.scale_x) - 1) + abs(abs(placement.scale_y) - 1) < _TINY:
        return _turned_by_quarters(pixels, placement, int(quarters))
    if not is_fine:
        return _resampled(pixels, placement, Image.Resampling.NEAREST)
    smaller, rest_of_way = _shrunk(pixels, placement)
    return _resampled(smaller, rest_of_way, Image.Resampling.BICUBIC)


def corners_of(width: float, height: float, placement: Placement) -> tuple[tuple[float, float], ...]:
    """Return where the corners of a placed rectangle lie, around from the one that was at the upper left."""
    x, y = width / 2, height / 2
    return tuple(placement.out(*corner) for corner in ((-x, -y), (x, -y), (x, y), (-x, y)))


def _check_size(source: Rect, placement: Placement) -> None:
    pixels = source.width * source.height * abs(placement.scale_x * placement.scale_y)
    if pixels > _MOST_PIXELS:
        raise InvalidEdit(
            "The layer cannot become that large",
            f"it would have {pixels / 1e6:.0f} million pixels, and {_MOST_PIXELS / 1e6:.0f} million are the most",
            "Make it smaller, or crop it first",
        )


def _turned_by_quarters(pixels: NDArray[np.uint8], placement: Placement, quarters: int) -> Plane:
    if placement.scale_x < 0:
        pixels = pixels[:, ::-1]
    if placement.scale_y < 0:
        pixels = pixels[::-1]
    pixels = np.rot90(pixels, -quarters)
    height, width = pixels.shape[:2]
    # Half pixels go the other way for a turn to the left, so that it takes a turn to the right back.
    half = {1: 0.0, 3: 1 - _TINY}.get(quarters, 0.5)
    left, top = math.floor(placement.x - width / 2 + half), math.floor(placement.y - height / 2 + half)
    return plane_of(pixels, left, top)


def _shrunk(pixels: NDArray[np.uint8], placement: Placement) -> tuple[NDArray[np.uint8], Placement]:
    """Return pixels made smaller by a filter where the placement shrinks them, and the way that is left."""
    height, width = pixels.shape[:2]
    new_width = max(1, math.ceil(width * min(1.0, abs(placement.scale_x)) - _TINY))
    new_height = max(1, math.ceil(height * min(1.0, abs(placement.scale_y)) - _TINY))
    if (new_width, new_height) == (width, height):
        return pixels, placement
    # Four bands of CMYK are left as they are; of RGBA Pillow would multiply by alpha once more.
    image = Image.frombuffer("CMYK", (width, height), pixels.tobytes(), "raw", "CMYK", 0, 1)
    small = np.asarray(image.resize((new_width, new_height), Image.Resampling.LANCZOS))
    scale_x, scale_y = placement.scale_x * width / new_width, placement.scale_y * height / new_height
    return _bounded(small), replace(placement, scale_x=scale_x, scale_y=scale_y)


def _resampled(pixels: NDArray[np.uint8], placement: Placement, filter_: Image.Resampling) -> Plane:
    height, width = pixels.shape[:2]
    xs, ys = zip(*corners_of(width, height, placement), strict=True)
    area = Rect.around(min(xs) + _TINY, min(ys) + _TINY, max(xs) - _TINY, max(ys) - _TINY)
    if area.is_empty:
        return NO_PIXELS
    is_fine = filter_ is not Image.Resampling.NEAREST
    # A filter looks two pixels beyond the edge. Clear ones would let the edge of an enlarged picture fade away.
    around = np.pad(pixels, ((2, 2), (2, 2), (0, 0)), "edge" if is_fine else "constant")
    image = Image.frombuffer("CMYK", (width + 4, height + 4), around.tobytes(), "raw", "CMYK", 0, 1)
    turn = math.radians(placement.angle)
    cos, sin = math.cos(turn), math.sin(turn)
    inward = (cos / placement.scale_x, sin / placement.scale_x, -sin / placement.scale_y, cos / placement.scale_y)
    dx, dy = area.x - placement.x, area.y - placement.y
    back = (
        inward[0], inward[1], inward[0] * dx + inward[1] * dy + width / 2 + 2,
        inward[2], inward[3], inward[2] * dx + inward[3] * dy + height / 2 + 2,
    )  # fmt: skip
    moved = image.transform((area.width, area.height), Image.Transform.AFFINE, back, filter_)
    out = np.asarray(moved)
    if is_fine:
        out = covered(np.zeros_like(out), _inside(area, width, height, placement), _bounded(out))
    return plane_of(out, area.x, area.y)


def _inside(area: Rect, width: int, height: int, placement: Placement) -> NDArray[np.uint16]:
    """Return how much of each pixel lies inside the placed rectangle: (H, W) uint16, 0 to 255."""
    turn = math.radians(placement.angle)
    x = np.arange(area.x, area.right, dtype=np.float32)[None, :] + np.float32(0.5 - placement.x)
    y = np.arange(area.y, area.bottom, dtype=np.float32)[:, None] + np.float32(0.5 - placement.y)
    along = np.abs(x * np.float32(math.cos(turn)) + y * np.float32(math.sin(turn)))
    across = np.abs(y * np.float32(math.cos(turn)) - x * np.float32(math.sin(turn)))
    cover = np.clip(np.float32(abs(placement.scale_x) * width / 2 + 0.5) - along, 0, 1)
    cover *= np.clip(np.float32(abs(placement.scale_y) * height / 2 + 0.5) - across, 0, 1)
    return (cover * 255 + np.float32(0.5)).astype(np.uint16)


def _bounded(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pixels none of whose colours exceeds its alpha: filters that sharpen overshoot."""
    return np.minimum(pixels, pixels[..., 3:])
