"""The rows of the history obey Qt's rules, and only what is looked at is in memory."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from studio.bridge.dropped import HistoryDrop, read_mime
from studio.bridge.entry_shelf import EntryShelf
from studio.bridge.history_model import EntryRole, HistoryModel
from studio.bridge.matches import Matches
from studio.bridge.row_changes import Insertion, Removal, row_changes
from studio.bridge.row_contents import PAGE
from studio.domain.metadata import Metadata
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from studio.bridge.thumbnail_loader import Wish
    from studio.services.history_entry import Entry

DECORATION = Qt.ItemDataRole.DecorationRole
DAY = "2026-11-23"


@pytest.fixture
def model(qtbot: QtBot) -> HistoryModel:
    assert qtbot
    return HistoryModel()


@pytest.fixture
def wishes(model: HistoryModel) -> list[list[tuple[int, int]]]:
    """Return each list of thumbnails that was asked for, as number and pixels."""
    lists: list[list[tuple[int, int]]] = []

    def note(wanted: list[Wish]) -> None:
        lists.append([(wish.entry.id, wish.pixels) for wish in wanted])

    model.thumbnails_wanted.connect(note)
    return lists


@pytest.fixture
def pages(model: HistoryModel) -> list[tuple[int, ...]]:
    """Return the numbers of the entries that were asked for, as they come."""
    asked: list[tuple[int, ...]] = []
    model.entries_wanted.connect(asked.append)
    return asked


def entry(number: int, day: str = DAY) -> Entry:
    request = text_request(f"picture {number}", seed=number)
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    return replace(entry_of(number, Path(f"{number}.png"), metadata), day=day)


def square(pixels: int = 4) -> QImage:
    made = QImage(pixels, pixels, QImage.Format.Format_ARGB32_Premultiplied)
    made.fill(0)
    return made


def numbers(*ids: int, is_all: bool = True) -> Matches:
    """Return what a query found of which no entry was read yet, all on one day."""
    return Matches(np.array(ids, np.int64), ((DAY, len(ids)),) if ids else (), is_all=is_all)


def many(count: int) -> Matches:
    return numbers(*range(count, 0, -1))


def shown(model: HistoryModel) -> list[int]:
    return list(model.ids_of(range(model.rowCount())))


def test_the_history_grows_and_shrinks_by_qts_rules(model: HistoryModel, qtmodeltester: ModelTester) -> None:
    # From here on it checks every change, and asks for everything that a view asks for.
    qtmodeltester.check(model)
    model.reset([entry(5), entry(4)])
    model.prepend(entry(6))
    model.refresh()
    model.show_matches(model.serial, numbers(6, 5, 4, 3, 2, 1))
    assert shown(model) == [6, 5, 4, 3, 2, 1]
    model.show_matches(model.serial, numbers(7, 5, 3, 2))
    assert shown(model) == [7, 5, 3, 2]
    model.show_matches(model.serial, numbers(2, 3))
    assert shown(model) == [2, 3], "rows that change their order are shown anew"
    model.show_matches(model.serial, numbers())
    qtmodeltester.check(model)
    assert model.rowCount() == 0


def test_an_entry_has_its_words_and_its_row(model: HistoryModel) -> None:
    model.reset([entry(5), entry(4)])
    assert model.index(0).data(EntryRole) == entry(5)
    assert model.index(0).data() == "picture 5"
    assert model.entry_at(1) == model.entry_of(4) == entry(4)
    assert (model.row_of(4), model.row_of(99)) == (1, None)
    assert model.entry_at(2) is None
    assert model.entries == (entry(5), entry(4))


def test_the_first_rows_come_before_all_others_are_found(model: HistoryModel, qtbot: QtBot) -> None:
    with qtbot.waitSignal(model.matches_wanted) as wanted:
        model.set_query("fox")
    assert wanted.args == [1, "fox", False]
    model.show_matches(1, Matches.of_entries([entry(9), entry(8)], is_all=False))
    assert (model.rowCount(), model.is_complete) == (2, False)
    with qtbot.waitSignal(model.rowsInserted) as inserted:
        model.show_matches(1, numbers(9, 8, 7, 6))
    assert inserted.args is not None
    assert inserted.args[1:] == [2, 3]
    assert model.is_complete


def test_what_was_found_for_another_query_is_not_shown(model: HistoryModel) -> None:
    model.set_query("fox")
    model.set_query("fox in snow")
    model.show_matches(1, numbers(3, 2, 1))
    assert model.rowCount() == 0
    model.show_matches(2, numbers(2))
    assert shown(model) == [2]


def test_the_same_query_is_not_asked_twice(model: HistoryModel, qtbot: QtBot) -> None:
    model.set_query("fox")
    with qtbot.assertNotEmitted(model.matches_wanted):
        model.set_query("fox")


def test_a_new_picture_is_counted_on_its_day(model: HistoryModel, qtbot: QtBot) -> None:
    model.reset([entry(2, "2026-11-22"), entry(1, "2026-11-21")])
    with qtbot.waitSignals([model.counted, model.added]):
        model.prepend(entry(3, "2026-11-22"))
    assert model.groups == (("2026-11-22", 2), ("2026-11-21", 1))
    model.prepend(entry(4, "2026-11-23"))
    assert model.groups == (("2026-11-23", 1), ("2026-11-22", 2), ("2026-11-21", 1))


def test_entries_are_read_where_the_view_looks_one_page_at_a_time(
    model: HistoryModel, pages: list[tuple[int, ...]]
) -> None:
    model.refresh()
    model.show_matches(1, many(10_000))
    assert pages == []
    model.look(range(100, 140), 64, 4)
    assert pages == [(*range(9900, 9860, -1), *range(9860, 9820, -1), *range(9901, 9941))]
    model.look(range(5000, 5040), 64, 4)
    model.look(range(9000, 9040), 64, 4)
    assert len(pages) == 1, "the next page is what is seen when the first one has come"
    model.show_entries(pages[0], [entry(number) for number in pages[0]])
    assert pages[1][:40] == tuple(range(1000, 960, -1)), "what was scrolled past is left out"


def test_an_entry_that_cannot_be_read_is_asked_for_once(model: HistoryModel, pages: list[tuple[int, ...]]) -> None:
    model.refresh()
    model.show_matches(1, numbers(3, 2, 1))
    model.look(range(3), 64, 4)
    model.show_entries(pages[0], [entry(3), entry(1)])
    model.look(range(2), 64, 4)
    assert pages == [(3, 2, 1)]
    assert model.index(1).data(EntryRole) is None
    model.refresh()
    model.show_matches(2, numbers(3, 2, 1))
    assert pages[1] == (2,), "the history has changed, so it may be there again"


def test_thumbnails_are_wanted_for_what_is_seen_first_and_then_around_it(
    model: HistoryModel, wishes: list[list[tuple[int, int]]]
) -> None:
    model.reset([entry(number) for number in range(9, 0, -1)])
    model.look(range(3, 5), 64, 4)
    assert wishes[-1] == [(6, 64), (5, 64), (4, 64), (3, 64), (7, 64), (8, 64)]
    model.set_thumbnail(5, 64, square(64))
    assert model.thumbnail(4) == square(64)
    model.look(range(4, 5), 64, 4)
    assert wishes[-1] == [(4, 64), (6, 64)]
    model.look(range(4, 5), 96, 4)
    assert wishes[-1][0] == (5, 96), "one of another size is shown until the right one is there"
    assert model.thumbnail(4) is not None
    model.set_thumbnail(5, 96, square(96))
    model.set_thumbnail(5, 64, square(64))
    assert model.thumbnail(4) == square(96), "what comes late does not cover what is wanted"


def test_a_thumbnail_that_cannot_be_had_is_wanted_once(
    model: HistoryModel, wishes: list[list[tuple[int, int]]]
) -> None:
    model.reset([entry(1)])
    model.look(range(1), 64, 4)
    model.set_thumbnail(1, 64, QImage())
    assert model.has_no_picture(0)
    model.look(range(1), 96, 4)
    assert wishes == [[(1, 64)], []]
    model.forget_thumbnails([1])
    assert wishes[-1] == [(1, 96)]
    assert not model.has_no_picture(0)


def test_thumbnails_that_were_not_looked_at_lately_are_let_go(qtbot: QtBot) -> None:
    assert qtbot
    model = HistoryModel(thumbnail_bytes=3 * square().sizeInBytes())
    model.reset([entry(number) for number in range(5, 0, -1)])
    for number in (5, 4, 3):
        model.set_thumbnail(number, 4, square())
    model.look(range(1), 4, 1)
    model.set_thumbnail(2, 4, square())
    assert [model.index(row).data(DECORATION) is not None for row in range(4)] == [True, False, True, True]


def test_what_is_on_the_screen_stays_however_much_is_loaded_around_it(qtbot: QtBot) -> None:
    assert qtbot
    model = HistoryModel(thumbnail_bytes=2 * square().sizeInBytes())
    model.reset([entry(number) for number in range(9, 0, -1)])
    model.look(range(3), 4, 1)
    for number in range(9, 0, -1):
        model.set_thumbnail(number, 4, square())
    assert [model.thumbnail(row) is not None for row in range(3)] == [True, True, True]
    assert model.thumbnail(4) is None
    model.look(range(5, 6), 4, 1)
    model.set_thumbnail(4, 4, square())
    assert model.thumbnail(5) is not None
    assert sum(model.thumbnail(row) is not None for row in range(9)) == 2


def test_a_screen_that_shows_more_than_is_kept_makes_room(model: HistoryModel, pages: list[tuple[int, ...]]) -> None:
    model.refresh()
    model.show_matches(1, many(5000))
    model.look(range(3000), 8, 1)
    while len(pages) < 100 and sum(map(len, pages)) < 3200:
        model.show_entries(pages[-1], [entry(number) for number in pages[-1]])
    assert len(pages) == 16, "3000 on the screen and a page around them, none of them twice"
    assert len({number for page in pages for number in page}) == 3200


def test_entries_that_were_not_looked_at_lately_are_let_go_and_two_lists_share_them(qtbot: QtBot) -> None:
    assert qtbot
    shelf = EntryShelf(most=3)
    first, second = HistoryModel(shelf=shelf), HistoryModel(shelf=shelf)
    first.reset([entry(1), entry(2), entry(3)])
    second.reset([entry(4)])
    assert first.entry_of(4) == entry(4)
    assert [first.entry_at(row) is not None for row in range(3)] == [False, True, True]


def test_entries_that_are_not_seen_can_be_wanted(model: HistoryModel, pages: list[tuple[int, ...]]) -> None:
    model.reset([entry(1)])
    model.want_entries([1, *range(1000, 2000)])
    assert pages == [tuple(range(1000, 1000 + PAGE))]


def test_rows_are_dragged_as_their_files_and_their_numbers(model: HistoryModel, tmp_path: Path) -> None:
    here = [replace(entry(number), path=tmp_path / f"{number}.png") for number in (3, 1)]
    model.reset([here[0], replace(entry(2), is_missing=True), here[1]])
    assert [bool(model.index(row).flags() & Qt.ItemFlag.ItemIsDragEnabled) for row in range(3)] == [True, False, True]
    mime = model.mimeData([model.index(row) for row in range(3)])
    assert read_mime(mime) == HistoryDrop((3, 1))
    assert [url.toLocalFile() for url in mime.urls()] == [str(one.path) for one in here]
    assert set(model.mimeTypes()) < set(model.mimeData([model.index(0)]).formats())


@given(st.lists(st.integers(0, 40), unique=True), st.sets(st.integers(0, 40)), st.data())
def test_the_changes_lead_from_one_list_to_the_other(before: list[int], gone: set[int], data: st.DataObject) -> None:
    after = [one for one in before if one not in gone]
    for new in range(50, 50 + data.draw(st.integers(0, 4))):
        after.insert(data.draw(st.integers(0, len(after))), new)
    changes = row_changes(np.array(before, np.int64), np.array(after, np.int64))
    assert changes is not None
    rows = list(before)
    for change in changes:
        match change:
            case Removal(first, count):
                assert first + count <= len(rows)
                del rows[first : first + count]
            case Insertion(first, ids):
                rows[first:first] = ids.tolist()
    assert rows == after
