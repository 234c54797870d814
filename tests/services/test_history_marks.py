"""Stars, notes, tags, boards and searches: of many pictures at once, and each change can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from studio.domain.errors import InvalidSetting, UnwritablePlace
from studio.services.history_journal import NAME, Journal, PictureMarked
from tests.services.histories import add

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.history import History
    from studio.services.history_marks import Mark


def test_marks_of_many_pictures_change_at_once(history: History) -> None:
    ids = [add(history, minute).id for minute in range(3)]
    before = history.marks.star([*ids, 99], True)
    assert [(mark.id, mark.is_starred) for mark in before] == [(number, False) for number in ids]
    assert all(entry.is_starred for entry in history.entries(ids))
    assert history.marks.star(ids, True) == (), "nothing is different"


def test_a_star_leaves_the_word_index_alone(history: History) -> None:
    ids = [add(history, minute).id for minute in range(3)]
    history.marks.tag(ids[:1], ["fox"])
    before = history.index.connection.total_changes
    history.marks.star(ids, True)
    assert history.index.connection.total_changes - before == len(ids), "rows alone; each of its words costs as much"
    history.marks.note(ids[:2], "for the cover")
    assert [entry.note for entry in history.entries(ids)] == ["for the cover", "for the cover", ""]
    assert all(entry.is_starred for entry in history.entries(ids))


def test_tags_are_words_and_sorted(history: History) -> None:
    entry = add(history)
    history.marks.tag([entry.id], ["fox", "cover", "fox"])
    history.marks.tag([entry.id], ["animal"], ["fox", "whale"])
    assert history.entries([entry.id])[0].tags == ("animal", "cover")
    for tag in ("", "two words", " fox", "a\tb"):
        with pytest.raises(InvalidSetting):
            history.marks.tag([entry.id], [tag])


def test_words_of_notes_and_tags_are_found(history: History) -> None:
    entry = add(history)
    history.marks.note([entry.id], "for the cover")
    history.marks.tag([entry.id], ["client"])
    for word in ("cover", "client"):
        assert history.index.rows("SELECT rowid FROM picture_text WHERE picture_text MATCH ?", (word,)) == [(entry.id,)]


Change = tuple[str, frozenset[int], str]
CHANGES = st.lists(
    st.tuples(
        st.sampled_from(["star", "unstar", "note", "tag", "untag"]),
        st.frozensets(st.integers(0, 2), min_size=1),
        st.sampled_from(["fox", "owl", "ä🦊"]),
    ),
    max_size=8,
)


def test_taking_back_every_change_leaves_what_was_there(history: History) -> None:
    ids = [add(history, minute).id for minute in range(3)]
    history.marks.note(ids[:1], "first")

    @given(CHANGES)
    @examples(max_examples=15)
    def holds(changes: list[Change]) -> None:
        start = history.entries(ids)
        undo = [apply(history, kind, [ids[place] for place in places], word) for kind, places, word in changes]
        end = history.entries(ids)
        redo = [history.marks.put_back(before) for before in reversed(undo)]
        assert history.entries(ids) == start
        for before in reversed(redo):
            history.marks.put_back(before)
        assert history.entries(ids) == end

    holds()


def apply(history: History, kind: str, ids: list[int], word: str) -> tuple[Mark, ...]:
    match kind:
        case "star" | "unstar":
            return history.marks.star(ids, kind == "star")
        case "note":
            return history.marks.note(ids, word)
        case _:
            return history.marks.tag(ids, *(([word], []) if kind == "tag" else ([], [word])))


def test_what_cannot_be_written_down_is_not_in_the_index_either(history: History, pictures: Path) -> None:
    entry = add(history)
    (pictures / NAME).mkdir()
    with pytest.raises(UnwritablePlace):
        history.marks.star([entry.id], True)
    assert not history.entries([entry.id])[0].is_starred


def test_the_file_beside_the_pictures_says_what_holds(history: History, pictures: Path) -> None:
    entry = add(history)
    history.marks.note([entry.id], "one\ntwo „🦊“ \ud83e")
    history.marks.star([entry.id], True)
    *_, last = Journal(pictures).read()
    assert last == PictureMarked(
        entry.picture_sha256, entry.path.relative_to(pictures).as_posix(), is_starred=True, note="one\ntwo „🦊“ ?"
    )


# --- boards and searches


def test_a_board_holds_pictures(history: History) -> None:
    ids = [add(history, minute).id for minute in range(3)]
    board = history.boards.create(" Foxes  at night ")
    assert board.name == "Foxes at night"
    assert history.boards.put(board.id, [ids[0], ids[1], 99]) == (ids[0], ids[1])
    assert history.boards.put(board.id, ids) == (ids[2],)
    assert history.boards.take(board.id, [ids[0], 99]) == (ids[0],)
    history.trash.throw([ids[1]])
    assert [(one.name, one.count) for one in history.boards.all()] == [("Foxes at night", 1)]
    assert history.boards.of(ids[2]) == ("Foxes at night",)
    assert history.boards.delete(board.id) == (ids[1], ids[2])
    assert history.boards.all() == ()
    assert history.entries(ids) != []


def test_two_boards_have_two_names(history: History) -> None:
    foxes, owls = history.boards.create("Foxes"), history.boards.create("owls")
    with pytest.raises(InvalidSetting, match="already"):
        history.boards.create("Foxes")
    with pytest.raises(InvalidSetting, match="already"):
        history.boards.rename(owls.id, "Foxes")
    with pytest.raises(InvalidSetting, match="no name"):
        history.boards.create("  ")
    history.boards.rename(foxes.id, "Zebras")
    assert [one.name for one in history.boards.all()] == ["owls", "Zebras"]


def test_a_board_that_is_gone_is_told(history: History) -> None:
    for change in (
        lambda: history.boards.rename(9, "x"),
        lambda: history.boards.delete(9),
        lambda: history.boards.put(9, []),
        lambda: history.boards.take(9, []),
    ):
        with pytest.raises(InvalidSetting, match="deleted"):
            change()


def test_a_search_is_kept_under_its_name(history: History) -> None:
    history.searches.save("Best", "star:yes")
    history.searches.save("Best", "star:yes fox")
    history.searches.save("any", "")
    assert [(one.name, one.query) for one in history.searches.all()] == [("any", ""), ("Best", "star:yes fox")]
    history.searches.forget("Best")
    history.searches.forget("Best")
    assert [one.name for one in history.searches.all()] == ["any"]
