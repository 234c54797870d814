"""Painting into a mask: pixels outside stay bit-identical, and denoisers of any latent width can do it."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from studio.engine.library import library_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.picture import Mask, Picture

STOCK_LATENT_CHANNELS: Final = 4
"""diffusers' inpainting pipeline blends the latents itself for denoisers of this width and refuses other widths."""


def composite(original: Picture, painted: NDArray[np.uint8], mask: Mask) -> NDArray[np.uint8]:
    """Lay what was painted over the original.

    Args:
        original: the picture painted into.
        painted: (H, W, 3) uint8; the autoencoder changed all of it a little.
        mask: 255 takes the painted pixel, 0 the original one exactly, values between blend.

    Returns:
        (H, W, 3) uint8.
    """
    alpha = mask.alpha[..., None].astype(np.uint16)
    # Exact at both ends, and 255 * 255 + 127 fits 16 bits.
    return ((painted * alpha + original.pixels * (255 - alpha) + 127) // 255).astype(np.uint8)


def as_stock_width(denoiser: Any) -> Any:  # noqa: ANN401 - diffusers is untyped
    """Return a denoiser that the stock inpainting pipeline lets blend its latents.

    The pipeline asks ``config.in_channels`` only to tell denoisers that read a mask (9) from those that do not (4),
    and takes the true width of the latents from the autoencoder. The copy says 4 and shares every weight and block.
    """
    if denoiser.config.in_channels == STOCK_LATENT_CHANNELS:
        return denoiser
    double = copy.copy(denoiser)
    frozen_dict = library_class("diffusers.configuration_utils", "FrozenDict")
    double._internal_dict = frozen_dict({**denoiser.config, "in_channels": STOCK_LATENT_CHANNELS})
    return double
