"""How far apart two pictures are, pixel by pixel, and a picture that shows where."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.errors import InvalidRequest
from studio.domain.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

PEAK: Final = 255
"""The largest difference there can be."""
MOST_GAIN: Final = 32
"""A difference of one step is then seen as a dark grey; more would only show noise."""
_BAND: Final = 1 << 22
"""Values that are compared at a time: 16 MiB as whole numbers, however large the pictures are."""


@dataclass(frozen=True, slots=True, eq=False)
class Difference:
    """What tells two pictures of one size apart.

    Attributes:
        map: the absolute difference of each channel, amplified: black where both are the same.
        gain: by how much, from 1 to `MOST_GAIN`: so that the largest difference becomes as bright as can be.
        largest: of all channels of all pixels, 0 to 255; 0 says that both are identical to the last bit.
        changed: share of the pixels that differ in any channel, 0 to 1.
        psnr_db: peak signal-to-noise ratio, in decibels; infinite where both are identical.
    """

    map: Picture
    gain: int
    largest: int
    changed: float
    psnr_db: float

    @property
    def is_identical(self) -> bool:
        """Whether every bit of every pixel is the same."""
        return self.largest == 0

    def described(self) -> str:
        """Return it in one line."""
        if self.is_identical:
            return "Identical to the last bit"
        share = 100 * self.changed
        # Not a pixel of a large picture must be rounded away, nor a rest that is the same.
        percent = "under 0.1" if share < 0.1 else "over 99.9" if 99.9 < share < 100 else f"{share:.3g}"
        return f"{self.psnr_db:.1f} dB PSNR, {percent} % of the pixels differ, by {self.largest} of {PEAK} at most"


def difference_of(first: Picture, second: Picture) -> Difference:
    """Return how far two pictures of one size are apart. Takes a while: not for the main thread.

    Source of the PSNR: 10 log10(peak^2 / MSE) over all channels, as in Huynh-Thu and Ghanbari, "Scope of validity of
    PSNR in image/video quality assessment", 2008, equation 1.

    Raises:
        InvalidRequest: their sizes differ.
    """
    if first.pixels.shape != second.pixels.shape:
        raise InvalidRequest(
            "Pictures of different sizes cannot be compared pixel by pixel",
            f"one has {first.width} x {first.height} pixels, the other {second.width} x {second.height}",
            "Scale one of them first",
        )
    apart = np.maximum(first.pixels, second.pixels) - np.minimum(first.pixels, second.pixels)
    largest = int(apart.max())
    gain = 1 if not largest else max(1, min(MOST_GAIN, PEAK // largest))
    changed = float(np.count_nonzero(apart.any(axis=2)) / (first.width * first.height))
    squares = _sum_of_squares(apart)
    psnr = math.inf if not squares else 10 * math.log10(PEAK**2 * apart.size / squares)
    # No overflow: the gain keeps the largest difference within the peak.
    return Difference(Picture(apart * np.uint8(gain)), gain, largest, changed, psnr)


def _sum_of_squares(apart: NDArray[np.uint8]) -> int:
    flat = apart.reshape(-1)
    bands = (flat[start : start + _BAND].astype(np.uint32) for start in range(0, flat.size, _BAND))
    return sum(int((band * band).sum(dtype=np.uint64)) for band in bands)
