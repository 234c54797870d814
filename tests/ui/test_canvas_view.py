"""Looking around: geometry of the view, without widgets."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from studio.domain.geometry import Rect
from studio.ui.canvas.navigation import Navigation
from studio.ui.canvas.viewport import MARGIN, MAX_ZOOM, MIN_ZOOM, Viewport

VIEW = QSizeF(800, 600)
SIDES = st.integers(1, 4096)
SCALES = st.sampled_from([1.0, 1.25, 1.5, 2.0])
ANGLES = st.sampled_from([0.0, 15.0, 90.0, 200.0, 345.0])


def viewport_of(width: int, height: int, scale: float = 1.0, angle: float = 0.0) -> Viewport:
    return Viewport(VIEW, QRectF(-7, 11, width, height), scale, angle=angle)


@given(width=SIDES, height=SIDES, scale=SCALES, angle=ANGLES)
def test_a_fitted_document_lies_inside_the_margins(width: int, height: int, scale: float, angle: float) -> None:
    viewport = viewport_of(width, height, scale, angle)
    frame = viewport.frame
    # The corner lies on a whole pixel of the screen, and pixels are not enlarged beyond the greatest zoom.
    slack = 1 / scale
    assert frame.left() >= MARGIN - slack
    assert frame.right() <= VIEW.width() - MARGIN + slack
    assert frame.top() >= MARGIN - slack
    assert frame.bottom() <= VIEW.height() - MARGIN + slack
    room = QSizeF(VIEW.width() - 2 * MARGIN, VIEW.height() - 2 * MARGIN)
    fills = max(frame.width() / room.width(), frame.height() / room.height())
    assert fills == pytest.approx(1) or viewport.shown_zoom == MAX_ZOOM


@given(
    zooms=st.lists(st.floats(0.001, 100), min_size=1, max_size=4),
    x=st.integers(0, 800),
    y=st.integers(0, 600),
    dx=st.integers(-9000, 9000),
    angle=ANGLES,
    is_mirrored=st.booleans(),
)
def test_the_document_cannot_be_lost(
    zooms: list[float], x: int, y: int, dx: int, angle: float, is_mirrored: bool
) -> None:
    viewport = viewport_of(300, 200).turned(angle)
    viewport = viewport.mirrored() if is_mirrored else viewport
    for zoom in zooms:
        viewport = viewport.zoomed(zoom, QPointF(x, y)).moved(QPointF(dx, dx))
    assert MIN_ZOOM <= viewport.shown_zoom <= MAX_ZOOM
    assert viewport.frame.adjusted(-1, -1, 1, 1).intersects(QRectF(QPointF(), VIEW))


@given(
    zoom=st.floats(0.5, 8),
    x=st.floats(300, 500),
    y=st.floats(200, 400),
    scale=SCALES,
    angle=ANGLES,
    is_mirrored=st.booleans(),
)
def test_what_lies_under_the_pointer_stays_there(
    zoom: float, x: float, y: float, scale: float, angle: float, is_mirrored: bool
) -> None:
    anchor = QPointF(x, y)
    before = viewport_of(2000, 2000, scale).zoomed(0.5, QPointF(400, 300)).turned(angle)
    before = before.mirrored() if is_mirrored else before
    under = before.document_point(anchor)
    for after in (before.zoomed(zoom, anchor), before.turned(angle + 40, anchor)):
        seen = after.to_view.map(under)
        # To half a pixel of the screen before and after, which zooming enlarges.
        allowed = (0.51 + 0.51 * after.shown_zoom / before.shown_zoom) / scale * 1.42
        assert (seen - anchor).manhattanLength() <= 2 * allowed


def test_a_zoom_of_one_is_one_pixel_of_the_screen() -> None:
    viewport = viewport_of(100, 100, scale=2.0).zoomed(1.0, QPointF(400, 300))
    assert viewport.frame.width() == 50


@given(zoom=st.floats(0.01, 32), dx=st.floats(-50, 50), scale=SCALES)
def test_an_upright_document_begins_on_a_whole_pixel(zoom: float, dx: float, scale: float) -> None:
    viewport = Viewport(VIEW, QRectF(0, 0, 300, 200), scale).zoomed(zoom, QPointF(10, 20)).moved(QPointF(dx, dx))
    corner = viewport.to_screen.map(QPointF(0, 0))
    assert (corner.x(), corner.y()) == (round(corner.x()), round(corner.y()))


def test_a_mirrored_view_shows_the_left_at_the_right() -> None:
    viewport = viewport_of(400, 300).turned(30)
    middle = VIEW.width() / 2
    mirrored = viewport.mirrored()
    for point in (QPointF(0, 20), QPointF(111, 222)):
        here, there = viewport.to_view.map(point), mirrored.to_view.map(point)
        assert there.x() - middle == pytest.approx(middle - here.x(), abs=1.5)
        assert there.y() == pytest.approx(here.y(), abs=1.5)
    assert mirrored.mirrored().to_screen == viewport.to_screen


@given(angle=st.floats(0, 359), zoom=st.floats(0.1, 8), is_mirrored=st.booleans(), x=st.floats(-99, 99))
def test_a_point_of_the_view_and_of_the_document_belong_together(
    angle: float, zoom: float, is_mirrored: bool, x: float
) -> None:
    viewport = viewport_of(400, 300).zoomed(zoom, QPointF(5, 5)).turned(angle)
    viewport = viewport.mirrored() if is_mirrored else viewport
    back = viewport.document_point(viewport.to_view.map(QPointF(x, 3)))
    assert (back.x(), back.y()) == (pytest.approx(x, abs=1e-6), pytest.approx(3, abs=1e-6))


@settings(max_examples=20)
@given(dx=st.floats(-40, 40), dy=st.floats(-40, 40), angle=ANGLES, is_mirrored=st.booleans())
def test_tools_move_the_view_by_document_pixels(dx: float, dy: float, angle: float, is_mirrored: bool) -> None:
    navigation = Navigation(Rect(0, 0, 400, 300))
    navigation.resize(VIEW, 1.0)
    navigation.zoom_to(2.0)
    navigation.turn_by(angle)
    if is_mirrored:
        navigation.mirror()
    there = navigation.viewport.to_view.map(QPointF(dx, dy))
    navigation.pan(dx, dy)
    here = navigation.viewport.to_view.map(QPointF(0, 0))
    assert (here - there).manhattanLength() <= 2.1


def test_dragging_turns_the_view_around_its_middle() -> None:
    navigation = Navigation(Rect(0, 0, 400, 300))
    navigation.resize(VIEW, 1.0)
    navigation.turn_between(QPointF(700, 300), QPointF(400, 500))
    assert navigation.viewport.angle == pytest.approx(90)
    navigation.straighten()
    assert navigation.viewport.angle == 0


def test_nothing_is_said_when_nothing_else_is_seen() -> None:
    navigation = Navigation(Rect(0, 0, 400, 300))
    navigation.resize(VIEW, 1.0)
    heard: list[int] = []
    navigation.changed.connect(lambda: heard.append(1))
    navigation.resize(VIEW, 1.0)
    navigation.fit()
    navigation.show_content(Rect(0, 0, 500, 900), keep=True)
    assert heard == []
    navigation.zoom_by(2)
    assert heard == [1]
