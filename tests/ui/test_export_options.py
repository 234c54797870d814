"""What is asked before a file goes out, and that the file, the clipboard and what is dragged out keep to it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from studio.bridge import taken_out
from studio.bridge.dropped import HistoryDrop, read_mime
from studio.domain.canvas.commands import Paint
from studio.domain.disclosure import ExportPrivacy
from studio.domain.geometry import Rect
from studio.services.credentials_presence import has_credentials
from studio.services.metadata_reading import read_file
from studio.services.pictures import read_picture
from studio.ui.export_options import ExportChoice, ExportOptions
from tests.ui.person import button, click, generate, write
from tests.ui.test_window_canvas import session_of
from tests.ui.test_window_documents import Dialogues

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PROMPT = "a heron in the secret reeds"


def sheet(window: MainWindow) -> ExportOptions:
    found = [each for each in window.findChildren(ExportOptions) if each.isVisible()]
    assert len(found) == 1
    return found[0]


def painted(window: MainWindow, qtbot: QtBot) -> None:
    """Have a picture painted and put on the canvas, the frame around it."""
    session = session_of(window)
    write(window, PROMPT)
    with qtbot.waitSignal(session.history_model.added):
        generate()
    qtbot.waitUntil(lambda: session.painting.proposals.shown is not None)
    session.painting.proposals.accept()


def exported(window: MainWindow, qtbot: QtBot, path: Path, privacy: ExportPrivacy, *, is_signed: bool = False) -> bytes:
    session = session_of(window)
    with Dialogues(str(path)):
        window.commands.files.export()
    options = sheet(window)
    click(options.privacies[privacy])
    if options.signing.isEnabled() and options.signing.isChecked() is not is_signed:
        click(options.signing)
    with qtbot.waitSignal(session.documents.exported):
        click(button(options, "Export"))
    return path.read_bytes()


def test_the_last_choice_is_offered_again(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    painted(window, qtbot)
    exported(window, qtbot, tmp_path / "a.png", ExportPrivacy.PROVENANCE)
    settings = session_of(window).settings
    assert settings.export_privacy is ExportPrivacy.PROVENANCE
    assert not settings.sign_exports
    with Dialogues(str(tmp_path / "b.jpg")):
        window.commands.files.export()
    assert sheet(window).choice == ExportChoice(ExportPrivacy.PROVENANCE, settings.export_quality, is_signed=False)
    QTest.keyClick(sheet(window), Qt.Key.Key_Escape)
    assert not (tmp_path / "b.jpg").exists()


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.webp"])
def test_a_file_tells_what_was_chosen(window: MainWindow, qtbot: QtBot, tmp_path: Path, name: str) -> None:
    painted(window, qtbot)
    for privacy in ExportPrivacy:
        content = exported(window, qtbot, tmp_path / name, privacy)
        reading = read_file(tmp_path / name, beside=False)
        assert (reading.own is not None) == (privacy is ExportPrivacy.FULL)
        assert (b"secret" in content or "secret".encode("utf-16-be") in content) == (privacy is ExportPrivacy.FULL)
        assert b"trainedAlgorithmicMedia" in content
        (tmp_path / name).unlink()


def test_a_signed_file_is_signed_unless_nothing_private_may_go_out(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    painted(window, qtbot)
    exported(window, qtbot, tmp_path / "a.png", ExportPrivacy.PROVENANCE, is_signed=True)
    assert has_credentials(tmp_path / "a.png")
    exported(window, qtbot, tmp_path / "b.png", ExportPrivacy.NOTHING, is_signed=True)
    assert not has_credentials(tmp_path / "b.png")


def test_a_signature_tells_no_prompt(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    painted(window, qtbot)
    session = session_of(window)
    frame = session.canvas.state.frame
    stroke = np.full((8, 8, 4), (0, 0, 255, 255), np.uint8)
    active = session.canvas.state.active
    assert active is not None
    session.canvas.apply(Paint(active, Rect(frame.x, frame.y, 8, 8), stroke, "Brush"))
    content = exported(window, qtbot, tmp_path / "a.png", ExportPrivacy.PROVENANCE, is_signed=True)
    assert has_credentials(tmp_path / "a.png")
    assert b"compositeWithTrainedAlgorithmicMedia" in content
    # A file of the history, which is named after its prompt, lies in the picture.
    for word in ("secret", "heron"):
        assert word.encode() not in content
        assert word.encode("utf-16-be") not in content


def test_quality_is_asked_where_there_is_any(window: MainWindow, tmp_path: Path) -> None:
    choice = ExportChoice(ExportPrivacy.FULL, 80, is_signed=True)
    for name, has_quality in (("a.png", False), ("a.jpeg", True), ("a.webp", True)):
        options = ExportOptions(tmp_path / name, choice, window)
        options.open()
        assert options.quality.isVisible() == has_quality
        assert options.choice == choice
        assert options.focusWidget() is button(options, "Export")
        options.reject()


def test_the_clipboard_tells_no_more_than_files_do(window: MainWindow, qtbot: QtBot) -> None:
    painted(window, qtbot)
    session = session_of(window)
    for privacy in (ExportPrivacy.FULL, ExportPrivacy.PROVENANCE):
        session.update_settings(export_privacy=privacy)
        with qtbot.waitSignal(QGuiApplication.clipboard().dataChanged):
            window.commands.files.copy_visible()
        png = bytes(QGuiApplication.clipboard().mimeData().data("image/png").data())
        assert (PROMPT.encode() in png) == (privacy is ExportPrivacy.FULL)
        assert b"trainedAlgorithmicMedia" in png


def test_what_is_dragged_out_tells_no_more_than_files_do(window: MainWindow, qtbot: QtBot) -> None:
    painted(window, qtbot)
    session = session_of(window)
    for privacy in ExportPrivacy:
        session.update_settings(export_privacy=privacy, sign_exports=False)
        for mime in (taken_out.seen(session), taken_out.layer(session)):
            assert mime is not None
            path = Path(mime.urls()[0].toLocalFile())
            assert (PROMPT.encode() in path.read_bytes()) == (privacy is ExportPrivacy.FULL)
            if privacy is not ExportPrivacy.FULL:
                assert path.name == "picture.png"


def test_a_picture_of_the_history_is_dragged_out_as_a_copy_where_its_file_tells_too_much(
    window: MainWindow, qtbot: QtBot
) -> None:
    painted(window, qtbot)
    session = session_of(window)
    model = session.history_model
    qtbot.waitUntil(lambda: model.entry_at(0) is not None)
    entry = model.entry_at(0)
    assert entry is not None
    session.update_settings(export_privacy=ExportPrivacy.NOTHING)
    mime = model.mimeData([model.index(0)])
    assert read_mime(mime) == HistoryDrop((entry.id,)), "for this program it is the picture itself"
    (path,) = [Path(url.toLocalFile()) for url in mime.urls()]
    assert path.name == f"picture-{entry.id}.png"
    assert read_picture(path) == read_picture(entry.path)
    assert PROMPT.encode() not in path.read_bytes()
    assert bytes(mime.data("image/png").data()) == path.read_bytes()
    session.update_settings(export_privacy=ExportPrivacy.FULL)
    assert [Path(url.toLocalFile()) for url in model.mimeData([model.index(0)]).urls()] == [entry.path]
