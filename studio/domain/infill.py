"""What surrounds a hole, spread over it: smooth colours without a seam."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def spread(values: NDArray[np.float32], known: NDArray[np.float32]) -> NDArray[np.float32]:
    """Spread what is known over what is not: sharp beside it, the smoother the further away.

    Pull and push: S. J. Gortler, R. Grzeszczuk, R. Szeliski, M. F. Cohen, The Lumigraph, SIGGRAPH 1996, section 3.4.
    Every value that comes out is a mean of known ones, so that nothing can overshoot. It takes time in proportion to
    the number of pixels, however large the hole.

    Args:
        values: (H, W, C), of any range; what is not known is not looked at, and must be finite.
        known: (H, W), 0 to 1: how far a pixel is to be believed; somewhere above 0.

    Returns:
        (H, W, C): ``values`` where ``known`` is 1.
    """
    levels = [(values, known)]
    while max(levels[-1][1].shape) > 1:
        levels.append(_halved(*levels[-1]))
    coarse = levels.pop()[0]
    for fine, weight in reversed(levels):
        height, width = weight.shape
        coarse = _doubled(_doubled(coarse, 0)[:height], 1)[:, :width]
        coarse += (fine - coarse) * weight[..., None]
    return coarse


def _halved(values: NDArray[np.float32], known: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the weighted means of half as many rows and columns.

    Each reaches over four by four pixels, so that what is known comes across an edge wherever that lies on the grid. A
    mean is believed in full from an eighth of its pixels on.
    """
    total = _reduced(_reduced(known[..., None], 0), 1)
    sums = _reduced(_reduced(values * known[..., None], 0), 1)
    means = np.zeros(sums.shape, np.float32)
    np.divide(sums, total, out=means, where=total > 0)
    return means, np.minimum(total[..., 0] * np.float32(8), np.float32(1))


def _reduced(array: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Return half as many rows or columns with the weights 1, 3, 3 and 1 eighths; beyond the border lies nothing."""
    along = np.moveaxis(array, axis, 0)
    along = np.pad(along, [(1, 1 + along.shape[0] % 2)] + [(0, 0)] * (along.ndim - 1))
    outer, inner = along[:-3:2] + along[3::2], along[1:-2:2] + along[2:-1:2]
    mean = ((3 * inner + outer) / 8).astype(np.float32, copy=False)
    return np.moveaxis(mean, 0, axis)


def _doubled(array: NDArray[np.float32], axis: int) -> NDArray[np.float32]:
    """Return twice as many rows or columns, interpolated between the centres of the old ones."""
    along = np.moveaxis(array, axis, 0)
    before = np.concatenate([along[:1], along[:-1]])
    after = np.concatenate([along[1:], along[-1:]])
    out = np.empty((2 * along.shape[0], *along.shape[1:]), along.dtype)
    out[::2] = 0.75 * along + 0.25 * before
    out[1::2] = 0.75 * along + 0.25 * after
    return np.moveaxis(out, 0, axis)
