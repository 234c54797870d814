"""The canvas shows the document, and lets one look closer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPaintEvent, QRegion
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication
from typing_extensions import override

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.commands import AddLayer, ChangeLayer, Ground, Paint, SetFrame, SetSelection
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.events import Phase, Progress
from studio.domain.geometry import Rect
from studio.domain.tools import TOOLS
from studio.ui import theme
from studio.ui.canvas import CanvasView
from studio.ui.canvas.viewport import MARGIN
from studio.ui.pace import Pace
from tests.ui.canvases import MIDDLE, at, colour_at, colour_of, document, drag, filled, proposal, wheel

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

PACE = Pace.of(Progress("job", Phase.DENOISING, 12, 20, 0, 1, 0.2))
RED, GREEN, BLUE = "#ff0000", "#00ff00", "#0000ff"
SQUARE = Rect(0, 0, 64, 64)
FITTED = (500 - 2 * MARGIN) / 64


class PaintWatch(QObject):
    """Notes where a widget is painted."""

    def __init__(self) -> None:
        super().__init__()
        self.painted = QRegion()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QPaintEvent):
            self.painted += event.region()
        return False


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


def test_a_document_fills_the_middle(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    assert colour_at(canvas, 300, 250) == RED
    assert colour_at(canvas, 5, 5) == theme.current().backdrop
    assert canvas.zoom == pytest.approx(FITTED)


def test_what_changes_in_the_document_is_seen(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.grab()
    store.apply(Paint("layer-1", Rect(10, 10, 8, 8), filled(BLUE, Rect(10, 10, 8, 8))))
    assert colour_of(canvas, 14, 14) == BLUE
    assert colour_of(canvas, 30, 30) == RED
    store.undo()
    assert colour_of(canvas, 14, 14) == RED


def test_layers_lie_on_each_other_and_can_be_hidden(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE), (BLUE, Rect(0, 0, 32, 64))))
    assert (colour_of(canvas, 16, 32), colour_of(canvas, 48, 32)) == (BLUE, RED)
    store.apply(ChangeLayer(layer_id="layer-2", visible=False))
    assert colour_of(canvas, 16, 32) == RED


def test_only_what_changed_is_painted_again(canvas: CanvasView, store: CanvasStore, qtbot: QtBot) -> None:
    store.replace(document((RED, Rect(0, 0, 400, 400)), frame=Rect(0, 0, 400, 400)))
    canvas.zoom_to(1.0)
    qtbot.waitUntil(lambda: canvas.is_finished)
    QApplication.processEvents()
    watch = PaintWatch()
    canvas.installEventFilter(watch)
    store.apply(Paint("layer-1", Rect(50, 50, 20, 20), filled(BLUE, Rect(50, 50, 20, 20))))
    qtbot.waitUntil(lambda: not watch.painted.isEmpty())
    where = canvas.navigation.viewport.covering(Rect(50, 50, 20, 20)).toAlignedRect()
    assert watch.painted.boundingRect().contains(where)
    assert where.adjusted(-4, -4, 4, 4).contains(watch.painted.boundingRect())


def test_transparency_is_checkered_within_the_frame_and_bare_beyond(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, Rect(0, 0, 8, 8)), frame=Rect(0, 0, 64, 64)))
    tokens = theme.current()
    seen = {colour_of(canvas, x, 40) for x in np.arange(20, 60, 0.7)}
    assert seen == {tokens.checker, tokens.checker_other}
    assert colour_at(canvas, 5, 5) == tokens.backdrop


def test_the_paper_grows_with_what_is_painted(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.zoom_to(2.0)
    assert colour_of(canvas, 90, 30) not in {theme.current().checker, theme.current().checker_other}
    store.apply(AddLayer(Layer(name="Far", pixels=plane_of(filled(BLUE, Rect(0, 0, 4, 4)), 100, 30))))
    ground = theme.current()
    assert colour_of(canvas, 90, 50) != ground.backdrop
    assert colour_of(canvas, 106, 32) == ground.backdrop
    store.undo()
    assert colour_of(canvas, 90, 50) == ground.backdrop
    assert colour_of(canvas, 102, 32) == ground.backdrop


def test_a_selection_has_an_outline_of_two_tones(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    store.apply(SetSelection(plane_of(np.full((32, 32), 255, np.uint8), 16, 16)))
    image, edge = canvas.grab().toImage(), at(canvas, 16, 16)
    along = {image.pixelColor(int(edge.x()), int(edge.y()) + step).name() for step in range(4, 200)}
    assert along == {"#000000", "#ffffff"}
    assert colour_of(canvas, 32, 32) == RED
    store.apply(SetSelection(None))
    assert {canvas.grab().toImage().pixelColor(int(edge.x()), int(edge.y()) + 20).name()} == {RED}


def test_the_frame_dims_what_lies_around_it(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document(("#ffffff", Rect(0, 0, 200, 200)), frame=Rect(50, 50, 100, 100)))
    assert colour_of(canvas, 100, 120) == "#ffffff"
    assert colour_of(canvas, 25, 120) < "#ffffff"
    store.apply(SetFrame(Rect(0, 0, 200, 200)))
    assert colour_of(canvas, 25, 120) == "#ffffff"


def test_the_wheel_zooms_around_the_pointer(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document(("#000000", SQUARE), ("#ffffff", Rect(10, 10, 1, 1))))
    before, dot = canvas.zoom, at(canvas, 10.5, 10.5)
    assert colour_at(canvas, dot.x(), dot.y()) == "#ffffff"
    wheel(canvas, dot, 4)
    assert canvas.zoom == pytest.approx(before * 1.25**4)
    assert colour_at(canvas, dot.x(), dot.y()) == "#ffffff"


def test_the_middle_button_moves_the_view(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.zoom_to(5.0)
    assert colour_at(canvas, 300, 100) == RED
    drag(canvas, [QPointF(300, 250), QPointF(300, 380)], MIDDLE)
    assert colour_at(canvas, 300, 100) != RED
    assert store.undo_title is None


def test_the_arrow_keys_move_the_view(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.zoom_to(5.0)
    for _ in range(3):
        QTest.keyClick(canvas, Qt.Key.Key_Up)
    assert colour_at(canvas, 300, 400) == RED
    assert colour_at(canvas, 300, 100) != RED


def test_a_fitted_document_stays_fitted_when_the_view_grows(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.resize(900, 800)
    assert canvas.zoom == pytest.approx((800 - 2 * MARGIN) / 64)


def test_a_fitted_view_follows_a_larger_frame(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    store.apply(SetFrame(Rect(0, 0, 128, 64)))
    assert canvas.zoom == pytest.approx((600 - 2 * MARGIN) / 128)


def test_an_empty_canvas_has_no_zoom_and_does_not_mind_the_wheel(canvas: CanvasView, qtbot: QtBot) -> None:
    wheel(canvas, QPointF(300, 250), 1)
    assert canvas.zoom == 0
    canvas.show_proposal(proposal(RED))
    with qtbot.waitSignal(canvas.zoom_changed, check_params_cb=lambda zoom: zoom == 0):
        canvas.clear()


def test_the_examples_go_with_the_first_thing_to_see(canvas: CanvasView, store: CanvasStore, qtbot: QtBot) -> None:
    canvas.offer_examples(("a fox",))
    button = next(one for one in canvas.findChildren(QAbstractButton) if one.text() == "a fox")
    qtbot.waitUntil(button.isVisible)
    canvas.show_proposal(proposal(RED))
    assert not button.isVisible()
    canvas.clear()
    assert button.isVisible()
    store.apply(Paint(Ground.MASK, SQUARE, np.full((64, 64), 255, np.uint8)))
    assert canvas.zoom > 0
    assert not button.isVisible()
    store.replace(CanvasState())
    with qtbot.waitSignal(canvas.example_chosen, check_params_cb=lambda prompt: prompt == "a fox"):
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_the_first_stroke_is_followed_to_its_end(canvas: CanvasView, store: CanvasStore, qtbot: QtBot) -> None:
    canvas.offer_examples(("a fox",))
    button = next(one for one in canvas.findChildren(QAbstractButton) if one.text() == "a fox")
    qtbot.waitUntil(button.isVisible)
    # By way of the window, which chooses the widget that gets the mouse; over bare canvas and over words.
    window, left = canvas.windowHandle(), Qt.MouseButton.LeftButton
    for start in (QPoint(200, 60), button.geometry().center() - QPoint(0, 2 * button.height())):
        end = start + QPoint(200, 0)
        QTest.mousePress(window, left, Qt.KeyboardModifier.NoModifier, start)
        QTest.mouseMove(window, end)
        QTest.mouseRelease(window, left, Qt.KeyboardModifier.NoModifier, end)
        painted = store.state.layers[0].pixels.bounds
        assert painted.x < canvas.navigation.viewport.document_point(QPointF(start)).x()
        assert painted.right > canvas.navigation.viewport.document_point(QPointF(end)).x()
        store.replace(CanvasState(frame=SQUARE))
        assert button.isVisible()


@pytest.mark.parametrize("zoom", [0.25, 0.3, 1.0, 1.5, 3.0])
def test_tiles_have_no_seams(canvas: CanvasView, store: CanvasStore, qtbot: QtBot, zoom: float) -> None:
    store.replace(document(("#6080a0", Rect(0, 0, 1100, 1100)), frame=Rect(0, 0, 1100, 1100)))
    for angle in (0, 30):
        canvas.navigation.turn_by(angle)
        canvas.zoom_to(zoom)
        qtbot.waitUntil(lambda: canvas.is_finished)
        image = canvas.grab().toImage()
        seen = {image.pixelColor(x, y).name() for x in range(200, 400) for y in range(170, 330)}
        assert seen == {"#6080a0"}


def test_a_document_larger_than_the_view_is_reduced_by_averaging(
    canvas: CanvasView, store: CanvasStore, qtbot: QtBot
) -> None:
    board = filled("#000000", Rect(0, 0, 2048, 2048))
    board[::2, ::2, :3] = board[1::2, 1::2, :3] = 255
    layer = Layer(name="a chessboard of single pixels", pixels=plane_of(board))
    store.replace(CanvasState(layers=(layer,), frame=Rect(0, 0, 2048, 2048)))
    qtbot.waitUntil(lambda: canvas.is_finished)
    assert canvas.zoom < 0.5
    grey = canvas.grab().toImage().pixelColor(300, 250).red()
    assert 110 <= grey <= 145


def test_pixels_are_squares_when_one_looks_closely(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document(("#000000", SQUARE), ("#ffffff", Rect(32, 32, 1, 1))))
    canvas.zoom_to(4.0)
    corner = at(canvas, 32, 32)
    image = canvas.grab().toImage()
    row = [image.pixelColor(int(corner.x()) + step, int(corner.y()) + 2).name() for step in range(-2, 6)]
    assert row == ["#000000"] * 2 + ["#ffffff"] * 4 + ["#000000"] * 2


def test_lines_part_the_pixels_from_800_percent_on(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document(("#ffffff", SQUARE)))
    canvas.zoom_to(16.0)
    corner = at(canvas, 32, 32)
    image = canvas.grab().toImage()
    colours = [image.pixelColor(int(corner.x()) + step, int(corner.y()) + 8).name() for step in range(16)]
    assert len([colour for colour in colours if colour != "#ffffff"]) == 1
    canvas.zoom_to(6.0)
    assert colour_of(canvas, 32, 32.5) == "#ffffff"


def test_every_document_pixel_is_a_screen_pixel_at_100_percent(
    canvas: CanvasView, store: CanvasStore, qtbot: QtBot
) -> None:
    dice = np.random.default_rng(3)
    pixels = np.dstack([dice.integers(0, 256, (101, 97, 3), np.uint8), np.full((101, 97), 255, np.uint8)])
    store.replace(CanvasState(layers=(Layer(name="noise", pixels=plane_of(pixels)),), frame=Rect(0, 0, 97, 101)))
    canvas.zoom_to(1.0)
    canvas.navigation.move(QPointF(0.4, 0.3))
    qtbot.waitUntil(lambda: canvas.is_finished)
    image, corner = canvas.grab().toImage(), at(canvas, 0, 0).toPoint()
    for x, y in ((0, 0), (50, 7), (96, 100)):
        assert image.pixelColor(corner.x() + x, corner.y() + y) == QColor(*pixels[y, x, :3].tolist())


def test_moving_the_view_shows_what_painting_it_anew_shows(canvas: CanvasView, store: CanvasStore) -> None:
    dice = np.random.default_rng(4)
    pixels = np.dstack([dice.integers(0, 256, (300, 300, 3), np.uint8), np.full((300, 300), 255, np.uint8)])
    store.replace(CanvasState(layers=(Layer(name="noise", pixels=plane_of(pixels)),), frame=Rect(0, 0, 300, 300)))
    canvas.zoom_to(2.0)
    canvas.grab()
    for way in (QPointF(13, -7), QPointF(-40, 22), QPointF(5, 5)):
        canvas.navigation.move(way)
        canvas.grab()
    moved = canvas.grab().toImage()
    canvas._painted.spoil_all()  # nothing but a change paints anew
    assert canvas.grab().toImage() == moved


def test_the_other_theme_is_worn_at_once(canvas: CanvasView, store: CanvasStore, app: QApplication) -> None:
    store.replace(document((RED, SQUARE)))
    assert colour_at(canvas, 5, 5) == theme.DARK.backdrop
    theme.apply(app, "light")
    assert colour_at(canvas, 5, 5) == theme.LIGHT.backdrop


def test_the_description_names_tool_and_zoom(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(document((RED, SQUARE)))
    canvas.zoom_to(2.0)
    assert canvas.accessibleDescription() == "Brush tool, 200%"
    QTest.keyClick(canvas, Qt.Key.Key_E)
    assert canvas.accessibleDescription() == "Eraser tool, 200%"
