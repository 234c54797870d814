"""What becomes of pictures that wait on the canvas, and of those of the history that are looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from studio.bridge.history_proposal import proposal_of
from studio.domain.canvas.commands import ChangeLayer, Ground, Paint, SetFrame
from studio.domain.canvas.proposal import Proposal
from studio.domain.geometry import Rect
from studio.domain.picture import Picture
from studio.domain.request import TextToImage
from tests.bridge.canvases import FRAME, add_picture, paint, seen, settings
from tests.bridge.requests import MODEL
from tests.fakes import ScriptedEngine, scripted_pixels

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.bridge.canvas_generation import CanvasGeneration
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.session import Session


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


def test_what_is_done_to_the_document_is_not_hidden_by_a_picture_in_passing(
    canvas: CanvasGeneration, store: CanvasStore
) -> None:
    canvas.proposals.look_at(of_history())
    store.apply(SetFrame(FRAME.moved(8, 0)))
    assert canvas.proposals.is_passing
    add_picture(store)
    assert canvas.proposals.shown is None
    canvas.proposals.look_at(of_history())
    store.apply(Paint(Ground.MASK, FRAME, np.full((FRAME.height, FRAME.width), 255, np.uint8)))
    assert canvas.proposals.shown is None


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
    canvas.proposals.look_at(proposal_of(entry, picture, store.state.frame, ()))
    shown = canvas.proposals.shown
    assert shown is not None
    assert (shown.area, shown.entry_id, shown.request) == (Rect(132, 148, 64, 32), entry.id, None)
    canvas.proposals.look_at(proposal_of(entry, picture, store.state.frame, session.models))
    with qtbot.waitSignal(session.generation.finished):
        canvas.more_like_this(2)
    assert engine.requests[1].prompt == "a red fox, 3d"
    assert [proposal.area for proposal in canvas.proposals.waiting] == [Rect(132, 148, 64, 32)] * 2
