"""Stars, notes, the trash and boards are changed behind the window, and each change can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.bridge.history_keeper import HistoryKeeper
from studio.domain.errors import InvalidSetting, StudioError
from studio.services.history import History
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry
    from studio.services.paths import Paths


@pytest.fixture
def entries(paths: Paths) -> list[Entry]:
    """Three pictures that are there already."""
    history = History(paths.database, paths.pictures)
    requests = [text_request(seed=seed) for seed in range(3)]
    added = [history.add(one, image_of(one), CONDITIONS, minutes_past_noon(n)) for n, one in enumerate(requests)]
    history.close()
    return added


@pytest.fixture
def keeper(qtbot: QtBot, paths: Paths, entries: list[Entry]) -> Iterator[HistoryKeeper]:
    """A keeper whose first page is there."""
    disk, reader = Background("disk"), Background("pictures")
    keeper = HistoryKeeper(paths, disk, reader)
    keeper.open()
    qtbot.waitUntil(lambda: keeper.model.rowCount() == len(entries))
    yield keeper
    keeper.close()
    disk.close()
    reader.close()


def test_stars_are_shown_and_can_be_taken_back(qtbot: QtBot, keeper: HistoryKeeper, entries: list[Entry]) -> None:
    ids = [entries[0].id, entries[2].id]
    changed: list[tuple[int, ...]] = []
    keeper.changes.changed.connect(changed.append)
    with qtbot.waitSignal(keeper.changes.marked) as told:
        keeper.changes.star(ids, True)
    assert [sorted(one) for one in changed] == [ids]
    assert told.args is not None
    before = told.args[0]
    with qtbot.waitSignal(keeper.changes.marked) as again:
        keeper.changes.put_back(before)
    assert again.args is not None
    assert [mark.is_starred for mark in again.args[0]] == [True, True]


def test_a_note_and_tags_are_kept(qtbot: QtBot, keeper: HistoryKeeper, entries: list[Entry], paths: Paths) -> None:
    with qtbot.waitSignals([keeper.changes.marked, keeper.changes.marked]):
        keeper.changes.note([entries[0].id], "for the cover")
        keeper.changes.tag([entries[0].id], ["fox", "cover"])
    history = History(paths.database, paths.pictures)
    entry = history.get(entries[0].id)
    history.close()
    assert entry is not None
    assert (entry.note, entry.tags) == ("for the cover", ("cover", "fox"))


def test_a_tag_that_is_none_is_told_and_nothing_is_changed(
    qtbot: QtBot, keeper: HistoryKeeper, entries: list[Entry]
) -> None:
    with qtbot.assertNotEmitted(keeper.changes.changed), qtbot.waitSignal(keeper.failed) as told:
        keeper.changes.tag([entries[0].id], ["two words"])
    assert told.args is not None
    assert isinstance(told.args[0], InvalidSetting)


def test_what_is_thrown_away_leaves_the_list_and_comes_back(
    qtbot: QtBot, keeper: HistoryKeeper, entries: list[Entry]
) -> None:
    with qtbot.waitSignal(keeper.changes.thrown) as told:
        keeper.changes.throw([entries[1].id])
    assert told.args is not None
    qtbot.waitUntil(lambda: keeper.model.rowCount() == 2)
    assert not entries[1].path.exists()
    with qtbot.waitSignal(keeper.changes.brought_back) as back:
        keeper.changes.bring_back(told.args[0])
    assert back.args is not None
    assert back.args[0] == (entries[1].id,)
    qtbot.waitUntil(lambda: keeper.model.rowCount() == 3)
    assert entries[1].path.exists()


def test_boards_are_made_and_filled(qtbot: QtBot, keeper: HistoryKeeper, entries: list[Entry]) -> None:
    with qtbot.waitSignal(keeper.boards.boards_changed) as told:
        keeper.boards.create("Foxes", [entries[0].id, entries[1].id])
    assert told.args is not None
    (board,) = told.args[0]
    assert (board.name, board.count) == ("Foxes", 2)
    with qtbot.waitSignals([keeper.boards.filled, keeper.boards.boards_changed], order="strict"):
        keeper.boards.take(board.id, [entries[0].id])
    assert [one.count for one in keeper.boards.boards] == [1]
    errors: list[StudioError] = []
    keeper.failed.connect(errors.append)
    keeper.boards.create("Foxes")
    qtbot.waitUntil(lambda: bool(errors))
    assert "already" in str(errors[0])


def test_searches_are_kept_and_forgotten(qtbot: QtBot, keeper: HistoryKeeper) -> None:
    with qtbot.waitSignal(keeper.boards.searches_changed):
        keeper.boards.save_search("Best", "star:yes")
    assert [(one.name, one.query) for one in keeper.boards.searches] == [("Best", "star:yes")]
    with qtbot.waitSignal(keeper.boards.searches_changed):
        keeper.boards.forget_search("Best")
    assert keeper.boards.searches == ()
