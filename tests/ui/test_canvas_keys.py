"""Keys, held keys, wheel and fingers on the canvas do what an artist expects, and nothing while one writes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QNativeGestureEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import ToolBox
from studio.domain.geometry import Rect
from studio.domain.tools import TOOLS
from studio.ui.canvas import CanvasView
from tests.ui.canvases import LEFT, MIDDLE, NO_BUTTON, NO_KEY, at, document, drag, mouse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from pytestqt.qtbot import QtBot


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


def layer_pixels(store: CanvasStore) -> NDArray[np.uint8]:
    return store.state.layers[-1].read(PAPER)


def line(canvas: CanvasView, *points: tuple[float, float]) -> list[QPointF]:
    return [at(canvas, *point) for point in points]


def key(canvas: CanvasView, kind: QEvent.Type, which: Qt.Key, held: Qt.KeyboardModifier = NO_KEY) -> None:
    QApplication.sendEvent(canvas, QKeyEvent(kind, which, held))


@pytest.mark.parametrize("tool", [tool for tool in TOOLS if tool.key], ids=lambda tool: tool.id)
def test_every_tool_has_its_key(canvas: CanvasView, box: ToolBox, tool: object) -> None:
    wanted = next(one for one in TOOLS if one is tool)
    QTest.keySequence(canvas, wanted.key)
    assert box.tool is wanted


def test_keys_act_only_while_the_canvas_has_the_keyboard(store: CanvasStore, box: ToolBox, qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.resize(600, 500)
    prompt, canvas = QLineEdit(window), CanvasView(store, box)
    canvas.setParent(window)
    canvas.setGeometry(0, 40, 600, 460)
    window.show()
    window.activateWindow()
    prompt.setFocus()
    qtbot.waitUntil(prompt.hasFocus)
    QTest.keyClicks(prompt, "be x[m")
    assert prompt.text() == "be x[m"
    assert (box.tool.id, box.values.number("size"), box.foreground) == ("brush", 10.0, (0, 0, 0))


def test_brackets_size_the_brush_and_with_shift_soften_it(canvas: CanvasView, box: ToolBox) -> None:
    box.set_value("size", 100.0)
    QTest.keyClick(canvas, Qt.Key.Key_BracketRight)
    assert box.values.number("size") == pytest.approx(110)
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)
    assert box.values.number("size") == pytest.approx(100)
    QTest.keyClick(canvas, Qt.Key.Key_BraceLeft, SHIFT)
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft, SHIFT)
    assert box.values.number("hardness") == 80
    QTest.keyClick(canvas, Qt.Key.Key_BraceRight, SHIFT)
    assert box.values.number("hardness") == 90
    box.choose("hand")
    QTest.keyClick(canvas, Qt.Key.Key_BracketLeft)


def test_dragging_with_shift_sizes_the_brush_and_paints_nothing(
    canvas: CanvasView, store: CanvasStore, box: ToolBox
) -> None:
    before = layer_pixels(store)
    start = at(canvas, 100, 100)
    drag(canvas, [start, start + QPointF(60, 0), start + QPointF(120, 40)], keys=SHIFT)
    assert box.values.number("size") == pytest.approx(20)
    assert box.values.number("hardness") == 80
    assert np.array_equal(layer_pixels(store), before)


def test_x_swaps_the_colours_and_d_resets_them(canvas: CanvasView, box: ToolBox) -> None:
    box.set_foreground((9, 9, 9))
    QTest.keyClick(canvas, Qt.Key.Key_X)
    assert (box.foreground, box.background) == ((255, 255, 255), (9, 9, 9))
    QTest.keyClick(canvas, Qt.Key.Key_D)
    assert (box.foreground, box.background) == ((0, 0, 0), (255, 255, 255))


def test_alt_picks_a_colour_and_goes_back_to_the_brush(canvas: CanvasView, store: CanvasStore, box: ToolBox) -> None:
    store.replace(document(("#336699", PAPER), frame=PAPER))
    canvas.zoom_to(1.0)
    key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Alt)
    assert box.tool.id == "picker"
    drag(canvas, line(canvas, (100, 100)), keys=ALT)
    key(canvas, QEvent.Type.KeyRelease, Qt.Key.Key_Alt)
    assert (box.tool.id, box.foreground) == ("brush", (0x33, 0x66, 0x99))
    assert store.undo_title is None


def test_space_holds_the_hand_and_gives_the_tool_back(canvas: CanvasView, store: CanvasStore, box: ToolBox) -> None:
    before = at(canvas, 0, 0)
    key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Space)
    assert box.tool.id == "hand"
    drag(canvas, [QPointF(300, 250), QPointF(320, 240), QPointF(340, 220)])
    key(canvas, QEvent.Type.KeyRelease, Qt.Key.Key_Space)
    assert box.tool.id == "brush"
    assert at(canvas, 0, 0) - before == QPointF(40, -30)
    assert store.undo_title is None


def test_space_that_is_let_go_elsewhere_is_not_held_for_ever(canvas: CanvasView, box: ToolBox) -> None:
    canvas.setFocus()
    key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Space)
    QApplication.sendEvent(canvas, QFocusEvent(QEvent.Type.FocusOut))
    assert box.tool.id == "brush"


def test_shift_and_space_turn_the_view_by_dragging(canvas: CanvasView) -> None:
    key(canvas, QEvent.Type.KeyPress, Qt.Key.Key_Space, SHIFT)
    drag(canvas, [QPointF(500, 250), QPointF(300, 450)], keys=SHIFT)
    key(canvas, QEvent.Type.KeyRelease, Qt.Key.Key_Space, SHIFT)
    assert canvas.navigation.viewport.angle == pytest.approx(90)
    QTest.keyClick(canvas, Qt.Key.Key_5)
    assert canvas.navigation.viewport.angle == 0


def test_keys_turn_and_mirror_the_view(canvas: CanvasView) -> None:
    QTest.keyClick(canvas, Qt.Key.Key_6)
    assert canvas.navigation.viewport.angle == 15
    QTest.keyClick(canvas, Qt.Key.Key_4)
    assert canvas.navigation.viewport.angle == 0
    QTest.keyClick(canvas, Qt.Key.Key_M)
    assert canvas.navigation.viewport.is_mirrored


def test_the_middle_button_moves_the_view_in_the_middle_of_nothing(canvas: CanvasView, store: CanvasStore) -> None:
    before = at(canvas, 0, 0)
    drag(canvas, [QPointF(300, 250), QPointF(330, 260)], MIDDLE)
    assert at(canvas, 0, 0) - before == QPointF(30, 10)
    mouse(canvas, "press", at(canvas, 50, 50))
    mouse(canvas, "press", at(canvas, 60, 60), MIDDLE)
    mouse(canvas, "release", at(canvas, 60, 60), LEFT)
    assert store.undo_title == "Brush"


def test_a_double_click_of_the_hand_fits_and_one_of_the_brush_paints(
    canvas: CanvasView, store: CanvasStore, box: ToolBox
) -> None:
    QTest.mouseDClick(canvas, LEFT, pos=at(canvas, 100, 100).toPoint())
    assert canvas.zoom == 1.0
    assert layer_pixels(store)[100, 100, 0] == 0
    box.choose("hand")
    QTest.mouseDClick(canvas, LEFT, pos=QPoint(300, 250))
    assert canvas.navigation.is_fitted


def test_two_fingers_on_a_touchpad_move_and_with_control_zoom(canvas: CanvasView) -> None:
    def scroll(keys: Qt.KeyboardModifier) -> None:
        where = QPointF(300, 250)
        event = QWheelEvent(
            where,
            QPointF(canvas.mapToGlobal(where)),
            QPoint(8, -12),
            QPoint(8, -12),
            NO_BUTTON,
            keys,
            Qt.ScrollPhase.ScrollUpdate,
            False,
        )
        QApplication.sendEvent(canvas, event)

    before = at(canvas, 0, 0)
    scroll(NO_KEY)
    assert at(canvas, 0, 0) - before == QPointF(8, -12)
    assert canvas.zoom == 1.0
    scroll(CONTROL)
    assert canvas.zoom < 1.0


def test_a_pinch_zooms_around_the_fingers(canvas: CanvasView) -> None:
    where = at(canvas, 40, 60)
    event = QNativeGestureEvent(
        Qt.NativeGestureType.ZoomNativeGesture,
        QPointingDevice.primaryPointingDevice(),
        2,
        where,
        where,
        QPointF(canvas.mapToGlobal(where)),
        0.5,
        QPointF(),
    )
    QApplication.sendEvent(canvas, event)
    assert canvas.zoom == pytest.approx(1.5)
    assert (at(canvas, 40, 60) - where).manhattanLength() <= 2


def test_the_outline_of_the_brush_has_its_true_size(canvas: CanvasView, box: ToolBox) -> None:
    box.set_value("size", 100.0)
    canvas.zoom_to(2.0)
    # Wherever the pointer may be on the screen that is not there.
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    bare = canvas.grab().toImage()
    middle = at(canvas, 128, 128)
    mouse(canvas, "move", middle, NO_BUTTON)
    shown = canvas.grab().toImage()
    row = [x for x in range(600) if shown.pixelColor(x, int(middle.y())) != bare.pixelColor(x, int(middle.y()))]
    assert max(row) - min(row) == pytest.approx(200, abs=4)
    QApplication.sendEvent(canvas, QEvent(QEvent.Type.Leave))
    assert canvas.grab().toImage() == bare
