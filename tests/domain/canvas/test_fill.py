"""A fill finds what is alike, and what can be reached."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.fill import alike, connected
from studio.domain.canvas.gradient import linear, mixed, radial
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray


def reached(mask: NDArray[np.bool_], x: int, y: int) -> NDArray[np.bool_]:
    """Flood a mask pixel by pixel."""
    out = np.zeros_like(mask)
    waiting = deque([(y, x)])
    while waiting:
        row, column = waiting.popleft()
        inside = 0 <= row < mask.shape[0] and 0 <= column < mask.shape[1]
        if inside and mask[row, column] and not out[row, column]:
            out[row, column] = True
            waiting += [(row + 1, column), (row - 1, column), (row, column + 1), (row, column - 1)]
    return out


@settings(max_examples=60)
@given(st.integers(0, 2**32 - 1), st.integers(1, 24), st.integers(1, 24), st.floats(0.3, 0.95))
def test_it_reaches_what_a_flood_reaches(seed: int, height: int, width: int, density: float) -> None:
    mask = np.random.default_rng(seed).random((height, width)) < density
    for y, x in np.argwhere(mask)[:: max(1, mask.sum() // 5)].tolist():
        assert np.array_equal(connected(mask, x, y), reached(mask, x, y))


def test_it_finds_its_way_through_a_spiral() -> None:
    side = 61
    mask = np.zeros((side, side), np.bool_)
    row, column, turn = 0, 0, (0, 1)
    mask[0, 0] = True
    for length in [side - 1, *(step for step in range(side - 1, 1, -2) for _ in (0, 1))]:
        for _ in range(length):
            row, column = row + turn[0], column + turn[1]
            mask[row, column] = True
        turn = (turn[1], -turn[0])
    assert np.array_equal(connected(mask, 0, 0), mask)
    assert np.array_equal(connected(mask, column, row), reached(mask, column, row))


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(0, 255))
def test_nothing_beyond_the_tolerance_is_alike(seed: int, tolerance: int) -> None:
    pixels = np.random.default_rng(seed).integers(0, 256, (9, 11, 4), np.uint8)
    found = alike(pixels, 4, 3, tolerance)
    distance = np.abs(pixels.astype(int) - pixels[3, 4].astype(int)).max(2)
    assert np.array_equal(found, distance <= tolerance)
    assert found[3, 4]


def test_a_linear_gradient_runs_from_its_start_to_its_end() -> None:
    shares = linear(Rect(-10, 0, 120, 3), (0, 1), (100, 1))
    assert np.all(shares[:, :10] == 0)
    assert np.all(shares[:, -10:] == 1)
    assert np.allclose(shares[1, 10:110], (np.arange(100) + 0.5) / 100, atol=1e-5)


def test_a_radial_gradient_grows_with_the_distance() -> None:
    shares = radial(Rect(-50, -50, 100, 100), (0, 0), (30, 40))
    assert shares[50, 50] < 0.02
    assert shares[0, 0] == 1
    assert np.allclose(shares, shares[::-1, ::-1])
    assert np.allclose(shares[50, 50:], np.hypot(np.arange(50) + 0.5, 0.5) / 50, atol=1e-5)


def test_half_way_lies_the_mean_of_both_colours() -> None:
    shares = np.array([[0, 0.5, 1]], np.float32)
    assert mixed(shares, (200, 0, 90, 255), (0, 0, 0, 0))[0].tolist() == [[200, 0, 90, 255], [100, 0, 45, 128], [0] * 4]
