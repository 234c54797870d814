"""A shift that painting left is taken back by what it did to the pixels around, and by no more."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.engine.colour_match import MOST, matched

DICE = np.random.default_rng(8)
SIDE = 48


def inner(side: int = SIDE) -> np.ndarray:
    kept = np.ones((side, side), bool)
    kept[side // 4 : -side // 4, side // 4 : -side // 4] = False
    return kept


def test_one_shift_all_over_is_taken_back() -> None:
    original = DICE.integers(40, 200, (SIDE, SIDE, 3), np.uint8)
    shifted = (original + np.array([9, -7, 4])).astype(np.uint8)
    assert np.abs(matched(shifted, original, inner(), 6).astype(int) - original)[~inner()].max() <= 1


def test_a_shift_that_differs_from_side_to_side_is_taken_back_along_the_way() -> None:
    original = np.full((SIDE, SIDE, 3), 120, np.uint8)
    slope = np.linspace(-12, 12, SIDE)[None, :, None]
    shifted = np.rint(original + slope).astype(np.uint8)
    assert np.abs(matched(shifted, original, inner(), 4).astype(int) - original)[~inner()].max() <= 4


def test_fine_noise_on_the_ring_does_not_reach_the_fill() -> None:
    original = np.full((SIDE, SIDE, 3), 120, np.uint8)
    noisy = original + DICE.integers(-20, 21, original.shape)
    painted = np.where(inner()[..., None], noisy, original).astype(np.uint8)
    assert np.abs(matched(painted, original, inner(), 12).astype(int) - original)[~inner()].max() <= 6


@settings(max_examples=25)
@given(seed=st.integers(0, 2**32), reach=st.integers(1, 9))
def test_no_pixel_moves_by_more_than_a_shade(seed: int, reach: int) -> None:
    dice = np.random.default_rng(seed)
    original, painted = dice.integers(0, 256, (2, 20, 24, 3), np.uint8)
    kept = dice.random((20, 24)) < 0.5
    moved = matched(painted, original, kept, reach).astype(int) - painted
    assert np.abs(moved).max() <= MOST + 1


@pytest.mark.parametrize("keeps", [True, False], ids=["no-fill", "no-ring"])
def test_without_fill_or_ring_there_is_nothing_to_match(keeps: bool) -> None:
    original, painted = DICE.integers(0, 256, (2, 8, 8, 3), np.uint8)
    assert np.array_equal(matched(painted, original, np.full((8, 8), keeps), 3), painted)
