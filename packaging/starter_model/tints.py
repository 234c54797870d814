"""Recolouring: turn a thing's main hue to the colour a caption asks for and keep its shading."""

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# Hue of each colour word, 0 to 1 round the colour circle.
TINTS: dict[str, float] = {
    "red": 0.0,
    "orange": 0.075,
    "yellow": 0.145,
    "green": 0.33,
    "teal": 0.49,
    "blue": 0.61,
    "purple": 0.76,
    "pink": 0.92,
}
_LEAST_COLOURED_PIXELS = 50
_HUE_SPREAD_KEPT = 0.12


def tint(image: Image.Image, hue: float) -> Image.Image | None:
    """Turn the coloured parts of a picture to a hue.

    Args:
        image: (H, W) RGBA.
        hue: Target hue, 0 to 1.

    Returns:
        The recoloured picture, or None where there is next to no colour to turn.
    """
    pixels: NDArray[np.float32] = np.asarray(image, dtype=np.float32) / np.float32(255)
    rgb, alpha = pixels[..., :3], pixels[..., 3:]
    value = rgb.max(-1)
    chroma = value - rgb.min(-1)
    saturation = chroma / np.maximum(value, 1e-6)
    hues = _hues(rgb, value, chroma)
    coloured = (saturation > 0.18) & (alpha[..., 0] > 0.3)
    if int(coloured.sum()) < _LEAST_COLOURED_PIXELS:
        return None
    angles = hues[coloured] * 2 * np.pi
    main = np.arctan2(np.sin(angles).mean(), np.cos(angles).mean()) / (2 * np.pi)
    turned = (hue + _HUE_SPREAD_KEPT * ((hues - main + 0.5) % 1 - 0.5)) % 1
    weight = np.clip((saturation - 0.12) / 0.15, 0, 1)[..., None]
    recoloured = rgb * (1 - weight) + _to_rgb(turned, np.clip(saturation * 1.05, 0, 1), value) * weight
    joined = np.concatenate([recoloured, alpha], -1)
    return Image.fromarray((joined * 255).round().clip(0, 255).astype(np.uint8), "RGBA")


def _hues(rgb: NDArray[np.float32], value: NDArray[np.float32], chroma: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the hue of each pixel, (H, W) in 0 to 1 (https://en.wikipedia.org/wiki/HSL_and_HSV#From_RGB)."""
    red, green, blue = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    safe = np.maximum(chroma, 1e-6)
    sixths = np.where(
        value == red,
        ((green - blue) / safe) % 6,
        np.where(value == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    return (sixths / 6).astype(np.float32)


def _to_rgb(
    hues: NDArray[np.float32], saturation: NDArray[np.float32], value: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return (H, W, 3) sRGB of HSV planes, all in 0 to 1 (the same page, "HSV to RGB")."""
    sector = np.floor(hues * 6).astype(int) % 6
    rest = hues * 6 - np.floor(hues * 6)
    low = value * (1 - saturation)
    falling = value * (1 - rest * saturation)
    rising = value * (1 - (1 - rest) * saturation)
    planes = (
        (value, falling, low, low, rising, value),
        (rising, value, value, falling, low, low),
        (low, low, rising, value, value, falling),
    )
    return np.stack([np.choose(sector, plane) for plane in planes], -1).astype(np.float32)
