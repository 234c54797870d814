"""The way through the rooms with the keyboard: what is said goes along, and nothing leads where nobody wanted to go."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from studio.ui.gallery.details import DetailsPanel
from studio.ui.message_bar import MessageBar
from studio.ui.rooms import Room
from tests.ui.person import CONTROL, button, click, focused, generate, pictures, press, write

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.ui.gallery.gallery_room import GalleryRoom
    from studio.ui.gallery.viewer import Viewer
    from studio.ui.main_window import MainWindow

# Said for whatever becomes a window of its own while there is no screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
KEY = Qt.Key


@pytest.fixture
def gallery(window: MainWindow, qtbot: QtBot) -> GalleryRoom:
    """The gallery of two pictures, entered with Ctrl+G."""
    for number, prompt in enumerate(("a red fox", "a blue whale"), 1):
        write(window, prompt)
        generate()
        qtbot.waitUntil(pictures(window, number))
    press(KEY.Key_G, CONTROL)
    room = cast("GalleryRoom", window.looking.rooms.built(Room.GALLERY))
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 2 and room.grid.history.entry_at(0) is not None)
    return room


def seen_messages(window: MainWindow) -> list[str]:
    return [bar.text for bar in window.findChildren(MessageBar) if bar.isVisible()]


def test_the_keyboard_is_with_the_pictures_and_escape_leads_back(window: MainWindow, gallery: GalleryRoom) -> None:
    assert focused() is gallery.grid
    press(KEY.Key_Escape)
    assert window.looking.rooms.current is Room.STUDIO


def test_what_is_said_goes_along_and_is_said_once(window: MainWindow, gallery: GalleryRoom, qtbot: QtBot) -> None:
    gallery.grid.choose(0)
    press(KEY.Key_Delete)
    qtbot.waitUntil(lambda: seen_messages(window) == ["1 picture is in the trash Kept there for 30 days"])
    assert gallery.isAncestorOf(window.messages)
    press(KEY.Key_Escape)
    assert len(seen_messages(window)) == 1
    assert window.workspace.isAncestorOf(window.messages)
    click(button(window.messages, "Undo"))
    qtbot.waitUntil(lambda: seen_messages(window) == ["1 picture is back"])
    press(KEY.Key_G, CONTROL)
    # What leads nowhere stays where it was said.
    assert seen_messages(window) == []
    qtbot.waitUntil(lambda: gallery.grid.history.rowCount() == 2)


def test_what_the_viewer_is_asked_is_said_in_the_viewer(window: MainWindow, gallery: GalleryRoom, qtbot: QtBot) -> None:
    gallery.grid.choose(1)
    press(KEY.Key_Space)
    assert window.looking.rooms.current is Room.VIEWER
    viewer = cast("Viewer", window.looking.rooms.currentWidget())
    press(KEY.Key_I)
    qtbot.waitUntil(lambda: button(viewer, "Seed only").isVisible())
    click(button(viewer, "Seed only"))
    assert seen_messages(window) == ["The seed is in the prompt panel, and locked"]
    # The click leaves the keyboard with the picture.
    press(KEY.Key_Left)
    qtbot.waitUntil(lambda: viewer.row == 0)
    click(button(window.messages, "Go to the canvas"))
    assert window.looking.rooms.current is Room.STUDIO


def test_the_way_back_leads_to_the_picture_that_was_seen_last(window: MainWindow, gallery: GalleryRoom) -> None:
    gallery.grid.choose(0)
    press(KEY.Key_Space)
    press(KEY.Key_Right)
    press(KEY.Key_Escape)
    assert window.looking.rooms.current is Room.GALLERY
    assert list(gallery.grid.selected.rows()) == [1]


def test_what_is_written_in_the_details_reaches_nothing_else(
    window: MainWindow, gallery: GalleryRoom, qtbot: QtBot
) -> None:
    gallery.grid.choose(0)
    press(KEY.Key_Space)
    press(KEY.Key_I)
    viewer = cast("Viewer", window.looking.rooms.currentWidget())
    details = cast("DetailsPanel", viewer.findChild(DetailsPanel))
    field = details.tags.field
    field.setFocus()
    QTest.keyClicks(field, "warm")
    press(KEY.Key_Return)
    assert window.looking.rooms.current is Room.VIEWER
    qtbot.waitUntil(lambda: details.tags.chips.words == ("warm",))
    press(KEY.Key_Escape)
    assert window.looking.rooms.current is Room.VIEWER
    assert focused() is not field


def test_a_viewer_that_is_not_seen_leads_nowhere(window: MainWindow, gallery: GalleryRoom, qtbot: QtBot) -> None:
    gallery.grid.choose(0)
    press(KEY.Key_Space)
    press(KEY.Key_Escape)
    gallery.search.write("a unicorn")
    qtbot.waitUntil(lambda: gallery.grid.history.rowCount() == 0)
    assert window.looking.rooms.current is Room.GALLERY
