"""Tensors to pictures and back, rounding as the stock pipelines do."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.domain.errors import NotANumber
from studio.domain.picture import Mask, Picture

if TYPE_CHECKING:
    import torch
    from numpy.typing import NDArray


def to_pil(value: Picture | Mask) -> Image.Image:
    """Return a picture as an RGB image, or a mask as a grey one, as the pipelines take them."""
    return Image.fromarray(value.pixels if isinstance(value, Picture) else value.alpha)


def to_pixels(image: torch.Tensor) -> NDArray[np.uint8]:
    """Return the first picture of a batch.

    Args:
        image: (1, 3, H, W) of any float type, 0 to 1.

    Returns:
        (H, W, 3) uint8. Rounded as diffusers' ``VaeImageProcessor.numpy_to_pil`` does.

    Raises:
        NotANumber: a value is NaN or infinite.
    """
    values = image[0].detach().permute(1, 2, 0).cpu().float().numpy()
    if not np.isfinite(values).all():
        raise not_a_number("picture")
    return (values * 255).round().astype(np.uint8)


def not_a_number(what: str) -> NotANumber:
    """Return the error for NaN or infinite values in the latents or the picture."""
    return NotANumber(
        f"The {what} became NaN",
        "a number grew beyond the range of the number type that is computed in, or a weight of the model is damaged",
        "Use float32; if that does not help, get the model again",
    )
