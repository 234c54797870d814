"""Painting into a mask: pixels outside stay bit-identical, and denoisers of any latent width can do it."""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, assert_never

import numpy as np
from scipy import ndimage

from studio.domain.infill import spread
from studio.domain.inpainting import Fill
from studio.domain.picture import Mask, Picture
from studio.engine.colour_match import matched
from studio.engine.crop import Crop, scaled
from studio.engine.library import library_class

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.request import Inpaint

STOCK_LATENT_CHANNELS: Final = 4
"""diffusers' inpainting pipeline blends the latents itself for denoisers of this width and refuses other widths."""
SOLID: Final = 64
"""From this grey level on a soft mask shows nothing but what was painted; below it fades, for 0 shows the original."""
_GRAIN: Final = 48.0
"""Standard deviation of the noise fill in levels: enough for any colour to come up."""
_RING_LATENTS: Final = 3
"""Width of the ring that colours are matched on; one latent of it still feels its painted neighbour."""


@dataclass(frozen=True, slots=True, eq=False)
class Patch:
    """The part of a picture that is painted, as the model is given it.

    Attributes:
        crop: where it lies and how large it is painted.
        image: what is painted over, in the painted size, with its fill.
        mask: in the painted size; 255 on every latent that may change, else 0.
        change: (h, w) float32, of latent size: the share of the steps that each latent is painted for, 0 to 1.
    """

    crop: Crop
    image: Picture
    mask: Mask
    change: NDArray[np.float32]


def patch_of(request: Inpaint, crop: Crop, latent: int, seed: int) -> Patch:
    """Return what the model paints over.

    Args:
        request: the whole picture and its mask.
        crop: the part of it.
        latent: pixels a latent is wide; divides the sides of the crop's size.
        seed: of the noise that a fill may be.
    """
    mask = scaled(crop.cut(request.mask.alpha), crop.size)
    change = changes(mask, latent, soft=request.method.soft)
    image = scaled(crop.cut(request.image.pixels), crop.size)
    weights = (mask / 255 if request.method.soft else mask > 0).astype(np.float32)
    may_change = np.kron(change > 0, np.ones((latent, latent), np.uint8))
    return Patch(
        crop, Picture(filled(image, weights, request.method.fill, seed, latent)), Mask(may_change * 255), change
    )


def finished(request: Inpaint, patch: Patch, painted: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the whole picture with what was painted laid in.

    Args:
        request: the whole picture, its mask and how to lay in.
        patch: what the model was given.
        painted: (H, W, 3) uint8, what it made of it.

    Returns:
        (H, W, 3) uint8; where the mask is 0, the original pixels exactly.
    """
    area = patch.crop.area
    original = patch.crop.cut(request.image.pixels)
    mask = patch.crop.cut(request.mask.alpha)
    laid = scaled(painted, area.size)
    if request.method.match_colour:
        kept = (scaled(patch.mask.alpha, area.size) == 0) & (mask == 0)
        latent = patch.mask.alpha.shape[1] / patch.change.shape[1] * area.width / patch.crop.size.width
        laid = matched(laid, original, kept, max(1, round(_RING_LATENTS * latent)))
    opacity = Mask(opacities(mask, request.method.edge, soft=request.method.soft))
    out = request.image.pixels.copy()
    patch.crop.cut(out)[:] = composite(Picture(original), laid, opacity)
    return out


def changes(mask: NDArray[np.uint8], latent: int, *, soft: bool) -> NDArray[np.float32]:
    """Return for how much of the way each latent is painted, (h, w), 0 to 1.

    Args:
        mask: (H, W), multiples of ``latent``.
        latent: pixels a latent is wide.
        soft: by the mean level of its pixels in the mask, less where those are fewer than half of them; else 1 for
            every latent with a pixel in the mask.
    """
    height, width = mask.shape[0] // latent, mask.shape[1] // latent
    cells = mask.reshape(height, latent, width, latent).swapaxes(1, 2).reshape(height, width, -1)
    inside = np.count_nonzero(cells, axis=2)
    if not soft:
        return (inside > 0).astype(np.float32)
    levels = cells.sum(axis=2, dtype=np.float32) / (255 * np.maximum(inside, 1))
    return (levels * np.minimum(1, 2 * inside / latent**2)).astype(np.float32)


def filled(
    image: NDArray[np.uint8], weights: NDArray[np.float32], fill: Fill, seed: int, latent: int
) -> NDArray[np.uint8]:
    """Return the picture with its fill.

    Args:
        image: (H, W, 3).
        weights: (H, W), 0 to 1: how much of the fill shows.
        fill: what it is.
        seed: of the noise.
        latent: pixels a latent is wide; the noise has coarse grains of that size, and fine ones.
    """
    match fill:
        case Fill.ORIGINAL:
            return image
        case Fill.BLURRED:
            ground = _surroundings(image, weights)
        case Fill.NOISE:
            dice = np.random.default_rng(seed)
            height, width = weights.shape
            coarse = dice.normal(0, _GRAIN, (-(-height // latent), -(-width // latent), 3))
            grains = coarse.repeat(latent, axis=0).repeat(latent, axis=1)[:height, :width]
            ground = _surroundings(image, weights) + grains + dice.normal(0, _GRAIN / 2, image.shape)
        case _:
            assert_never(fill)
    mixed = image + (ground - image) * weights[..., None]
    return np.rint(mixed).clip(0, 255).astype(np.uint8)


def opacities(mask: NDArray[np.uint8], edge: int, *, soft: bool) -> NDArray[np.uint8]:
    """Return how much of the painted picture shows, (H, W): 0 wherever the mask is 0.

    Args:
        mask: (H, W).
        edge: pixels over which it fades in from the mask's border inwards; where the mask is too narrow for that, it
            still shows in full in the middle.
        soft: whether a grey level says how long a pixel was painted, and not how much of it shows.
    """
    shown = np.minimum(1.0, mask / SOLID) if soft else mask / 255
    if edge > 0 and not mask.all():
        depth = np.asarray(ndimage.distance_transform_edt(mask))
        # Three quarters of how deep the mask is hereabouts: a line of a few pixels keeps a middle.
        deepest = ndimage.maximum_filter(depth, 2 * edge + 1)
        share = np.minimum(1.0, depth / np.minimum(edge, np.maximum(1.0, 0.75 * deepest)))
        shown *= share * share * (3 - 2 * share)
    return np.rint(shown * 255).astype(np.uint8)


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


def _surroundings(image: NDArray[np.uint8], weights: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return what surrounds the fill, spread over it; the mean of the picture where it is all fill."""
    known = (weights == 0).astype(np.float32)
    if not known.any():
        return np.broadcast_to(image.mean(axis=(0, 1), dtype=np.float32), image.shape)
    return spread(image.astype(np.float32), known)


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
