"""What people type into the search is understood, half of it too, and can be written down again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.dialect import Dialect
from studio.domain.query import (
    Column,
    Comparison,
    DialectIs,
    Kind,
    KindIs,
    Label,
    LabelKind,
    MadeWhen,
    Mark,
    Marked,
    Query,
    SeedIs,
    Shape,
    ShapeIs,
    SizeIs,
    Term,
    Wanted,
    When,
    Words,
)
from studio.domain.query_completion import Completion, completions
from studio.domain.query_days import Days
from studio.domain.query_keys import KEYS
from studio.domain.query_parsing import LONGEST, parse
from studio.domain.vocabulary import Vocabulary

TODAY = date(2026, 11, 24)


def days(text: str) -> Days:
    found = Days.of(text)
    assert found is not None
    return found


def only(term: Term, *, is_negated: bool = False) -> Query:
    return Query().with_term(term, is_negated=is_negated)


_TEXTS = st.text(min_size=1).filter(lambda text: bool(text.strip()))
_TERMS = st.one_of(
    st.builds(Words, _TEXTS, st.none() | st.sampled_from(Column), st.booleans()),
    st.builds(Label, st.sampled_from(LabelKind), _TEXTS, st.booleans()),
    st.builds(Marked, st.sampled_from(Mark)),
    st.builds(SizeIs, st.sampled_from(Comparison), st.integers(0, 99_999), st.none() | st.integers(0, 99_999)),
    st.builds(ShapeIs, st.sampled_from(Shape)),
    st.builds(KindIs, st.sampled_from(Kind)),
    st.builds(DialectIs, st.sampled_from(Dialect)),
    st.builds(SeedIs, st.integers(0, 2**63 - 1)),
    st.builds(
        MadeWhen,
        st.sampled_from(When),
        st.sampled_from(["today", "yesterday", "week", "month", "year", "2026", "2026-01", "2024-02-29"]).map(days),
    ),
)
_CLAUSES = st.lists(st.builds(Wanted, _TERMS, st.booleans()), min_size=1, max_size=3).map(tuple)
_QUERIES = st.lists(_CLAUSES, max_size=4).map(lambda clauses: Query(tuple(clauses)))


@settings(max_examples=60)
@given(_QUERIES)
def test_a_query_that_is_written_down_is_understood_as_itself(query: Query) -> None:
    again = parse(str(query))
    assert again == query
    assert again.problems == ()


@given(st.text() | st.text('ab:*-"|\\ \u201c\u201dOR'))
def test_nothing_that_is_typed_is_an_error(text: str) -> None:
    query = parse(text)
    assert parse(str(query)) == query
    assert all(0 <= problem.start < problem.end <= len(text) for problem in query.problems)


@given(st.text('mod:el"sx -|*') | st.text(), st.integers(0, 40))
def test_completions_replace_a_part_of_the_text_that_ends_at_or_behind_the_cursor(text: str, cursor: int) -> None:
    cursor = min(cursor, len(text))
    vocabulary = Vocabulary(models=(("sdxl base", 3), ("sd15", 1)), tags=(("o", 2),))
    for offer in completions(text, cursor, vocabulary):
        assert 0 <= offer.start <= cursor <= offer.end <= len(text)
        completed = text[: offer.start] + offer.text + text[offer.end :]
        assert len(parse(completed).problems) <= len(parse(text).problems) + 1


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("fox ", Words("fox")),
        ("fox", Words("fox", None, is_prefix=True)),
        ("fox* ", Words("fox", None, is_prefix=True)),
        ('"red fox"', Words("red fox")),
        ('"red wol', Words("red wol", None, is_prefix=True)),
        ('"red wol"*', Words("red wol", None, is_prefix=True)),
        ("\u201cred fox\u201d", Words("red fox")),
        (r'"a \"b\" c"', Words('a "b" c')),
        ("8k:1.2 ", Words("8k:1.2")),
        ("model:sdxl ", Words("sdxl", Column.MODEL)),
        ("MODEL:sd", Words("sd", Column.MODEL, is_prefix=True)),
        ('lora:"soft light"', Words("soft light", Column.LORA)),
        ("negative:blurry ", Words("blurry", Column.NEGATIVE_PROMPT)),
        ("board:po", Label(LabelKind.BOARD, "po", is_prefix=True)),
        ('board:"Book cover"', Label(LabelKind.BOARD, "Book cover")),
        ("tag:keep ", Label(LabelKind.TAG, "keep")),
        ("star:yes", Marked(Mark.STARRED)),
        ("is:starred", Marked(Mark.STARRED)),
        ("from:imported", Marked(Mark.IMPORTED)),
        ("imported:yes", Marked(Mark.IMPORTED)),
        ("is:missing", Marked(Mark.MISSING)),
        ("in:trash", Marked(Mark.TRASHED)),
        ("size:512x768", SizeIs(Comparison.EQUAL, 512, 768)),
        ("size:>=1024", SizeIs(Comparison.AT_LEAST, 1024)),
        ("size:=64", SizeIs(Comparison.EQUAL, 64)),
        ("size:Wide", ShapeIs(Shape.WIDE)),
        ("kind:inpaint", KindIs(Kind.INPAINT)),
        ("kind:txt2img", KindIs(Kind.TEXT_TO_IMAGE)),
        ("dialect:comfyui", DialectIs(Dialect.COMFYUI)),
        ("seed:42", SeedIs(42)),
        ("before:2026-1", MadeWhen(When.BEFORE, days("2026-01"))),
        ("since:yesterday", MadeWhen(When.SINCE, days("yesterday"))),
    ],
)
def test_each_filter_is_understood(text: str, term: Term) -> None:
    assert parse(text) == only(term)
    assert parse(f"-{text}") == only(term, is_negated=True)
    assert parse(text).problems == ()


def test_no_is_the_opposite_of_yes() -> None:
    assert parse("star:no") == parse("-star:yes") == only(Marked(Mark.STARRED), is_negated=True)
    assert parse("from:here") == parse("made:here") == only(Marked(Mark.IMPORTED), is_negated=True)


def test_the_example_of_the_manual() -> None:
    query = parse('model:sdxl star:yes "red fox" -blurry before:2026-10')
    assert [clause[0] for clause in query.clauses] == [
        Wanted(Words("sdxl", Column.MODEL)),
        Wanted(Marked(Mark.STARRED)),
        Wanted(Words("red fox")),
        Wanted(Words("blurry"), is_negated=True),
        Wanted(MadeWhen(When.BEFORE, days("2026-10"))),
    ]


def test_a_bar_or_or_joins_its_two_neighbours() -> None:
    fox, wolf, red = Wanted(Words("fox")), Wanted(Words("wolf")), Wanted(Words("red"))
    assert parse("red fox | wolf ").clauses == ((red,), (fox, wolf))
    assert parse("red fox|wolf ").clauses == ((red,), (fox, wolf))
    assert parse("fox OR wolf red ").clauses == ((fox, wolf), (red,))
    assert parse("| fox || wolf | ").clauses == ((fox, wolf),)


@pytest.mark.parametrize("text", ["", " ", "-", "model:", "-tag:", '"', '""', "|", "*", 'model:"', "fox |"])
def test_what_is_only_begun_is_no_problem(text: str) -> None:
    query = parse(text)
    assert query.problems == ()
    assert len(query.clauses) == (1 if "fox" in text else 0)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("befo:2026 ", "\u201cbefo:\u201d is no filter; did you mean \u201cbefore:\u201d?"),
        ("qqq:5 ", "\u201cqqq:\u201d is no filter; it is looked for as a word"),
        ("model: sdxl", "\u201cmodel:\u201d needs a value right behind it: part of a model's name"),
        ("star:maybe", "\u201cstar:\u201d does not understand \u201cmaybe\u201d; it takes yes or no"),
        ("on:2026-13 ", "2026-13"),
        ("on:2026-02-30 ", "2026-02-30"),
        ("size:big ", "512x768"),
        ("seed:-1 ", "a whole number"),
        (f"seed:{2**63} ", "a whole number"),
        ("kind:paint ", "inpaint"),
    ],
)
def test_what_is_not_understood_is_said_in_words(text: str, problem: str) -> None:
    (found,) = parse(text).problems
    assert problem in found.text
    assert (found.start, found.end) == (0, len(text.split(maxsplit=1)[0]))


def test_an_unknown_key_may_be_a_part_of_the_prompt() -> None:
    assert parse("subject:fox ") == only(Words("subject:fox"))


def test_terms_can_be_added_and_taken_away() -> None:
    starred = Marked(Mark.STARRED)
    query = parse("red -star:yes fox | star:yes ")
    assert str(query.without([starred])) == "red fox "
    assert str(parse("fox").with_term(starred)) == "fox* star:yes"
    assert parse("fox").with_term(starred).with_term(starred) == parse("fox* star:yes")


def test_only_a_query_that_names_the_trash_is_about_it() -> None:
    assert parse("fox in:trash").is_about_trash
    assert not any(parse(text).is_about_trash for text in ("fox trash", "-in:trash", "fox | in:trash"))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("2026", "2026-01-01", "2026-12-31"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2026-10-05", "2026-10-05", "2026-10-05"),
        ("today", "2026-11-24", "2026-11-24"),
        ("yesterday", "2026-11-23", "2026-11-23"),
        ("week", "2026-11-18", "2026-11-24"),
        ("month", "2026-10-26", "2026-11-24"),
    ],
)
def test_days_are_what_people_mean(text: str, first: str, last: str) -> None:
    assert days(text).span(TODAY) == (first, last)


VOCABULARY = Vocabulary(
    models=(("sdxl base", 900), ("starter", 20), ("my-sdxl", 1)),
    boards=(("Book cover", 4),),
    tags=(("starry", 2),),
    months=(("2026-11", 12), ("2026-10", 3)),
)


def offers(text: str) -> list[str]:
    """Return the text as it is after each offer was taken."""
    return [text[: one.start] + one.text + text[one.end :] for one in completions(text, len(text), VOCABULARY)]


def test_keys_are_offered_for_a_word() -> None:
    assert offers("red mo") == ["red model:"]
    assert offers("-be")[0] == "-before:"
    assert [offer.text for offer in completions("", 0, VOCABULARY)] == [f"{key.name}:" for key in KEYS]


def test_names_that_the_history_knows_are_offered_for_a_word_too() -> None:
    assert offers("star") == ["star:", "model:starter ", "tag:starry "]


def test_values_are_offered_behind_a_key_those_that_begin_so_first() -> None:
    assert offers("model:sdxl") == ['model:"sdxl base" ', "model:my-sdxl "]
    assert offers('fox board:"bo') == ['fox board:"Book cover" ']
    assert offers("star:") == ["star:yes ", "star:no "]
    assert offers("before:2026-1") == ["before:2026-11 ", "before:2026-10 "]


def test_an_offer_says_what_it_finds() -> None:
    assert completions("model:my", 8, VOCABULARY) == [Completion("my-sdxl ", 6, 8, "1 picture")]
    assert completions("model:sdxl b", 10, VOCABULARY)[0].note == "900 pictures"


def test_the_middle_of_a_query_can_be_completed() -> None:
    text = "mod fox"
    assert completions(text, 3, VOCABULARY) == [Completion("model:", 0, 3, "painted with this model")]
    assert completions("mod:st fox", 2, VOCABULARY)[0] == Completion("model:", 0, 4, "painted with this model")


def test_of_a_page_that_was_pasted_the_beginning_is_looked_for_and_the_rest_named() -> None:
    text = "fox " * 30_000
    query = parse(text)
    assert len(query.clauses) == LONGEST // 4
    (problem,) = query.problems
    assert (problem.start, problem.end) == (LONGEST, len(text))
    assert not parse(text[:LONGEST]).problems
    offered = completions(text, len(text), VOCABULARY)
    assert all(offer.start == len(text) for offer in offered), "nothing behind it is completed"
