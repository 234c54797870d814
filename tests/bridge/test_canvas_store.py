"""One door for edits, and word of what they changed; the tools, their settings and the two colours."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import BLACK, WHITE, ToolBox
from studio.domain.canvas.commands import AddLayer, ChangeLayer, Paint
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import Rect
from studio.domain.parameters import Choice, Number, Option, Toggle
from studio.domain.tools.tool import Group, Tool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QCoreApplication
    from pytestqt.qtbot import QtBot

    from studio.domain.canvas.change import Change
    from studio.domain.tools.tool import Gesture, PointerEvent, ToolContext

RED = np.full((8, 8, 4), (200, 0, 0, 255), np.uint8)


def one_layer(*, locked: bool = False) -> CanvasState:
    layer = Layer(name="Ground", id="ground", locked=locked)
    return CanvasState(layers=(layer,), active="ground")


def rest(_context: ToolContext, _press: PointerEvent) -> Gesture:
    yield


SIZE = Number(id="size", title="Size", default=40, minimum=1, maximum=1000)
SOFT = Toggle(id="soft", title="Soft", default=False)
KIND = Choice(
    id="kind", title="Kind", default="linear", options=(Option("linear", "Linear"), Option("radial", "Radial"))
)


def tool(tool_id: str, key: str) -> Tool:
    return Tool(
        id=tool_id,
        title=tool_id.title(),
        help="",
        icon="brush",
        key=key,
        group=Group.PAINT,
        run=rest,
        parameters=(SIZE, SOFT, KIND),
    )


@pytest.fixture
def box(qapp: QCoreApplication) -> ToolBox:
    assert qapp
    return ToolBox((tool("brush", "B"), tool("eraser", "E"), tool("hand", "H")))


@pytest.fixture
def store(qapp: QCoreApplication) -> Iterator[CanvasStore]:
    assert qapp
    store = CanvasStore(one_layer())
    yield store
    store.close()


def test_an_edit_says_what_it_changed_and_what_can_be_undone(store: CanvasStore, qtbot: QtBot) -> None:
    changes: list[Change] = []
    store.changed.connect(changes.append)
    with qtbot.waitSignals([store.changed, store.titles_changed], order="strict"):
        store.apply(Paint("ground", Rect(10, 20, 8, 8), RED, "Brush"))
    assert [change.bounds for change in changes] == [Rect(10, 20, 8, 8)]
    assert (store.undo_title, store.redo_title) == ("Brush", None)


def test_undo_and_redo_change_the_document_back_and_forth(store: CanvasStore) -> None:
    store.apply(Paint("ground", Rect(10, 20, 8, 8), RED))
    changes: list[Change] = []
    store.changed.connect(changes.append)
    store.undo()
    assert not store.state.layers[0].read(Rect(10, 20, 8, 8)).any()
    store.redo()
    assert np.array_equal(store.state.layers[0].read(Rect(10, 20, 8, 8)), RED)
    assert len(changes) == 2
    assert all(change.bounds.covers(Rect(10, 20, 8, 8)) for change in changes)


def test_a_refused_edit_is_said_and_leaves_the_document(qapp: QCoreApplication, qtbot: QtBot) -> None:
    assert qapp
    store = CanvasStore(one_layer(locked=True))
    before = store.state
    with qtbot.waitSignal(store.refused, check_params_cb=lambda error: isinstance(error, InvalidEdit)):
        assert store.apply(Paint("ground", Rect(0, 0, 8, 8), RED)) is None
    assert store.state is before
    with qtbot.waitSignal(store.refused):
        assert store.activate("gone") is None


def test_tools_get_a_refusal_as_an_error(qapp: QCoreApplication) -> None:
    assert qapp
    store = CanvasStore(one_layer(locked=True))
    refusals: list[InvalidEdit] = []
    store.refused.connect(refusals.append)
    with pytest.raises(InvalidEdit):
        store.canvas.apply(Paint("ground", Rect(0, 0, 8, 8), RED))
    assert not refusals


def test_a_gesture_is_one_entry_and_named_when_it_ends(store: CanvasStore, qtbot: QtBot) -> None:
    with qtbot.waitSignal(store.titles_changed), store.canvas.gesture("Brush"):
        for x in range(3):
            store.canvas.apply(Paint("ground", Rect(8 * x, 0, 8, 8), RED))
        assert store.is_in_gesture
        assert store.undo_title is None
    assert store.undo_title == "Brush"
    store.undo()
    assert store.state.layers[0].pixels.is_empty


@pytest.mark.parametrize("is_taken_back", [False, True])
def test_what_arrives_in_the_middle_of_a_gesture_is_an_edit_of_its_own(store: CanvasStore, is_taken_back: bool) -> None:
    arrived = AddLayer(Layer(name="Arrived", id="arrived"), title="Add picture")
    with suppress(GeneratorExit), store.canvas.gesture("Brush"):
        store.canvas.apply(Paint("ground", Rect(0, 0, 8, 8), RED))
        store.apply_at_rest(arrived)
        assert [layer.id for layer in store.state.layers] == ["ground"]
        if is_taken_back:
            raise GeneratorExit
    assert [layer.id for layer in store.state.layers] == ["ground", "arrived"]
    assert store.state.layers[0].pixels.is_empty == is_taken_back
    assert store.undo_title == "Add picture"
    store.undo()
    assert store.undo_title == (None if is_taken_back else "Brush")


def test_another_document_is_announced_and_begins_without_undo(store: CanvasStore, qtbot: QtBot) -> None:
    store.apply(ChangeLayer(layer_id="ground", name="Sky"))
    changes: list[Change] = []
    store.changed.connect(changes.append)
    with qtbot.waitSignals([store.replacing, store.replaced, store.titles_changed], order="strict"):
        store.replace(CanvasState())
    assert store.state.layers == ()
    assert store.undo_title is None
    assert changes == []


def test_undo_is_brought_into_less_memory_while_nobody_works(store: CanvasStore, qtbot: QtBot) -> None:
    noise = np.full((512, 512, 4), 255, np.uint8)
    store.apply(Paint("ground", Rect(0, 0, 512, 512), noise))
    before = store.undo_bytes
    qtbot.waitUntil(lambda: store.undo_bytes < before)
    store.close()
    store.undo()
    assert store.state.layers[0].pixels.is_empty


def test_a_borrowed_tool_goes_back(box: ToolBox) -> None:
    heard: list[str] = []
    box.tool_changed.connect(lambda tool: heard.append(tool.id))
    box.borrow("hand")
    box.borrow("hand")
    assert (box.tool.id, box.chosen.id) == ("hand", "brush")
    box.borrow(None)
    box.choose("eraser")
    box.choose("eraser")
    assert heard == ["hand", "brush", "eraser"]


def test_each_tool_keeps_its_own_settings_within_their_range(box: ToolBox) -> None:
    heard: list[str] = []
    box.values_changed.connect(heard.append)
    box.set_value("size", 5000.0)
    box.set_value("size", 5000.0)
    assert box.values.number("size") == 1000
    assert box.values_of("eraser").number("size") == 40
    assert heard == ["brush"]


def test_colours_swap_and_reset(box: ToolBox) -> None:
    box.set_foreground((1, 2, 3))
    box.swap_colours()
    assert (box.foreground, box.background) == (WHITE, (1, 2, 3))
    box.reset_colours()
    assert (box.foreground, box.background) == (BLACK, WHITE)


def test_what_the_box_holds_comes_back_from_json(box: ToolBox) -> None:
    box.choose("eraser")
    box.set_value("size", 7.0)
    box.set_value("kind", "radial", "brush")
    box.set_background((9, 8, 7))
    kept = json.loads(json.dumps(box.settings))
    other = ToolBox(box.tools)
    other.restore(kept)
    assert other.settings == box.settings


@pytest.mark.parametrize(
    "kept",
    [
        {},
        {"tool": "gone", "foreground": "red", "background": [1, 2], "values": {"brush": {"size": "large"}}},
        {"tool": 3, "foreground": [1, 2, 999], "values": {"gone": {"size": 3}, "brush": 4}},
        {"values": [1, 2], "foreground": None},
    ],
)
def test_settings_that_make_no_sense_are_left_aside(box: ToolBox, kept: dict[str, object]) -> None:
    before = box.settings
    box.restore(kept)
    assert box.settings == before
