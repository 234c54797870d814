"""Two pictures are told apart to the last bit, and where they differ is seen."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from studio.domain.difference import MOST_GAIN, PEAK, difference_of
from studio.domain.errors import InvalidRequest
from studio.domain.picture import Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

PIXELS = arrays.arrays(np.uint8, (3, 4, 3), elements=st.integers(0, 255))


def grey(value: int, width: int = 8, height: int = 5) -> NDArray[np.uint8]:
    return np.full((height, width, 3), value, np.uint8)


def test_a_picture_is_identical_to_itself() -> None:
    same = difference_of(Picture(grey(90)), Picture(grey(90)))
    assert same.is_identical
    assert same.described() == "Identical to the last bit"
    assert (same.changed, same.psnr_db, int(same.map.pixels.max())) == (0.0, math.inf, 0)


def test_one_step_in_one_channel_of_one_pixel_is_found_and_seen() -> None:
    other = grey(90)
    other[2, 3, 1] = 91
    found = difference_of(Picture(grey(90)), Picture(other))
    assert not found.is_identical
    assert (found.largest, found.gain, found.changed) == (1, MOST_GAIN, 1 / 40)
    assert found.map.pixels[2, 3].tolist() == [0, MOST_GAIN, 0]
    assert found.psnr_db == pytest.approx(10 * math.log10(255**2 * 120))


def test_a_few_pixels_of_many_are_not_rounded_away() -> None:
    other = grey(90, 200, 100)
    other[0, 0] = 95
    words = difference_of(Picture(grey(90, 200, 100)), Picture(other)).described()
    assert "under 0.1 % of the pixels differ, by 5 of 255 at most" in words


def test_a_rest_that_is_the_same_is_not_rounded_away() -> None:
    other = grey(95, 200, 100)
    other[0, 0] = 90
    assert "over 99.9 %" in difference_of(Picture(grey(90, 200, 100)), Picture(other)).described()


def test_black_and_white_are_as_far_apart_as_can_be() -> None:
    found = difference_of(Picture(grey(0)), Picture(grey(255)))
    assert found.described() == "0.0 dB PSNR, 100 % of the pixels differ, by 255 of 255 at most"


def test_other_sizes_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="One has 8 x 5 pixels, the other 5 x 8"):
        difference_of(Picture(grey(0)), Picture(grey(0, 5, 8)))


@settings(max_examples=40)
@given(PIXELS, PIXELS)
def test_the_order_does_not_matter_and_nothing_overflows(first: NDArray[np.uint8], second: NDArray[np.uint8]) -> None:
    there, back = difference_of(Picture(first), Picture(second)), difference_of(Picture(second), Picture(first))
    exact = np.abs(first.astype(int) - second.astype(int))
    assert np.array_equal(there.map.pixels, exact * there.gain)
    assert there.map == back.map
    assert there.largest == exact.max()
    assert there.largest * there.gain <= PEAK
    if exact.any():
        assert there.psnr_db == pytest.approx(10 * math.log10(PEAK**2 / np.mean(exact**2)))
