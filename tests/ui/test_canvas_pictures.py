"""What is generated is seen in its place, over the document, and the mask as a tint."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.images import to_qimage
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.commands import Ground, Paint, SetMask
from studio.domain.canvas.plane import NO_MASK
from studio.domain.canvas.state import CanvasState
from studio.domain.events import Phase, Progress
from studio.domain.geometry import Rect
from studio.domain.picture import Mask, Picture
from studio.domain.tools import TOOLS
from studio.ui.canvas import CanvasView
from studio.ui.canvas.enlarge import enlarged
from studio.ui.canvas.viewport import MARGIN
from studio.ui.pace import Pace
from tests.ui.canvases import at, colour_at, colour_of, document, plain, proposal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

PACE = Pace.of(Progress("job", Phase.DENOISING, 12, 20, 0, 1, 0.2))
RED, GREEN, BLUE = "#ff0000", "#00ff00", "#0000ff"
SQUARE = Rect(0, 0, 64, 64)
FITTED = (500 - 2 * MARGIN) / 64


@pytest.fixture
def store(app: QApplication) -> Iterator[CanvasStore]:
    assert app
    store = CanvasStore(CanvasState(frame=SQUARE))
    yield store
    store.close()


@pytest.fixture
def canvas(store: CanvasStore, qtbot: QtBot) -> CanvasView:
    canvas = CanvasView(store, ToolBox(TOOLS))
    qtbot.addWidget(canvas)
    canvas.resize(600, 500)
    canvas.show()
    return canvas


def test_a_preview_lies_in_the_place_of_its_job(canvas: CanvasView) -> None:
    canvas.begin(Rect(0, 0, 512, 256))
    canvas.show_preview(plain(GREEN, 64, 32))
    canvas.fit()
    assert colour_of(canvas, 256, 128) == GREEN
    assert colour_at(canvas, 300, 60) != GREEN


def test_a_preview_of_a_part_lies_there(canvas: CanvasView) -> None:
    canvas.begin(SQUARE)
    canvas.show_preview(plain(GREEN), Rect(32, 0, 32, 64))
    assert colour_of(canvas, 48, 32) == GREEN
    assert colour_of(canvas, 16, 32) != GREEN


def test_a_preview_is_seen_only_as_far_as_the_mask_covers(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    cover = np.zeros((64, 64), np.uint8)
    cover[:, 32:] = 255
    canvas.begin(SQUARE, Mask(cover))
    canvas.show_preview(plain(GREEN))
    assert (colour_of(canvas, 16, 32), colour_of(canvas, 56, 32)) == (RED, GREEN)
    canvas.show_preview(plain(GREEN, 32, 64), Rect(32, 0, 32, 64))
    assert (colour_of(canvas, 16, 32), colour_of(canvas, 56, 32)) == (RED, GREEN)


def test_a_soft_mask_blends_the_preview_with_what_lies_under_it(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.begin(SQUARE, Mask(np.full((64, 64), 128, np.uint8)))
    canvas.show_preview(plain(GREEN))
    image = canvas.grab().toImage().pixelColor(300, 250)
    assert image.red() == pytest.approx(127, abs=2)
    assert image.green() == pytest.approx(128, abs=2)


def test_what_was_there_comes_back_when_a_job_ends(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.begin(SQUARE)
    canvas.show_preview(plain(GREEN))
    canvas.show_progress(PACE)
    canvas.end()
    assert colour_at(canvas, 300, 250) == RED


def test_progress_lies_on_the_picture_and_goes(canvas: CanvasView) -> None:
    canvas.show_proposal(proposal(GREEN))
    clean = canvas.grab().toImage()
    canvas.show_progress(PACE)
    assert canvas.grab().toImage() != clean
    assert canvas.accessibleDescription() == "Step 12/20 0.20 s/step · 2 s left"
    canvas.end()
    assert canvas.grab().toImage() == clean


def test_the_old_picture_stays_until_there_is_a_preview(canvas: CanvasView) -> None:
    canvas.show_proposal(proposal(RED))
    canvas.begin(SQUARE)
    canvas.show_progress(PACE)
    assert colour_at(canvas, 300, 200) == RED


def test_a_proposal_is_described_and_can_be_hidden_for_a_moment(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.show_proposal(proposal(GREEN))
    assert colour_at(canvas, 300, 250) == GREEN
    assert "all #00ff00" in canvas.accessibleDescription()
    canvas.peek(True)
    assert colour_at(canvas, 300, 250) == RED
    canvas.peek(False)
    assert colour_at(canvas, 300, 250) == GREEN
    canvas.show_proposal(None)
    assert colour_at(canvas, 300, 250) == RED


def test_a_proposal_is_new_only_under_its_mask(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    cover = np.zeros((64, 64), np.uint8)
    cover[:32] = 255
    canvas.show_proposal(proposal(GREEN, cover=cover))
    assert (colour_of(canvas, 32, 16), colour_of(canvas, 32, 48)) == (GREEN, RED)


def test_the_mask_is_tinted_and_can_be_hidden(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document(("#ffffff", SQUARE)))
    store.apply(Paint(Ground.MASK, Rect(0, 0, 32, 64), np.full((64, 32), 255, np.uint8)))
    tinted = canvas.grab().toImage().pixelColor(at(canvas, 16, 32).toPoint())
    assert tinted.red() > 240
    assert 100 < tinted.green() < 200
    assert colour_of(canvas, 48, 32) == "#ffffff"
    canvas.show_mask(False)
    assert colour_of(canvas, 16, 32) == "#ffffff"
    canvas.show_mask(True)
    store.apply(SetMask(NO_MASK))
    assert colour_of(canvas, 16, 32) == "#ffffff"


def test_no_tint_lies_on_a_picture_that_is_judged(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document(("#ffffff", SQUARE)))
    store.apply(Paint(Ground.MASK, SQUARE, np.full((64, 64), 255, np.uint8)))
    canvas.show_proposal(proposal(GREEN))
    assert colour_of(canvas, 32, 32) == GREEN


def test_the_next_picture_keeps_the_zoom(canvas: CanvasView) -> None:
    canvas.show_proposal(proposal(RED))
    canvas.zoom_to(3.0)
    canvas.begin(SQUARE)
    canvas.show_proposal(proposal(GREEN))
    assert canvas.zoom == 3.0


def test_an_enlarged_preview_is_smooth() -> None:
    steps = np.repeat(np.linspace(0, 255, 8).astype(np.uint8)[None, :, None], 8, axis=0).repeat(3, axis=2)
    image = enlarged(to_qimage(Picture(steps)))
    row = np.array([image.pixelColor(x, 256).red() for x in range(image.width())])
    assert image.width() >= 512
    # Eight steps of 36 become a ramp: no two neighbours differ by more than a few of 255.
    assert np.abs(np.diff(row)).max() <= 2
    assert row[0] < 3
    assert row[-1] > 252


def test_a_large_preview_is_left_as_it_is() -> None:
    image = plain("#123456", 512, 300)
    assert enlarged(image) is image
