"""Masks grow and shrink by discs, fade, and combine."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.layer import Layer
from studio.domain.canvas.mask import Combination, alpha_of, combined, feathered, full, grown, inverted, shrunk
from studio.domain.canvas.outline import ellipse, polygon, rectangle
from studio.domain.canvas.plane import NO_MASK, Plane, plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from tests.domain.canvas.states import noise

LOOK = Rect(-40, -40, 140, 120)
LIMIT = Rect(-500, -500, 1500, 1500)

shapes = st.builds(Rect, st.integers(-5, 40), st.integers(-5, 40), st.integers(1, 20), st.integers(1, 20))
seeds = st.integers(0, 99)
radii = st.integers(1, 9)


def mask_of(rect: Rect, seed: int) -> Plane:
    return plane_of(noise(rect, seed, 1), rect.x, rect.y)


def disc(radius: int) -> list[tuple[int, int]]:
    steps = range(-radius, radius + 1)
    return [(dx, dy) for dx in steps for dy in steps if dx * dx + dy * dy <= radius * radius]


@settings(max_examples=20)
@given(shapes, seeds, radii)
def test_growing_takes_the_largest_value_within_the_disc(rect: Rect, seed: int, radius: int) -> None:
    mask = mask_of(rect, seed)
    expected = np.max([mask.read(LOOK.moved(dx, dy)) for dx, dy in disc(radius)], axis=0)
    assert np.array_equal(grown(mask, radius).read(LOOK), expected)


@settings(max_examples=20)
@given(shapes, seeds, radii)
def test_shrinking_takes_the_least_value_within_the_disc(rect: Rect, seed: int, radius: int) -> None:
    mask = mask_of(rect, seed)
    expected = np.min([mask.read(LOOK.moved(dx, dy)) for dx, dy in disc(radius)], axis=0)
    assert np.array_equal(shrunk(mask, radius).read(LOOK), expected)


@settings(max_examples=15)
@given(shapes, seeds, shapes)
def test_inverting_twice_is_nothing_and_only_the_frame_is_touched(rect: Rect, seed: int, within: Rect) -> None:
    mask = mask_of(rect, seed)
    once = inverted(mask, within)
    assert inverted(once, within).equals(mask)
    outside = np.ones((LOOK.height, LOOK.width), np.bool_)
    outside[within.within(LOOK)] = False
    assert np.array_equal(once.read(LOOK)[outside], mask.read(LOOK)[outside])


def test_feathering_fades_to_both_sides_and_keeps_the_edge_in_the_middle() -> None:
    soft = feathered(full(Rect(0, 0, 200, 200)), 20)
    row = soft.read(Rect(-60, 100, 120, 1))[0].astype(int)
    assert np.all(np.diff(row) >= 0)
    assert row[60] == pytest.approx(128, abs=8)
    assert row[60 - 24] < 8
    assert row[60 + 24] > 247
    assert feathered(NO_MASK, 20) is NO_MASK


@settings(max_examples=15)
@given(shapes, shapes, seeds)
def test_areas_combine_as_sets_do(one: Rect, other: Rect, seed: int) -> None:
    state = CanvasState(selection=mask_of(one, seed), frame=Rect(0, 0, 64, 64))
    new = mask_of(other, seed + 1)
    old_values, new_values = mask_of(one, seed).read(LOOK), new.read(LOOK)
    expected = {
        Combination.REPLACE: new_values,
        Combination.ADD: np.maximum(old_values, new_values),
        Combination.SUBTRACT: np.minimum(old_values, 255 - new_values),
        Combination.INTERSECT: np.minimum(old_values, new_values),
    }
    for how, values in expected.items():
        found = combined(state, new, how)
        if values.any():
            assert found is not None
            assert np.array_equal(found.read(LOOK), values)
        else:
            assert found is None


def test_taking_away_from_everything_leaves_the_rest_of_frame_and_layers() -> None:
    state = CanvasState(frame=Rect(0, 0, 64, 32))
    left = combined(state, full(Rect(0, 0, 10, 32)), Combination.SUBTRACT)
    assert left is not None
    assert left.bounds == Rect(10, 0, 54, 32)
    assert combined(replace(state, selection=left), full(Rect(0, 0, 99, 99)), Combination.SUBTRACT) is None


def test_the_alpha_of_a_layer_lies_where_the_layer_does() -> None:
    pixels = np.zeros((4, 5, 4), np.uint8)
    pixels[1, 2] = (10, 20, 30, 77)
    mask = alpha_of(Layer(name="a", pixels=plane_of(pixels), offset=(100, 50)))
    assert mask.bounds == Rect(102, 51, 1, 1)
    assert mask.read(mask.bounds) == 77
    assert alpha_of(Layer(name="empty")) is NO_MASK


@settings(max_examples=20)
@given(st.floats(-60, 60), st.floats(-60, 60), st.floats(3, 90), st.floats(3, 90))
def test_an_ellipse_covers_its_area(x: float, y: float, width: float, height: float) -> None:
    plane = ellipse(x, y, x + width, y + height, LIMIT)
    area = plane.read(plane.bounds).sum() / 255
    assert area == pytest.approx(np.pi * width * height / 4, rel=0.1, abs=1.5)


@settings(max_examples=20)
@given(st.lists(st.tuples(st.floats(-60, 60), st.floats(-60, 60)), min_size=3, max_size=3))
def test_a_triangle_covers_its_area(points: list[tuple[float, float]]) -> None:
    (x0, y0), (x1, y1), (x2, y2) = points
    wanted = abs((x1 - x0) * (y2 - y0) - (x2 - x0) * (y1 - y0)) / 2
    plane = polygon(points, LIMIT)
    around = sum(np.hypot(a[0] - b[0], a[1] - b[1]) for a, b in zip(points, [*points[1:], points[0]], strict=True))
    # The outline is drawn by quarters of a pixel: where the triangle is next to a line, two of them are seen along it.
    assert abs(plane.read(plane.bounds).sum() / 255 - wanted) <= around / 4 + 1


def test_a_rectangle_takes_whole_pixels_whichever_corner_comes_first() -> None:
    assert rectangle(10.4, 20.6, 3.2, 4.4, LIMIT).bounds == Rect(3, 4, 7, 17)
    assert rectangle(-9999, -9999, 9999, 9999, LIMIT).bounds == LIMIT
    assert rectangle(5, 5, 5.2, 9, LIMIT) is NO_MASK


def test_a_large_outline_has_no_seam_between_its_bands() -> None:
    plane = polygon([(-300.0, -300.0), (600.0, -300.0), (600.0, 600.0), (-300.0, 600.0)], LIMIT)
    assert np.all(plane.read(Rect(-299, -299, 898, 898)) == 255)
    assert polygon([(0.0, 0.0), (5.0, 5.0)], LIMIT) is NO_MASK
