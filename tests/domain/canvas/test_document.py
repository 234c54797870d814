"""Everything that is done to a document can be undone and done again, to the last byte, in bounded memory."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.commands import (
    AddLayer,
    ChangeLayer,
    ClearLayer,
    Command,
    MergeDown,
    Paint,
    RemoveLayer,
    SetFrame,
)
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.proposing import AcceptProposal, DiscardProposals
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import NOWHERE, Rect
from tests.domain.canvas.states import commands, first_state, noise, proposal, same

if TYPE_CHECKING:
    from studio.domain.canvas.change import Change

LOOK = Rect(-700, -700, 1500, 1500)


def run(document: CanvasDocument, edits: list[Command]) -> None:
    for edit in edits:
        try:
            document.apply(edit)
        except InvalidEdit:
            continue  # what the document refuses is no edit


def undo_all(document: CanvasDocument) -> None:
    while document.undo_title is not None:
        document.undo()


def redo_all(document: CanvasDocument) -> None:
    while document.redo_title is not None:
        document.redo()


def give_up(document: CanvasDocument, edits: list[Command]) -> None:
    with document.gesture("Stroke"):
        run(document, edits)
        raise KeyboardInterrupt


@settings(max_examples=25)
@given(st.lists(commands, min_size=1, max_size=7), st.booleans())
def test_undone_it_is_as_before_and_redone_as_after(edits: list[Command], is_tidied: bool) -> None:
    before = first_state()
    document = CanvasDocument(before)
    run(document, edits)
    after = document.state
    while is_tidied and document.tidy():
        pass
    undo_all(document)
    assert same(document.state, before)
    redo_all(document)
    assert same(document.state, after)
    undo_all(document)
    assert same(document.state, before)


@pytest.mark.slow
@settings(max_examples=8)
@given(st.lists(commands, min_size=1, max_size=3))
def test_outside_the_bounds_of_a_change_nothing_looks_different(edits: list[Command]) -> None:
    document = CanvasDocument(first_state())
    changes: list[tuple[CanvasState, Change]] = []
    document.changed = lambda change: changes.append((document.state, change))
    seen = flatten(document.state.layers, LOOK)
    run(document, edits)
    undo_all(document)
    for state, change in changes:
        now = flatten(state.layers, LOOK)
        is_same = np.all(seen == now, axis=2)
        is_same[change.bounds.intersected(LOOK).within(LOOK)] = True
        assert is_same.all()
        seen = now


@settings(max_examples=15)
@given(st.lists(commands, max_size=5))
def test_a_gesture_is_one_edit_and_can_be_given_up(edits: list[Command]) -> None:
    before = first_state()
    document = CanvasDocument(before)
    with document.gesture("Stroke"):
        run(document, edits)
    after = document.state
    document.undo()
    assert same(document.state, before)
    assert document.undo_title is None
    document.redo()
    assert same(document.state, after)
    with pytest.raises(KeyboardInterrupt):
        give_up(document, edits)
    assert same(document.state, after)


def test_the_oldest_edits_are_forgotten_beyond_the_limit() -> None:
    document = CanvasDocument(first_state(), undo_bytes=400_000)
    rect = Rect(0, 0, 200, 200)
    for seed in range(10):
        document.apply(Paint("a", rect, noise(rect, seed)))
    assert document.undo_bytes <= 400_000
    undone = 0
    while document.undo_title is not None:
        document.undo()
        undone += 1
    assert 1 <= undone < 10
    assert np.array_equal(document.state.layer("a").read(rect), noise(rect, 9 - undone))


def test_pictures_that_were_let_go_count_as_undo() -> None:
    document = CanvasDocument(undo_bytes=100_000)
    for number in range(200):
        document.stage(proposal(number))
        document.apply(DiscardProposals())
        document.tidy()
    each = proposal(0)
    pictures = each.picture.pixels.nbytes + 16 * 24
    undone = 0
    while document.undo_title is not None:
        document.undo()
        undone += 1
    assert undone == 100_000 // pictures
    assert len(document.state.proposals) == undone


def test_a_slider_that_is_dragged_is_one_edit() -> None:
    document = CanvasDocument(first_state())
    for percent in (90, 60, 30):
        document.apply(ChangeLayer(layer_id="a", opacity=percent / 100, joins="opacity:a"))
    document.apply(ChangeLayer(layer_id="b", opacity=0.5, joins="opacity:b"))
    document.undo()
    assert [layer.opacity for layer in document.state.layers] == [0.3, 1.0, 1.0]
    document.undo()
    assert [layer.opacity for layer in document.state.layers] == [1.0, 1.0, 1.0]
    assert document.undo_title is None


def test_proposals_that_came_later_outlive_the_undo_of_a_stroke() -> None:
    document = CanvasDocument(replace(first_state(), proposals=()))
    document.apply(Paint("a", Rect(0, 0, 5, 5), noise(Rect(0, 0, 5, 5), 1)))
    document.stage(proposal(1))
    document.undo()
    assert [waiting.id for waiting in document.state.proposals] == ["p1"]


def test_proposals_that_come_in_the_middle_of_a_stroke_outlive_it() -> None:
    document = CanvasDocument(replace(first_state(), proposals=()))
    rect = Rect(0, 0, 5, 5)
    with contextlib.suppress(KeyboardInterrupt), document.gesture("Brush"):
        document.stage(proposal(1))
        raise KeyboardInterrupt
    with document.gesture("Brush"):
        document.apply(Paint("a", rect, noise(rect, 1)))
        document.stage(proposal(2))
        document.apply(Paint("a", rect, noise(rect, 2)))
    for opacity in (0.5, 0.3):
        document.apply(ChangeLayer(layer_id="a", opacity=opacity, joins="opacity a"))
        document.stage(proposal(int(10 * opacity)))
    undo_all(document)
    assert [waiting.id for waiting in document.state.proposals] == ["p1", "p2", "p5", "p3"]


def test_proposals_that_came_since_wait_beside_those_that_come_back() -> None:
    document = CanvasDocument(first_state())
    document.apply(AcceptProposal("p2"))
    document.stage(proposal(3))
    document.undo()
    assert [waiting.id for waiting in document.state.proposals] == ["p1", "p2", "p3"]
    document.redo()
    assert [waiting.id for waiting in document.state.proposals] == ["p3"]


@pytest.mark.parametrize(
    ("prompt", "name"),
    [
        ("a red fox,\n 3d ", "a red fox, 3d"),
        ("", "Picture"),
        ("one two three four five six seven eight nine twelve", "one two three four five six seven eight nine…"),
        ("x" * 100, "x" * 47 + "…"),
    ],
)
def test_a_layer_is_named_after_its_prompt_in_few_words(prompt: str, name: str) -> None:
    document = CanvasDocument(CanvasState(proposals=(replace(proposal(1), prompt=prompt),)))
    document.apply(AcceptProposal("p1"))
    assert [layer.name for layer in document.state.layers] == [name]


def test_discarded_proposals_come_back() -> None:
    document = CanvasDocument(first_state())
    document.apply(DiscardProposals())
    assert document.state.proposals == ()
    document.undo()
    assert [waiting.id for waiting in document.state.proposals] == ["p1", "p2"]


@pytest.mark.parametrize("into_active", [False, True])
def test_an_accepted_picture_shows_only_where_it_is_new(into_active: bool) -> None:
    before = first_state()
    document = CanvasDocument(before)
    document.apply(AcceptProposal("p2", into_active, "new"))
    chosen = proposal(2)
    assert chosen.cover is not None
    top = document.state.active_layer
    assert top is not None
    assert top.id == ("b" if into_active else "new")
    new = chosen.cover.alpha > 0
    assert np.array_equal(top.read(chosen.area)[new][:, :3], chosen.picture.pixels[new])
    old = before.layer("b").read(chosen.area) if into_active else np.zeros((16, 24, 4), np.uint8)
    assert np.array_equal(top.read(chosen.area)[~new], old[~new])
    assert document.state.proposals == ()


def test_the_bounds_of_a_stroke_are_not_whole_tiles() -> None:
    document = CanvasDocument(first_state())
    rect = Rect(7, 9, 20, 30)
    assert document.apply(Paint("a", rect, noise(rect, 1))).bounds == rect


def test_what_is_cleared_is_what_is_selected() -> None:
    area = Rect(0, 0, 8, 8)
    layer = Layer(name="red", pixels=plane_of(np.full((8, 8, 4), (255, 0, 0, 255), np.uint8)), offset=(100, 0))
    selected = np.zeros((8, 8), np.uint8)
    selected[:4], selected[4] = 255, 128
    for selection, alphas in ((plane_of(selected, 100, 0), 255 - selected), (None, np.zeros((8, 8), np.uint8))):
        document = CanvasDocument(CanvasState(layers=(layer,), active=layer.id, selection=selection))
        document.apply(ClearLayer(layer.id))
        assert np.array_equal(document.state.layers[0].read(area.moved(100, 0))[..., 3], alphas)
        document.undo()
        assert same(document.state, CanvasState(layers=(layer,), active=layer.id, selection=selection))


def test_a_layer_that_did_not_change_stays_the_same_object() -> None:
    document = CanvasDocument(first_state())
    other = document.state.layer("c")
    rect = Rect(0, 0, 9, 9)
    document.apply(Paint("a", rect, noise(rect, 1)))
    document.undo()
    assert document.state.layer("c") is other


def test_choosing_a_layer_is_no_edit() -> None:
    document = CanvasDocument(first_state())
    assert document.activate("c").structure
    assert document.undo_title is None
    assert document.activate("c").is_nothing


def test_a_layer_that_goes_away_again_is_not_painted_on_any_more() -> None:
    document = CanvasDocument(first_state())
    document.apply(RemoveLayer("c"))
    document.undo()
    document.activate("c")
    document.redo()
    assert document.state.active == "b"


def test_removing_the_active_layer_makes_the_one_below_active() -> None:
    document = CanvasDocument(first_state())
    document.apply(RemoveLayer("b"))
    assert document.state.active == "a"
    document.apply(RemoveLayer("a"))
    document.apply(RemoveLayer("c"))
    assert document.state.active is None


@pytest.mark.parametrize(
    "edit",
    [
        Paint("a", Rect(0, 0, 1, 1), np.zeros((1, 1, 4), np.uint8)),
        RemoveLayer("a"),
        MergeDown("b"),
        ChangeLayer(layer_id="a", offset=(1, 1)),
    ],
    ids=lambda edit: type(edit).__name__,
)
def test_a_locked_layer_refuses_and_says_so(edit: Command) -> None:
    document = CanvasDocument(first_state())
    document.apply(ChangeLayer(layer_id="a", locked=True))
    before = document.state
    with pytest.raises(InvalidEdit, match="locked"):
        document.apply(edit)
    assert document.state is before


@pytest.mark.parametrize("edit", [MergeDown("a"), RemoveLayer("gone"), SetFrame(NOWHERE), AcceptProposal("gone")])
def test_what_makes_no_sense_is_refused(edit: Command) -> None:
    document = CanvasDocument(first_state())
    with pytest.raises(InvalidEdit):
        document.apply(edit)
    assert document.undo_title is None


def test_merged_layers_look_as_before() -> None:
    document = CanvasDocument(first_state())
    document.apply(ChangeLayer(layer_id="b", opacity=0.4))
    seen = flatten(document.state.layers[:2], LOOK)
    document.apply(MergeDown("b"))
    assert np.array_equal(flatten(document.state.layers[:1], LOOK), seen)


def test_revisions_grow_with_what_a_file_would_hold() -> None:
    document = CanvasDocument(first_state())
    document.stage(proposal(3))
    assert document.revision == 0
    document.apply(AddLayer(Layer(name="new")))
    document.undo()
    assert document.revision == 2


@pytest.mark.slow
def test_five_hundred_strokes_stay_under_300_mb() -> None:
    """Of a 200 px brush, 600 px long, over a noisy photograph of 4096 x 4096: the ground that compresses worst."""
    side = 4096
    dice = np.random.default_rng(1)
    soft = np.repeat(np.repeat(dice.integers(40, 215, (side // 8, side // 8, 3), np.uint8), 8, 0), 8, 1)
    photo = soft + dice.integers(0, 8, (side, side, 3), np.uint8)
    ground = Layer(name="photo", id="photo", pixels=plane_of(np.dstack([photo, np.full((side, side), 255, np.uint8)])))
    document = CanvasDocument(CanvasState(layers=(ground,), active="photo"))
    dab = np.clip(1.2 - np.hypot(*np.mgrid[-100:100, -100:100]) / 90, 0, 1)[..., None]
    for seed in range(500):
        x, y = (int(value) for value in np.random.default_rng(seed).integers(0, side - 800, 2))
        with document.gesture("Brush"):
            for along in range(0, 600, 50):
                rect = Rect(x + along, y + along // 3, 200, 200)
                below = document.state.layer("photo").read(rect)
                colour = np.array([seed % 256, 90, 200, 255])
                document.apply(Paint("photo", rect, (below * (1 - dab) + colour * dab).astype(np.uint8)))
        document.tidy()
    assert document.undo_bytes < 300e6
    undo_all(document)
    assert document.state.layer("photo").pixels.equals(ground.pixels)
