"""Painting, dropping and generating in the real window: from the pointer to the document and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtCore import QMimeData, QPoint, Qt, QUrl
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtTest import QTest

from studio.bridge.dropped import Files, clipboard_data
from studio.domain.framing import FrameKind
from studio.domain.geometry import Size
from studio.domain.metadata import Metadata
from studio.domain.samplers import Sampler
from studio.services.pictures import write_png
from studio.ui.canvas.drop_layout import DropZone
from studio.ui.panels.layers import LayersPanel
from studio.ui.widgets.number_field import NumberField
from tests.bridge.requests import NOON, image_of, text_request
from tests.fakes import CONDITIONS, Gate, Script
from tests.ui.person import CONTROL, click, focused, generate, press, write

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.ui.main_window import MainWindow

    Open = Callable[..., MainWindow]

LEFT = Qt.MouseButton.LeftButton


def session_of(window: MainWindow) -> Session:
    return window.commands.window.session


def drag(window: MainWindow, *points: tuple[float, float]) -> None:
    """Draw with the left button through points, given as shares of the canvas."""
    canvas = window.canvas
    places = [QPoint(round(x * canvas.width()), round(y * canvas.height())) for x, y in points]
    QTest.mousePress(canvas, LEFT, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, LEFT, pos=places[-1])


def picture_file(folder: Path, name: str = "red.png", size: tuple[int, int] = (40, 30)) -> Path:
    folder.mkdir(exist_ok=True)
    Image.new("RGB", size, (200, 30, 40)).save(folder / name)
    return folder / name


def drop(window: MainWindow, zone: DropZone, *paths: Path) -> None:
    window.workspace.drop_zones.dropped.emit(zone, Files(paths))


def tool_number(window: MainWindow) -> NumberField:
    """Return the first number above the canvas."""
    return next(one for one in window.workspace.tool_options.findChildren(NumberField) if one.isVisible())


def test_a_stroke_is_painted_undone_and_done_again(window: MainWindow) -> None:
    canvas = session_of(window).canvas
    drag(window, (0.4, 0.4), (0.5, 0.5), (0.6, 0.4))
    assert [layer.name for layer in canvas.state.layers] == ["Layer 1"]
    painted = canvas.state.layers[0].pixels
    press(Qt.Key.Key_Z, CONTROL)
    assert canvas.state.layers == ()
    press(Qt.Key.Key_Y, CONTROL)
    assert canvas.state.layers[0].pixels.equals(painted)


def test_keys_choose_tools_on_the_canvas_and_write_in_the_prompt(window: MainWindow) -> None:
    box = session_of(window).tool_box
    window.canvas.setFocus()
    press(Qt.Key.Key_E)
    assert box.tool.id == "eraser"
    write(window, "be quick")
    assert window.prompt_panel.prompt.text == "be quick"
    assert box.tool.id == "eraser"


def test_a_number_with_nothing_to_take_back_leaves_undo_to_the_document(window: MainWindow) -> None:
    canvas = session_of(window).canvas
    drag(window, (0.4, 0.4), (0.5, 0.5), (0.6, 0.4))
    field = tool_number(window)
    click(field.lineEdit())
    assert focused() is field
    press(Qt.Key.Key_Z, CONTROL)
    assert canvas.state.layers == ()
    press(Qt.Key.Key_Y, CONTROL)
    assert len(canvas.state.layers) == 1
    press(Qt.Key.Key_7)
    press(Qt.Key.Key_Z, CONTROL)
    assert len(canvas.state.layers) == 1


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Escape])
def test_keys_go_from_a_tool_s_number_back_to_the_canvas(window: MainWindow, key: Qt.Key) -> None:
    click(tool_number(window).lineEdit())
    press(key)
    assert focused() is window.canvas


def test_a_click_on_a_layer_leaves_the_keys_to_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    drag(window, (0.4, 0.4), (0.5, 0.5), (0.6, 0.4))
    window.side.setCurrentIndex(1)
    write(window, "a fox")
    panel = window.side.findChildren(LayersPanel)[0]
    place = panel.list.visualRect(panel.model.index(0)).center()
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=place)
    assert focused() is window.canvas
    press(Qt.Key.Key_E)
    assert session_of(window).tool_box.tool.id == "eraser"
    QTest.mouseClick(panel.list.viewport(), LEFT, pos=place)
    QTest.mouseDClick(panel.list.viewport(), LEFT, pos=place)
    QTest.keyClicks(focused(), "sun")
    press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: session_of(window).canvas.state.layers[0].name == "sun")


def test_the_window_says_before_the_press_what_the_frame_asks_for(window: MainWindow, qtbot: QtBot) -> None:
    reader = session_of(window).painting.frame
    assert reader.ask.kind is FrameKind.TEXT
    press_on_canvas(window, Qt.Key.Key_Q)
    drag(window, (0.4, 0.4), (0.6, 0.6))
    press_on_canvas(window, Qt.Key.Key_B)
    drag(window, (0.3, 0.3), (0.7, 0.3))
    qtbot.waitUntil(lambda: reader.ask.kind is FrameKind.OUTPAINT)
    assert "Outpaint" in window.prompt_panel.canvas_fields.kind.text


def press_on_canvas(window: MainWindow, key: Qt.Key) -> None:
    window.canvas.setFocus()
    press(key)


def test_a_proposal_is_accepted_with_enter_and_comes_back_by_undo(window: MainWindow, qtbot: QtBot) -> None:
    canvas = session_of(window).canvas
    write(window, "a red fox, 3d")
    generate()
    qtbot.waitUntil(lambda: len(canvas.state.proposals) == 1)
    qtbot.waitUntil(lambda: not session_of(window).painting.is_painting)
    press_on_canvas(window, Qt.Key.Key_Return)
    assert [layer.name for layer in canvas.state.layers] == ["a red fox, 3d"]
    assert canvas.state.proposals == ()
    press(Qt.Key.Key_Z, CONTROL)
    assert canvas.state.layers == ()
    assert len(canvas.state.proposals) == 1
    press(Qt.Key.Key_Escape)
    assert canvas.state.proposals == ()
    press(Qt.Key.Key_Z, CONTROL)
    assert len(canvas.state.proposals) == 1


def test_escape_stops_the_job_and_leaves_the_document_as_it_was(window_of: Open, qtbot: QtBot) -> None:
    gate = Gate(step=5)
    window = window_of(Script(gates=(gate,)))
    canvas = session_of(window).canvas
    drag(window, (0.4, 0.4), (0.6, 0.6))
    before = canvas.state
    window.commands.window.generate()
    qtbot.waitUntil(lambda: gate.reached.is_set() and window.prompt_panel.button.is_painting)
    press_on_canvas(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not session_of(window).painting.is_painting)
    assert canvas.state is before
    assert window.canvas.image is None


def test_delete_means_the_layer_in_the_list_and_its_pixels_on_the_canvas(window: MainWindow, qtbot: QtBot) -> None:
    canvas = session_of(window).canvas
    drag(window, (0.4, 0.4), (0.6, 0.6))
    press_on_canvas(window, Qt.Key.Key_Delete)
    assert [layer.pixels.is_empty for layer in canvas.state.layers] == [True]
    panel = window.side.findChild(LayersPanel)
    assert isinstance(panel, LayersPanel)
    window.side.setCurrentWidget(panel)
    panel.list.setFocus()
    qtbot.waitUntil(panel.list.hasFocus)
    QTest.keyClick(panel.list, Qt.Key.Key_Delete)
    assert canvas.state.layers == ()


def test_files_that_are_dropped_become_layers_in_one_step(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    canvas = session_of(window).canvas
    paths = [picture_file(tmp_path, name) for name in ("red.png", "Größe 2 %.png")]
    drop(window, DropZone.NEW_LAYER, *paths)
    qtbot.waitUntil(lambda: len(canvas.state.layers) == 2)
    assert [layer.name for layer in canvas.state.layers] == ["red", "Größe 2 %"]
    window.canvas.setFocus()
    press(Qt.Key.Key_Z, CONTROL)
    assert canvas.state.layers == ()


def test_a_picture_is_dropped_to_paint_from(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    session = session_of(window)
    drop(window, DropZone.IMAGE_TO_IMAGE, picture_file(tmp_path, size=(1600, 900)))
    qtbot.waitUntil(lambda: session.painting.frame.ask.kind is FrameKind.IMAGE)
    frame = session.canvas.state.frame
    assert session.canvas.state.bounds == frame
    assert abs(frame.width / frame.height - 16 / 9) < 0.1
    assert window.prompt_panel.size_fields.size_in_pixels == frame.size


def test_the_settings_of_a_dropped_picture_are_used(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    request = text_request("an old lighthouse", seed=77)
    path = tmp_path / "kept.png"
    write_png(path, image_of(request).picture, Metadata.of(request, image_of(request), CONDITIONS, NOON))
    drop(window, DropZone.SETTINGS, path)
    panel = window.prompt_panel
    qtbot.waitUntil(lambda: panel.prompt.text == "an old lighthouse")
    assert panel.sampling_fields.seed.is_locked
    asked = panel.frame_settings()
    assert asked.sampling == request.sampling
    assert panel.size_fields.size_in_pixels == Size(request.width, request.height)


def test_the_settings_of_another_program_are_used(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a barn\nNegative prompt: rain\nSteps: 31, Sampler: Euler a, CFG scale: 3.5, Seed: 9")
    path = tmp_path / "other.png"
    Image.new("RGB", (8, 8)).save(path, pnginfo=info)
    drop(window, DropZone.SETTINGS, path)
    panel = window.prompt_panel
    qtbot.waitUntil(lambda: panel.prompt.text == "a barn")
    asked = panel.frame_settings()
    assert (asked.negative_prompt, asked.sampling.steps, asked.sampling.sampler) == ("rain", 31, Sampler.EULER_A)


@pytest.mark.parametrize("zone", [DropZone.NEW_LAYER, DropZone.IMAGE_TO_IMAGE, DropZone.SETTINGS])
@pytest.mark.parametrize("content", [b"", b"<html>no picture</html>"], ids=["empty", "html"])
def test_what_is_no_picture_gives_one_message_and_changes_nothing(
    window: MainWindow, qtbot: QtBot, tmp_path: Path, zone: DropZone, content: bytes
) -> None:
    before = session_of(window).canvas.state
    path = tmp_path / "broken.png"
    path.write_bytes(content)
    drop(window, zone, path)
    qtbot.waitUntil(lambda: "broken" in window.messages.text)
    assert session_of(window).canvas.state is before


def test_a_picture_without_settings_says_so(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    drop(window, DropZone.SETTINGS, picture_file(tmp_path))
    qtbot.waitUntil(lambda: "says nothing about how it was painted" in window.messages.text)


def test_what_was_converted_is_said(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "print.jpg"
    Image.new("CMYK", (8, 8)).save(path)
    drop(window, DropZone.NEW_LAYER, path)
    qtbot.waitUntil(lambda: "CMYK" in window.messages.text)
    assert window.messages.is_notice


def test_a_pasted_picture_is_a_layer(window: MainWindow, qtbot: QtBot) -> None:
    image = QImage(12, 10, QImage.Format.Format_RGB32)
    image.fill(0x336699)
    QGuiApplication.clipboard().setMimeData(clipboard_data(image, b""))
    window.canvas.setFocus()
    press(Qt.Key.Key_V, CONTROL)
    canvas = session_of(window).canvas
    qtbot.waitUntil(lambda: len(canvas.state.layers) == 1)
    layer = canvas.state.layers[0]
    assert layer.bounds.size == Size(12, 10)
    assert np.array_equal(layer.read(layer.bounds)[0, 0], (0x33, 0x66, 0x99, 255))


def test_text_is_pasted_into_the_prompt_and_not_onto_the_canvas(window: MainWindow) -> None:
    QGuiApplication.clipboard().setText("a green frog")
    window.prompt_panel.prompt.edit.setFocus()
    press(Qt.Key.Key_A, CONTROL)
    press(Qt.Key.Key_V, CONTROL)
    assert window.prompt_panel.prompt.text == "a green frog"
    assert focused() is window.prompt_panel.prompt.edit


def test_a_locked_layer_says_why_it_is_not_painted_on(window: MainWindow) -> None:
    drag(window, (0.4, 0.4), (0.6, 0.6))
    window.commands.canvas.layers.toggle_lock()
    before = session_of(window).canvas.state
    drag(window, (0.2, 0.4), (0.6, 0.2))
    assert "locked" in window.messages.text
    assert session_of(window).canvas.state is before


def test_tools_and_colours_are_back_after_a_restart(window_of: Open) -> None:
    first = window_of()
    box = session_of(first).tool_box
    box.choose("lasso")
    box.set_foreground((1, 2, 3))
    box.set_value("size", 77.0, "brush")
    first.close()
    session_of(first).close()
    second = session_of(window_of()).tool_box
    assert (second.tool.id, second.foreground) == ("lasso", (1, 2, 3))
    assert second.values_of("brush").number("size") == 77


def test_a_picture_file_is_no_prompt(window: MainWindow, tmp_path: Path) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(picture_file(tmp_path)))])
    assert not window.prompt_panel.prompt.edit.canInsertFromMimeData(mime)
    mime = QMimeData()
    mime.setText("a tree")
    assert window.prompt_panel.prompt.edit.canInsertFromMimeData(mime)


def test_what_is_painted_while_pictures_wait_is_seen_and_a_step_brings_them_back(
    window: MainWindow, qtbot: QtBot
) -> None:
    session = session_of(window)
    window.prompt_panel.sampling_fields.count.set_value(2)
    window.commands.window.generate()
    qtbot.waitUntil(lambda: len(session.canvas.state.proposals) == 2 and not session.painting.is_painting)
    middle = window.canvas.rect().center()
    qtbot.waitUntil(lambda: window.canvas.is_finished)
    proposed = window.canvas.grab().toImage().pixelColor(middle)
    drag(window, (0.4, 0.5), (0.6, 0.5))
    qtbot.waitUntil(lambda: window.canvas.grab().toImage().pixelColor(middle) == QColor(0, 0, 0))
    assert len(session.canvas.state.proposals) == 2
    session.painting.proposals.step(1)
    session.painting.proposals.step(1)
    qtbot.waitUntil(lambda: window.canvas.grab().toImage().pixelColor(middle) == proposed)
