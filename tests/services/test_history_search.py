"""What a query finds, in which order, and that it follows every change of the history."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from studio.domain.query import Query
from studio.domain.query_parsing import parse
from studio.domain.vocabulary import Vocabulary
from studio.services.history import History
from studio.services.history_search import HistorySearch
from tests.bridge.requests import NOON

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

TODAY = NOON.astimezone().date()


@pytest.fixture
def history(tmp_path: Path) -> Iterator[History]:
    opened = History(tmp_path / "data" / "history.sqlite3", tmp_path / "pictures")
    yield opened
    opened.close()


def enter(history: History, words: str, days_ago: int = 0, /, **columns: object) -> int:
    """Enter a row as `Entering` does, with some columns of its own; return its number."""
    day = TODAY - timedelta(days=days_ago)
    values: dict[str, object] = {
        "path": f"{words[:20]} {days_ago} {history.count()}.png",
        "created": f"{day}T12:00:00.000000+00:00",
        "model_id": 1,
        "prompt": words,
        "negative_prompt": "",
        "metadata": '{"seed": 1}',
        "day": str(day),
        "task": "text-to-image",
        "model": "starter",
        "width": 64,
        "height": 64,
    } | columns
    connection = history.index.connection
    connection.execute("INSERT INTO model (id, name, hash) VALUES (1, 'starter', '') ON CONFLICT DO NOTHING")
    marks = ", ".join("?" * len(values))
    statement = f"INSERT INTO picture ({', '.join(values)}) VALUES ({marks}) RETURNING id"
    return int(connection.execute(statement, tuple(values.values())).fetchone()[0])


def found(history: History, text: str) -> list[int]:
    """Return what a query finds, looked for in both ways."""
    query = parse(text)
    assert query.problems == ()
    all_of_it = history.search.find(query)
    first = history.search.first(query, 1000)
    assert (first.ids.tolist(), first.days, first.is_all) == (all_of_it.ids.tolist(), all_of_it.days, True)
    assert history.search.count(query) == all_of_it.ids.size
    return all_of_it.ids.tolist()


def test_everything_is_found_newest_first_with_its_days(history: History) -> None:
    old = enter(history, "old", 3)
    new = enter(history, "new", 0)
    middle = enter(history, "middle", 1)
    also = enter(history, "also", 1)
    assert found(history, "") == [new, also, middle, old]
    days = [(str(TODAY - timedelta(days=ago)), count) for ago, count in ((0, 1), (1, 2), (3, 1))]
    assert list(history.search.find(Query()).days) == days


def test_words_are_found_in_any_case_and_with_any_accents(history: History) -> None:
    fox = enter(history, "A Réd fox, 3D")
    enter(history, "reduced foxes")
    assert found(history, "red ") == [fox]
    assert found(history, "FOX ") == [fox]
    assert found(history, '"red fox"') == [fox]
    assert found(history, '"fox red"') == []
    assert len(found(history, "fox")) == 2


def test_words_are_looked_for_everywhere(history: History) -> None:
    fields = ("prompt", "negative_prompt", "model", "loras", "note", "tags")
    numbers = [enter(history, "x", ago, **{field: "needle"}) for ago, field in enumerate(fields)]
    assert found(history, "needle ") == numbers
    keys = ("prompt", "negative", "model", "lora", "note", "tag")
    assert [found(history, f"{key}:needle ") for key in keys] == [[number] for number in numbers]


def test_all_words_must_be_there_however_many_they_are(history: History) -> None:
    words = [f"word{number}" for number in range(500)]
    all_of_them = enter(history, " ".join(words))
    enter(history, " ".join(words[1:]))
    assert found(history, " ".join(words)) == [all_of_them]
    assert found(history, "word1 word2 -word0 ") != [all_of_them]
    assert found(history, "word1 word2 word1 -word1 ") == []
    assert found(history, "word1 word2 | word3 word1 ") == found(history, "")


def test_an_excluded_word_may_stand_in_the_negative_prompt(history: History) -> None:
    sharp = enter(history, "fox", negative_prompt="blurry")
    enter(history, "blurry fox")
    assert found(history, "fox -blurry") == [sharp]
    assert found(history, "-negative:blurry ") != [sharp]


def test_each_filter_finds_its_pictures(history: History) -> None:
    plain = enter(history, "plain", 9)
    other = enter(
        history, "other", 40, metadata='{"seed": 7}', width=1024, height=512, task="inpaint", dialect="a1111",
        is_starred=1, is_imported=1, is_missing=1, model="sdxl base", loras="ink",
    )  # fmt: skip
    for text in (
        "star:yes", "from:imported", "is:missing", "size:1024x512", "size:>1000", "size:>=1024x512", "size:wide",
        "kind:inpaint", "dialect:a1111", "seed:7", "model:sdx", 'model:"sdxl base"', "lora:ink", "before:month",
    ):  # fmt: skip
        assert found(history, text) == [other], text
        assert found(history, f"-{text}") == [plain], text
    assert found(history, "size:<=64 size:square since:month kind:txt2img") == [plain]


def test_days_are_compared_by_the_users_calendar(history: History) -> None:
    today, yesterday, older = (enter(history, "x", ago) for ago in (0, 1, 2))
    search = HistorySearch(history.index, lambda: TODAY)
    named = f"on:{TODAY - timedelta(days=1)}"
    assert search.ids(parse("on:today")).tolist() == [today]
    assert search.ids(parse(named)).tolist() == search.ids(parse("on:yesterday")).tolist() == [yesterday]
    assert search.ids(parse("since:yesterday")).tolist() == [today, yesterday]
    assert search.ids(parse("after:yesterday")).tolist() == [today]
    assert search.ids(parse("before:yesterday")).tolist() == [older]


def test_what_today_means_follows_the_calendar(history: History) -> None:
    picture = enter(history, "x")
    calendar = [TODAY]
    search = HistorySearch(history.index, lambda: calendar[0])
    assert search.ids(parse("on:today")).tolist() == [picture]
    calendar[0] = date.fromordinal(TODAY.toordinal() + 1)
    assert search.ids(parse("on:today")).tolist() == []
    assert search.ids(parse("on:yesterday")).tolist() == [picture]


def test_a_tag_is_a_whole_one_unless_it_is_being_typed(history: History) -> None:
    fox, foxes = enter(history, "a"), enter(history, "b", 1)
    history.marks.tag([fox], add=["Fox", "keep"])
    history.marks.tag([foxes], add=["foxes"])
    assert found(history, "tag:fox ") == [fox]
    assert found(history, "tag:f") == [fox, foxes]
    assert found(history, 'tag:"f"') == []


def test_a_board_is_found_by_its_name(history: History) -> None:
    one, two = enter(history, "a"), enter(history, "b", 1)
    history.boards.put(history.boards.create("Book cover").id, [two])
    history.boards.put(history.boards.create("Book").id, [one])
    assert found(history, 'board:"book COVER"') == [two]
    assert found(history, "board:book ") == [one]
    assert found(history, "board:bo") == [one, two]
    assert found(history, "board:nothing ") == []


def test_either_of_two_terms_will_do(history: History) -> None:
    fox, wolf, starred = enter(history, "fox"), enter(history, "wolf", 1), enter(history, "owl", 2, is_starred=1)
    enter(history, "bear", 3)
    assert found(history, "fox | wolf | star:yes") == [fox, wolf, starred]
    assert found(history, "fox | -fox ") == found(history, "")


def test_what_was_thrown_away_is_found_in_the_trash_alone(history: History) -> None:
    fox = enter(history, "fox", trashed="2026-11-01T00:00:00+00:00", is_starred=1)
    wolf = enter(history, "wolf")
    assert found(history, "") == found(history, "-in:trash") == [wolf]
    assert found(history, "in:trash") == found(history, "in:trash star:yes") == found(history, "fox in:trash") == [fox]
    assert found(history, "in:trash wolf ") == []


def test_a_word_of_a_language_without_blanks_is_found_within_a_sentence(history: History) -> None:
    fox = enter(history, "赤い狐が走る")
    party = enter(history, "party 🎉 time", 1)
    assert found(history, "狐") == [fox]
    assert found(history, "🎉 ") == [party]


def test_it_follows_every_change(history: History, tmp_path: Path) -> None:
    fox = enter(history, "fox")
    assert found(history, "fox ") == [fox]
    wolf = enter(history, "fox and wolf")
    assert found(history, "fox ") == [wolf, fox]
    history.marks.star([fox], is_starred=True)
    assert found(history, "star:yes") == [fox]
    other = History(tmp_path / "data" / "history.sqlite3", tmp_path / "pictures")
    other.marks.star([fox], is_starred=False)
    other.close()
    assert found(history, "star:yes") == []


def test_one_entry_can_be_asked_for(history: History) -> None:
    fox, wolf = enter(history, "fox"), enter(history, "wolf")
    assert history.search.matches(parse("fox"), fox)
    assert not history.search.matches(parse("fox"), wolf)
    assert not history.search.matches(parse(""), 99)


def test_the_first_page_is_found_among_the_newest_or_among_all(history: History) -> None:
    search = HistorySearch(history.index, newest=4)
    numbers = [enter(history, "fox" if ago % 5 == 0 else "wolf", ago) for ago in range(20)]
    first = search.first(parse("wolf "), 2)
    assert (first.ids.tolist(), first.is_all) == (numbers[1:3], False)
    first = search.first(parse("fox "), 3)
    assert (first.ids.tolist(), first.is_all) == ([numbers[0], numbers[5], numbers[10]], False)
    first = search.first(parse("fox "), 4)
    assert (first.ids.tolist(), first.is_all) == (numbers[::5], True)
    assert sum(count for _, count in first.days) == 4


def test_the_names_that_can_be_looked_for(history: History) -> None:
    for ago in range(3):
        enter(history, "x", ago, model="sdxl", loras="ink lines")
    fox = enter(history, "y", 0, tags="keep red")
    enter(history, "z", trashed="2026-11-01T00:00:00+00:00", model="gone", tags="gone")
    board = history.boards.create("Empty")
    months: dict[str, int] = {}
    for ago in (0, 0, 1, 2):
        month = str(TODAY - timedelta(days=ago))[:7]
        months[month] = months.get(month, 0) + 1
    assert fox
    assert history.search.vocabulary() == Vocabulary(
        models=(("sdxl", 3), ("starter", 1)),
        loras=(("ink", 3), ("lines", 3)),
        boards=((board.name, 0),),
        tags=(("keep", 1), ("red", 1)),
        months=tuple(sorted(months.items(), reverse=True)),
    )


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text() | st.text('ab:*-"|\\ {}()^+\0\ud800AND NEAR'))
def test_nothing_that_is_typed_is_syntax_of_the_database(history: History, text: str) -> None:
    query = parse(text)
    assert history.search.find(query).ids.size <= history.count()
    assert history.search.first(query, 5).ids.size <= 5


def test_an_empty_history_is_searched_as_well(history: History) -> None:
    for text in ("", "fox", "star:yes", "in:trash", "-fox", "on:today"):
        assert found(history, text) == []
    assert history.search.vocabulary() == Vocabulary()
