"""What is cut out holds the mask and its surroundings, lies in the picture, and is painted in about the native size."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.geometry import Rect, Size
from studio.domain.inpainting import PLAIN, Inpainting
from studio.domain.picture import Mask, Picture
from studio.domain.request import Inpaint
from studio.engine.crop import bounds, crop_of, scaled
from tests.engine.requests import ref, sampling

NATIVE, MULTIPLE = 64, 8


def inpaint(size: Size, box: Rect, method: Inpainting) -> Inpaint:
    alpha = np.zeros((size.height, size.width), np.uint8)
    rows, columns = box.within(Rect(0, 0, size.width, size.height))
    alpha[rows, columns] = 200
    image = Picture(np.zeros((size.height, size.width, 3), np.uint8))
    return Inpaint(model=ref(), prompt="", sampling=sampling(), image=image, mask=Mask(alpha), method=method)


@st.composite
def inpaints(draw: st.DrawFn) -> Inpaint:
    size = Size(draw(st.integers(1, 300)), draw(st.integers(1, 300)))
    left, top = draw(st.integers(0, size.width - 1)), draw(st.integers(0, size.height - 1))
    right, bottom = draw(st.integers(left + 1, size.width)), draw(st.integers(top + 1, size.height))
    padding = draw(st.integers(0, 80))
    return inpaint(size, Rect.of_edges(left, top, right, bottom), Inpainting(padding=padding))


@settings(max_examples=100)
@given(inpaints())
def test_a_crop_holds_mask_and_padding_and_fits_picture_and_model(request: Inpaint) -> None:
    crop = crop_of(request, NATIVE, MULTIPLE)
    whole = Rect(0, 0, request.width, request.height)
    assert request.method.padding is not None
    assert whole.covers(crop.area)
    assert crop.area.covers(bounds(request.mask.alpha).grown(request.method.padding).intersected(whole))
    assert crop.size.width % MULTIPLE == crop.size.height % MULTIPLE == 0
    assert crop.size.width * crop.size.height <= (1.6 * NATIVE + MULTIPLE) ** 2


@pytest.mark.parametrize(
    ("size", "box", "padding", "area", "painted"),
    [
        # Small: a square of what is asked for, painted large.
        (Size(300, 300), Rect(100, 100, 10, 4), 8, Rect(100 - 8, 89, 26, 26), Size(64, 64)),
        # Nearly the native size: exactly that, and no scaling.
        (Size(300, 300), Rect(100, 100, 40, 40), 8, Rect(88, 88, 64, 64), Size(64, 64)),
        # In a corner: shifted into the picture.
        (Size(300, 300), Rect(0, 0, 40, 40), 8, Rect(0, 0, 64, 64), Size(64, 64)),
        # A little larger than the native size, as when a picture is continued: pixel by pixel.
        (Size(96, 64), Rect(64, 0, 32, 64), 64, Rect(0, 0, 96, 64), Size(96, 64)),
        # Much larger: painted smaller, in its own shape.
        (Size(300, 300), Rect(0, 0, 300, 300), 8, Rect(0, 0, 300, 300), Size(64, 64)),
        # A picture of no multiple: painted in the nearest one.
        (Size(61, 67), Rect(0, 0, 61, 67), 0, Rect(0, 0, 61, 67), Size(64, 64)),
    ],
)
def test_a_crop_is_as_the_model_likes_it(size: Size, box: Rect, padding: int, area: Rect, painted: Size) -> None:
    crop = crop_of(inpaint(size, box, Inpainting(padding=padding)), NATIVE, MULTIPLE)
    assert (crop.area, crop.size) == (area, painted)


def test_without_padding_it_is_the_whole_picture_as_it_is() -> None:
    crop = crop_of(inpaint(Size(300, 200), Rect(5, 5, 9, 9), PLAIN), NATIVE, MULTIPLE)
    assert (crop.area, crop.size) == (Rect(0, 0, 300, 200), Size(300, 200))


@pytest.mark.parametrize("tail", [(), (3,)])
def test_what_has_its_size_already_is_not_touched(tail: tuple[Any, ...]) -> None:
    pixels = np.zeros((8, 16, *tail), np.uint8)
    assert scaled(pixels, Size(16, 8)) is pixels
    assert scaled(pixels, Size(8, 24)).shape == (24, 8, *tail)
