"""The rooms of the window: each leads back to where one came from."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from studio.ui.rooms import Room, Rooms

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot


@pytest.fixture
def rooms(app: QApplication, qtbot: QtBot) -> Iterator[Rooms]:
    assert app
    rooms = Rooms(_page(), {room: _page for room in Room if room is not Room.STUDIO})
    window = QWidget()
    qtbot.addWidget(window)
    rooms.setParent(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield rooms
    # Python's hand on the window alone keeps it until here.
    window.close()


def _page() -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.addWidget(QLineEdit())
    layout.addWidget(QLineEdit())
    return page


def test_a_room_is_built_when_it_is_entered(rooms: Rooms) -> None:
    assert rooms.count() == 1
    rooms.enter(Room.GALLERY)
    assert (rooms.count(), rooms.current) == (2, Room.GALLERY)
    rooms.leave()
    rooms.enter(Room.GALLERY)
    assert rooms.count() == 2


def test_leaving_leads_back_the_way_one_came(rooms: Rooms) -> None:
    for room in (Room.GALLERY, Room.VIEWER, Room.LINEAGE):
        rooms.enter(room)
    rooms.leave()
    assert rooms.current is Room.VIEWER
    rooms.enter(Room.COMPARE)
    rooms.leave()
    rooms.leave()
    assert rooms.current is Room.GALLERY
    rooms.leave()
    rooms.leave()
    assert rooms.current is Room.STUDIO


def test_entering_a_room_on_the_way_back_goes_back_to_it(rooms: Rooms) -> None:
    for room in (Room.GALLERY, Room.VIEWER, Room.LINEAGE, Room.GALLERY):
        rooms.enter(room)
    assert rooms.current is Room.GALLERY
    rooms.leave()
    assert rooms.current is Room.STUDIO


def test_the_keyboard_comes_back_to_what_had_it(rooms: Rooms, qtbot: QtBot) -> None:
    field = rooms.findChildren(QLineEdit)[1]
    field.setFocus()
    qtbot.waitUntil(field.hasFocus)
    rooms.enter(Room.GALLERY)
    assert not field.hasFocus()
    rooms.leave()
    qtbot.waitUntil(field.hasFocus)
