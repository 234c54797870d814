"""Turned, flipped and scaled pixels."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.plane import NO_PIXELS, Plane, plane_of
from studio.domain.canvas.transform import Placement, placed
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import Rect
from tests.domain.canvas.states import noise

rects = st.builds(Rect, st.integers(-40, 40), st.integers(-40, 40), st.integers(1, 30), st.integers(1, 30))


def picture(rect: Rect, seed: int = 1) -> Plane:
    pixels = noise(rect, seed)
    pixels[..., 3] = 255  # so that the bounds are the rectangle
    return plane_of(pixels, rect.x, rect.y)


def middle(rect: Rect, *, scale: tuple[float, float] = (1, 1), angle: float = 0) -> Placement:
    return Placement(rect.x + rect.width / 2, rect.y + rect.height / 2, *scale, angle)


def content(plane: Plane) -> np.ndarray:
    return plane.read(plane.bounds)


@settings(max_examples=20)
@given(rects, st.sampled_from((90, 180, 270, -90, 450)), st.sampled_from((1, -1)), st.sampled_from((1, -1)))
def test_quarter_turns_and_flips_change_no_pixel(rect: Rect, angle: int, flip_x: int, flip_y: int) -> None:
    plane = picture(rect)
    out = placed(plane, middle(rect, scale=(flip_x, flip_y), angle=angle), is_fine=True)
    expected = np.rot90(content(plane)[::flip_y, ::flip_x], -angle // 90)
    assert np.array_equal(content(out), expected)


@settings(max_examples=10)
@given(rects)
def test_four_quarter_turns_or_one_back_lead_home(rect: Rect) -> None:
    plane = picture(rect)
    right = placed(plane, middle(rect, angle=90), is_fine=True)
    assert placed(right, middle(right.bounds, angle=-90), is_fine=True).equals(plane)
    half = placed(plane, middle(rect, angle=180), is_fine=True)
    assert placed(half, middle(half.bounds, angle=180), is_fine=True).equals(plane)


@settings(max_examples=15)
@given(rects, st.floats(0.2, 3), st.floats(0.2, 3), st.floats(-180, 180), st.booleans())
def test_the_result_lies_within_its_outline_and_is_premultiplied(
    rect: Rect, scale_x: float, scale_y: float, angle: float, is_fine: bool
) -> None:
    placement = middle(rect, scale=(scale_x, scale_y), angle=angle)
    speckled = noise(rect, 1)
    speckled[::2, ::2] = 0  # hard edges are what a filter overshoots at
    speckled[[0, -1]] = speckled[:, [0, -1]] = 255
    out = placed(plane_of(speckled, rect.x, rect.y), placement, is_fine=is_fine)
    pixels = content(out)
    assert np.all(pixels[..., :3] <= pixels[..., 3:])
    reach = math.hypot(rect.width * scale_x, rect.height * scale_y) / 2
    around = Rect.around(placement.x - reach, placement.y - reach, placement.x + reach, placement.y + reach).grown(1)
    assert around.covers(out.bounds)


@settings(max_examples=15)
@given(st.floats(0.3, 3), st.floats(-180, 180))
def test_a_plain_colour_stays_plain_and_covers_its_area(scale: float, angle: float) -> None:
    rect = Rect(5, 7, 40, 30)
    plane = plane_of(np.full((30, 40, 4), (90, 160, 30, 255), np.uint8), rect.x, rect.y)
    pixels = content(placed(plane, middle(rect, scale=(scale, scale), angle=angle), is_fine=True))
    assert pixels[..., 3].sum() / 255 == pytest.approx(40 * 30 * scale**2, rel=0.04)
    inside = pixels[pixels[..., 3] == 255]
    assert np.all(np.abs(inside.astype(int) - (90, 160, 30, 255)) <= 1)


def test_a_smaller_size_is_the_mean_and_no_choice_of_pixels() -> None:
    rect = Rect(0, 0, 128, 128)
    small = placed(picture(rect), middle(rect, scale=(0.25, 0.25)), is_fine=True).read(Rect(52, 52, 24, 24))
    before = content(picture(rect))
    # Of 16 pixels the mean spreads a quarter as far as they do; one in 16, or a few around it, nearly as far.
    assert small[..., 0].std() < before[..., 0].std() * 0.45
    assert small[..., 0].mean() == pytest.approx(before[..., 0].mean(), abs=6)


def test_crisp_pixels_stay_single_colours() -> None:
    rect = Rect(0, 0, 2, 2)
    out = placed(picture(rect), middle(rect, scale=(8, 8)), is_fine=False)
    assert len(np.unique(content(out).reshape(-1, 4), axis=0)) == 4
    assert out.bounds == Rect(-7, -7, 16, 16)


def test_of_nothing_comes_nothing_and_too_much_is_refused() -> None:
    assert placed(NO_PIXELS, Placement(0, 0), is_fine=True) is NO_PIXELS
    with pytest.raises(InvalidEdit, match="large"):
        placed(picture(Rect(0, 0, 30, 30)), Placement(0, 0, 1000, 1000), is_fine=True)


@settings(max_examples=20)
@given(st.floats(-90, 90), st.floats(-90, 90), st.floats(-180, 180), st.floats(0.2, 4), st.floats(-4, -0.2))
def test_in_and_out_of_a_placement_lead_home(x: float, y: float, angle: float, scale_x: float, scale_y: float) -> None:
    placement = Placement(12, -30, scale_x, scale_y, angle)
    along, across = placement.turned_back(*placement.out(x, y))
    assert (along / scale_x, across / scale_y) == pytest.approx((x, y), abs=1e-6)
