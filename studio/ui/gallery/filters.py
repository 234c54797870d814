"""The filters above the grid. What they say is written into the query's text, which is the one place that holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from studio.domain.query import (
    Column,
    KindIs,
    Label,
    LabelKind,
    MadeWhen,
    Mark,
    Marked,
    ShapeIs,
    SizeIs,
    Words,
    quoted,
)
from studio.domain.query_parsing import parse, tokens

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.query import Term
    from studio.domain.vocabulary import Counted, Vocabulary


@dataclass(frozen=True, slots=True)
class FilterChoice:
    """Something that a filter can be set to.

    Attributes:
        title: for people.
        written: the same in a query.
        count: pictures that it finds; None where nobody has counted them.
    """

    title: str
    written: str
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Filter:
    """One filter.

    Attributes:
        id: names it in tests.
        title: what it filters by.
        everything: what it is called while it is not set.
        is_of: tells whether a term of a query is this filter's.
        choices: what it can be set to, from what the history knows.
    """

    id: str
    title: str
    everything: str
    is_of: Callable[[Term], bool]
    choices: Callable[[Vocabulary], tuple[FilterChoice, ...]]


def value_in(text: str, one: Filter) -> str:
    """Return the part of a query's text that is a filter's; empty where it is not set."""
    return " ".join(text[start:end] for start, end in _spans(text, one))


def with_value(text: str, one: Filter, written: str) -> str:
    """Return a query's text with a filter set to something else; everything else in it stays as it was typed.

    Args:
        text: of the query.
        one: the filter.
        written: what it is set to; empty for everything.
    """
    left = text
    for start, end in reversed(_spans(text, one)):
        left = left[:start] + left[end:].lstrip()
    left = left.strip()
    # A blank behind the last word says that it is whole.
    return f"{left} {written} ".lstrip() if written else f"{left} " if left else ""


def title_of(written: str, choices: tuple[FilterChoice, ...]) -> str:
    """Return what people call the value of a filter."""
    known = next((choice.title for choice in choices if choice.written == written), None)
    return known or written.partition(":")[2].strip('"') or written


def _spans(text: str, one: Filter) -> list[tuple[int, int]]:
    """Return where in a query's text the terms of a filter are."""
    spans: list[tuple[int, int]] = []
    for token in tokens(text):
        clauses = () if token.is_or else parse(text[token.start : token.end]).clauses
        if any(one.is_of(wanted.term) for clause in clauses for wanted in clause):
            spans.append((token.start, token.end))
    return spans


def _dates(vocabulary: Vocabulary) -> tuple[FilterChoice, ...]:
    recent = (("Today", "today"), ("Yesterday", "yesterday"), ("Last 7 days", "week"), ("Last 30 days", "month"))
    return (
        *(FilterChoice(title, f"on:{word}") for title, word in recent),
        *(FilterChoice(_month(month), f"on:{month}", count) for month, count in vocabulary.months),
    )


def _month(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}" if len(month) == len("2026-10") else "No date"


def _names(key: str, names: Counted) -> tuple[FilterChoice, ...]:
    return tuple(FilterChoice(name, f"{key}:{quoted(name)}", count) for name, count in names)


def _models(vocabulary: Vocabulary) -> tuple[FilterChoice, ...]:
    return _names("model", vocabulary.models)


def _boards(vocabulary: Vocabulary) -> tuple[FilterChoice, ...]:
    return _names("board", vocabulary.boards)


def _kinds(_: Vocabulary) -> tuple[FilterChoice, ...]:
    kinds = ("text-to-image", "image-to-image", "inpaint", "outpaint", "variation")
    return tuple(FilterChoice(kind.replace("-", " ").capitalize(), f"kind:{kind}") for kind in kinds)


def _sizes(_: Vocabulary) -> tuple[FilterChoice, ...]:
    shapes = tuple(FilterChoice(shape.capitalize(), f"size:{shape}") for shape in ("wide", "tall", "square"))
    return (
        *shapes,
        FilterChoice("512 \u00d7 512", "size:512x512"),
        FilterChoice("1024 \u00d7 1024", "size:1024x1024"),
        FilterChoice("Longer side 1024 or more", "size:>=1024"),
    )


def _origins(_: Vocabulary) -> tuple[FilterChoice, ...]:
    return (FilterChoice("Made here", "from:here"), FilterChoice("Imported", "from:imported"))


def _is_model(term: Term) -> bool:
    return isinstance(term, Words) and term.column is Column.MODEL


def _is_board(term: Term) -> bool:
    return isinstance(term, Label) and term.kind is LabelKind.BOARD


FILTERS: Final[tuple[Filter, ...]] = (
    Filter("date", "Date", "Any date", lambda term: isinstance(term, MadeWhen), _dates),
    Filter("board", "Board", "Any board", _is_board, _boards),
    Filter("model", "Model", "Any model", _is_model, _models),
    Filter("kind", "Kind", "Any kind", lambda term: isinstance(term, KindIs), _kinds),
    Filter("size", "Size", "Any size", lambda term: isinstance(term, SizeIs | ShapeIs), _sizes),
    Filter("origin", "Origin", "Any origin", lambda term: term == Marked(Mark.IMPORTED), _origins),
)
"""The filters with menus, from left to right."""
STARRED: Final = Filter(
    "star",
    "Starred",
    "Starred or not",
    lambda term: term == Marked(Mark.STARRED),
    lambda _: (FilterChoice("Starred", "star:yes"),),
)
"""The one that is on or off."""
