"""The brush: what a dab covers, and what a stroke does to the ground."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.brush import Dabs, Tip, cover_of
from studio.domain.canvas.commands import Ground, SetMask
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.ink import MASKING, Inked, covered
from studio.domain.canvas.plane import NO_MASK, plane_of
from studio.domain.canvas.stroke import Stroke
from studio.domain.canvas.stroke_path import StrokePath, Touch
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from studio.domain.canvas.plane import Plane

    Points = Sequence[tuple[float, float]]

AREA = Rect(-40, -40, 240, 160)


def drawn(tip: Tip, points: Points, pressures: list[float] | None = None, ground: Plane = NO_MASK) -> NDArray[np.uint8]:
    """Return what a stroke leaves on a mask: (160, 240) uint8 of `AREA`."""
    levels = pressures or [1.0] * len(points)
    touches = [Touch(*point, level) for point, level in zip(points, levels, strict=True)]
    document = CanvasDocument()
    document.apply(SetMask(ground))
    inked = Inked(Ground.MASK, ground.read, MASKING, None)
    stroke = Stroke(tip, inked, touches[0], "Brush")
    for edits in (stroke.begin(), *(stroke.to(touch) for touch in touches[1:]), stroke.end()):
        for edit in edits:
            document.apply(edit)
    return document.state.mask.read(AREA)


@pytest.mark.parametrize("size", [1, 2.5, 7, 40, 200])
@pytest.mark.parametrize("hardness", [0, 0.5, 1])
def test_a_dab_is_round_and_fades_outwards(size: float, hardness: float) -> None:
    cover = cover_of(size, hardness)
    assert np.allclose(cover, cover[::-1])
    assert np.allclose(cover, cover.T)
    assert 0 <= cover.min() <= cover.max() <= 1
    assert cover[0].max() == 0, "it is cut off"
    middle = cover[len(cover) // 2, len(cover) // 2 :]
    assert np.all(np.diff(middle) <= 0)


@pytest.mark.parametrize("size", [0.4, 1, 3, 10, 51.5, 200])
def test_a_hard_dab_covers_the_area_of_its_disc(size: float) -> None:
    area = float(cover_of(size, 1).sum())
    # Below a pixel it is a line's width that counts, not the area: a line of half a pixel is half as dark.
    wanted = size * math.pi / 4 if size <= 1 else math.pi * size**2 / 4
    assert area == pytest.approx(wanted, rel=0.03)


@settings(max_examples=20)
@given(st.floats(-9, 9), st.floats(-9, 9), st.sampled_from((3.0, 9.0, 60.0)))
def test_a_dab_lies_where_it_was_put_to_an_eighth_of_a_pixel(x: float, y: float, size: float) -> None:
    dab = Dabs(0.5).at(x, y, size)
    # The middle of a small disc's pixels lies up to three hundredths beside the disc's own.
    near = 0.125 + 0.03
    rows, columns = np.mgrid[: len(dab.cover), : len(dab.cover)] + 0.5
    weight = dab.cover.sum()
    assert (columns * dab.cover).sum() / weight + dab.left == pytest.approx(x, abs=near)
    assert (rows * dab.cover).sum() / weight + dab.top == pytest.approx(y, abs=near)


def test_a_click_paints_one_dab() -> None:
    marks = drawn(Tip(size=20), [(50, 30)])
    assert marks[30 + 40, 50 + 40] == 255
    assert (marks > 127).sum() == pytest.approx(math.pi * 100, rel=0.05)


@settings(max_examples=15)
@given(
    st.lists(st.floats(0.01, 0.99), max_size=12),
    st.sampled_from((Tip(size=20, hardness=0.3), Tip(size=6, flow=0.3), Tip(size=30, hardness=0, smoothing=15))),
)
def test_a_line_is_the_same_however_it_is_cut_into_events(cuts: list[float], tip: Tip) -> None:
    (x0, y0), (x1, y1) = (10.0, 15.0), (150.0, 70.0)
    points = [(x0 + (x1 - x0) * t, y0 + (y1 - y0) * t) for t in (0.0, *sorted(cuts), 1.0)]
    whole = drawn(tip, [points[0], points[-1]])
    parts = drawn(tip, points)
    # A dab may lie an eighth of a pixel elsewhere.
    assert np.abs(whole.astype(int) - parts).max() <= (40 if tip.size < 10 else 24)
    assert np.abs(whole.astype(int) - parts).mean() < 0.6


@settings(max_examples=15)
@given(st.lists(st.tuples(st.floats(-500, 500), st.floats(-500, 500)), min_size=1, max_size=8))
def test_touches_lie_at_even_distance(points: Points) -> None:
    path = StrokePath(Touch(0, 0), lambda _: 7.0)
    touches = [Touch(0, 0), *(touch for point in points for touch in path.to(Touch(*point))), *path.end()]
    steps = [math.dist(one[:2], other[:2]) for one, other in pairwise(touches)]
    # Along the curve it is 7; the straight way is as long or shorter where the curve bends.
    assert all(step <= 7.001 for step in steps)
    assert math.dist(touches[-1][:2], points[-1]) <= 7.001 or points[-1] == (0, 0)


def test_few_points_make_a_curve_and_no_corners() -> None:
    path = StrokePath(Touch(0, 0), lambda _: 1.0)
    corners = [(40.0, 0.0), (80.0, 40.0), (80.0, 80.0)]
    touches = [touch for point in corners for touch in path.to(Touch(*point))] + list(path.end())
    angles = [math.atan2(b.y - a.y, b.x - a.x) for a, b in pairwise(touches)]
    assert max(abs(b - a) for a, b in pairwise(angles)) < math.radians(12)


@pytest.mark.parametrize("smoothing", [0.0, 10.0, 60.0])
def test_a_stroke_ends_where_the_pen_does(smoothing: float) -> None:
    marks = drawn(Tip(size=9, smoothing=smoothing), [(10, 10), (60, 40), (120, 20), (150, 70)])
    assert marks[70 + 40, 150 + 40] > 200


def test_smoothing_calms_a_shaky_hand() -> None:
    shaky = [(float(x), 40.0 + (6 if x % 8 else -6)) for x in range(0, 160, 4)]

    def unrest(smoothing: float) -> float:
        path = StrokePath(Touch(*shaky[0]), lambda _: 2.0, smoothing)
        touches = [touch for point in shaky[1:] for touch in path.to(Touch(*point))]
        return float(np.std([touch.y for touch in touches if 40 < touch.x < 110]))

    assert unrest(25) < unrest(0) / 3


def test_within_one_stroke_nothing_is_darker_than_its_opacity() -> None:
    there_and_back = [(10.0, 40.0), (150.0, 40.0)] * 4
    assert drawn(Tip(size=20, opacity=0.5), there_and_back).max() == 128
    assert drawn(Tip(size=20, opacity=0.5, flow=0.1), there_and_back).max() <= 128


def test_flow_builds_up_where_the_stroke_crosses_itself() -> None:
    tip = Tip(size=20, flow=0.1, spacing=0.3)
    once, twice = (drawn(tip, path) for path in ([(10, 40), (150, 40)], [(10, 40), (150, 40), (10, 40)]))
    assert twice[80, 120] > once[80, 120] + 20


def test_a_second_stroke_goes_on_from_what_the_first_left() -> None:
    tip = Tip(size=20, opacity=0.5)
    once = drawn(tip, [(10, 40), (150, 40)])
    twice = drawn(tip, [(10, 40), (150, 40)], ground=plane_of(once, AREA.x, AREA.y))
    assert (once.max(), twice.max()) == (128, 192)


def test_a_hard_brush_of_one_pixel_draws_single_pixels_without_corners() -> None:
    marks = drawn(Tip(size=1, hardness=1), [(10.5, 10.5), (60.2, 31.7), (90.1, 80.4), (10.5, 80.5)])
    assert set(np.unique(marks).tolist()) == {0, 255}
    on = marks > 0
    squares = on[1:, 1:] & on[1:, :-1] & on[:-1, 1:] & on[:-1, :-1]
    assert not squares.any()
    assert on[10 + 40, 10 + 40]
    assert on[80 + 40, 10 + 40]
    level = drawn(Tip(size=1, hardness=1), [(10.5, 10.5), (60.5, 10.5)])
    assert (level > 0).sum() == 51


def test_pressure_makes_the_line_wide() -> None:
    points = [(float(x), 40.0) for x in range(0, 161, 4)]
    marks = drawn(Tip(size=40, does_pressure_size=True), points, [x / 160 for x, _ in points])
    widths = (marks[:, 40:200] > 127).sum(0)
    assert widths[40] == pytest.approx(10, abs=3)
    assert widths[80] == pytest.approx(20, abs=3)
    assert widths[140] == pytest.approx(35, abs=3)


def test_pressure_makes_the_line_dark_along_its_curve() -> None:
    points = [(float(x), 40.0) for x in range(0, 161, 4)]
    tip = Tip(size=30, does_pressure_fade=True, gamma=2)
    marks = drawn(tip, points, [0.5] * len(points))
    assert marks.max() == 64
    back = [*points, *points[::-1]]
    lighter_later = drawn(tip, back, [1.0] * len(points) + [0.3] * len(points))
    assert lighter_later[80, 120] == 255, "a light touch must not take away"


@settings(max_examples=20)
@given(st.integers(0, 2**32 - 1))
def test_covering_is_source_over_to_the_nearest_byte(seed: int) -> None:
    dice = np.random.default_rng(seed)
    ground = dice.integers(0, 256, (5, 7, 4), np.uint8)
    alpha = dice.integers(0, 256, (5, 7), np.uint16)
    ink = dice.integers(0, 256, 4, np.uint16)
    exact = (ground * (255 - alpha[..., None].astype(float)) + ink * alpha[..., None].astype(float)) / 255
    assert np.array_equal(covered(ground, alpha, ink), np.floor(exact + 0.5))
    whole = np.broadcast_to(ink.astype(np.uint8), ground.shape)
    assert np.array_equal(covered(ground, alpha, whole.copy()), np.floor(exact + 0.5))
