"""A picture comes into being in its place on the canvas, waits there for a choice, and leaves no trace otherwise."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QWidget

from studio.bridge.canvas_generation import CanvasGeneration
from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.commands import AddLayer, Ground, Paint, SetFrame
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.proposal import Proposal
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import EngineDied, OutOfMemory, StudioError
from studio.domain.framing import FrameSettings
from studio.domain.geometry import Rect
from studio.domain.picture import Mask, Picture
from studio.domain.request import ModelRef, Sampling
from studio.domain.tools import TOOLS
from studio.ui.canvas import CanvasView
from studio.ui.canvas.proposals_bar import ProposalsBar
from studio.ui.canvas_display import CanvasDisplay
from tests.bridge.requests import MODEL
from tests.fakes import Gate, Script

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from PySide6.QtGui import QImage
    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session

FRAME = Rect(0, 0, 128, 128)
MASK = Rect(32, 32, 64, 64)
GROUND = (200, 30, 60)


class Studio(QWidget):
    """A canvas with all that generating on it needs.

    Attributes:
        session: its engine follows a script.
        store: a document with a frame of 128 pixels.
        painting: joins the two.
        canvas: shows them.
    """

    def __init__(self, session: Session) -> None:
        super().__init__()
        self.session = session
        self.store = CanvasStore(CanvasState(frame=FRAME))
        self.painting = CanvasGeneration(self.store, session.generation)
        tool_box = ToolBox(TOOLS)
        tool_box.setParent(self)
        self.canvas = CanvasView(self.store, tool_box)
        self.canvas.setParent(self)
        self.canvas.setGeometry(0, 0, 500, 400)
        CanvasDisplay(session.generation, self.painting, self.canvas)
        bar = ProposalsBar(self.painting, self.canvas)
        bar.peeked.connect(self.canvas.peek)
        self.setMinimumSize(500, 400)

    def add_ground(self) -> None:
        pixels = np.full((FRAME.height, FRAME.width, 4), (*GROUND, 255), np.uint8)
        self.store.apply(AddLayer(Layer(name="ground").written(FRAME, pixels)))

    def add_mask(self) -> None:
        self.store.apply(Paint(Ground.MASK, MASK, np.full((64, 64), 255, np.uint8)))

    def generate(self, seed: int = 3, count: int = 1, prompt: str = "a fox", model: ModelRef = MODEL) -> None:
        sampling = Sampling(steps=4, guidance_scale=5.0, seed=seed)
        self.painting.submit(FrameSettings(model=model, prompt=prompt, sampling=sampling, count=count))

    def seen(self) -> QImage:
        return self.canvas.grab().toImage()

    def colour(self, x: float, y: float) -> tuple[int, int, int]:
        """Return what is seen of a document pixel."""
        point = self.canvas.navigation.viewport.to_view.map(QPointF(x, y))
        colour = self.seen().pixelColor(point.toPoint())
        return colour.red(), colour.green(), colour.blue()

    def says(self, words: str) -> bool:
        """Tell whether the canvas describes itself so to a screen reader, first of all."""
        return self.canvas.accessibleDescription().startswith(words)

    def close_all(self) -> None:
        self.painting.close()
        self.store.close()


@pytest.fixture
def studio_of(session_of: Callable[..., Session], qtbot: QtBot) -> Iterator[Callable[..., Studio]]:
    studios: list[Studio] = []

    def open_studio(*scripts: Script) -> Studio:
        session = session_of(*scripts)
        studio = Studio(session)
        qtbot.addWidget(studio)
        studio.show()
        studio.activateWindow()
        qtbot.waitUntil(studio.isActiveWindow)
        studio.canvas.setFocus()
        session.start()
        studios.append(studio)
        return studio

    yield open_studio
    for studio in studios:
        studio.close_all()


def test_a_picture_comes_into_being_in_the_frame_and_waits_there(
    studio_of: Callable[..., Studio], qtbot: QtBot
) -> None:
    gate = Gate(step=3)
    studio = studio_of(Script(gates=(gate,)))
    assert studio.canvas.image is None
    studio.generate()
    qtbot.waitUntil(lambda: studio.canvas.image is not None)
    assert studio.says("Step ")
    with qtbot.waitSignal(studio.session.generation.finished):
        gate.open()
    assert studio.canvas.image is not None
    assert (studio.canvas.image.width(), studio.canvas.image.height()) == (128, 128)
    assert studio.says("a fox")
    assert not studio.store.state.layers


def test_a_preview_is_seen_under_the_mask_alone(studio_of: Callable[..., Studio], qtbot: QtBot) -> None:
    gate = Gate(step=3)
    studio = studio_of(Script(gates=(gate,)))
    studio.add_ground()
    studio.add_mask()
    studio.generate()
    qtbot.waitUntil(lambda: studio.canvas.image is not None)
    assert studio.colour(10, 10) == GROUND
    assert studio.colour(120, 20) == GROUND
    assert studio.colour(50, 50) != GROUND
    QTest.keyPress(studio.canvas, Qt.Key.Key_O)
    assert studio.canvas.image is None
    QTest.keyRelease(studio.canvas, Qt.Key.Key_O)
    assert studio.canvas.image is not None
    with qtbot.waitSignal(studio.session.generation.finished):
        gate.open()
    assert studio.colour(10, 10) == GROUND


@pytest.mark.parametrize(
    "error", [None, OutOfMemory("No room"), EngineDied("It stopped")], ids=["cancel", "error", "crash"]
)
def test_what_ends_badly_uncovers_what_was_there(
    error: StudioError | None, studio_of: Callable[..., Studio], qtbot: QtBot
) -> None:
    gate = Gate(step=3)
    studio = studio_of(Script(gates=(gate,), error=error, error_step=3))
    studio.add_ground()
    studio.add_mask()
    before = studio.seen()
    studio.generate()
    qtbot.waitUntil(lambda: studio.canvas.image is not None)
    assert studio.seen() != before
    generation = studio.session.generation
    with qtbot.waitSignal(generation.cancelled if error is None else generation.failed):
        if error is None:
            generation.cancel_current()
        gate.open()
    assert studio.canvas.image is None
    assert studio.seen() == before


def test_a_cancelled_job_uncovers_the_picture_that_waits(studio_of: Callable[..., Studio], qtbot: QtBot) -> None:
    studio = studio_of(Script(), Script(gates=(Gate(step=3),)))
    with qtbot.waitSignal(studio.session.generation.finished):
        studio.generate()
    before = studio.seen()
    studio.generate(seed=9, prompt="something else")
    qtbot.waitUntil(lambda: studio.says("Step 3/4"))
    qtbot.waitUntil(lambda: studio.seen() != before)
    with qtbot.waitSignal(studio.session.generation.cancelled):
        studio.session.generation.cancel_current()
    assert studio.seen() == before


def test_the_frame_may_go_elsewhere_meanwhile(studio_of: Callable[..., Studio], qtbot: QtBot) -> None:
    gate = Gate(step=1)
    studio = studio_of(Script(gates=(gate,)))
    studio.add_ground()
    studio.generate()
    qtbot.waitUntil(gate.reached.is_set)
    studio.store.apply(SetFrame(FRAME.moved(128, 0)))
    with qtbot.waitSignal(studio.session.generation.finished):
        gate.open()
    assert studio.colour(64, 64) != GROUND
    shown = studio.painting.proposals.shown
    assert shown is not None
    assert shown.area == FRAME


def test_pictures_are_compared_while_the_next_one_is_painted(studio_of: Callable[..., Studio], qtbot: QtBot) -> None:
    gate = Gate(step=3)
    studio = studio_of(Script(), Script(gates=(gate,)))
    with qtbot.waitSignal(studio.session.generation.finished):
        studio.generate(count=2)
    first = studio.colour(64, 64)
    studio.generate(seed=20, prompt="later", count=2)
    qtbot.waitUntil(lambda: studio.says("Picture 1/2 · Step 3/4"))
    QTest.keyClick(studio.canvas, Qt.Key.Key_Right)
    second = studio.colour(64, 64)
    assert second != first
    assert studio.says("a fox")
    with qtbot.waitSignal(studio.session.generation.finished):
        gate.open()
    # The first picture of the new job is shown; its second one waits behind it.
    assert studio.says("later")
    assert studio.painting.proposals.index == 2


def test_holding_a_key_shows_the_original(studio_of: Callable[..., Studio], qtbot: QtBot) -> None:
    studio = studio_of(Script())
    studio.add_ground()
    with qtbot.waitSignal(studio.session.generation.finished):
        studio.generate()
    after = studio.colour(64, 64)
    assert after != GROUND
    QTest.keyPress(studio.canvas, Qt.Key.Key_O)
    assert studio.colour(64, 64) == GROUND
    QTest.keyRelease(studio.canvas, Qt.Key.Key_O)
    assert studio.colour(64, 64) == after


def test_accepting_changes_nothing_to_look_at(studio_of: Callable[..., Studio], qtbot: QtBot) -> None:
    studio = studio_of(Script())
    studio.add_ground()
    with qtbot.waitSignal(studio.session.generation.finished):
        studio.generate()
    points = [(5, 5), (64, 64), (120, 30)]
    shown = [studio.colour(*point) for point in points]
    QTest.keyClick(studio.canvas, Qt.Key.Key_Return)
    assert [layer.name for layer in studio.store.state.layers] == ["ground", "a fox"]
    assert [studio.colour(*point) for point in points] == shown


def test_no_seam_is_seen_where_a_picture_is_continued(studio_of: Callable[..., Studio]) -> None:
    studio = studio_of(Script())
    left = Rect(0, 0, 64, 128)
    ground = np.full((left.height, left.width, 4), (*GROUND, 255), np.uint8)
    studio.store.apply(AddLayer(Layer(name="ground").written(left, ground)))
    beyond = np.zeros((128, 128), np.uint8)
    beyond[:, 64:] = 255
    picture = Picture(np.full((128, 128, 3), GROUND, np.uint8))
    studio.store.stage(Proposal(picture=picture, area=FRAME, cover=Mask(beyond)))
    for zoom in (1.85, 0.7):
        studio.canvas.zoom_to(zoom)
        across = np.array([studio.colour(x, 40) for x in np.arange(58, 70, 0.25)])
        assert np.abs(across - GROUND).max() <= 3
