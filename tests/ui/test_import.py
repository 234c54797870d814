"""Pictures of other programs come into the history through the window: dropped on the gallery, or out of a dialogue."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPointF, Qt, QTimer, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QLineEdit

from studio.ui.gallery.file_drops import FileDrops
from studio.ui.rooms import Room
from tests.ui.person import button, click
from tests.ui.test_window_canvas import session_of

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from studio.ui.gallery.gallery_room import GalleryRoom
    from studio.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
COPY, LEFT, NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def write_pictures(folder: Path, count: int) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    paths = [folder / f"{number:03}.png" for number in range(count)]
    for number, path in enumerate(paths):
        Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(path)
    return paths


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag(target: QWidget, mime: QMimeData, actions: Qt.DropAction = COPY) -> QDragEnterEvent:
    """Drag something over the middle of a widget."""
    at = target.rect().center()
    entered = QDragEnterEvent(at, actions, mime, LEFT, NO_KEY)
    QApplication.sendEvent(target, entered)
    QApplication.sendEvent(target, QDragMoveEvent(at, actions, mime, LEFT, NO_KEY))
    return entered


def drop(target: QWidget, mime: QMimeData) -> QDropEvent:
    drag(target, mime)
    dropped = QDropEvent(QPointF(target.rect().center()), COPY, mime, LEFT, NO_KEY)
    QApplication.sendEvent(target, dropped)
    return dropped


def _choose(path: Path) -> None:
    dialogue = QApplication.activeModalWidget()
    if isinstance(dialogue, QFileDialog):
        next(iter(dialogue.findChildren(QLineEdit))).setText(str(path))
        dialogue.accept()


def gallery_of(window: MainWindow) -> GalleryRoom:
    window.looking.rooms.enter(Room.GALLERY)
    return cast("GalleryRoom", window.looking.rooms.built(Room.GALLERY))


def test_files_dropped_on_the_gallery_are_entered_and_counted(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    room = gallery_of(window)
    first, second = write_pictures(tmp_path / "outside", 2)
    intake = session_of(window).history.changes.intake
    with qtbot.waitSignal(intake.ended):
        assert drop(room.grid.viewport(), files(first)).dropAction() is COPY
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 1)
    assert window.messages.text == "1 picture was entered"
    bad = tmp_path / "outside" / "bad.png"
    bad.write_text("no picture")
    with qtbot.waitSignal(intake.ended):
        drop(room.side.viewport(), files(tmp_path / "outside"))
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 2)
    text = window.messages.text
    assert text.startswith("1 picture was entered 1 was there already. 1 could not be: ")
    assert "bad.png" in text
    assert window.messages.is_notice
    assert second.exists()


@pytest.mark.slow
def test_three_hundred_files_are_dropped_at_once(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    room = gallery_of(window)
    paths = write_pictures(tmp_path / "outside", 300)
    told: list[str] = []
    intake = session_of(window).history.changes.intake
    intake.advanced.connect(lambda _: told.append(window.messages.text))
    with qtbot.waitSignal(intake.ended, timeout=60_000):
        drop(room.grid.viewport(), files(*paths))
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 300, timeout=20_000)
    assert any(text.endswith(" of 300") for text in told)
    assert window.messages.text == "300 pictures were entered"


def test_where_files_go_is_shown_while_they_are_dragged(window: MainWindow, tmp_path: Path) -> None:
    room = gallery_of(window)
    hint = next(iter(room.findChildren(FileDrops)))
    viewport = room.grid.viewport()
    assert drag(viewport, files(*write_pictures(tmp_path, 3))).isAccepted()
    assert hint.isVisible()
    assert hint.title == "3 files"
    QApplication.sendEvent(viewport, QDragLeaveEvent())
    assert not hint.isVisible()
    # A program that would delete its file gets no chance, and words are no picture.
    drag(viewport, files(tmp_path / "000.png"), Qt.DropAction.MoveAction)
    assert not hint.isVisible()
    text = QMimeData()
    text.setText("a red fox")
    drag(viewport, text)
    assert not hint.isVisible()


def test_one_file_that_cannot_be_read_is_an_error(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    room = gallery_of(window)
    bad = tmp_path / "bad.png"
    bad.write_text("no picture")
    with qtbot.waitSignal(session_of(window).history.changes.intake.ended):
        drop(room.grid.viewport(), files(bad))
    assert not window.messages.is_notice
    assert "bad.png" in window.messages.text


def test_the_menu_asks_for_files_and_leads_to_the_gallery(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    (path,) = write_pictures(tmp_path, 1)
    intake = session_of(window).history.changes.intake
    # None is chosen at first, where a dialogue for one file names the folder.
    choose = QTimer(interval=1)
    choose.timeout.connect(lambda: _choose(path))
    choose.start()
    with qtbot.waitSignal(intake.ended):
        window.commands.history.import_pictures()
    choose.stop()
    go = button(window.messages, "Go to the gallery")
    qtbot.waitUntil(go.isVisible)
    click(go)
    assert window.looking.rooms.current is Room.GALLERY


def test_an_import_is_stopped_with_its_button(window: MainWindow, qtbot: QtBot, tmp_path: Path) -> None:
    gallery_of(window)
    write_pictures(tmp_path / "outside", 40)
    intake = session_of(window).history.changes.intake
    intake.advanced.connect(lambda so_far: click(button(window.messages, "Stop")) if so_far.is_found else None)
    with qtbot.waitSignal(intake.ended):
        intake.take([tmp_path / "outside"])
    assert "Stopped after" in window.messages.text
    intake.advanced.disconnect()
