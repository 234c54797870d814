"""Copies of pictures of the history go out as they were asked for: where, as what, and telling how much."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PIL import Image
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from studio.bridge.history_export import CopyOrder, Exported
from studio.domain.disclosure import ExportPrivacy
from studio.services.credentials_presence import has_credentials
from studio.services.export import FileOptions
from studio.services.metadata_reading import read_file
from studio.services.pictures import read_picture
from studio.ui.copy_export import exported_words
from studio.ui.export_options import ExportOptions
from studio.ui.rooms import Room
from tests.ui.person import button, click, generate, write
from tests.ui.test_window_canvas import session_of

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry
    from studio.ui.gallery.gallery_room import GalleryRoom
    from studio.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
PROMPT = "a heron in the secret reeds"


def painted(window: MainWindow, qtbot: QtBot) -> Entry:
    session = session_of(window)
    write(window, PROMPT)
    with qtbot.waitSignal(session.history_model.added) as told:
        generate()
    assert told.args is not None
    return told.args[0]


def exported(window: MainWindow, qtbot: QtBot, order: CopyOrder) -> Exported:
    export = session_of(window).history.export
    with qtbot.waitSignal(export.ended) as told:
        export.write(order)
    assert told.args is not None
    return told.args[0]


def test_the_menu_asks_and_the_end_of_the_name_says_as_what(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    entry = painted(window, qtbot)
    window.looking.rooms.enter(Room.GALLERY)
    room = cast("GalleryRoom", window.looking.rooms.built(Room.GALLERY))
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 1 and room.grid.history.entry_at(0) is not None)
    room.grid.choose(0)
    (row,) = [row for row in room.commands.rows() if row.title == "Export a copy\u2026"]
    assert row.do is not None
    path = tmp_path / "copy.jpg"
    answers = QTimer(interval=1)
    answers.timeout.connect(lambda: _answer(path))
    answers.start()
    row.do()
    answers.stop()
    (sheet,) = window.findChildren(ExportOptions)
    assert sheet.quality.isVisible()
    click(sheet.privacies[ExportPrivacy.PROVENANCE])
    click(sheet.signing)
    with qtbot.waitSignal(session_of(window).history.export.ended):
        click(button(sheet, "Export"))
    assert window.messages.text == "Exported as copy.jpg"
    with Image.open(path) as image:
        assert (image.format, image.size) == ("JPEG", (entry.width, entry.height))
    assert b"secret" not in path.read_bytes()
    assert b"trainedAlgorithmicMedia" in path.read_bytes()


def _answer(path: Path) -> None:
    dialogue = QApplication.activeModalWidget()
    if isinstance(dialogue, QFileDialog):
        dialogue.selectFile(str(path))
        dialogue.accept()


def test_several_go_into_a_folder_under_their_names_unless_these_tell_too_much(
    window: MainWindow, qtbot: QtBot, tmp_path: Path
) -> None:
    entries = [painted(window, qtbot), painted(window, qtbot)]
    ids = tuple(entry.id for entry in entries)
    whole = exported(window, qtbot, CopyOrder(ids, tmp_path / "all", ExportPrivacy.FULL, FileOptions()))
    assert [path.name for path in whole.written] == [entry.path.name for entry in entries]
    assert [path.read_bytes() for path in whole.written] == [entry.path.read_bytes() for entry in entries]
    again = exported(window, qtbot, CopyOrder(ids, tmp_path / "all", ExportPrivacy.FULL, FileOptions()))
    assert again.written[0].stem == f"{entries[0].path.stem}-2", "nothing is replaced"
    less = exported(window, qtbot, CopyOrder(ids, tmp_path / "less", ExportPrivacy.NOTHING, FileOptions()))
    assert [path.name for path in less.written] == [f"picture-{number}.png" for number in ids]
    assert all(PROMPT.encode() not in path.read_bytes() for path in less.written)
    assert read_picture(less.written[0]) == read_picture(entries[0].path)
    assert window.messages.text == f"2 copies exported to {tmp_path / 'less'}"


def test_a_whole_copy_is_signed_where_that_is_wanted(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    entry = painted(window, qtbot)
    session = session_of(window)
    session.update_settings(sign_exports=True)
    options = FileOptions(seal=session.outgoing.seal)
    path = tmp_path / "signed.png"
    assert exported(window, qtbot, CopyOrder((entry.id,), path, ExportPrivacy.FULL, options)).notes == ()
    assert has_credentials(path)
    assert read_file(path).own == entry.metadata


def test_what_cannot_be_written_is_told(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = painted(window, qtbot), painted(window, qtbot)
    first.path.write_bytes(b"damaged")
    order = CopyOrder((first.id, second.id, 999), tmp_path / "out", ExportPrivacy.NOTHING, FileOptions())
    found = exported(window, qtbot, order)
    assert (len(found.written), found.refused) == (1, 2)
    what, details = exported_words(found)
    assert what == "Exported as picture-2.png"
    assert details.startswith("2 could not be: ")
    (tmp_path / "file").write_text("in the way")
    lost = exported(
        window, qtbot, CopyOrder((second.id,), tmp_path / "file" / "a.png", ExportPrivacy.FULL, FileOptions())
    )
    assert lost.written == ()
    assert not window.messages.is_notice
