"""Mouse and pen on the canvas work with the tool in the hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QInputDevice, QMouseEvent, QPointingDevice
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.commands import ChangeLayer, SetSelection
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.tools import TOOLS
from studio.ui.canvas import CanvasView
from tests.ui.canvases import LEFT, NO_KEY, at, colour_of, document, drag, filled, mouse, pen

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot

    from studio.domain.errors import StudioError

PAPER = Rect(0, 0, 256, 256)
SHIFT, ALT, CONTROL = (
    Qt.KeyboardModifier.ShiftModifier,
    Qt.KeyboardModifier.AltModifier,
    Qt.KeyboardModifier.ControlModifier,
)


@pytest.fixture
def store(app: QApplication) -> Iterator[CanvasStore]:
    assert app
    store = CanvasStore(document(("#ffffff", PAPER), frame=PAPER))
    yield store
    store.close()


@pytest.fixture
def box() -> ToolBox:
    box = ToolBox(TOOLS)
    box.set_value("size", 10.0)
    box.set_value("hardness", 100.0)
    return box


@pytest.fixture
def canvas(store: CanvasStore, box: ToolBox, qtbot: QtBot) -> CanvasView:
    canvas = CanvasView(store, box)
    qtbot.addWidget(canvas)
    canvas.resize(600, 500)
    canvas.show()
    canvas.zoom_to(1.0)
    return canvas


@pytest.fixture
def tablet(app: QApplication) -> dict[str, QPointingDevice]:
    assert app
    kinds = {"tip": QPointingDevice.PointerType.Pen, "eraser": QPointingDevice.PointerType.Eraser}
    return {
        name: QPointingDevice(
            f"tablet {name}",
            7,
            QInputDevice.DeviceType.Stylus,
            kind,
            QInputDevice.Capability.Position | QInputDevice.Capability.Pressure,
            1,
            3,
        )
        for name, kind in kinds.items()
    }


def layer_pixels(store: CanvasStore) -> NDArray[np.uint8]:
    return store.state.layers[-1].read(PAPER)


def line(canvas: CanvasView, *points: tuple[float, float]) -> list[QPointF]:
    return [at(canvas, *point) for point in points]


def test_a_stroke_paints_where_the_pointer_was_and_is_one_thing_to_undo(
    canvas: CanvasView, store: CanvasStore, box: ToolBox
) -> None:
    box.set_foreground((255, 0, 0))
    drag(canvas, line(canvas, (50, 100), (120, 100), (200, 100)))
    assert [tuple(layer_pixels(store)[100, x]) for x in (60, 130, 190)] == [(255, 0, 0, 255)] * 3
    assert colour_of(canvas, 130, 100) == "#ff0000"
    assert colour_of(canvas, 130, 130) == "#ffffff"
    assert store.undo_title == "Brush"
    store.undo()
    assert store.undo_title is None
    assert colour_of(canvas, 130, 100) == "#ffffff"


@pytest.mark.parametrize("angle", [0, 30, 90])
@pytest.mark.parametrize("is_mirrored", [False, True])
def test_one_paints_under_the_pointer_in_a_turned_and_mirrored_view(
    canvas: CanvasView, store: CanvasStore, angle: int, is_mirrored: bool
) -> None:
    canvas.navigation.turn_by(angle)
    if is_mirrored:
        canvas.navigation.mirror()
    canvas.zoom_to(1.5)
    drag(canvas, line(canvas, (90, 60)))
    rows, columns = np.nonzero(layer_pixels(store)[..., 0] == 0)
    assert (rows.mean() + 0.5, columns.mean() + 0.5) == (pytest.approx(60, abs=1), pytest.approx(90, abs=1))


def test_a_pen_paints_wider_the_harder_it_is_pressed(
    canvas: CanvasView, store: CanvasStore, box: ToolBox, tablet: dict[str, QPointingDevice]
) -> None:
    box.set_value("size", 40.0)
    widths = []
    for y, pressure in ((40, 0.2), (120, 0.6), (200, 1.0)):
        way = line(canvas, (40, y), (120, y), (200, y))
        taken = [pen(tablet["tip"], canvas, "press", way[0], pressure)]
        taken += [pen(tablet["tip"], canvas, "move", where, pressure) for where in way[1:]]
        taken.append(pen(tablet["tip"], canvas, "release", way[-1], 0.0))
        assert all(taken)
        widths.append(int((layer_pixels(store)[y - 30 : y + 30, 120, 0] < 128).sum()))
    assert widths == sorted(set(widths))
    assert widths[-1] == pytest.approx(40, abs=2)


def test_the_other_end_of_the_pen_erases(
    canvas: CanvasView, store: CanvasStore, tablet: dict[str, QPointingDevice]
) -> None:
    way = line(canvas, (100, 100), (150, 100))
    for kind, where in (("press", way[0]), ("move", way[1]), ("release", way[1])):
        pen(tablet["eraser"], canvas, kind, where, 1.0)
    assert layer_pixels(store)[100, 120, 3] == 0


def test_every_point_that_the_pen_reports_is_used(
    canvas: CanvasView, store: CanvasStore, tablet: dict[str, QPointingDevice]
) -> None:
    """A zigzag that is sent without a single turn of the event loop is there to its last corner."""
    corners = [(40 + 8 * step, 60 if step % 2 else 180) for step in range(20)]
    way = line(canvas, *corners)
    pen(tablet["tip"], canvas, "press", way[0], 1.0)
    for where in way[1:]:
        pen(tablet["tip"], canvas, "move", where, 1.0)
    pen(tablet["tip"], canvas, "release", way[-1], 0.0)
    pixels = layer_pixels(store)
    for x, y in corners:
        # The line bends smoothly, and so turns before the corner itself.
        turn = pixels[40:100] if y < 120 else pixels[140:200]
        assert (turn[:, x - 6 : x + 7, 0] < 128).any(), (x, y)


def test_another_button_does_not_end_a_stroke(canvas: CanvasView, store: CanvasStore) -> None:
    mouse(canvas, "press", at(canvas, 50, 50))
    mouse(canvas, "move", at(canvas, 90, 50))
    right = Qt.MouseButton.RightButton
    for kind, held in ((QEvent.Type.MouseButtonPress, LEFT | right), (QEvent.Type.MouseButtonRelease, LEFT)):
        where = at(canvas, 90, 50)
        QApplication.sendEvent(canvas, QMouseEvent(kind, where, canvas.mapToGlobal(where), right, held, NO_KEY))
    assert store.is_in_gesture
    mouse(canvas, "move", at(canvas, 200, 50))
    mouse(canvas, "release", at(canvas, 200, 50))
    assert colour_of(canvas, 150, 50) == "#000000"
    assert not store.is_in_gesture


def test_escape_takes_a_stroke_back(canvas: CanvasView, store: CanvasStore) -> None:
    before = layer_pixels(store)
    way = line(canvas, (50, 50), (150, 150))
    mouse(canvas, "press", way[0])
    mouse(canvas, "move", way[1])
    assert not np.array_equal(layer_pixels(store), before)
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert np.array_equal(layer_pixels(store), before)
    mouse(canvas, "move", way[0])
    mouse(canvas, "release", way[0])
    assert np.array_equal(layer_pixels(store), before)
    assert store.undo_title is None


def test_a_refused_stroke_is_said_once(canvas: CanvasView, store: CanvasStore) -> None:
    store.apply(ChangeLayer(layer_id="layer-1", locked=True))
    heard: list[StudioError] = []
    store.refused.connect(heard.append)
    drag(canvas, line(canvas, (50, 50), (100, 100), (150, 150)))
    assert [error.what for error in heard] == ["The layer \u201cLayer 1\u201d is locked"]
    drag(canvas, line(canvas, (50, 50)))
    assert len(heard) == 2


def test_a_document_that_is_opened_in_the_middle_of_a_stroke_is_left_alone(
    canvas: CanvasView, store: CanvasStore
) -> None:
    way = line(canvas, (50, 50), (150, 150))
    mouse(canvas, "press", way[0])
    other = document(("#00ff00", PAPER), frame=PAPER)
    store.replace(other)
    mouse(canvas, "move", way[1])
    mouse(canvas, "release", way[1])
    assert np.array_equal(layer_pixels(store), filled("#00ff00", PAPER))
    assert store.state is other
    assert not store.is_in_gesture


def test_a_selection_limits_the_brush(canvas: CanvasView, store: CanvasStore) -> None:
    store.apply(SetSelection(plane_of(np.full((256, 100), 255, np.uint8))))
    drag(canvas, line(canvas, (50, 100), (200, 100)))
    row = layer_pixels(store)[100, :, 0]
    assert row[60] == 0
    assert (row[100:] == 255).all()


def test_painting_on_the_empty_canvas_begins_a_document(canvas: CanvasView, store: CanvasStore) -> None:
    store.replace(CanvasState(frame=PAPER))
    assert canvas.zoom == 0
    drag(canvas, [QPointF(250, 250), QPointF(350, 250)])
    assert canvas.zoom > 0
    assert [layer.name for layer in store.state.layers] == ["Layer 1"]


def test_a_click_with_shift_draws_a_straight_line_from_the_last_stroke(canvas: CanvasView, store: CanvasStore) -> None:
    drag(canvas, line(canvas, (50, 50)))
    drag(canvas, line(canvas, (200, 50)), keys=SHIFT)
    assert (layer_pixels(store)[50, 50:200, 0] == 0).all()


def test_the_frame_tool_shows_handles_and_moves_the_frame(canvas: CanvasView, store: CanvasStore, box: ToolBox) -> None:
    bare = canvas.grab().toImage()
    box.choose("frame")
    assert canvas.grab().toImage() != bare
    drag(canvas, line(canvas, (128, 128), (144, 136), (192, 160)))
    assert store.state.frame == Rect(64, 32, 256, 256)


def test_the_lasso_is_seen_while_it_is_drawn(canvas: CanvasView, box: ToolBox) -> None:
    box.choose("lasso")
    bare = canvas.grab().toImage()
    way = line(canvas, (50, 50), (150, 60), (140, 160), (60, 150))
    mouse(canvas, "press", way[0])
    for where in way[1:]:
        mouse(canvas, "move", where)
    assert canvas.grab().toImage() != bare
    QTest.keyClick(canvas, Qt.Key.Key_Escape)
    assert canvas.grab().toImage() == bare
    mouse(canvas, "release", way[-1])
