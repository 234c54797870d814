"""Pictures from outside lie where one expects them, and can be taken back in one step."""

from __future__ import annotations

import numpy as np
import pytest

from studio.domain.canvas.composite import flatten
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.placing import PlaceLayers, centred_layer, frame_filling, frame_in, paintable
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect, Size

FRAME = Rect(64, -32, 256, 256)


def picture(width: int, height: int, seed: int = 1) -> np.ndarray:
    pixels = np.random.default_rng(seed).integers(0, 256, (height, width, 4), np.uint8)
    pixels[..., 3] = 255
    return pixels


def test_pictures_lie_in_the_middle_of_the_frame_as_large_as_they_are() -> None:
    document = CanvasDocument(CanvasState(frame=FRAME))
    layers = (centred_layer("a", picture(300, 10), FRAME), centred_layer("b", picture(20, 20, 2), FRAME))
    document.apply(PlaceLayers(layers))
    assert [layer.name for layer in document.state.layers] == ["a", "b"]
    assert document.state.active == layers[1].id
    assert document.state.layers[0].bounds == Rect(42, 91, 300, 10)
    assert np.array_equal(document.state.layers[1].read(Rect(182, 86, 20, 20)), picture(20, 20, 2))
    document.undo()
    assert document.state.layers == ()


@pytest.mark.parametrize(
    ("size", "expected"),
    [
        (Size(256, 256), Size(256, 256)),
        (Size(300, 250), Size(304, 248)),
        (Size(4000, 3000), Size(296, 224)),
        (Size(32, 32), Size(256, 256)),
        (Size(10_000, 1), Size(1024, 64)),
    ],
)
def test_a_frame_is_what_the_model_paints_best(size: Size, expected: Size) -> None:
    assert paintable(size, 8, 256) == expected


def test_a_frame_lies_around_a_picture_that_the_model_can_paint_and_in_the_middle_of_any_other() -> None:
    assert frame_in(Rect(5, 6, 256, 320), Size(256, 256), 8, 256) == Rect(5, 6, 256, 320)
    assert frame_in(Rect(0, 0, 4000, 3000), Size(256, 512), 8, 256) == Rect(1872, 1244, 256, 512)
    assert frame_in(Rect(0, 0, 250, 250), Size(256, 256), 8, 256) == Rect(-3, -3, 256, 256)


def test_a_picture_that_fits_goes_into_the_frame_untouched() -> None:
    document = CanvasDocument(CanvasState(frame=FRAME))
    document.apply(frame_filling("photo", picture(264, 240), FRAME, 8, 256))
    assert document.state.frame == Rect(64, -32, 264, 240)
    assert np.array_equal(flatten(document.state.layers, document.state.frame), picture(264, 240))


def test_a_large_picture_is_reduced_to_the_frame_without_dark_edges() -> None:
    pixels = np.full((900, 1600, 4), 200, np.uint8)
    pixels[..., 3] = 255
    document = CanvasDocument(CanvasState(frame=FRAME))
    document.apply(frame_filling("photo", pixels, FRAME, 8, 256))
    frame = document.state.frame
    assert frame.size == Size(344, 192)
    assert document.state.bounds == frame
    assert (flatten(document.state.layers, frame) == (200, 200, 200, 255)).all()
    document.undo()
    assert document.state.frame == FRAME
