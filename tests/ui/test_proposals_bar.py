"""Choosing among generated pictures: with the bar's buttons, and with the keys while the canvas has the focus."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from studio.bridge.canvas_generation import VARIATIONS, CanvasGeneration
from studio.bridge.canvas_store import CanvasStore
from studio.domain.canvas.commands import AddLayer
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.proposal import Proposal
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.picture import Picture
from studio.domain.request import Sampling, TextToImage
from studio.ui.canvas.proposals_bar import ProposalsBar
from tests.bridge.requests import MODEL
from tests.fakes import Gate, Script, scripted_pixels
from tests.ui.person import button, click, focused, press

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session

FRAME = Rect(0, 0, 64, 32)
SHIFT = Qt.KeyboardModifier.ShiftModifier


class Table(QWidget):
    """A window with a canvas and a field beside it; Esc in the window counts.

    Attributes:
        canvas: what the bar lies on.
        prompt: something else to write into.
        escapes: how often Esc reached the window.
    """

    def __init__(self) -> None:
        super().__init__()
        self.canvas, self.prompt = QWidget(), QLineEdit()
        self.canvas.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        layout = QVBoxLayout(self)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self.prompt)
        self.escapes = 0
        QShortcut(QKeySequence("Esc"), self).activated.connect(self._count)
        self.setMinimumSize(640, 400)

    def _count(self) -> None:
        self.escapes += 1


@pytest.fixture
def store() -> Iterator[CanvasStore]:
    store = CanvasStore(CanvasState(frame=FRAME))
    yield store
    store.close()


@pytest.fixture
def session(session_of: Callable[..., Session]) -> Session:
    """A session whose engine holds its first job at the second step."""
    return session_of(Script(gates=(Gate(step=2),)))


@pytest.fixture
def generation(store: CanvasStore, session: Session) -> Iterator[CanvasGeneration]:
    generation = CanvasGeneration(store, session.generation)
    yield generation
    generation.close()


@pytest.fixture
def table(generation: CanvasGeneration, qtbot: QtBot) -> Table:
    table = Table()
    qtbot.addWidget(table)
    ProposalsBar(generation, table.canvas)
    table.show()
    table.activateWindow()
    qtbot.waitUntil(table.isActiveWindow)
    table.canvas.setFocus()
    return table


def bar_of(table: Table) -> ProposalsBar:
    bar = table.canvas.findChild(ProposalsBar)
    assert isinstance(bar, ProposalsBar)
    return bar


def proposal(seed: int) -> Proposal:
    sampling = Sampling(steps=3, guidance_scale=5.0, seed=seed)
    request = TextToImage(model=MODEL, prompt="a fox", width=64, height=32, sampling=sampling)
    picture = Picture(scripted_pixels(request, seed))
    return Proposal(picture=picture, area=FRAME, prompt="a fox", seed=seed, request=request)


def stage(store: CanvasStore, count: int) -> None:
    store.stage(*(proposal(seed) for seed in range(count)))


def test_the_bar_is_there_while_there_is_something_to_choose(table: Table, store: CanvasStore) -> None:
    assert bar_of(table).isHidden()
    stage(store, 3)
    assert bar_of(table).isVisible()
    assert bar_of(table).text == "1 / 3"
    assert table.canvas.rect().contains(bar_of(table).geometry())
    click(button(table, "Discard"))
    assert bar_of(table).isHidden()
    store.undo()
    assert bar_of(table).text == "1 / 3"


def test_the_buttons_step_accept_and_leave_the_keyboard_alone(table: Table, store: CanvasStore) -> None:
    stage(store, 3)
    click(button(table, "Next picture"))
    assert bar_of(table).text == "2 / 3"
    click(button(table, "Previous picture"))
    click(button(table, "Previous picture"))
    assert bar_of(table).text == "3 / 3"
    click(button(table, "Accept"))
    assert [layer.name for layer in store.state.layers] == ["a fox"]
    assert focused() is table.canvas


def test_the_keys_do_the_same(table: Table, store: CanvasStore) -> None:
    stage(store, 3)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Right)
    press(Qt.Key.Key_Left)
    assert bar_of(table).text == "2 / 3"
    press(Qt.Key.Key_Return)
    assert (store.state.layers[0].read(FRAME)[..., :3] == proposal(1).picture.pixels).all()
    stage(store, 1)
    press(Qt.Key.Key_Return, SHIFT)
    assert len(store.state.layers) == 1
    assert (store.state.layers[0].read(FRAME)[..., :3] == proposal(0).picture.pixels).all()
    stage(store, 1)
    press(Qt.Key.Key_Escape)
    assert store.state.proposals == ()
    assert table.escapes == 0


def test_the_window_has_its_keys_where_there_is_nothing_to_choose(table: Table, store: CanvasStore) -> None:
    press(Qt.Key.Key_Escape)
    assert table.escapes == 1
    stage(store, 1)
    table.prompt.setFocus()
    press(Qt.Key.Key_Escape)
    assert table.escapes == 2
    assert len(store.state.proposals) == 1


def test_escape_cancels_what_is_painted_before_it_discards(
    table: Table, store: CanvasStore, session: Session, qtbot: QtBot
) -> None:
    session.start()
    stage(store, 1)
    session.generation.submit(proposal(9).request or pytest.fail("no request"))
    qtbot.waitUntil(lambda: session.generation.current is not None)
    press(Qt.Key.Key_Escape)
    assert table.escapes == 1
    assert len(store.state.proposals) == 1
    with qtbot.waitSignal(session.generation.cancelled):
        session.generation.cancel_current()


def test_a_tool_at_work_keeps_its_keys(table: Table, store: CanvasStore) -> None:
    stage(store, 2)
    with store.canvas.gesture("Transform"):
        press(Qt.Key.Key_Return)
        press(Qt.Key.Key_Right)
        assert bar_of(table).text == "1 / 2"
    assert len(store.state.proposals) == 2


def test_the_original_is_seen_as_long_as_the_eye_or_its_key_is_held(table: Table, store: CanvasStore) -> None:
    stage(store, 1)
    peeks: list[bool] = []
    bar_of(table).peeked.connect(peeks.append)
    eye = button(table, "Show the original")
    QTest.mousePress(eye, Qt.MouseButton.LeftButton)
    assert peeks == [True]
    QTest.mouseRelease(eye, Qt.MouseButton.LeftButton)
    QTest.keyPress(table.canvas, Qt.Key.Key_O)
    QTest.keyPress(table.canvas, Qt.Key.Key_O)
    assert peeks == [True, False, True]
    QTest.keyRelease(table.canvas, Qt.Key.Key_O)
    assert peeks == [True, False, True, False]
    QTest.keyPress(table.canvas, Qt.Key.Key_O)
    table.prompt.setFocus()
    assert peeks == [True, False, True, False, True, False]


def test_more_like_this_queues_variations(table: Table, store: CanvasStore, session: Session) -> None:
    stage(store, 1)
    click(button(table, "More like this"))
    rows = session.queue_model.rows
    assert [row.job.request.count for row in rows] == [VARIATIONS]
    session.generation.cancel_all()


def test_a_picture_in_passing_is_put_away_or_used(
    table: Table, store: CanvasStore, generation: CanvasGeneration
) -> None:
    generation.proposals.look_at(proposal(5))
    assert bar_of(table).text == "History"
    click(button(table, "Put away"))
    assert bar_of(table).isHidden()
    stage(store, 1)
    generation.proposals.look_at(proposal(5))
    press(Qt.Key.Key_Right)
    assert bar_of(table).text == "1 / 1"
    generation.proposals.look_at(proposal(5))
    click(button(table, "Use as layer"))
    assert len(store.state.layers) == 1
    assert bar_of(table).text == "1 / 1"


def test_accepting_into_a_layer_names_it(table: Table, store: CanvasStore) -> None:
    stage(store, 1)
    into = button(table, "Accept into the layer")
    assert not into.isEnabled()
    store.apply(AddLayer(Layer(name="Sky")))
    assert into.isEnabled()
    assert "\u201cSky\u201d" in into.toolTip()


def test_a_narrow_canvas_holds_the_bar(table: Table, store: CanvasStore) -> None:
    stage(store, 12)
    table.canvas.resize(400, 300)
    assert table.canvas.rect().contains(bar_of(table).geometry())


@pytest.mark.parametrize("width", [360, 400, 440, 640])
def test_a_narrow_canvas_shows_what_its_buttons_say_in_full(
    table: Table, generation: CanvasGeneration, width: int
) -> None:
    table.canvas.resize(width, 300)
    generation.proposals.look_at(proposal(1_234_567_890))
    bar = bar_of(table)
    assert table.canvas.rect().contains(bar.geometry())
    for title in ("Put away", "Use as layer"):
        assert button(table, title).width() >= button(table, title).sizeHint().width(), title


def test_a_canvas_that_grows_shows_everything_again(table: Table, generation: CanvasGeneration) -> None:
    generation.proposals.look_at(proposal(5))
    more = button(table, "More like this")
    table.canvas.resize(360, 300)
    assert more.isHidden()
    table.canvas.resize(800, 300)
    assert more.isVisible()
