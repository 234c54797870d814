"""A plane gives back what was written, wherever that is, and shares what was not."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings

from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, TILE, plane_of
from studio.domain.geometry import NOWHERE, Rect
from tests.domain.canvas.states import noise, rects, seeds


@settings(max_examples=30)
@given(rects, rects, seeds)
def test_a_later_writing_lies_over_an_earlier_one(first: Rect, second: Rect, seed: int) -> None:
    plane = plane_of(noise(first, seed), first.x, first.y).written(second, noise(second, seed + 1))
    whole = Rect(-400, -400, 1100, 1100)
    expected = np.zeros((1100, 1100, 4), np.uint8)
    expected[first.within(whole)] = noise(first, seed)
    expected[second.within(whole)] = noise(second, seed + 1)
    assert np.array_equal(plane.read(whole), expected)
    rows, columns = np.nonzero(expected.any(axis=2))
    tight = Rect.of_edges(int(columns.min()), int(rows.min()), int(columns.max()) + 1, int(rows.max()) + 1)
    assert plane.bounds == tight.moved(-400, -400)
    assert plane.tile_bounds.covers(plane.bounds)


def test_nothing_is_ever_written_to_again() -> None:
    plane = plane_of(noise(Rect(0, 0, 600, 10), 1))
    other = plane.written(Rect(0, 0, 5, 5), noise(Rect(0, 0, 5, 5), 2))
    assert other.tiles[1, 0] is plane.tiles[1, 0]
    assert np.array_equal(plane.read(Rect(0, 0, 600, 10)), noise(Rect(0, 0, 600, 10), 1))
    with pytest.raises(ValueError, match="read-only"):
        plane.tiles[0, 0][0, 0] = 1


def test_what_was_erased_takes_no_memory() -> None:
    rect = Rect(TILE - 3, -5, 6, 10)
    plane = plane_of(noise(rect, 1, 1), rect.x, rect.y)
    assert len(plane.tiles) == 4
    assert plane.written(rect, np.zeros((10, 6), np.uint8)).is_empty
    assert NO_MASK.bounds == NO_PIXELS.bounds == NOWHERE


def test_pixels_of_another_shape_are_refused() -> None:
    with pytest.raises(ValueError, match="cannot be written"):
        NO_PIXELS.written(Rect(0, 0, 2, 2), np.zeros((2, 3, 4), np.uint8))
