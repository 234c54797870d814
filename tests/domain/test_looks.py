"""A picture is known again by its look, whatever a messenger did to its file."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, ImageFilter

from studio.domain.looks import FEATURELESS, bits_apart, colour_distance, look_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

SAME_BITS = 8
SAME_COLOUR = 9.0
"""What `studio.services.look_alike` takes for the same picture."""


def landscape(seed: int, width: int = 256, height: int = 192) -> NDArray[np.uint8]:
    """Return (H, W, 3) uint8: soft large shapes with fine grain, as paintings have them."""
    dice = np.random.default_rng(seed)
    coarse = Image.fromarray(dice.integers(0, 256, (6, 8, 3), np.uint8)).resize(
        (width, height), Image.Resampling.BICUBIC
    )
    grain = dice.integers(-20, 21, (height, width, 1))
    return np.clip(np.asarray(coarse, np.int16) + grain, 0, 255).astype(np.uint8)


def sent_as_jpeg(pixels: NDArray[np.uint8], quality: int = 60, scale: float = 0.5) -> NDArray[np.uint8]:
    image = Image.fromarray(pixels)
    size = (round(image.width * scale), round(image.height * scale))
    buffer = io.BytesIO()
    image.resize(size, Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=quality)
    return np.asarray(Image.open(buffer))


def apart(one: NDArray[np.uint8], other: NDArray[np.uint8]) -> int:
    return int(bits_apart(np.array([look_of(one)]), look_of(other))[0])


@pytest.mark.parametrize("seed", range(12))
def test_a_shrunken_jpeg_looks_the_same(seed: int) -> None:
    picture = landscape(seed)
    assert apart(picture, sent_as_jpeg(picture)) <= SAME_BITS
    assert colour_distance(picture, sent_as_jpeg(picture)) < SAME_COLOUR


def test_different_pictures_look_different() -> None:
    looks = np.array([look_of(landscape(seed)) for seed in range(60)])
    closest = min(int(bits_apart(np.delete(looks, at), int(look)).min()) for at, look in enumerate(looks))
    assert closest > SAME_BITS


def test_other_colours_are_far_apart_though_their_hashes_are_equal() -> None:
    picture = landscape(3)
    grey = np.asarray(Image.fromarray(picture).convert("L").convert("RGB"))
    assert apart(picture, grey) <= 2
    assert colour_distance(picture, grey) > 10


def test_another_colour_in_one_place_is_noticed() -> None:
    picture = landscape(4)
    changed = np.array(Image.fromarray(picture).convert("YCbCr"))
    changed[72:96, 96:128, 1:] = 255 - changed[72:96, 96:128, 1:]
    changed = np.asarray(Image.fromarray(changed, "YCbCr").convert("RGB"))
    assert apart(picture, changed) <= SAME_BITS
    assert colour_distance(picture, changed) > 2 * SAME_COLOUR


def test_a_flat_picture_has_nothing_to_be_known_by() -> None:
    flat = np.full((64, 64, 3), 120, np.uint8)
    noise = np.random.default_rng(0).integers(119, 122, (64, 64, 3)).astype(np.uint8)
    assert look_of(flat) == look_of(noise) == FEATURELESS
    assert look_of(landscape(1)) != FEATURELESS


def test_a_transparent_picture_looks_as_it_does_on_white() -> None:
    picture = landscape(5)
    alpha = np.linspace(0, 255, picture.shape[1]).astype(np.uint8)[None, :].repeat(picture.shape[0], 0)
    straight = np.dstack([picture, alpha])
    white = Image.new("RGBA", (picture.shape[1], picture.shape[0]), "white")
    seen = np.asarray(Image.alpha_composite(white, Image.fromarray(straight)).convert("RGB"))
    assert look_of(straight) == look_of(seen)


def test_a_look_fits_into_a_signed_number_of_64_bits() -> None:
    looks = [look_of(landscape(seed)) for seed in range(40)]
    assert min(looks) >= -(2**63)
    assert max(looks) < 2**63
    assert min(looks) < 0 < max(looks)


def test_noise_and_blur_change_few_bits() -> None:
    picture = landscape(8)
    blurred = np.asarray(Image.fromarray(picture).filter(ImageFilter.GaussianBlur(2)))
    assert apart(picture, blurred) <= SAME_BITS
