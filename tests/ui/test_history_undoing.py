"""Ctrl+Z where pictures are looked at takes back what was done to them, and says so."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.ui.rooms import Room
from tests.ui.person import CONTROL, focused, generate, press
from tests.ui.test_window_canvas import session_of

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.ui.gallery.gallery_room import GalleryRoom
    from studio.ui.main_window import MainWindow

pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
BOTH = CONTROL | Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def room(window: MainWindow, qtbot: QtBot) -> GalleryRoom:
    """The gallery with one picture, which is selected."""
    with qtbot.waitSignal(session_of(window).history_model.added):
        generate()
    window.looking.rooms.enter(Room.GALLERY)
    room = cast("GalleryRoom", window.looking.rooms.built(Room.GALLERY))
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 1 and room.grid.history.entry_at(0) is not None)
    room.grid.choose(0)
    room.grid.setFocus()
    return room


def is_starred(room: GalleryRoom) -> bool:
    entry = room.grid.history.entry_at(0)
    return entry is not None and entry.is_starred


def test_a_star_goes_and_comes(room: GalleryRoom, window: MainWindow, qtbot: QtBot) -> None:
    strokes = session_of(window).canvas.state
    press(Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: is_starred(room))
    press(Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: not is_starred(room))
    assert window.messages.text == "Star taken back"
    press(Qt.Key.Key_Z, BOTH)
    qtbot.waitUntil(lambda: is_starred(room))
    assert session_of(window).canvas.state is strokes
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.looking.rooms.current is Room.VIEWER)
    press(Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: not is_starred(room))


def test_words_that_are_written_are_taken_back_first(room: GalleryRoom, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: is_starred(room))
    room.look_for()
    QTest.keyClicks(focused(), "fox")
    press(Qt.Key.Key_Z, CONTROL)
    assert room.search.field.text() != "fox"
    assert is_starred(room)


def test_a_picture_comes_back_out_of_the_trash(room: GalleryRoom, qtbot: QtBot) -> None:
    press(Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 0)
    press(Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 1)
