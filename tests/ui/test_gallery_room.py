"""The gallery over a real history: searching, places, boards, stars, the trash and its undo."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QDragEnterEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from studio.domain.events import Painted
from studio.domain.request import Sampling, TextToImage
from studio.domain.settings_part import SettingsPart
from studio.services.history import History
from studio.ui.gallery.filters import FILTERS, STARRED, with_value
from studio.ui.gallery.gallery_room import GalleryRoom
from studio.ui.gallery.places import PlaceKind
from tests.bridge.requests import MODEL, image_of
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.services.history_entry import Entry
    from studio.services.paths import Paths
    from studio.ui.gallery.filter_chip import FilterChip
    from studio.ui.gallery.places import Place

# Said for whatever becomes a window of its own while there is no screen.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
PROMPTS = ("a red fox", "a blue whale", "a red fox in snow", "a green parrot", "a fox and a whale")


@pytest.fixture
def session(session_of: Callable[..., Session], paths: Paths) -> Session:
    """A session with five pictures of three days."""
    history = History(paths.database, paths.pictures)
    for number, prompt in enumerate(PROMPTS):
        request = asked(prompt, number)
        history.add(request, image_of(request), CONDITIONS, NOON + timedelta(hours=10 * number))
    history.close()
    return session_of()


@pytest.fixture
def room(session: Session, qtbot: QtBot) -> GalleryRoom:
    """A gallery of them, the last of `PROMPTS` first."""
    room = GalleryRoom(session)
    qtbot.addWidget(room)
    room.resize(1100, 700)
    room.show()
    room.activateWindow()
    qtbot.waitUntil(room.isActiveWindow)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5 and bool(session.history.overview.vocabulary.models))
    return room


def asked(prompt: str, seed: int) -> TextToImage:
    sampling = Sampling(steps=3, guidance_scale=5.0, seed=seed)
    return TextToImage(model=MODEL, prompt=prompt, width=64, height=32, sampling=sampling)


def prompts(room: GalleryRoom) -> list[str]:
    """Return what is shown, where all of it has been read."""
    entries = [room.grid.history.entry_at(row) for row in range(room.grid.history.rowCount())]
    return [entry.prompt for entry in entries if entry is not None]


def search(room: GalleryRoom, text: str) -> None:
    room.look_for()
    QTest.keyClicks(room.search.field, text)


def place(room: GalleryRoom, title: str) -> Place:
    return next(place for place in room.side.places if place.title == title)


def row_of(room: GalleryRoom, title: str) -> int:
    return room.side.places.index(place(room, title))


def click_place(room: GalleryRoom, title: str) -> None:
    at = room.side.visualItemRect(room.side.item(row_of(room, title))).center()
    QTest.mouseClick(room.side.viewport(), Qt.MouseButton.LeftButton, pos=at)


def chip(room: GalleryRoom, name: str) -> FilterChip:
    return next(chip for chip in room.search.chips if chip.filter.id == name)


def press_button(room: GalleryRoom, text: str) -> None:
    button = next(each for each in room.findChildren(QPushButton) if each.text() == text and each.isVisible())
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def drop_on(room: GalleryRoom, title: str) -> None:
    """Drop what is selected on a place at the side."""
    grid, side = room.grid, room.side
    mime = grid.history.mimeData([grid.history.index(row) for row in grid.selected.rows()])
    at = side.visualItemRect(side.item(row_of(room, title))).center()
    copy, left, none = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    QApplication.sendEvent(side.viewport(), QDragEnterEvent(at, copy, mime, left, none))
    QApplication.sendEvent(side.viewport(), QDragMoveEvent(at, copy, mime, left, none))
    QApplication.sendEvent(side.viewport(), QDropEvent(QPointF(at), copy, mime, left, none))


def test_all_pictures_are_shown_with_their_number(room: GalleryRoom) -> None:
    assert prompts(room) == list(reversed(PROMPTS))
    assert room.count_text == "5 pictures"
    assert place(room, "All pictures").count == 5
    assert [count for _, count in room.grid.history.groups] == [1, 2, 2]


def test_typing_searches_at_once_and_clearing_shows_everything(room: GalleryRoom, qtbot: QtBot) -> None:
    search(room, "red f")
    qtbot.waitUntil(lambda: prompts(room) == ["a red fox in snow", "a red fox"])
    assert room.count_text == "2 pictures"
    QTest.keyClick(room.search.field, Qt.Key.Key_Escape)
    QTest.keyClick(room.search.field, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5)


def test_where_nothing_matches_the_search_can_be_taken_back(room: GalleryRoom, qtbot: QtBot) -> None:
    search(room, "zebra")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 0)
    press_button(room, "Clear the search")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5)
    assert room.search.field.text() == ""


def test_what_is_not_understood_is_said_and_the_rest_is_searched(room: GalleryRoom, qtbot: QtBot) -> None:
    search(room, "whale bfore:2026 ")
    assert "before:" in room.search.problem
    room.search.write("whale ")
    assert room.search.problem == ""
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 2)


def test_a_key_is_completed_and_then_its_value(room: GalleryRoom, qtbot: QtBot) -> None:
    search(room, "mod")
    QTest.keyClick(room.search.field, Qt.Key.Key_Tab)
    assert room.search.field.text() == "model:"
    QTest.keyClick(room.search.field, Qt.Key.Key_Down)
    QTest.keyClick(room.search.field, Qt.Key.Key_Return)
    assert room.search.field.text() == "model:starter "
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5)
    assert chip(room, "model").text() == "starter"
    QTest.keyClick(room.search.field, Qt.Key.Key_Return)
    assert room.grid.hasFocus(), "Enter goes on to the pictures"


def test_a_filter_writes_into_the_text_and_reads_from_it(room: GalleryRoom, qtbot: QtBot) -> None:
    search(room, "fox ")
    menu = chip(room, "date").menu()
    today = next(action for action in menu.actions() if action.text() == "Today")
    chip(room, "date").chosen.emit(str(today.data()))
    menu.deleteLater()
    assert room.search.field.text() == "fox on:today "
    assert chip(room, "date").text() == "Today"
    assert chip(room, "date").is_set
    room.search.write("fox before:2026 ")
    assert chip(room, "date").text() == "2026"
    chip(room, "date").chosen.emit("")
    assert room.search.field.text() == "fox "
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 3)


@pytest.mark.parametrize(
    ("text", "written", "after"),
    [
        ("", "star:yes", "star:yes "),
        ("fox", "star:yes", "fox star:yes "),
        ("star:no fox", "star:yes", "fox star:yes "),
        ("star:yes", "", ""),
        ('"red fox" star:yes -blurry bfore:1', "", '"red fox" -blurry bfore:1 '),
    ],
)
def test_the_rest_of_a_query_stays_as_it_was_typed(text: str, written: str, after: str) -> None:
    assert with_value(text, STARRED, written) == after


def test_each_filter_understands_what_it_writes(room: GalleryRoom) -> None:
    vocabulary = room.search.field.vocabulary
    for one in (STARRED, *FILTERS):
        for choice in one.choices(vocabulary):
            text = with_value("fox ", one, choice.written)
            assert with_value(text, one, "") == "fox ", choice


def test_a_star_is_given_with_a_key_and_shown_at_the_side(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.selected.take([range(1, 3)])
    room.grid.selected.move(1)
    QTest.keyClick(room.grid, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: all(entry.is_starred for entry in room.grid.selected_entries))
    qtbot.waitUntil(lambda: place(room, "Starred").count == 2)
    click_place(room, "Starred")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 2)
    assert chip(room, "star").is_set
    room.grid.choose(0)
    QTest.keyClick(room.grid, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 1)


def test_what_is_thrown_away_comes_back_with_one_click(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.choose(1)
    (gone,) = room.grid.selected_entries
    QTest.keyClick(room.grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 4)
    assert not gone.path.exists()
    assert "1 picture is in the trash" in room.messages.text
    press_button(room, "Undo")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5)
    assert gone.path.exists()
    assert prompts(room) == list(reversed(PROMPTS))


def test_the_trash_is_looked_at_and_put_back_from(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.selected.take_all()
    room.grid.selected.move(0)
    QTest.keyClick(room.grid, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 0 and place(room, "Trash").count == 5)
    click_place(room, "Trash")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5)
    room.grid.choose(2)
    press_button(room, "Put back")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 4)
    click_place(room, "All pictures")
    qtbot.waitUntil(lambda: prompts(room) == ["a red fox in snow"])


def test_a_board_is_made_at_the_side_filled_by_a_drop_renamed_and_deleted(room: GalleryRoom, qtbot: QtBot) -> None:
    room.side.board_named.emit(None, "Foxes")
    qtbot.waitUntil(lambda: any(one.title == "Foxes" for one in room.side.places))
    room.grid.selected.take([range(1), range(2, 3), range(4, 5)])
    drop_on(room, "Foxes")
    qtbot.waitUntil(lambda: place(room, "Foxes").count == 3)
    click_place(room, "Foxes")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 3)
    assert room.search.field.text().strip() == "board:Foxes"
    assert room.side.currentRow() == row_of(room, "Foxes")
    board_id = place(room, "Foxes").board_id
    room.side.board_named.emit(board_id, "Red ones")
    qtbot.waitUntil(lambda: any(one.title == "Red ones" for one in room.side.places))
    room.side.board_deleted.emit(board_id)
    qtbot.waitUntil(lambda: "Red ones" in room.messages.text)
    press_button(room, "Undo")
    qtbot.waitUntil(lambda: any(one.title == "Red ones" and one.count == 3 for one in room.side.places))


def test_a_new_board_is_named_in_its_row(room: GalleryRoom, qtbot: QtBot) -> None:
    row = next(row for row, one in enumerate(room.side.places) if one.kind is PlaceKind.NEW_BOARD)
    click_place(room, room.side.places[row].title)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "Whales")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: any(one.kind is PlaceKind.BOARD and one.title == "Whales" for one in room.side.places))


def test_a_drop_on_the_trash_throws_away_and_one_on_the_stars_gives_one(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.choose(0)
    drop_on(room, "Starred")
    qtbot.waitUntil(lambda: place(room, "Starred").count == 1)
    drop_on(room, "Trash")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 4)


def test_a_search_is_saved_found_and_forgotten(room: GalleryRoom, qtbot: QtBot) -> None:
    search(room, "red fox ")
    room.search.save_wanted.emit("Foxes that are red")
    qtbot.waitUntil(lambda: any(one.title == "Foxes that are red" for one in room.side.places))
    click_place(room, "All pictures")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 5)
    click_place(room, "Foxes that are red")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 2)
    room.side.search_forgotten.emit("Foxes that are red")
    qtbot.waitUntil(lambda: all(one.title != "Foxes that are red" for one in room.side.places))


def test_a_note_and_tags_are_written_beside_the_picture_and_found(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.choose(0)
    QTest.keyClick(room.grid, Qt.Key.Key_F2)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "for the cover")
    QTest.keyClick(editor, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: room.grid.selected_entries[0].note == "for the cover")
    room.grid.setFocus()
    QTest.keyClick(room.grid, Qt.Key.Key_T)
    editor = QApplication.focusWidget()
    assert editor is not None
    QTest.keyClicks(editor, "portrait, keep")
    QTest.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: room.grid.selected_entries[0].tags == ("keep", "portrait"))
    search(room, "cover tag:keep ")
    qtbot.waitUntil(lambda: prompts(room) == [PROMPTS[-1]])


def test_the_menu_offers_what_can_be_done(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.choose(4)
    rows = {row.title: row for row in room.commands.rows()}
    for part in SettingsPart:
        with qtbot.waitSignal(room.settings_wanted) as wanted:
            do = rows[part.title].do
            assert do is not None
            do()
        assert wanted.args is not None
        assert wanted.args[0].prompt == PROMPTS[0]
        assert wanted.args[1] is part
    copy = rows["Copy as A1111 text"].do
    assert copy is not None
    copy()
    assert QGuiApplication.clipboard().text().startswith("a red fox\n")
    assert "Compare" not in rows
    room.grid.selected.take([range(1), range(3, 4)])
    rows = {row.title: row for row in room.commands.rows()}
    compare = rows["Compare"].do
    assert compare is not None
    with qtbot.waitSignal(room.compare_wanted) as wanted:
        compare()
    assert wanted.args is not None
    assert [entry.prompt for entry in wanted.args] == [PROMPTS[4], PROMPTS[1]]


def test_enter_opens_space_looks_and_escape_goes_back(room: GalleryRoom, qtbot: QtBot) -> None:
    room.grid.choose(2)
    with qtbot.waitSignal(room.entry_chosen) as chosen:
        QTest.keyClick(room.grid, Qt.Key.Key_Return)
    assert chosen.args is not None
    assert chosen.args[0].prompt == PROMPTS[2]
    with qtbot.waitSignal(room.viewer_wanted) as viewed:
        QTest.keyClick(room.grid, Qt.Key.Key_Space)
    assert viewed.args == [2]
    with qtbot.waitSignal(room.closed):
        QTest.keyClick(room.grid, Qt.Key.Key_Escape)


def test_details_follow_the_selection(room: GalleryRoom, qtbot: QtBot) -> None:
    shown: list[tuple[Entry, ...]] = []
    details = QPushButton("details")
    room.set_details(details, lambda entries, others: shown.append(entries) if not others else None)
    room.grid.choose(0)
    assert [entry.prompt for entry in shown[-1]] == [PROMPTS[4]]
    QTest.keyClick(room.grid, Qt.Key.Key_Period)
    qtbot.waitUntil(lambda: shown[-1][0].is_starred)
    assert details.isVisible()


def test_a_picture_that_is_painted_now_appears_first_if_it_is_looked_for(
    room: GalleryRoom, session: Session, qtbot: QtBot
) -> None:
    search(room, "fox ")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 3)
    for prompt in ("a fox at night", "an owl"):
        request = asked(prompt, 77)
        with qtbot.waitSignal(session.history.kept):
            session.history.keep(request, Painted("job", image_of(request), CONDITIONS), 0.1)
    qtbot.waitUntil(lambda: prompts(room)[:1] == ["a fox at night"])
    assert room.grid.history.rowCount() == 4
    room.search.write("")
    qtbot.waitUntil(lambda: room.grid.history.rowCount() == 7)
