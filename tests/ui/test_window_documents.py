"""Documents in the real window: saved, opened, left, and back after a restart."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from studio.bridge.document_keeper import ExportSettings
from studio.domain.canvas.blend import straight
from studio.domain.canvas.composite import flatten
from studio.domain.metadata import OWN_KEY, Metadata
from studio.services.picture_import import import_picture
from studio.services.pictures import png_texts
from tests.ui.person import button, click, generate, write
from tests.ui.test_window_canvas import drag, session_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from studio.ui.main_window import MainWindow

    Open = Callable[..., MainWindow]


def ready(window: MainWindow, qtbot: QtBot) -> None:
    """Wait until the document of the last time was looked for."""
    documents = session_of(window).documents
    documents.note_settings()
    qtbot.waitUntil(lambda: not documents.is_busy)


def test_a_saved_document_is_opened_with_its_prompt(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    session = session_of(window)
    write(window, "a heron in the reeds")
    drag(window, (0.4, 0.4), (0.6, 0.6))
    seen = flatten(session.canvas.state.layers, session.canvas.state.frame)
    path = tmp_path / "reeds.ora"
    with qtbot.waitSignal(session.documents.saved):
        session.documents.save(path)
    assert window.windowTitle() == "reeds[*] - Sfumato"
    assert not window.isWindowModified()
    window.commands.files.new()
    assert session.canvas.state.is_blank
    write(window, "something else")
    with qtbot.waitSignal(session.documents.opened):
        window.commands.files.open_path(path)
    state = session.canvas.state
    assert np.array_equal(flatten(state.layers, state.frame), seen)
    assert window.prompt_panel.prompt.text == "a heron in the reeds"
    assert session.canvas.undo_title is None
    drag(window, (0.3, 0.4), (0.3, 0.6))
    assert window.isWindowModified()


def test_a_document_that_no_file_has_is_not_left_without_a_word(window: MainWindow) -> None:
    canvas = session_of(window).canvas
    drag(window, (0.4, 0.4), (0.6, 0.6))
    painted = canvas.state
    window.commands.files.new()
    assert canvas.state is painted
    assert "changes that no file has" in window.messages.text
    click(button(window.messages, "Discard"))
    assert canvas.state.is_blank


class Dialogues:
    """Answers the dialogues for files that come, one after the other; beyond the answers they are cancelled."""

    def __init__(self, *answers: str) -> None:
        self.offered: list[str] = []
        self._answers = list(answers)
        self._timer = QTimer(interval=1)
        self._timer.timeout.connect(self._answer)

    def __enter__(self) -> Dialogues:
        self._timer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.stop()

    def _answer(self) -> None:
        dialogue = QApplication.activeModalWidget()
        if not isinstance(dialogue, QFileDialog):
            return
        self.offered.append(Path(dialogue.selectedFiles()[0]).name)
        if self._answers:
            dialogue.selectFile(self._answers.pop(0))
            dialogue.accept()
        else:
            dialogue.reject()


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize(("name", "ending"), [("fox", ".ora"), ("fox 2.1", ".ora"), ("fox", ".png")])
def test_a_file_is_not_replaced_under_a_name_that_nobody_was_asked_about(
    window: MainWindow, tmp_path: Path, name: str, ending: str
) -> None:
    drag(window, (0.4, 0.4), (0.6, 0.6))
    old = tmp_path / f"{name}{ending}"
    old.write_bytes(b"precious")
    files = window.commands.files
    with Dialogues(str(tmp_path / name)) as dialogues:
        (files.save_as if ending == ".ora" else files.export)()
    # The second dialogue has the whole name, and asks by itself before it takes that.
    assert dialogues.offered[1:] == [old.name]
    assert not session_of(window).documents.is_busy
    assert old.read_bytes() == b"precious"


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_the_end_of_a_name_is_added_without_asking_where_no_file_has_it(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    drag(window, (0.4, 0.4), (0.6, 0.6))
    with Dialogues(str(tmp_path / "fox")) as dialogues, qtbot.waitSignal(session_of(window).documents.saved) as saved:
        window.commands.files.save_as()
    assert saved.args == [tmp_path / "fox.ora"]
    assert len(dialogues.offered) == 1


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
@pytest.mark.parametrize("action", ["export", "export_frame"])
def test_an_empty_canvas_is_not_exported_as_a_picture_of_nothing(
    window: MainWindow, tmp_path: Path, action: str
) -> None:
    session = session_of(window)
    with Dialogues(str(tmp_path / "nothing.png")) as dialogues:
        getattr(window.commands.files, action)()
    assert dialogues.offered == []
    assert not session.documents.is_busy
    assert "Nothing is painted" in window.messages.text


def test_the_document_is_back_after_a_restart(window_of: Open, qtbot: QtBot) -> None:
    first = window_of()
    canvas = session_of(first).canvas
    with qtbot.waitSignal(session_of(first).documents.begun):
        drag(first, (0.4, 0.4), (0.6, 0.6))
    kept = canvas.state
    first.close()
    session_of(first).close()
    second = session_of(window_of())
    qtbot.waitSignal(second.documents.restored).wait()
    assert [layer.name for layer in second.canvas.state.layers] == ["Layer 1"]
    assert second.canvas.state.layers[0].pixels.equals(kept.layers[0].pixels)
    assert second.canvas.state.frame == kept.frame
    assert second.documents.is_modified


def test_what_cannot_be_opened_leaves_the_document_as_it_is(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    canvas = session_of(window).canvas
    path = tmp_path / "broken.ora"
    path.write_bytes(b"PK\3\4 and then nothing")
    before = canvas.state
    window.commands.files.open_path(path)
    qtbot.waitUntil(lambda: "broken.ora" in window.messages.text)
    assert canvas.state is before


def test_an_export_says_how_it_was_painted_as_long_as_no_pixel_was_changed(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    session = session_of(window)
    write(window, "a red fox, 3d")
    with qtbot.waitSignal(session.history_model.added):
        generate()
    qtbot.waitUntil(lambda: not session.painting.is_painting)
    session.painting.proposals.accept()
    exact, changed = tmp_path / "exact.png", tmp_path / "changed.png"
    with qtbot.waitSignal(session.documents.exported):
        session.documents.export(exact, ExportSettings(provenance=session.provenance))
    metadata = Metadata.from_json(png_texts(exact)[OWN_KEY])
    assert metadata.prompt == "a red fox, 3d"
    drag(window, (0.4, 0.4), (0.6, 0.6))
    with qtbot.waitSignal(session.documents.exported):
        session.documents.export(changed, ExportSettings(provenance=session.provenance))
    assert png_texts(changed) == {}
    with Image.open(changed) as image:
        assert image.size == (metadata.width, metadata.height)


def test_copying_takes_what_is_painted_as_pixels_and_as_a_file(window: MainWindow, qtbot: QtBot) -> None:
    state = session_of(window).canvas.state
    drag(window, (0.4, 0.4), (0.6, 0.6))
    clipboard = QGuiApplication.clipboard()
    layer = session_of(window).canvas.state.layers[0]
    for copy in (window.commands.files.copy, window.commands.files.copy_visible):
        clipboard.setText("nothing yet")
        copy()
        qtbot.waitUntil(lambda: clipboard.mimeData().hasFormat("image/png"))
        pixels = import_picture(bytes(clipboard.mimeData().data("image/png").data())).pixels
        assert np.array_equal(pixels, straight(layer.read(layer.bounds)))
        assert clipboard.image().size().toTuple() == (layer.bounds.width, layer.bounds.height)
    session_of(window).canvas.replace(state)
    window.commands.files.copy_visible()
    qtbot.waitUntil(lambda: "Nothing is painted" in window.messages.text)
