"""Generating on the canvas: the frame's content decides, pictures come back as proposals, the document stays whole."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.canvas_generation import CanvasGeneration
from studio.domain.canvas.commands import AddLayer, ChangeLayer, SetFrame
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import EngineDied, InvalidSetting, OutOfMemory, StudioError
from studio.domain.framing import FrameKind
from studio.domain.geometry import Rect
from studio.domain.inpainting import Fill, Inpainting
from studio.domain.request import ImageToImage, Inpaint, TextToImage
from tests.bridge.canvases import FRAME, add_mask, add_picture, opaque, paint, seen, settings
from tests.fakes import Gate, Script, ScriptedEngine

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.session import Session
    from tests.bridge.conftest import Open

NO_ROOM = OutOfMemory("The picture did not fit into memory")


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


def test_a_job_that_was_asked_for_before_the_document_was_left_paints_into_the_history_alone(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(session.generation.finished):
        canvas.submit(settings())
        # The frame is still being read.
        store.replace(CanvasState(frame=FRAME))
    assert store.state.proposals == ()
    assert session.queue_model.rowCount() == 0


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
