"""What was done to the history is taken back step by step, and done again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.bridge.history_keeper import HistoryKeeper
from studio.services.history import History
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry
    from studio.services.paths import Paths


class Kept:
    """A history of three pictures, and what is said of taking back."""

    def __init__(self, paths: Paths, disk: Background, reader: Background, qtbot: QtBot) -> None:
        history = History(paths.database, paths.pictures)
        requests = [text_request(seed=seed) for seed in range(3)]
        added = [history.add(one, image_of(one), CONDITIONS, minutes_past_noon(n)) for n, one in enumerate(requests)]
        history.close()
        self.ids = [entry.id for entry in added]
        self.keeper = HistoryKeeper(paths, disk, reader)
        self.keeper.open()
        self.said: list[str] = []
        self.keeper.undo.undone.connect(self.said.append)
        self.keeper.undo.redone.connect(self.said.append)
        self._qtbot, self._paths = qtbot, paths

    def settle(self) -> None:
        """Wait until the disk has done all that was asked for."""
        self._qtbot.waitUntil(lambda: not self.keeper.undo.is_busy)
        ends: list[str] = []
        self.keeper.changes.in_turn(lambda: ends.append("marks and trash"))
        self.keeper.boards.in_turn(lambda: ends.append("boards"))
        self._qtbot.waitUntil(lambda: len(ends) == 2)

    def undo(self) -> None:
        self.keeper.undo.undo()
        self.settle()

    def redo(self) -> None:
        self.keeper.undo.redo()
        self.settle()

    def entry(self, number: int = 0) -> Entry:
        history = History(self._paths.database, self._paths.pictures)
        entry = history.get(self.ids[number])
        history.close()
        assert entry is not None
        return entry


@pytest.fixture
def kept(qtbot: QtBot, paths: Paths) -> Iterator[Kept]:
    disk, reader = Background("disk"), Background("pictures")
    kept = Kept(paths, disk, reader, qtbot)
    yield kept
    kept.keeper.close()
    disk.close()
    reader.close()


def test_marks_go_back_one_after_the_other_and_come_again(kept: Kept) -> None:
    changes = kept.keeper.changes
    changes.star(kept.ids, True)
    changes.note([kept.ids[0]], "for the cover")
    changes.tag([kept.ids[0]], ["fox"])
    kept.settle()
    kept.undo()
    assert kept.entry().tags == ()
    kept.undo()
    assert (kept.entry().note, kept.entry().is_starred) == ("", True)
    kept.undo()
    assert not kept.entry(2).is_starred
    assert kept.said == ["Tags", "Note", "Star of 3 pictures"]
    assert not kept.keeper.undo.can_undo
    for _ in range(3):
        kept.redo()
    entry = kept.entry()
    assert (entry.is_starred, entry.note, entry.tags) == (True, "for the cover", ("fox",))
    assert not kept.keeper.undo.can_redo


def test_steps_that_are_asked_for_at_once_go_back_in_their_order(kept: Kept) -> None:
    changes, undo = kept.keeper.changes, kept.keeper.undo
    changes.note([kept.ids[0]], "one")
    changes.note([kept.ids[0]], "two")
    kept.settle()
    undo.undo()
    undo.undo()
    undo.undo()
    kept.settle()
    assert kept.entry().note == ""
    changes.tag([kept.ids[1]], ["new"])
    kept.settle()
    assert not undo.can_redo, "something else was done since"
    kept.undo()
    assert kept.entry(1).tags == ()


def test_the_trash_and_the_button_beside_its_message(kept: Kept) -> None:
    changes, undo = kept.keeper.changes, kept.keeper.undo
    changes.throw(kept.ids[:2])
    kept.settle()
    kept.undo()
    assert kept.entry().trashed is None
    kept.redo()
    assert kept.entry().trashed is not None
    changes.bring_back(kept.ids[:2])
    kept.settle()
    assert not undo.can_undo, "it was taken back by the button"
    kept.redo()
    assert kept.entry(1).trashed is not None


def test_a_picture_is_taken_off_a_board_again(kept: Kept) -> None:
    boards = kept.keeper.boards
    boards.create("Foxes")
    kept.settle()
    (board,) = boards.boards
    boards.put(board.id, kept.ids)
    kept.settle()
    kept.undo()
    assert [one.count for one in boards.boards] == [0]
    kept.redo()
    assert [one.count for one in boards.boards] == [3]
    assert kept.said == ["Change of the board \u201cFoxes\u201d of 3 pictures"] * 2


def test_what_cannot_be_taken_back_stays_to_be_tried_again(kept: Kept) -> None:
    boards, undo = kept.keeper.boards, kept.keeper.undo
    boards.create("Foxes")
    kept.settle()
    boards.put(boards.boards[0].id, kept.ids)
    boards.delete(boards.boards[0].id)
    kept.settle()
    kept.undo()
    assert undo.can_undo
    assert kept.said == []
