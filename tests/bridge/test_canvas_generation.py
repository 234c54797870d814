"""Generating on the canvas: the frame's content decides, pictures come back as proposals, the document stays whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.canvas_generation import CanvasGeneration
from studio.bridge.canvas_store import CanvasStore
from studio.domain.canvas.commands import AddLayer, ChangeLayer, Ground, Paint, SetFrame
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.proposal import Proposal
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import EngineDied, InvalidSetting, OutOfMemory, StudioError
from studio.domain.framing import FrameKind, FrameSettings
from studio.domain.geometry import Rect
from studio.domain.inpainting import Fill, Inpainting
from studio.domain.picture import Picture
from studio.domain.request import ImageToImage, Inpaint, Sampling, TextToImage
from tests.bridge.requests import MODEL
from tests.fakes import Gate, Script, ScriptedEngine, scripted_pixels

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from tests.bridge.conftest import Open

FRAME = Rect(8, 16, 64, 32)
NO_ROOM = OutOfMemory("The picture did not fit into memory")


@pytest.fixture
def store() -> Iterator[CanvasStore]:
    """An empty document with a small frame."""
    store = CanvasStore(CanvasState(frame=FRAME))
    yield store
    store.close()


@pytest.fixture
def canvas(store: CanvasStore, session: Session) -> Iterator[CanvasGeneration]:
    canvas = CanvasGeneration(store, session.generation)
    yield canvas
    canvas.close()


def settings(seed: int = 7, count: int = 1, prompt: str = "a red fox, 3d") -> FrameSettings:
    sampling = Sampling(steps=3, guidance_scale=5.0, seed=seed)
    return FrameSettings(model=MODEL, prompt=prompt, sampling=sampling, count=count)


def opaque(rect: Rect, colour: tuple[int, int, int] = (200, 30, 60)) -> NDArray[np.uint8]:
    return np.full((rect.height, rect.width, 4), (*colour, 255), np.uint8)


def add_picture(store: CanvasStore, rect: Rect = FRAME) -> None:
    store.apply(AddLayer(Layer(name="ground", id="ground").written(rect, opaque(rect))))


def add_mask(store: CanvasStore, rect: Rect) -> None:
    store.apply(Paint(Ground.MASK, rect, np.full((rect.height, rect.width), 255, np.uint8)))


def seen(state: CanvasState) -> NDArray[np.uint8]:
    return flatten(state.layers, FRAME.grown(40))


def paint(qtbot: QtBot, canvas: CanvasGeneration, session: Session, asked: FrameSettings) -> None:
    with qtbot.waitSignal(session.generation.finished):
        canvas.submit(asked)


# --- what the frame asks for


def test_an_empty_frame_asks_for_a_new_picture(canvas: CanvasGeneration) -> None:
    assert canvas.frame.ask.kind is FrameKind.TEXT
    assert canvas.frame.ask.possible == frozenset({FrameKind.TEXT})


def test_the_kind_follows_the_document_and_the_frame(
    canvas: CanvasGeneration, store: CanvasStore, qtbot: QtBot
) -> None:
    add_picture(store)
    qtbot.waitUntil(lambda: canvas.frame.ask.kind is FrameKind.IMAGE)
    add_mask(store, Rect(20, 20, 5, 5))
    qtbot.waitUntil(lambda: canvas.frame.ask.kind is FrameKind.INPAINT)
    store.apply(SetFrame(FRAME.moved(24, 0)))
    qtbot.waitUntil(lambda: canvas.frame.ask.kind is FrameKind.OUTPAINT)
    store.apply(SetFrame(FRAME.moved(500, 0)))
    qtbot.waitUntil(lambda: canvas.frame.ask.kind is FrameKind.TEXT)
    store.undo()
    store.undo()
    store.apply(ChangeLayer(layer_id="ground", visible=False))
    qtbot.waitUntil(lambda: canvas.frame.ask.possible == frozenset({FrameKind.TEXT}))


def test_what_is_glazed_over_a_picture_leaves_it_one(
    canvas: CanvasGeneration, store: CanvasStore, qtbot: QtBot
) -> None:
    add_picture(store)
    glaze = np.full((FRAME.height, FRAME.width, 4), 60, np.uint8)
    store.apply(AddLayer(Layer(name="glaze", opacity=0.5).written(FRAME, glaze)))
    qtbot.waitUntil(lambda: canvas.frame.ask.kind is FrameKind.IMAGE)
    store.apply(ChangeLayer(layer_id="ground", opacity=0.9))
    qtbot.waitUntil(lambda: canvas.frame.ask.kind is FrameKind.OUTPAINT)


def test_another_document_is_read_at_once(canvas: CanvasGeneration, store: CanvasStore, qtbot: QtBot) -> None:
    layer = Layer(name="ground").written(FRAME, opaque(FRAME))
    with qtbot.waitSignal(canvas.frame.ask_changed):
        store.replace(CanvasState(layers=(layer,), frame=FRAME))
    assert canvas.frame.ask.kind is FrameKind.IMAGE


def test_what_is_forced_is_given_up_once_it_is_impossible(
    canvas: CanvasGeneration, store: CanvasStore, qtbot: QtBot
) -> None:
    add_picture(store)
    qtbot.waitUntil(lambda: FrameKind.IMAGE in canvas.frame.ask.possible)
    canvas.frame.force(FrameKind.TEXT)
    assert canvas.frame.ask.kind is FrameKind.TEXT
    canvas.frame.force(FrameKind.IMAGE)
    store.undo()
    qtbot.waitUntil(lambda: canvas.frame.ask.forced is None)
    assert canvas.frame.ask.kind is FrameKind.TEXT


def test_requests_hold_what_the_frame_shows_at_the_press(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    paint(qtbot, canvas, session, settings())
    add_picture(store)
    # At once: not what the panel knew, but what is there, counts.
    canvas.submit(settings(), {FrameKind.IMAGE: 0.4})
    add_mask(store, Rect(20, 20, 5, 5))
    qtbot.waitUntil(lambda: len(engine.requests) == 2)
    asked = replace(settings(), method=Inpainting(padding=3, fill=Fill.NOISE))
    paint(qtbot, canvas, session, asked)
    text, image, inpaint = engine.requests
    assert isinstance(text, TextToImage)
    assert (text.width, text.height) == (64, 32)
    assert isinstance(image, ImageToImage)
    assert image.strength == 0.4
    assert (image.image.pixels == (200, 30, 60)).all()
    assert isinstance(inpaint, Inpaint)
    assert inpaint.method.fill is Fill.NOISE
    assert int(np.count_nonzero(inpaint.mask.alpha)) == 25
    assert inpaint.mask.alpha[4, 12] == 255


def test_what_cannot_be_is_refused_in_words(canvas: CanvasGeneration, store: CanvasStore, qtbot: QtBot) -> None:
    add_picture(store)
    canvas.frame.force(FrameKind.INPAINT)
    with qtbot.waitSignal(canvas.refused) as said:
        canvas.submit(settings())
    assert said.args is not None
    assert isinstance(said.args[0], InvalidSetting)


# --- what comes back


def test_pictures_wait_beside_the_layers(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    paint(qtbot, canvas, session, settings(count=3))
    waiting = store.state.proposals
    assert [proposal.seed for proposal in waiting] == [7, 8, 9]
    assert all(proposal.area == FRAME for proposal in waiting)
    assert canvas.proposals.index == 0
    assert canvas.proposals.shown is waiting[0]
    assert store.undo_title is None
    assert not store.state.layers
    assert canvas.frame.ask.kind is FrameKind.TEXT


def test_the_history_keeps_every_picture(canvas: CanvasGeneration, session: Session, qtbot: QtBot) -> None:
    canvas.submit(settings(count=2))
    qtbot.waitUntil(lambda: session.history_model.rowCount() == 2)


def test_generating_again_shows_the_first_new_picture(canvas: CanvasGeneration, session: Session, qtbot: QtBot) -> None:
    paint(qtbot, canvas, session, settings(count=2))
    paint(qtbot, canvas, session, settings(seed=20, count=2))
    assert [proposal.seed for proposal in canvas.proposals.waiting] == [7, 8, 20, 21]
    assert canvas.proposals.index == 2


def test_pictures_go_where_the_frame_was(opened: Open, store: CanvasStore, qtbot: QtBot) -> None:
    gate = Gate(step=2)
    session = opened(lambda: ScriptedEngine(Script(gates=(gate,))))
    session.start()
    canvas = CanvasGeneration(store, session.generation)
    add_picture(store)
    add_mask(store, Rect(20, 20, 5, 5))
    canvas.submit(settings())
    qtbot.waitUntil(gate.reached.is_set)
    assert session.generation.current is not None
    assert canvas.area_of(session.generation.current.job_id) == FRAME
    # Meanwhile the frame moves on and the mask is another one.
    store.apply(SetFrame(FRAME.moved(300, 0)))
    add_mask(store, Rect(0, 0, 50, 50))
    before = seen(store.state)
    with qtbot.waitSignal(session.generation.finished):
        gate.open()
    canvas.proposals.accept()
    after = seen(store.state)
    changed = np.argwhere((before != after).any(axis=2)) - 40 + (FRAME.y, FRAME.x)
    assert changed.min(axis=0).tolist() == [20, 20]
    assert changed.max(axis=0).tolist() == [24, 24]
    canvas.close()


@pytest.mark.parametrize("error", [None, NO_ROOM, EngineDied("The engine stopped")], ids=["cancel", "error", "crash"])
def test_a_job_that_does_not_end_well_leaves_the_document_alone(
    error: StudioError | None, opened: Open, store: CanvasStore, qtbot: QtBot
) -> None:
    gate = Gate(step=2)
    script = Script(gates=(gate,), error=error, error_step=2)
    session = opened(lambda: ScriptedEngine(script))
    session.start()
    canvas = CanvasGeneration(store, session.generation)
    add_picture(store)
    add_mask(store, Rect(20, 20, 5, 5))
    before = store.state
    canvas.submit(settings())
    qtbot.waitUntil(gate.reached.is_set)
    generation = session.generation
    with qtbot.waitSignal(generation.cancelled if error is None else generation.failed):
        if error is None:
            generation.cancel_current()
        gate.open()
    assert store.state is before
    assert canvas.proposals.shown is None
    canvas.close()


def test_pictures_of_another_document_go_into_the_history_alone(opened: Open, store: CanvasStore, qtbot: QtBot) -> None:
    gate = Gate(step=2)
    session = opened(lambda: ScriptedEngine(Script(gates=(gate,))))
    session.start()
    canvas = CanvasGeneration(store, session.generation)
    canvas.submit(settings())
    qtbot.waitUntil(gate.reached.is_set)
    store.replace(CanvasState(frame=FRAME))
    gate.open()
    qtbot.waitUntil(lambda: session.history_model.rowCount() == 1)
    assert store.state.proposals == ()
    canvas.close()


def test_a_failed_job_is_tried_again_at_its_place(opened: Open, store: CanvasStore, qtbot: QtBot) -> None:
    session = opened(lambda: ScriptedEngine(Script(error=NO_ROOM), Script()))
    session.start()
    canvas = CanvasGeneration(store, session.generation)
    asked: list[TextToImage] = []
    canvas.queued.connect(asked.append)
    with qtbot.waitSignal(session.generation.failed):
        canvas.submit(settings())
    store.apply(SetFrame(FRAME.moved(300, 0)))
    with qtbot.waitSignal(session.generation.finished):
        canvas.again(replace(asked[0], width=32))
    assert [proposal.area for proposal in store.state.proposals] == [Rect(8, 16, 32, 32)]
    canvas.close()


def test_more_like_this_paints_variations_at_the_same_place(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    paint(qtbot, canvas, session, settings())
    store.apply(SetFrame(FRAME.moved(300, 0)))
    with qtbot.waitSignal(session.generation.finished):
        canvas.more_like_this(3)
    first, more = engine.requests
    assert more == replace(first, count=3, sampling=more.sampling)
    assert more.sampling.seed != first.sampling.seed
    assert [proposal.area for proposal in canvas.proposals.waiting] == [FRAME] * 4
    assert canvas.proposals.index == 1


# --- what becomes of it


def test_an_accepted_picture_is_a_layer_and_undo_brings_all_back(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    paint(qtbot, canvas, session, settings(count=3))
    canvas.proposals.step(1)
    chosen = canvas.proposals.shown
    assert chosen is not None
    canvas.proposals.accept()
    layer = store.state.active_layer
    assert layer is not None
    assert layer.name == "a red fox, 3d"
    assert (layer.read(FRAME)[..., :3] == chosen.picture.pixels).all()
    assert canvas.proposals.shown is None
    store.undo()
    assert not store.state.layers
    assert canvas.proposals.shown is chosen
    store.redo()
    assert canvas.proposals.shown is None


def test_accepting_into_the_layer_adds_none(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    add_picture(store)
    paint(qtbot, canvas, session, settings())
    canvas.proposals.accept(into_layer=True)
    assert [layer.id for layer in store.state.layers] == ["ground"]
    assert not (seen(store.state) == np.array([200, 30, 60, 255])).all(axis=2).any()


def test_a_locked_layer_is_not_painted_over(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    add_picture(store)
    store.apply(ChangeLayer(layer_id="ground", locked=True))
    paint(qtbot, canvas, session, settings())
    before = store.state
    with qtbot.waitSignal(store.refused):
        canvas.proposals.accept(into_layer=True)
    assert store.state is before


def test_discarding_is_undone_too(canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot) -> None:
    paint(qtbot, canvas, session, settings(count=2))
    canvas.proposals.step(-1)
    canvas.proposals.discard()
    assert canvas.proposals.shown is None
    store.undo()
    assert canvas.proposals.index == 1


def test_stepping_goes_round(canvas: CanvasGeneration, session: Session, qtbot: QtBot) -> None:
    canvas.proposals.step(1)
    assert canvas.proposals.index is None
    paint(qtbot, canvas, session, settings(count=3))
    visited: list[int | None] = []
    for by in (1, 1, 1, -1):
        canvas.proposals.step(by)
        visited.append(canvas.proposals.index)
    assert visited == [1, 2, 0, 2]


# --- a picture of the history


def of_history(seed: int = 99) -> Proposal:
    request = TextToImage(model=MODEL, prompt="old", width=64, height=32, sampling=settings(seed).sampling)
    picture = Picture(scripted_pixels(request, seed))
    return Proposal(picture=picture, area=FRAME, prompt="old", seed=seed, entry_id=3)


def test_a_picture_of_the_history_is_seen_in_passing(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    paint(qtbot, canvas, session, settings())
    waiting = canvas.proposals.shown
    canvas.proposals.look_at(of_history())
    assert canvas.proposals.is_passing
    assert store.state.proposals == (waiting,)
    canvas.proposals.discard()
    assert canvas.proposals.shown is waiting
    canvas.proposals.look_at(of_history())
    paint(qtbot, canvas, session, settings(seed=8))
    assert not canvas.proposals.is_passing
    assert canvas.proposals.index == 1


def test_a_picture_of_the_history_can_be_used_as_a_layer(canvas: CanvasGeneration, store: CanvasStore) -> None:
    canvas.proposals.look_at(of_history())
    canvas.proposals.accept()
    assert [layer.name for layer in store.state.layers] == ["old"]
    assert not canvas.proposals.is_passing
    assert (store.state.layers[0].read(FRAME)[..., :3] == of_history().picture.pixels).all()
    store.undo()
    assert not store.state.layers


def test_a_picture_that_waits_is_the_one_of_the_history(
    canvas: CanvasGeneration, session: Session, qtbot: QtBot
) -> None:
    paint(qtbot, canvas, session, settings(count=2))
    second = canvas.proposals.waiting[1]
    canvas.proposals.look_at(replace(second, id="other", request=None))
    assert not canvas.proposals.is_passing
    assert canvas.proposals.shown is second


def test_what_is_not_known_cannot_be_varied(canvas: CanvasGeneration, qtbot: QtBot) -> None:
    canvas.proposals.look_at(of_history())
    with qtbot.waitSignal(canvas.refused):
        canvas.more_like_this()


def test_an_entry_lies_in_the_middle_of_the_frame_and_can_be_varied(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    canvas.submit(settings())
    qtbot.waitUntil(lambda: session.history_model.rowCount() == 1)
    canvas.proposals.discard()
    entry = session.history_model.entries[0]
    store.apply(SetFrame(Rect(100, 100, 128, 128)))
    picture = Picture(scripted_pixels(engine.requests[0], 7))
    canvas.look_at(entry, picture, ())
    shown = canvas.proposals.shown
    assert shown is not None
    assert (shown.area, shown.entry_id, shown.request) == (Rect(132, 148, 64, 32), entry.id, None)
    canvas.look_at(entry, picture, session.models)
    with qtbot.waitSignal(session.generation.finished):
        canvas.more_like_this(2)
    assert engine.requests[1].prompt == "a red fox, 3d"
    assert [proposal.area for proposal in canvas.proposals.waiting] == [Rect(132, 148, 64, 32)] * 2
