"""Which part of a picture is painted, and in what size: about the area that the model is made for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.geometry import Rect, Size, snap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.request import Inpaint

_SMALLEST: Final = 0.75
_LARGEST: Final = 1.5
"""Of the native side: between them a part is painted pixel by pixel, which no scaling blurs."""


@dataclass(frozen=True, slots=True)
class Crop:
    """A part of a picture.

    Attributes:
        area: where it lies in the picture, in its pixels.
        size: in which it is painted.
    """

    area: Rect
    size: Size

    def cut(self, pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the part of a picture, (H, W, ...) uint8, in its own size."""
        rows, columns = self.area.within(Rect(0, 0, pixels.shape[1], pixels.shape[0]))
        return pixels[rows, columns]


def crop_of(request: Inpaint, native_side: int, multiple: int) -> Crop:
    """Return what to paint.

    Args:
        request: the whole picture, its mask and the padding.
        native_side: of the square that the model is made for, in pixels.
        multiple: of which the sides that are painted must be.

    Returns:
        The whole picture in its own size where no padding is asked for. Else the mask with its padding, and more where
        that makes its shape more like a square or spares scaling it; the sides are snapped to the multiple.
    """
    whole = Rect(0, 0, request.width, request.height)
    if request.method.padding is None:
        return Crop(whole, whole.size)
    box = bounds(request.mask.alpha).grown(request.method.padding).intersected(whole)
    area = _grown(box, _least(box, native_side), whole)
    ratio = (area.width * area.height) ** 0.5 / native_side
    if _SMALLEST <= ratio <= _LARGEST:
        area = _grown(area, Size(-(-area.width // multiple) * multiple, -(-area.height // multiple) * multiple), whole)
        return Crop(area, Size(snap(area.width, multiple), snap(area.height, multiple)))
    return Crop(area, Size(snap(area.width / ratio, multiple), snap(area.height / ratio, multiple)))


def bounds(mask: NDArray[np.uint8]) -> Rect:
    """Return the smallest rectangle around what is above 0 in a mask, (H, W) uint8, which is not empty."""
    columns, rows = np.flatnonzero(mask.any(axis=0)), np.flatnonzero(mask.any(axis=1))
    return Rect.of_edges(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)


def scaled(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Return (H, W) or (H, W, 3) uint8 in another size; the same array where it has that size already."""
    if pixels.shape[:2] == (size.height, size.width):
        return pixels
    # A mask has no fine detail to keep sharp, and must not ring beyond its edge.
    how = Image.Resampling.LANCZOS if pixels.ndim == 3 else Image.Resampling.BILINEAR
    return np.asarray(Image.fromarray(pixels).resize((size.width, size.height), how))


def _least(box: Rect, native_side: int) -> Size:
    """Return what to see at least: a square while it is not larger than the native one, else up to twice as long."""
    longer = max(box.width, box.height)
    if longer > native_side:
        least = max(native_side, longer // 2)
    else:
        least = native_side if longer >= _SMALLEST * native_side else longer
    return Size(max(box.width, least), max(box.height, least))


def _grown(box: Rect, least: Size, whole: Rect) -> Rect:
    """Return a rectangle at least so large as far as the picture goes, around the middle of the box if it can be."""
    left, right = _stretched(box.x, box.right, least.width, whole.width)
    top, bottom = _stretched(box.y, box.bottom, least.height, whole.height)
    return Rect.of_edges(left, top, right, bottom)


def _stretched(begin: int, end: int, least: int, limit: int) -> tuple[int, int]:
    length = min(max(end - begin, least), limit)
    begin = min(max(0, begin - (length - (end - begin)) // 2), limit - length)
    return begin, begin + length
