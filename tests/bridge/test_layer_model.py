"""The rows of the layers panel follow the document, and say no more than what has changed."""

from __future__ import annotations

import math
from itertools import pairwise
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QColor, QImage

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.layer_edits import LayerEdits
from studio.bridge.layer_model import MASK, ActiveRole, LayerModel, LayerRole, LockedRole, facts_of
from studio.bridge.plane_thumbnails import PAUSE_S, PlaneThumbnails, Sketch
from studio.domain.canvas.blend import BlendMode
from studio.domain.canvas.commands import (
    AddLayer,
    ChangeLayer,
    Ground,
    Paint,
    RemoveLayer,
    ReorderLayer,
)
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

RED = (200, 0, 0, 255)
BLUE = (0, 0, 200, 255)


def pixels(width: int, height: int, colour: tuple[int, ...] = RED) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.full((height, width, 4), colour, np.uint8)


def layers(*names: str) -> CanvasState:
    made = tuple(Layer(name=name, id=name) for name in names)
    return CanvasState(made, active=names[-1] if names else None)


@pytest.fixture
def store(qapp: object) -> Iterator[CanvasStore]:
    assert qapp
    store = CanvasStore(layers("low", "middle", "high"))
    yield store
    store.close()


@pytest.fixture
def model(store: CanvasStore) -> Iterator[LayerModel]:
    model = LayerModel(store)
    yield model
    model.deleteLater()


def names(model: LayerModel) -> list[object]:
    return [model.index(row).data() for row in range(model.rowCount())]


def test_the_topmost_layer_is_the_first_row(model: LayerModel, qtmodeltester: ModelTester) -> None:
    qtmodeltester.check(model)
    assert names(model) == ["high", "middle", "low"]
    assert model.active_row == 0


class Mirror:
    """A list that only knows what the model's signals say of rows."""

    def __init__(self, model: LayerModel) -> None:
        self.model = model
        self.rows = names(model)
        model.rowsInserted.connect(self.insert)
        model.rowsAboutToBeRemoved.connect(self.remove)
        model.rowsMoved.connect(self.move)
        model.modelReset.connect(self.reset)

    def insert(self, _parent: QModelIndex, first: int, last: int) -> None:
        self.rows[first:first] = [self.model.index(row).data() for row in range(first, last + 1)]

    def remove(self, _parent: QModelIndex, first: int, last: int) -> None:
        del self.rows[first : last + 1]

    def move(self, _parent: QModelIndex, first: int, last: int, _target: QModelIndex, before: int) -> None:
        moved = self.rows[first : last + 1]
        del self.rows[first : last + 1]
        place = before - len(moved) if before > first else before
        self.rows[place:place] = moved

    def reset(self) -> None:
        raise AssertionError("edits never make views lose their place")


@pytest.mark.usefixtures("qapp")
@settings(max_examples=25)
@given(st.lists(st.tuples(st.sampled_from(["add", "remove", "reorder", "undo"]), st.integers(0, 7), st.integers(0, 7))))
def test_what_rows_are_said_to_do_leads_to_the_order_of_the_document(edits: list[tuple[str, int, int]]) -> None:
    store = CanvasStore(layers("a", "b", "c", "d"))
    model = LayerModel(store)
    mirror = Mirror(model)
    for count, (kind, first, second) in enumerate(edits):
        ids = [layer.id for layer in store.state.layers]
        chosen = ids[first % len(ids)] if ids else None
        match kind:
            case "add":
                store.apply(AddLayer(Layer(name=f"n{count}", id=f"n{count}"), above=chosen))
            case "remove" if chosen is not None:
                store.apply(RemoveLayer(chosen))
            case "reorder" if chosen is not None:
                store.apply(ReorderLayer(chosen, second))
            case _:
                store.undo()
        expected = [layer.name for layer in reversed(store.state.layers)]
        assert names(model) == expected
        assert mirror.rows == expected
        active = model.active_row
        assert (None if active is None else names(model)[active]) == store.state.active
    store.close()


@pytest.mark.parametrize(("layer", "place"), [("low", 2), ("high", 0), ("middle", 2), ("middle", 0), ("low", 1)])
def test_one_layer_that_moves_is_one_row_that_moves(
    model: LayerModel, store: CanvasStore, layer: str, place: int
) -> None:
    moves: list[int] = []
    model.rowsMoved.connect(lambda *_: moves.append(1))
    store.apply(ReorderLayer(layer, place))
    assert len(moves) == 1


def test_a_change_of_one_layer_is_said_of_its_row_alone(model: LayerModel, store: CanvasStore) -> None:
    told: list[int] = []
    model.dataChanged.connect(lambda first, last, _roles: told.extend(range(first.row(), last.row() + 1)))
    store.apply(ChangeLayer(layer_id="middle", opacity=0.5))
    assert told == [1]
    store.apply(Paint(Ground.MASK, Rect(0, 0, 4, 4), np.full((4, 4), 255, np.uint8)))
    assert told == [1]


def test_another_active_layer_is_said_of_both_rows(model: LayerModel, store: CanvasStore) -> None:
    told: set[int] = set()
    model.dataChanged.connect(lambda first, _last, _roles: told.add(first.row()))
    store.activate("low")
    assert told == {0, 2}
    assert [model.index(row).data(ActiveRole) for row in range(3)] == [False, False, True]


def test_another_document_shows_other_rows(model: LayerModel, store: CanvasStore) -> None:
    store.replace(layers("new"))
    assert names(model) == ["new"]
    assert model.active_row == 0
    store.replace(layers())
    assert (model.rowCount(), model.active_row) == (0, None)


def test_a_name_is_written_and_taken_back(model: LayerModel, store: CanvasStore) -> None:
    index = model.index(0)
    assert model.setData(index, "  Fox ", Qt.ItemDataRole.EditRole)
    assert index.data() == "Fox"
    assert store.undo_title == "Rename layer"
    assert not model.setData(index, "   ", Qt.ItemDataRole.EditRole)
    assert not model.setData(index, "Fox", Qt.ItemDataRole.EditRole)
    store.undo()
    assert index.data() == "high"


def test_eye_and_lock_are_edits(model: LayerModel, store: CanvasStore) -> None:
    index = model.index(1)
    model.setData(index, Qt.CheckState.Unchecked, Qt.ItemDataRole.CheckStateRole)
    model.setData(index, True, LockedRole)
    layer = store.state.layer("middle")
    assert (layer.visible, layer.locked) == (False, True)
    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "middle, hidden, locked"
    store.undo()
    store.undo()
    assert index.data(Qt.ItemDataRole.CheckStateRole) == Qt.CheckState.Checked
    assert index.data(LayerRole) is store.state.layer("middle")


@pytest.mark.parametrize(
    ("source", "before", "expected"),
    [(0, 3, ["middle", "low", "high"]), (2, 0, ["low", "high", "middle"]), (0, 2, ["middle", "high", "low"])],
)
def test_a_row_that_is_dragged_is_a_layer_that_moves(
    model: LayerModel, store: CanvasStore, source: int, before: int, expected: list[str]
) -> None:
    assert model.moveRow(QModelIndex(), source, QModelIndex(), before)
    assert names(model) == expected
    assert [layer.id for layer in store.state.layers] == expected[::-1]
    store.undo()
    assert names(model) == ["high", "middle", "low"]


def test_facts_are_what_is_not_usual() -> None:
    assert facts_of(Layer(name="x")) == []
    assert facts_of(Layer(name="x", blend=BlendMode.SOFT_LIGHT, opacity=0.456)) == ["Soft light", "46 %"]


# --- thumbnails


def thumbnail(model: LayerModel, row: int, qtbot: QtBot) -> QImage:
    model.index(row).data(Qt.ItemDataRole.DecorationRole)
    qtbot.waitUntil(lambda: not model.thumbnails.is_drawing)
    image = model.index(row).data(Qt.ItemDataRole.DecorationRole)
    assert isinstance(image, QImage)
    return image


def test_a_thumbnail_shows_what_is_painted_and_no_more(model: LayerModel, store: CanvasStore, qtbot: QtBot) -> None:
    assert thumbnail(model, 0, qtbot).isNull()
    painted = pixels(400, 200)
    painted[:, 200:] = BLUE
    store.apply(Paint("high", Rect(-130, 50, 400, 200), painted))
    image = thumbnail(model, 0, qtbot)
    assert abs(image.width() / image.height() - 2) < 0.1
    assert image.pixelColor(2, image.height() // 2) == QColor(200, 0, 0)
    assert image.pixelColor(image.width() - 3, image.height() // 2) == QColor(0, 0, 200)


def test_a_stroke_is_followed_now_and_then_and_in_its_row_alone(
    model: LayerModel, store: CanvasStore, qtbot: QtBot
) -> None:
    for row in range(3):
        thumbnail(model, row, qtbot)
    told: list[int] = []
    model.dataChanged.connect(lambda first, _last, _roles: told.append(first.row()))
    for x in range(0, 300, 3):
        store.apply(Paint("middle", Rect(x, 0, 20, 20), pixels(20, 20)))
    assert told == []
    qtbot.waitUntil(lambda: told != [])
    assert told == [1]


def test_only_tiles_that_have_changed_are_looked_at_again(qapp: object, qtbot: QtBot) -> None:
    assert qapp
    thumbnails = PlaneThumbnails()
    plane = plane_of(pixels(600, 600))
    with qtbot.waitSignal(thumbnails.drawn):
        assert thumbnails.of("layer", plane) is None
    before = dict(thumbnails._sketches["layer"].pieces)
    with qtbot.waitSignal(thumbnails.drawn):
        thumbnails.of("layer", plane.written(Rect(300, 300, 5, 5), pixels(5, 5, BLUE)))
    after = thumbnails._sketches["layer"].pieces
    assert [at for at in before if before[at] is not after[at]] == [(1, 1)]


def test_however_slow_the_machine_is_every_turn_gets_further() -> None:
    plane = plane_of(pixels(700, 700))
    sketch = Sketch()
    turns = 1
    while not sketch.follow(plane, deadline=-math.inf):
        turns += 1
    assert turns == len(plane.tiles) == 9


def test_a_view_that_asks_all_the_time_gets_a_few_thumbnails_a_second(qapp: object, qtbot: QtBot) -> None:
    assert qapp
    thumbnails = PlaneThumbnails()
    planes = [plane_of(pixels(30, 30), x, 0) for x in range(3)]
    times: list[float] = []

    def show() -> None:
        times.append(perf_counter())
        if len(times) < len(planes):
            thumbnails.of("layer", planes[len(times)])

    thumbnails.drawn.connect(show)
    thumbnails.of("layer", planes[0])
    qtbot.waitUntil(lambda: len(times) == len(planes))
    assert all(later - earlier > 0.9 * PAUSE_S for earlier, later in pairwise(times))


def test_tiles_far_from_each_other_make_a_small_picture(qapp: object, qtbot: QtBot) -> None:
    assert qapp
    thumbnails = PlaneThumbnails()
    plane = plane_of(pixels(256, 256)).written(Rect(256 * 350, 256 * 200, 256, 256), pixels(256, 256, BLUE))
    with qtbot.waitSignal(thumbnails.drawn):
        thumbnails.of("far", plane)
    image = thumbnails.of("far", plane)
    assert image is not None
    assert 90 <= image.width() <= 200


def test_a_mask_is_grey(model: LayerModel, qtbot: QtBot) -> None:
    mask = NO_MASK.written(Rect(0, 0, 100, 100), np.full((100, 100), 128, np.uint8))
    with qtbot.waitSignal(model.thumbnails.drawn):
        model.thumbnails.of(MASK, mask)
    image = model.thumbnails.of(MASK, mask)
    assert image is not None
    assert image.pixelColor(5, 5) == QColor(128, 128, 128)


def test_thumbnails_of_layers_that_are_gone_are_forgotten(model: LayerModel, store: CanvasStore, qtbot: QtBot) -> None:
    thumbnail(model, 0, qtbot)
    store.apply(RemoveLayer("high"))
    assert model.thumbnails.of("high", NO_PIXELS) is None


# --- edits


@pytest.fixture
def edits(store: CanvasStore) -> LayerEdits:
    return LayerEdits(store)


def test_a_drag_of_the_opacity_is_one_edit(store: CanvasStore, edits: LayerEdits) -> None:
    for opacity in (0.9, 0.5, 0.2):
        edits.set_opacity(opacity)
    store.undo()
    assert store.state.layer("high").opacity == 1
    assert store.undo_title is None


def test_a_new_layer_lies_above_the_active_one_under_a_name_of_its_own(store: CanvasStore, edits: LayerEdits) -> None:
    store.activate("low")
    edits.add()
    edits.add()
    assert [layer.name for layer in store.state.layers] == ["low", "Layer 1", "Layer 2", "middle", "high"]
    assert edits.layer is store.state.layers[2]


def test_a_layer_rises_and_sinks_and_stops_at_the_ends(store: CanvasStore, edits: LayerEdits) -> None:
    assert (edits.can_rise, edits.can_sink) == (False, True)
    edits.rise()
    assert store.undo_title is None
    edits.sink()
    edits.sink()
    assert [layer.id for layer in store.state.layers] == ["high", "low", "middle"]
    assert (edits.can_rise, edits.can_sink) == (True, False)


def test_every_edit_does_nothing_to_a_document_without_layers(store: CanvasStore, edits: LayerEdits) -> None:
    store.replace(layers())
    for edit in (
        edits.duplicate,
        edits.remove,
        edits.rise,
        edits.sink,
        edits.merge_down,
        edits.clear,
        edits.toggle_lock,
        edits.toggle_visible,
    ):
        edit()
    edits.set_opacity(0.5)
    edits.set_blend(BlendMode.SCREEN)
    assert store.undo_title is None


def test_a_mask_is_inverted_within_the_frame_and_cleared(store: CanvasStore, edits: LayerEdits) -> None:
    edits.invert_mask()
    frame = store.state.frame
    assert store.state.mask.bounds == frame
    store.apply(Paint(Ground.MASK, Rect(0, 0, 10, 10), np.zeros((10, 10), np.uint8)))
    edits.invert_mask()
    assert store.state.mask.bounds == Rect(0, 0, 10, 10)
    edits.clear_mask()
    assert store.state.mask.is_empty
