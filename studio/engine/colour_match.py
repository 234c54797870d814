"""Taking back the shift in colour that a trip through autoencoder and denoiser leaves on a fill."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy import ndimage

from studio.domain.infill import spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST: Final = 32.0
"""Most levels that a colour is moved by; what differs by more is another thing, not another shade."""


def matched(
    painted: NDArray[np.uint8], original: NDArray[np.uint8], kept: NDArray[np.bool_], reach: int
) -> NDArray[np.uint8]:
    """Return what was painted in the colours of the original around it.

    What lies around the fill was painted as well, and should have come out as it was. By how much it did not, in low
    frequencies, is spread over the fill and added: the membrane of P. Perez, M. Gangnet, A. Blake, Poisson Image
    Editing, SIGGRAPH 2003, approximated by pull and push as Z. Farbman, R. Fattal, D. Lischinski do in Convolution
    Pyramids, SIGGRAPH Asia 2011. It is a mean of the differences on the ring, so that it never exceeds those.

    Args:
        painted: (H, W, 3).
        original: (H, W, 3).
        kept: (H, W), True where the painter had to keep the original.
        reach: width of the ring in pixels, 1 and more.

    Returns:
        (H, W, 3); what was painted where there is no ring.
    """
    ring = kept & np.asarray(ndimage.maximum_filter(~kept, 2 * reach + 1), bool)
    if not ring.any():
        return painted
    weights = ring.astype(np.float32)
    difference = (original.astype(np.float32) - painted) * weights[..., None]
    sigma = reach / 2
    sums = ndimage.gaussian_filter(difference, (sigma, sigma, 0), mode="constant")
    total = ndimage.gaussian_filter(weights, sigma, mode="constant")[..., None]
    means = np.divide(sums, total, out=np.zeros_like(sums), where=weights[..., None] > 0)
    shift = spread(means.clip(-MOST, MOST), weights)
    return np.rint(painted + shift).clip(0, 255).astype(np.uint8)
