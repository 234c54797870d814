"""The tools that show a box with handles: what is particular to them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.tools.brush import BRUSH
from studio.domain.tools.frame import FRAME
from studio.domain.tools.handles import Box, handle_points
from studio.domain.tools.move import MOVE
from studio.domain.tools.tool import Cursor, Label, Modifier, ToolMemory
from studio.domain.tools.transform import TRANSFORM
from tests.domain.canvas.states import noise, same
from tests.domain.tools.hand import Hand
from tests.domain.tools.test_single_tools import hovering, pixel

if TYPE_CHECKING:
    from studio.domain.canvas.change import Change

SHIFT, ALT, CONTROL = (frozenset({key}) for key in (Modifier.SHIFT, Modifier.ALT, Modifier.CONTROL))
RED, WHITE = (200, 30, 90, 255), (255, 255, 255, 255)


class TestTransform:
    def hand(self) -> Hand:
        """At a layer of 80 x 60 pixels whose middle is (60, 50)."""
        pixels = noise(Rect(0, 0, 80, 60), 1)
        pixels[..., 3] = 255
        layer = Layer(name="a", id="a", pixels=plane_of(pixels), offset=(20, 20))
        return Hand(CanvasDocument(CanvasState(layers=(layer,), active="a")))

    def bounds(self, hand: Hand) -> Rect:
        return hand.document.state.layer("a").bounds

    def test_a_corner_scales_and_the_opposite_one_stays(self) -> None:
        hand = self.hand()
        hand.drag(TRANSFORM, [(100, 80), (140, 110)])
        assert self.bounds(hand) == Rect(20, 20, 120, 90)
        assert any(isinstance(shape, Label) and shape.text.startswith("150%") for shape in hand.shown[-1])

    def test_a_layer_that_becomes_large_follows_only_at_the_end(self) -> None:
        hand = self.hand()
        changes: list[Change] = []
        hand.document.changed = changes.append
        hand.drag(TRANSFORM, [(100, 80), (140, 110), (2500, 1880)])
        assert self.bounds(hand) == Rect(20, 20, 2480, 1860)
        assert len(hand.shown) == 2
        assert len(changes) == 2, "one while it was small, and the result"

    def test_what_it_remembers_of_large_layers_is_bounded(self) -> None:
        side = 2048
        solid = plane_of(np.full((side, side, 4), 255, np.uint8))
        layers = tuple(Layer(name=name, id=name, pixels=solid) for name in "abcdef")
        hand = Hand(CanvasDocument(CanvasState(layers=layers)))
        for layer in layers:
            hand.document.activate(layer.id)
            hand.drag(TRANSFORM, [(side, side), (side / 2, side / 2)], resampling="crisp")
        kept = [one.layer_id for one in hand.memory.transformed]
        assert kept == ["d", "e", "f"]

    def test_shift_frees_the_shape_and_alt_keeps_the_middle(self) -> None:
        hand = self.hand()
        hand.drag(TRANSFORM, [(100, 80), (120, 80)], modifiers=SHIFT | ALT)
        assert self.bounds(hand) == Rect(0, 20, 120, 60)

    def test_a_side_scales_one_way_and_beyond_the_other_it_flips(self) -> None:
        hand = self.hand()
        before = hand.document.state.layer("a").read(Rect(20, 20, 80, 60))
        hand.drag(TRANSFORM, [(100, 50), (-60, 50)])
        assert self.bounds(hand) == Rect(-60, 20, 80, 60)
        assert np.array_equal(hand.document.state.layer("a").read(Rect(-60, 20, 80, 60)), before[:, ::-1])

    def test_outside_it_turns_and_shift_keeps_to_steps(self) -> None:
        hand = self.hand()
        hand.drag(TRANSFORM, [(160, 50), (62, 150)], modifiers=SHIFT)
        assert self.bounds(hand) == Rect(30, 10, 60, 80)

    def test_inside_it_moves(self) -> None:
        hand = self.hand()
        before = hand.document.state.layer("a").read(Rect(20, 20, 80, 60))
        hand.drag(TRANSFORM, [(60, 50), (75, 41)])
        assert np.array_equal(hand.document.state.layer("a").read(Rect(35, 11, 80, 60)), before)

    def test_made_small_and_large_again_it_is_as_sharp_as_before(self) -> None:
        hand = self.hand()
        before = hand.document.state.layer("a").read(Rect(20, 20, 80, 60))
        hand.drag(TRANSFORM, [(100, 80), (40, 35)])
        assert self.bounds(hand) == Rect(20, 20, 20, 15)
        hand.drag(TRANSFORM, [(40, 35), (100, 80)])
        assert np.array_equal(hand.document.state.layer("a").read(Rect(20, 20, 80, 60)), before)

    def test_after_undo_it_begins_where_the_layer_is(self) -> None:
        hand = self.hand()
        start = hand.document.state
        hand.drag(TRANSFORM, [(100, 80), (140, 110)])
        hand.document.undo()
        assert same(hand.document.state, start)
        hand.drag(TRANSFORM, [(100, 80), (140, 110)])
        assert self.bounds(hand) == Rect(20, 20, 120, 90)

    def test_what_is_painted_afterwards_is_transformed_too(self) -> None:
        hand = self.hand()
        hand.drag(TRANSFORM, [(100, 80), (60, 50)])
        hand.drag(BRUSH, [(40, 35)], size=10, hardness=100)
        hand.drag(TRANSFORM, [(60, 50), (100, 80)])
        assert pixel(hand, 60, 50) == RED

    def test_going_back_to_where_it_began_is_no_edit(self) -> None:
        hand = self.hand()
        hand.drag(TRANSFORM, [(60, 50)])
        hand.drag(TRANSFORM, [(60, 50), (90, 70), (60, 50)])
        hand.drag(MOVE, [(60, 50), (90, 70), (60, 50)])
        assert hand.document.undo_title is None

    def test_the_pointer_says_what_a_press_would_do(self) -> None:
        hand, memory = self.hand(), ToolMemory()
        assert TRANSFORM.hover is not None
        looks = [
            TRANSFORM.hover(hand.document.state, memory, hovering(*at))
            for at in ((60, 50), (100, 80), (20, 80), (100, 50), (60, 20), (160, 50))
        ]
        assert looks == [
            Cursor.MOVE,
            Cursor.SIZE_DOWN,
            Cursor.SIZE_UP,
            Cursor.SIZE_HORIZONTAL,
            Cursor.SIZE_VERTICAL,
            Cursor.ROTATE,
        ]
        assert TRANSFORM.hover(CanvasState(), memory, hovering(0, 0)) is Cursor.ARROW


class TestFrame:
    def hand(self) -> Hand:
        return Hand(CanvasDocument(CanvasState(frame=Rect(0, 0, 512, 512))))

    @given(st.integers(0, 7), st.floats(-900, 900), st.floats(-900, 900))
    def test_resized_it_is_a_multiple_and_the_opposite_side_stays(self, handle: int, dx: float, dy: float) -> None:
        hand = self.hand()
        x, y = handle_points(Box(0, 0, 512, 512))[handle]
        hand.drag(FRAME, [(x, y), (x + dx, y + dy)])
        frame = hand.document.state.frame
        assert frame.width % 64 == frame.height % 64 == 0
        assert frame.width > 0
        assert frame.height > 0
        if x == 0:
            assert frame.right == 512
        if x == 512:
            assert frame.x == 0
        if x == 256:
            assert (frame.x, frame.width) == (0, 512)
        if y == 256:
            assert (frame.y, frame.height) == (0, 512)

    def test_it_is_moved_by_its_middle_and_jumps_to_what_is_painted(self) -> None:
        hand = self.hand()
        hand.drag(FRAME, [(200, 200), (333, 150)])
        assert hand.document.state.frame == Rect(133, -50, 512, 512)
        layer = Layer(name="a", pixels=plane_of(np.full((700, 700, 4), 255, np.uint8)))
        hand.document.replace(CanvasState(layers=(layer,), frame=Rect(0, 0, 512, 512)))
        hand.drag(FRAME, [(200, 200), (382, 204)])
        assert hand.document.state.frame == Rect(188, 0, 512, 512)
        hand.drag(FRAME, [(300, 200), (303, 200)], modifiers=CONTROL)
        assert hand.document.state.frame == Rect(191, 0, 512, 512)

    def test_outside_a_new_one_is_drawn(self) -> None:
        hand = self.hand()
        hand.drag(FRAME, [(1000, 1000), (700, 1210)])
        assert hand.document.state.frame == Rect(1000 - 320, 1000, 320, 192)
        assert hand.document.undo_title == "New frame"

    def test_a_click_outside_leaves_it(self) -> None:
        hand = self.hand()
        hand.drag(FRAME, [(1000, 1000)])
        assert hand.document.undo_title is None

    def test_far_away_a_side_is_still_found(self) -> None:
        hand = self.hand()
        hand.drag(FRAME, [(560, 256), (624, 256)], zoom=0.1)
        assert hand.document.state.frame.width == 576


def test_grips_lie_on_the_box() -> None:
    points = handle_points(Box(0, 0, 10, 20))
    assert len(set(points)) == 8
    assert (5, 20) in points
    assert (5, 10) not in points
