"""What is particular to one tool."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from studio.domain.canvas.commands import ChangeLayer, Paint, SetSelection
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.mask import full
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import Rect
from studio.domain.tools.brush import BRUSH
from studio.domain.tools.ellipse_selection import ELLIPSE_SELECTION
from studio.domain.tools.eraser import ERASER
from studio.domain.tools.fill import FILL
from studio.domain.tools.gradient import GRADIENT
from studio.domain.tools.hand import HAND
from studio.domain.tools.lasso import LASSO
from studio.domain.tools.mask_brush import MASK_BRUSH
from studio.domain.tools.move import MOVE
from studio.domain.tools.picker import PICKER
from studio.domain.tools.rectangle_selection import RECTANGLE_SELECTION
from studio.domain.tools.tool import Modifier, PointerEvent, PointerKind, Polyline, Tool
from studio.domain.tools.zoom import ZOOM
from tests.domain.tools.hand import Hand

SHIFT, ALT, CONTROL = (frozenset({key}) for key in (Modifier.SHIFT, Modifier.ALT, Modifier.CONTROL))
RED, WHITE = (200, 30, 90, 255), (255, 255, 255, 255)


def on_white(width: int = 200, height: int = 120) -> Hand:
    """A hand at a document with one white layer, which the frame covers."""
    pixels = np.full((height, width, 4), 255, np.uint8)
    layer = Layer(name="ground", id="ground", pixels=plane_of(pixels))
    return Hand(CanvasDocument(CanvasState(layers=(layer,), active="ground", frame=Rect(0, 0, width, height))))


def pixel(hand: Hand, x: int, y: int) -> tuple[int, ...]:
    layer = hand.document.state.active_layer
    assert layer is not None
    return tuple(layer.read(Rect(x, y, 1, 1))[0, 0].tolist())


def selected(hand: Hand, x: int, y: int) -> int:
    selection = hand.document.state.selection
    assert selection is not None
    return int(selection.read(Rect(x, y, 1, 1))[0, 0])


def hovering(x: float, y: float) -> PointerEvent:
    return PointerEvent(PointerKind.MOVE, x, y)


class TestBrush:
    def test_it_paints_with_the_foreground(self) -> None:
        hand = on_white()
        hand.drag(BRUSH, [(20, 20), (80, 40)], size=20, hardness=100)
        assert pixel(hand, 50, 30) == RED
        assert pixel(hand, 150, 100) == WHITE

    def test_the_other_end_of_the_pen_erases(self) -> None:
        hand = on_white()
        hand.drag(BRUSH, [(20, 20), (80, 40)], eraser=True, size=20)
        assert pixel(hand, 50, 30) == (0, 0, 0, 0)

    def test_shift_draws_a_line_from_the_last_end(self) -> None:
        hand = on_white()
        hand.drag(BRUSH, [(20, 20)], size=10)
        hand.drag(BRUSH, [(180, 100)], modifiers=SHIFT, size=10)
        assert pixel(hand, 100, 60) == RED
        hand.document.undo()
        assert pixel(hand, 100, 60) == WHITE
        assert pixel(hand, 20, 20) == RED

    def test_it_goes_on_above_what_was_there_at_the_press(self) -> None:
        hand = on_white()
        for _ in range(2):
            hand.drag(BRUSH, [(20, 20), (80, 20), (20, 20)], size=20, hardness=100, opacity=50)
        assert pixel(hand, 50, 20)[0] == pytest.approx(255 - 55 * 0.75, abs=1)

    def test_a_pen_that_is_lifted_while_it_moves_does_not_thin_the_line(self) -> None:
        hand = on_white()
        gesture = hand.press(BRUSH, PointerEvent(PointerKind.PRESS, 20, 20), size=20, hardness=100)
        gesture.send(PointerEvent(PointerKind.MOVE, 40, 20))
        with pytest.raises(StopIteration):
            gesture.send(PointerEvent(PointerKind.RELEASE, 120, 20, pressure=0))
        assert pixel(hand, 115, 27) == RED

    def test_a_hidden_layer_is_not_painted_on(self) -> None:
        hand = on_white()
        hand.document.apply(ChangeLayer(layer_id="ground", visible=False))
        with pytest.raises(InvalidEdit, match="hidden"):
            hand.drag(BRUSH, [(20, 20)])

    def test_a_new_layer_has_a_name_of_its_own(self) -> None:
        layers = (Layer(name="Layer 1"), Layer(name="Layer 3"))
        hand = Hand(CanvasDocument(CanvasState(layers=layers)))
        hand.drag(BRUSH, [(20, 20)])
        assert [layer.name for layer in hand.document.state.layers] == ["Layer 1", "Layer 3", "Layer 2"]

    def test_it_paints_on_a_moved_layer_where_the_pointer_is(self) -> None:
        hand = on_white()
        hand.document.apply(ChangeLayer(layer_id="ground", offset=(-300, 77)))
        hand.drag(BRUSH, [(-250, 100)], size=20)
        assert pixel(hand, -250, 100) == RED

    def test_a_soft_selection_lets_half_of_the_paint_through(self) -> None:
        hand = on_white()
        hand.document.apply(SetSelection(plane_of(np.full((120, 100), 128, np.uint8))))
        hand.drag(BRUSH, [(20, 20), (180, 20)], size=20, hardness=100)
        assert pixel(hand, 50, 20)[1] == pytest.approx((255 + 30) / 2, abs=1)
        assert pixel(hand, 150, 20) == WHITE


def test_the_eraser_needs_something_to_erase() -> None:
    with pytest.raises(InvalidEdit, match="layer"):
        Hand().drag(ERASER, [(20, 20)])


def test_the_mask_brush_marks_and_its_other_end_unmarks() -> None:
    hand = Hand()
    hand.drag(MASK_BRUSH, [(20, 20), (80, 20)], size=20, hardness=100)
    hand.drag(MASK_BRUSH, [(60, 20)], eraser=True, size=10, hardness=100)
    row = hand.document.state.mask.read(Rect(0, 20, 100, 1))[0]
    assert row[[30, 60, 75, 99]].tolist() == [255, 0, 255, 0]


class TestFill:
    def test_it_stops_at_another_colour(self) -> None:
        hand = on_white()
        hand.document.apply(Paint("ground", Rect(100, 0, 4, 120), np.full((120, 4, 4), (0, 0, 0, 255), np.uint8)))
        hand.drag(FILL, [(10, 10)], grow=0)
        assert [pixel(hand, x, 60) for x in (99, 100, 104)] == [RED, (0, 0, 0, 255), WHITE]
        hand.drag(FILL, [(150, 10)], grow=1)
        assert pixel(hand, 103, 60) == RED

    def test_it_can_take_all_that_is_alike(self) -> None:
        hand = on_white()
        hand.document.apply(Paint("ground", Rect(100, 0, 4, 120), np.full((120, 4, 4), (0, 0, 0, 255), np.uint8)))
        hand.drag(FILL, [(10, 10)], grow=0, contiguous=False)
        assert [pixel(hand, x, 60) for x in (99, 102, 104)] == [RED, (0, 0, 0, 255), RED]

    def test_all_layers_or_the_active_one_say_how_far_it_goes(self) -> None:
        hand = on_white()
        state = hand.document.state
        line = Layer(name="line", pixels=plane_of(np.full((120, 4, 4), (0, 0, 0, 255), np.uint8), 100, 0))
        hand.document.replace(replace(state, layers=(*state.layers, line)))
        hand.drag(FILL, [(10, 10)], grow=0, sample="layer")
        assert pixel(hand, 150, 60) == RED
        hand.document.undo()
        hand.drag(FILL, [(10, 10)], grow=0, sample="seen")
        assert pixel(hand, 150, 60) == WHITE

    def test_it_fills_the_clear_frame_of_an_empty_document(self) -> None:
        hand = Hand()
        hand.drag(FILL, [(10, 10)])
        assert hand.document.state.bounds == hand.document.state.frame

    def test_beside_everything_there_is_nothing_to_fill(self) -> None:
        with pytest.raises(InvalidEdit, match="nothing to fill"):
            on_white().drag(FILL, [(1000, 10)])


class TestGradient:
    def test_it_runs_from_foreground_to_background(self) -> None:
        hand = on_white()
        hand.drag(GRADIENT, [(0, 60), (80, 50), (200, 60)])
        assert pixel(hand, 0, 10)[:3] == pytest.approx((200, 30, 90), abs=2)
        assert pixel(hand, 199, 110)[:3] == pytest.approx((10, 120, 220), abs=2)

    def test_into_transparency_the_ground_is_seen(self) -> None:
        hand = on_white()
        hand.drag(GRADIENT, [(0, 60), (200, 60)], to="transparent", reverse=True)
        assert pixel(hand, 0, 60)[:3] == pytest.approx((255, 255, 255), abs=2)
        assert pixel(hand, 199, 60)[:3] == pytest.approx((200, 30, 90), abs=2)

    def test_radial_it_lies_around_its_start(self) -> None:
        hand = on_white()
        hand.drag(GRADIENT, [(100, 60), (140, 60)], shape="radial")
        assert pixel(hand, 100, 60)[:3] == pytest.approx((200, 30, 90), abs=4)
        assert pixel(hand, 100, 10) == pixel(hand, 100, 110) == (10, 120, 220, 255)

    def test_shift_keeps_it_level(self) -> None:
        hand = on_white()
        hand.drag(GRADIENT, [(0, 60), (200, 75)], modifiers=SHIFT)
        assert pixel(hand, 100, 0) == pixel(hand, 100, 119)

    def test_a_mere_click_changes_nothing(self) -> None:
        hand = on_white()
        hand.drag(GRADIENT, [(10, 10)])
        assert hand.document.undo_title is None


class TestSelection:
    def test_shift_adds_alt_subtracts_both_intersect(self) -> None:
        hand = on_white()
        hand.drag(RECTANGLE_SELECTION, [(10, 10), (50, 50)])
        hand.drag(RECTANGLE_SELECTION, [(60, 10), (90, 50)], modifiers=SHIFT)
        assert [selected(hand, x, 20) for x in (20, 55, 70)] == [255, 0, 255]
        hand.drag(RECTANGLE_SELECTION, [(10, 10), (30, 50)], modifiers=ALT)
        assert [selected(hand, x, 20) for x in (20, 40, 70)] == [0, 255, 255]
        hand.drag(ELLIPSE_SELECTION, [(55, 0), (100, 60)], modifiers=SHIFT | ALT)
        assert [selected(hand, x, 20) for x in (20, 40, 70)] == [0, 0, 255]

    def test_without_keys_the_options_say_what_becomes_of_the_old_one(self) -> None:
        hand = on_white()
        hand.drag(RECTANGLE_SELECTION, [(10, 10), (50, 50)])
        hand.drag(LASSO, [(60, 10), (90, 10), (90, 50), (60, 50)], combination="add")
        assert [selected(hand, x, 20) for x in (20, 70)] == [255, 255]

    @pytest.mark.parametrize("tool", [RECTANGLE_SELECTION, ELLIPSE_SELECTION, LASSO], ids=lambda tool: tool.id)
    def test_a_mere_click_selects_nothing(self, tool: Tool) -> None:
        hand = on_white()
        hand.drag(RECTANGLE_SELECTION, [(10, 10), (50, 50)])
        hand.drag(tool, [(10, 10), (11, 11)])
        assert hand.document.state.selection is None
        hand.document.undo()
        assert selected(hand, 20, 20) == 255

    def test_feathered_it_fades(self) -> None:
        hand = on_white()
        hand.drag(RECTANGLE_SELECTION, [(50, 0), (150, 120)], feather=10)
        assert 100 < selected(hand, 50, 60) < 156
        assert selected(hand, 100, 60) == 255

    def test_its_outline_is_shown_while_it_is_drawn(self) -> None:
        hand = on_white()
        hand.drag(LASSO, [(60, 10), (90, 10), (90, 50)])
        assert hand.shown[-1] == (Polyline(((60, 10), (90, 10), (90, 50)), is_closed=True),)


def test_the_move_tool_moves_by_whole_pixels_and_with_shift_along_one_axis() -> None:
    hand = on_white()
    hand.drag(MOVE, [(10.2, 10.7), (25.4, 18.1)])
    assert hand.document.state.layer("ground").offset == (15, 7)
    hand.drag(MOVE, [(0, 0), (9, 4)], modifiers=SHIFT)
    assert hand.document.state.layer("ground").offset == (24, 7)
    hand.document.undo()
    assert hand.document.state.layer("ground").offset == (15, 7)


def test_the_picker_takes_what_is_seen_and_nothing_from_clear_pixels() -> None:
    hand = on_white()
    hand.document.apply(Paint("ground", Rect(0, 0, 2, 1), np.array([[(128, 0, 0, 128), (0, 64, 0, 128)]], np.uint8)))
    hand.drag(PICKER, [(0.5, 0.5)])
    assert hand.colours.foreground == (255, 0, 0)
    hand.drag(PICKER, [(50, 50)], modifiers=CONTROL)
    assert hand.colours.background == (255, 255, 255)
    before = hand.colours.foreground
    hand.drag(PICKER, [(-500, 50)])
    assert hand.colours.foreground == before
    hand.drag(PICKER, [(1, 0)], area=3)
    assert hand.colours.foreground[2] > 100, "the mean of the neighbours"


def test_the_hand_brings_back_under_the_pointer_what_was_pressed() -> None:
    hand = on_white()
    gesture = hand.press(HAND, PointerEvent(PointerKind.PRESS, 50, 60))
    gesture.send(PointerEvent(PointerKind.MOVE, 57, 40))
    assert hand.view.pans == [(7, -20)]


class TestZoom:
    def test_a_click_comes_nearer_and_with_alt_goes_away(self) -> None:
        hand = on_white()
        hand.drag(ZOOM, [(50, 60), (51, 60)])
        hand.drag(ZOOM, [(50, 60)], modifiers=ALT)
        assert hand.view.zooms == [(2, 50, 60), (0.5, 50, 60)]

    def test_dragging_zooms_by_the_way_on_the_screen(self) -> None:
        hand = on_white()
        hand.drag(ZOOM, [(50, 60), (60, 60), (80, 60), (20, 60)], zoom=4)
        factors = [factor for factor, _, _ in hand.view.zooms]
        assert math.prod(factors) == pytest.approx(0.5)
        assert factors[0] > 1


def test_the_mask_is_a_ground_of_its_own() -> None:
    hand = on_white()
    hand.document.apply(SetSelection(full(Rect(0, 0, 30, 30))))
    hand.drag(MASK_BRUSH, [(30, 15)], size=20, hardness=100)
    assert hand.document.state.mask.bounds.right == 30
