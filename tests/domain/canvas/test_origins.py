"""A layer knows which pictures were laid on it, and whether anything on it is somebody's own."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.domain.canvas.blend import BlendMode
from studio.domain.canvas.commands import AddLayer, ChangeLayer, ClearLayer, DuplicateLayer, MergeDown, Paint, SetPixels
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.layer import Layer, Origin
from studio.domain.canvas.origins import Makings, has_own_pixels, makings_of
from studio.domain.canvas.placing import centred_layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.proposal import Proposal
from studio.domain.canvas.proposing import AcceptProposal, UsePicture
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.picture import Mask, Picture
from tests.domain.canvas.states import noise

AREA = Rect(0, 0, 64, 64)


def painted(level: int, cover: Mask | None = None, *, is_generated: bool = True) -> Proposal:
    picture = Picture(np.full((64, 64, 3), level, np.uint8))
    return Proposal(picture=picture, area=AREA, cover=cover, is_generated=is_generated)


def accept(document: CanvasDocument, one: Proposal, *, into_active: bool = False) -> None:
    document.stage(one)
    document.apply(AcceptProposal(one.id, into_active))


def half_cover() -> Mask:
    alpha = np.zeros((64, 64), np.uint8)
    alpha[:32] = 255
    return Mask(alpha)


def own_layer() -> Layer:
    return Layer(name="own", id="own", pixels=plane_of(noise(AREA, 1) | np.uint8(255)))


def test_an_accepted_picture_is_known_on_its_layer_and_undo_forgets_it() -> None:
    document = CanvasDocument()
    one, other = painted(10), painted(20, half_cover())
    accept(document, one)
    accept(document, other, into_active=True)
    layer = document.state.active_layer
    assert layer is not None
    assert layer.origins == {one.picture.sha256, other.picture.sha256}
    assert not layer.has_own_pixels
    document.undo()
    assert document.state.layers[0].origins == {one.picture.sha256}
    document.redo()
    assert document.state.layers[0].origins == layer.origins


def test_a_picture_that_hides_all_of_its_layer_is_alone_there() -> None:
    document = CanvasDocument(CanvasState((own_layer(),), "own"))
    accept(document, painted(10), into_active=True)
    assert makings_of(document.state, AREA) == Makings((painted(10).picture.sha256,))


def test_a_picture_beside_what_was_painted_leaves_that_as_it_is() -> None:
    document = CanvasDocument(CanvasState((own_layer(),), "own"))
    accept(document, painted(10, half_cover()), into_active=True)
    assert makings_of(document.state, AREA) == Makings((painted(10).picture.sha256,), has_own_pixels=True)


def test_painting_by_hand_is_remembered_and_undone() -> None:
    document = CanvasDocument()
    accept(document, painted(10))
    layer = document.state.layers[0]
    document.apply(Paint(layer.id, Rect(0, 0, 4, 4), noise(Rect(0, 0, 4, 4), 3)))
    assert has_own_pixels(document.state)
    document.undo()
    assert not has_own_pixels(document.state)


@pytest.mark.parametrize("is_generated", [True, False])
def test_a_picture_of_the_history_is_known_as_well(is_generated: bool) -> None:
    document = CanvasDocument()
    one = painted(10, is_generated=is_generated)
    document.apply(UsePicture(one))
    assert makings_of(document.state, AREA) == Makings((one.picture.sha256,), has_own_pixels=not is_generated)


def test_copies_transformations_and_merges_keep_it() -> None:
    document = CanvasDocument()
    one, other = painted(10), painted(20)
    accept(document, one)
    below = document.state.layers[0]
    document.apply(DuplicateLayer(below.id, "copy"))
    document.apply(SetPixels("copy", plane_of(noise(AREA, 2)), (9, 9)))
    assert document.state.layer("copy").origins == {one.picture.sha256}
    accept(document, other)
    document.apply(MergeDown(document.state.active or ""))
    assert document.state.layer("copy").origins == {one.picture.sha256, other.picture.sha256}
    assert not document.state.layer("copy").has_own_pixels
    document.apply(AddLayer(own_layer()))
    document.apply(MergeDown("own"))
    assert document.state.layer("copy").has_own_pixels


def test_a_cleared_layer_knows_nothing() -> None:
    document = CanvasDocument()
    accept(document, painted(10))
    layer_id = document.state.layers[0].id
    document.apply(Paint(layer_id, Rect(0, 0, 4, 4), noise(Rect(0, 0, 4, 4), 3)))
    document.apply(ClearLayer(layer_id))
    assert document.state.layer(layer_id).origins == frozenset()
    assert not document.state.layer(layer_id).has_own_pixels


def test_what_is_hidden_takes_no_part() -> None:
    document = CanvasDocument(CanvasState((own_layer(),), "own"))
    accept(document, painted(10))
    top = document.state.layers[1].id
    assert not has_own_pixels(document.state, AREA)
    assert has_own_pixels(document.state, Rect(0, 0, 65, 64)) is False, "beyond the picture lies nothing"
    for change in ({"opacity": 0.5}, {"blend": BlendMode.MULTIPLY}, {"visible": False}):
        there = replace(document.state.layer(top), **change)
        assert has_own_pixels(document.state.with_layer(there), AREA), change
    document.apply(ChangeLayer(layer_id="own", visible=False))
    assert not has_own_pixels(document.state)


def test_what_lies_elsewhere_takes_no_part() -> None:
    photo = centred_layer("photo", noise(Rect(0, 0, 20, 20), 5) | np.uint8(255), AREA, Origin("ab" * 32, False))
    state = CanvasState((photo,), photo.id)
    assert makings_of(state, AREA) == Makings(("ab" * 32,), has_own_pixels=True)
    assert makings_of(state, Rect(100, 0, 64, 64)) == Makings()
