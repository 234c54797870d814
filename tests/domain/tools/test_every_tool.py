"""What holds for every tool: one line in `TOOLS` and it is tried here."""

from __future__ import annotations

from dataclasses import replace
from functools import cache, partial
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.commands import ChangeLayer, MergeDown, SetSelection
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import Plane, plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import Rect
from studio.domain.parameters import Choice, Number, Toggle
from studio.domain.tools import TOOLS
from studio.domain.tools.tool import Group, Modifier, Operation, PointerEvent, PointerKind, Tool, ToolMemory
from tests.domain.canvas.states import noise, same
from tests.domain.tools.hand import Hand

if TYPE_CHECKING:
    from collections.abc import Callable

every_tool = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.id)
PAINTING = tuple(tool for tool in TOOLS if tool.group in (Group.PAINT, Group.MASK) and tool.id != "picker")
every_painting_tool = pytest.mark.parametrize("tool", PAINTING, ids=lambda tool: tool.id)
WHOLE = Rect(-60, -60, 320, 240)

points = st.tuples(st.floats(-20, 220), st.floats(-20, 140))
paths = st.lists(points, min_size=1, max_size=4)
modifiers = st.frozensets(st.sampled_from(Modifier), max_size=2)


@cache
def start() -> CanvasState:
    """Two small layers, a mask and a frame that covers most of them."""
    layers = tuple(
        Layer(name=name, id=name, pixels=plane_of(noise(Rect(0, 0, 90, 60), place)), offset=(place * 20, 10))
        for place, name in enumerate(("low", "high"))
    )
    mask = plane_of(noise(Rect(0, 0, 30, 30), 9, 1), 40, 20)
    return CanvasState(layers=layers, active="high", mask=mask, frame=Rect(0, 0, 128, 64))


def scattered() -> CanvasState:
    """Two dots so far apart that no memory holds all that lies between them."""
    dot = plane_of(np.full((4, 4, 4), 255, np.uint8))
    far = Layer(name="far", id="far", pixels=dot, offset=(300_000, 300_000))
    mask = plane_of(np.full((4, 4), 255, np.uint8)).written(Rect(300_000, 300_000, 1, 1), np.full((1, 1), 9, np.uint8))
    return CanvasState(layers=(Layer(name="near", id="near", pixels=dot), far), active="far", mask=mask)


def refusal(act: Callable[[], object]) -> InvalidEdit | None:
    """Return how the document refused, which has to be in words; None where it did not."""
    try:
        act()
    except InvalidEdit as error:
        refused = error
    else:
        return None
    assert refused.what
    assert refused.why
    assert refused.remedy
    return refused


def try_to_drag(hand: Hand, tool: Tool, path: list[tuple[float, float]], held: frozenset[Modifier]) -> None:
    """Drag, unless the tool refuses: a fill beside everything, say."""
    refusal(lambda: hand.drag(tool, path, modifiers=held, pressure=0.7, size=25, feather=3))


def planes_of(state: CanvasState) -> list[Plane]:
    return [*(replace(layer, offset=(0, 0)).pixels for layer in state.layers), state.mask]


@every_tool
@settings(max_examples=8)
@given(path=paths, held=modifiers)
def test_a_gesture_is_one_edit_that_is_undone_and_done_again_to_the_last_byte(
    tool: Tool, path: list[tuple[float, float]], held: frozenset[Modifier]
) -> None:
    before = start()
    hand = Hand(CanvasDocument(before))
    try_to_drag(hand, tool, path, held)
    after = hand.document.state
    hand.document.undo()
    assert hand.document.undo_title is None, "more than one edit"
    assert same(hand.document.state, before)
    hand.document.redo()
    assert same(hand.document.state, after)


@every_tool
@settings(max_examples=5)
@given(path=paths)
def test_a_cancelled_gesture_leaves_everything_as_it_was(tool: Tool, path: list[tuple[float, float]]) -> None:
    before = start()
    hand = Hand(CanvasDocument(before))
    gesture = hand.press(tool, PointerEvent(PointerKind.PRESS, 50, 30))
    for point in path:
        gesture.send(PointerEvent(PointerKind.MOVE, *point))
    gesture.close()
    assert same(hand.document.state, before)
    assert hand.document.undo_title is None
    assert not hand.document.is_in_gesture


@every_painting_tool
@settings(max_examples=6)
@given(path=paths, area=st.builds(Rect, st.integers(0, 90), st.integers(0, 60), st.integers(1, 60), st.integers(1, 60)))
def test_outside_the_selection_no_byte_changes(tool: Tool, path: list[tuple[float, float]], area: Rect) -> None:
    hand = Hand(CanvasDocument(start()))
    hand.document.apply(SetSelection(plane_of(noise(area, 3, 1), area.x, area.y)))
    before = hand.document.state
    try_to_drag(hand, tool, path, frozenset())
    outside = np.ones((WHOLE.height, WHOLE.width), np.bool_)
    outside[area.within(WHOLE)] = False
    for old, new in zip(planes_of(before), planes_of(hand.document.state), strict=True):
        shift = before.layers[1].offset if old is before.layers[1].pixels else (0, 0)
        seen = WHOLE.moved(-shift[0], -shift[1])
        assert np.array_equal(old.read(seen)[outside], new.read(seen)[outside])


@every_painting_tool
def test_in_the_middle_of_everything_it_paints(tool: Tool) -> None:
    hand = Hand(CanvasDocument(start()))
    hand.drag(tool, [(50, 30), (70, 40), (75, 45)], size=25)
    assert not same(hand.document.state, start())
    assert hand.document.undo_title == tool.title


@every_tool
def test_a_locked_layer_is_left_alone(tool: Tool) -> None:
    hand = Hand(CanvasDocument(start()))
    hand.document.apply(ChangeLayer(layer_id="high", locked=True))
    before = hand.document.state
    works_on_it = tool.group is Group.ARRANGE or tool.group is Group.PAINT
    if works_on_it and tool.id not in ("picker", "frame"):
        with pytest.raises(InvalidEdit, match="locked"):
            hand.drag(tool, [(50, 30), (60, 40)])
        assert hand.document.state is before
    else:
        hand.drag(tool, [(50, 30), (60, 40)])
    assert hand.document.state.layer("high").pixels is before.layer("high").pixels
    assert not hand.document.is_in_gesture


@every_tool
def test_an_empty_document_is_painted_on_or_the_tool_says_what_is_missing(tool: Tool) -> None:
    hand = Hand()
    before = hand.document.state
    if refusal(lambda: hand.drag(tool, [(50, 30), (60, 40)])) is not None:
        assert hand.document.state is before
    if tool.id in ("brush", "fill", "gradient"):
        assert [layer.name for layer in hand.document.state.layers] == ["Layer 1"]
        hand.document.undo()
        assert same(hand.document.state, before)
    if tool.group is Group.MASK:
        assert hand.document.state.layers == ()


@every_tool
def test_it_can_be_shown_and_chosen(tool: Tool) -> None:
    assert tool.title
    assert tool.icon
    assert tool.key
    assert tool.help.endswith(".")
    for parameter in tool.parameters:
        assert parameter.title
        assert parameter.help.endswith(".")
        match parameter:
            case Number():
                assert parameter.minimum <= parameter.default <= parameter.maximum
            case Choice():
                assert parameter.default in [option.id for option in parameter.options]
            case Toggle():
                pass
    idle = () if tool.idle is None else tool.idle(start(), ToolMemory())
    assert (tool.idle is None) is (idle == ())


def test_no_two_tools_share_a_name_or_a_key() -> None:
    for names in ([tool.id for tool in TOOLS], [tool.key for tool in TOOLS], [tool.title for tool in TOOLS]):
        assert len(set(names)) == len(names)
    operations = {operation.id: operation for tool in TOOLS for operation in tool.operations}
    assert len(set(operations.values())) == len(operations)


OPERATIONS = tuple({operation.id: operation for tool in TOOLS for operation in tool.operations}.values())


every_operation = pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)


@every_operation
def test_an_operation_is_one_edit_that_is_undone(operation: Operation) -> None:
    before = replace(start(), selection=plane_of(noise(Rect(0, 0, 60, 40), 5, 1), 10, 10))
    document = CanvasDocument(before)
    document.apply(operation.command(document.state, 3))
    after = document.state
    assert not same(after, before)
    document.undo()
    assert same(document.state, before)
    document.redo()
    assert same(document.state, after)


@every_operation
def test_an_operation_with_nothing_to_do_changes_nothing_or_says_why(operation: Operation) -> None:
    document = CanvasDocument()
    before = document.state
    if refusal(lambda: document.apply(operation.command(before, 3))) is None:
        assert operation.id in ("invert_mask", "clear_mask", "select_all", "deselect")
        document.undo()
    assert same(document.state, before)


@every_tool
def test_a_tool_on_a_document_that_reaches_very_far_works_or_says_why_not(tool: Tool) -> None:
    hand = Hand(CanvasDocument(scattered()))
    before = hand.document.state
    end = (200_000, 200_000) if tool.group is Group.SELECT else (60, 50)
    if (refused := refusal(lambda: hand.drag(tool, [(1, 1), (40, 30), end]))) is not None:
        assert "far" in refused.why
        assert same(hand.document.state, before)


@pytest.mark.parametrize("is_selected", [False, True])
def test_an_operation_on_a_document_that_reaches_very_far_works_or_says_why_not(is_selected: bool) -> None:
    state = scattered()
    state = replace(state, selection=state.mask) if is_selected else state
    refused = [
        operation.id
        for tool in TOOLS
        for operation in tool.operations
        if refusal(partial(operation.command, state, 8.0)) is not None
    ]
    assert "grow_mask" in refused
    assert "select_all" in refused
    with pytest.raises(InvalidEdit, match="far apart"):
        MergeDown("far").applied(state)
