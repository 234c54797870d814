"""A request from the canvas names the pictures that it is painted from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.domain.canvas.commands import Ground, Paint, SetFrame
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.request import Inpaint
from tests.bridge.canvases import FRAME, add_mask, add_picture, paint, settings

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.bridge.canvas_generation import CanvasGeneration
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.session import Session
    from studio.domain.geometry import Rect
    from tests.fakes import ScriptedEngine


def accepted(qtbot: QtBot, canvas: CanvasGeneration, session: Session, seed: int) -> str:
    """Paint a picture, accept it and return its hash."""
    paint(qtbot, canvas, session, settings(seed))
    shown = canvas.proposals.shown
    assert shown is not None
    canvas.proposals.accept()
    return shown.picture.sha256


def test_what_is_painted_from_a_picture_names_it(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    first = accepted(qtbot, canvas, session, 1)
    assert engine.requests[-1].parents == ()
    paint(qtbot, canvas, session, settings(2))
    canvas.proposals.discard()
    request = engine.requests[-1]
    assert request.parents == (Parent(first, EdgeKind.IMAGE_TO_IMAGE),)
    assert not request.has_own_pixels
    add_mask(store, FRAME.grown(-8))
    paint(qtbot, canvas, session, settings(3))
    request = engine.requests[-1]
    assert isinstance(request, Inpaint)
    assert request.parents == (Parent(first, EdgeKind.INPAINT, request.mask.sha256),)


def test_what_is_continued_names_all_that_is_seen(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    first = accepted(qtbot, canvas, session, 1)
    add_mask(store, FRAME.grown(-8))
    second = accepted(qtbot, canvas, session, 2)
    paint(qtbot, canvas, session, settings(3))
    canvas.proposals.discard()
    # As it was proposed over the first one: that one is its parent, and not this one's.
    assert [parent.sha256 for parent in engine.requests[-1].parents] == [second]
    store.apply(SetFrame(FRAME.moved(16, 0)))
    paint(qtbot, canvas, session, settings(4))
    request = engine.requests[-1]
    assert {parent.sha256 for parent in request.parents} == {first, second}
    assert {parent.kind for parent in request.parents} == {EdgeKind.OUTPAINT}


def test_what_was_painted_by_hand_is_told_of(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    add_picture(store)
    paint(qtbot, canvas, session, settings(1))
    shown = canvas.proposals.shown
    assert shown is not None
    assert engine.requests[-1].has_own_pixels
    assert engine.requests[-1].parents == ()
    canvas.proposals.accept()
    # A picture from one's own picture keeps something of it.
    assert store.state.layers[-1].has_own_pixels


def test_a_variation_names_the_picture_that_was_seen(
    canvas: CanvasGeneration, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    first = accepted(qtbot, canvas, session, 1)
    paint(qtbot, canvas, session, settings(2))
    for _ in range(2):
        shown = canvas.proposals.shown
        assert shown is not None
        with qtbot.waitSignal(session.generation.finished):
            canvas.more_like_this(1)
        seen = Parent(shown.picture.sha256, EdgeKind.VARIATION)
        assert engine.requests[-1].parents == (seen, Parent(first, EdgeKind.IMAGE_TO_IMAGE))


def test_a_stroke_makes_the_picture_ones_own(
    canvas: CanvasGeneration, store: CanvasStore, session: Session, engine: ScriptedEngine, qtbot: QtBot
) -> None:
    first = accepted(qtbot, canvas, session, 1)
    rect: Rect = FRAME.grown(-10)
    store.apply(Paint(store.state.layers[0].id, rect, np.full((rect.height, rect.width, 4), 255, np.uint8)))
    store.apply(Paint(Ground.SELECTION, rect, np.zeros((rect.height, rect.width), np.uint8)))
    paint(qtbot, canvas, session, settings(2))
    assert engine.requests[-1].has_own_pixels
    assert [parent.sha256 for parent in engine.requests[-1].parents] == [first]
