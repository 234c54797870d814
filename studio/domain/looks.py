"""How a picture looks, in 64 bits: enough to know it again when a messenger has shrunk it and removed its metadata."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

if TYPE_CHECKING:
    from numpy.typing import NDArray

FEATURELESS: Final = 0
"""The look of a picture that has nothing to be known by; no other one has it, for about half of its bits are set."""
_SIDE: Final = 32
_BAND: Final = 8
_LEAST_CONTRAST: Final = 1.5
"""Below this root mean square of the coefficients, in steps of 256, what is hashed is the noise of a flat area."""


def look_of(pixels: NDArray[np.uint8]) -> int:
    """Return the perceptual hash of a picture; pictures that look alike differ in few bits.

    The hash called pHash: of the picture as 32 x 32 greys, the 64 lowest frequencies without the constant ones of row
    and column, each above the median of them or not. Source: C. Zauner, "Implementation and Benchmarking of Perceptual
    Image Hash Functions", 2010, section 3.2.1 (http://phash.org/docs/pubs/thesis_zauner.pdf).

    Args:
        pixels: (H, W, 3) or (H, W, 4) uint8, sRGB, straight alpha, which is laid on white.

    Returns:
        64 bits as a signed number, as SQLite keeps them; `FEATURELESS` where there is nothing to be seen.
    """
    grey = np.asarray(_small(pixels).convert("L"), np.float64)
    waves = _waves()
    band = (waves @ grey @ waves.T).ravel()
    if np.sqrt(np.mean(band**2)) < _LEAST_CONTRAST * _SIDE:
        return FEATURELESS
    bits = np.packbits(band > np.median(band))
    return int(bits.view(">i8")[0])


def colour_distance(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> float:
    """Return how far apart two pictures are in colour where they differ most, seen from afar: 0 (equal) to 255.

    Both are looked at as 32 x 32 pixels; of each of 8 x 8 parts the mean absolute difference is taken, and the largest
    of these returned. The hash knows no colours, and a mean over all would not know a candle from a red candle.

    Args:
        one: as `look_of` takes it.
        other: likewise; may have another size.
    """
    first, second = (np.asarray(_small(pixels), np.float64) for pixels in (one, other))
    parts = np.abs(first - second).reshape(_BAND, _SIDE // _BAND, _BAND, _SIDE // _BAND, 3)
    return float(parts.mean((1, 3, 4)).max())


def bits_apart(looks: NDArray[np.int64], look: int) -> NDArray[np.uint8]:
    """Return in how many of the 64 bits each look differs from one.

    Args:
        looks: (N,) int64.
        look: as `look_of` returns it.

    Returns:
        (N,) uint8, 0 to 64.
    """
    return np.bitwise_count(np.bitwise_xor(looks.view(np.uint64), np.uint64(look % 2**64)))


def _small(pixels: NDArray[np.uint8]) -> Image.Image:
    """Return 32 x 32 pixels, RGB: each the mean of its part, so that noise and ringing of a codec do not count."""
    image = Image.fromarray(pixels)
    if image.mode == "RGBA":
        image = Image.alpha_composite(Image.new("RGBA", image.size, "white"), image)
    return image.convert("RGB").resize((_SIDE, _SIDE), Image.Resampling.BOX)


def _waves() -> NDArray[np.float64]:
    """Return (8, 32) float64: the rows 1 to 8 of the discrete cosine transform (type II, not normalised)."""
    frequency, place = np.arange(1, _BAND + 1)[:, None], np.arange(_SIDE)[None, :]
    return np.cos(np.pi / _SIDE * (place + 0.5) * frequency)
