"""What is looked for in the history: terms that a picture must meet, and how people write them.

``model:sdxl star:yes "red fox" -blurry before:2026-10`` is understood by `studio.domain.query_parsing.parse`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.domain.dialect import Dialect
    from studio.domain.query_days import Days

OR: Final = "|"
"""Between two terms: either of them will do."""
_PLAIN: Final = re.compile(r"[^\W_][^\s|:*\\\"\u201c\u201d\u201e]*")
"""What means the same with and without quotes; ``OR`` aside."""


class Column(Enum):
    """Where words are looked for; the value is the key that people write."""

    PROMPT = "prompt"
    NEGATIVE_PROMPT = "negative"
    MODEL = "model"
    LORA = "lora"
    NOTE = "note"


class LabelKind(Enum):
    """What users sort pictures by; the value is the key that people write."""

    TAG = "tag"
    BOARD = "board"


class Mark(Enum):
    """What is or is not so of a picture."""

    STARRED = "starred"
    IMPORTED = "imported"
    MISSING = "missing"
    TRASHED = "trashed"


class Comparison(Enum):
    """How a size is compared; the value is what people write."""

    EQUAL = ""
    AT_LEAST = ">="
    AT_MOST = "<="
    MORE = ">"
    LESS = "<"


class Shape(Enum):
    """How the sides of a picture compare; the value is what people write."""

    WIDE = "wide"
    TALL = "tall"
    SQUARE = "square"


class When(Enum):
    """How a picture's day compares to a span of days; the value is the key that people write."""

    BEFORE = "before"
    AFTER = "after"
    SINCE = "since"
    ON = "on"


class Kind(Enum):
    """How a picture was made; the value is what people write, and that of `Task` or `EdgeKind`."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"
    VARIATION = "variation"
    UPSCALE = "upscale"
    FORK = "fork"


@dataclass(frozen=True, slots=True)
class Words:
    """Words that follow one another, in any case and with any accents.

    Attributes:
        text: them; not blank.
        column: where; None for everywhere. Words that must not occur may occur in the negative prompt all the same.
        is_prefix: whether the last one is only the beginning of a word, as while it is being typed.
    """

    text: str
    column: Column | None = None
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Label:
    """A tag or a board.

    Attributes:
        kind: which of the two.
        name: of it, in any case; not blank.
        is_prefix: whether that is only the beginning of the name.
    """

    kind: LabelKind
    name: str
    is_prefix: bool = False


@dataclass(frozen=True, slots=True)
class Marked:
    """A picture of which this is so."""

    mark: Mark


@dataclass(frozen=True, slots=True)
class SizeIs:
    """A size in pixels.

    Attributes:
        comparison: of both sides.
        width: of the picture, or its longer side where there is no height.
        height: of the picture.
    """

    comparison: Comparison
    width: int
    height: int | None = None


@dataclass(frozen=True, slots=True)
class ShapeIs:
    """A shape."""

    shape: Shape


@dataclass(frozen=True, slots=True)
class KindIs:
    """A way of making pictures."""

    kind: Kind


@dataclass(frozen=True, slots=True)
class DialectIs:
    """A way in which a file says how it was made."""

    dialect: Dialect


@dataclass(frozen=True, slots=True)
class SeedIs:
    """The seed of the picture."""

    seed: int


@dataclass(frozen=True, slots=True)
class MadeWhen:
    """A time; ``AFTER`` begins when the days are over, ``SINCE`` on the first of them."""

    when: When
    days: Days


Term: TypeAlias = Words | Label | Marked | SizeIs | ShapeIs | KindIs | DialectIs | SeedIs | MadeWhen


@dataclass(frozen=True, slots=True)
class Wanted:
    """A term that a picture must meet, or must not."""

    term: Term
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in a query that was not understood.

    Attributes:
        text: what and why, in a sentence.
        start: first character of it in the query's text.
        end: the one after its last.
    """

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Query:
    """What a picture must meet. One without clauses is met by every picture that is not in the trash.

    Attributes:
        clauses: all of them must hold; of the terms of each, one is enough. None of them is empty.
        problems: what was not understood; such terms are left out.
    """

    clauses: tuple[tuple[Wanted, ...], ...] = ()
    problems: tuple[Problem, ...] = field(default=(), compare=False)

    @property
    def is_about_trash(self) -> bool:
        """Whether the pictures in the trash are looked through, and not all the others."""
        return (Wanted(Marked(Mark.TRASHED)),) in self.clauses

    def with_term(self, term: Term, *, is_negated: bool = False) -> Query:
        """Return a query that asks for this as well."""
        clause = (Wanted(term, is_negated),)
        return self if clause in self.clauses else replace(self, clauses=(*self.clauses, clause))

    def without(self, terms: Iterable[Term]) -> Query:
        """Return a query that says nothing of these terms, neither yes nor no."""
        unwanted = set(terms)
        left = (tuple(wanted for wanted in clause if wanted.term not in unwanted) for clause in self.clauses)
        return replace(self, clauses=tuple(clause for clause in left if clause))

    def __str__(self) -> str:
        """Return text that is understood as this query."""
        clauses = [f" {OR} ".join(map(_written, clause)) for clause in self.clauses]
        if self.clauses and _could_be_longer(self.clauses[-1][-1].term):
            # A last word without quotes and blank is one that is still being typed.
            clauses[-1] += " "
        return " ".join(clauses)


def quoted(text: str) -> str:
    """Return a value as it is written in a query: in quotes where it would mean something else without them."""
    if _PLAIN.fullmatch(text) and text != "OR":
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _could_be_longer(term: Term) -> bool:
    """Tell whether the end of the term's text could be the beginning of a longer word."""
    match term:
        case Words(text, is_prefix=False) | Label(name=text, is_prefix=False):
            return quoted(text) == text
        case _:
            return False


def _written(wanted: Wanted) -> str:
    sign = "-" if wanted.is_negated else ""
    match wanted.term:
        case Marked(mark):
            return _marked(mark, wanted.is_negated)
        case Words(text, column, is_prefix):
            key = "" if column is None else f"{column.value}:"
            return f"{sign}{key}{quoted(text)}{'*' if is_prefix else ''}"
        case Label(kind, name, is_prefix):
            return f"{sign}{kind.value}:{quoted(name)}{'*' if is_prefix else ''}"
        case SizeIs() | ShapeIs() | KindIs() | DialectIs() | SeedIs() | MadeWhen():
            return sign + _with_value(wanted.term)
        case _:
            assert_never(wanted.term)


def _marked(mark: Mark, is_negated: bool) -> str:
    match mark:
        case Mark.STARRED:
            return "star:no" if is_negated else "star:yes"
        case Mark.IMPORTED:
            return "from:here" if is_negated else "from:imported"
        case Mark.MISSING:
            return "-is:missing" if is_negated else "is:missing"
        case Mark.TRASHED:
            return "-in:trash" if is_negated else "in:trash"
        case _:
            assert_never(mark)


def _with_value(term: SizeIs | ShapeIs | KindIs | DialectIs | SeedIs | MadeWhen) -> str:
    match term:
        case SizeIs(comparison, width, height):
            return f"size:{comparison.value}{width}{'' if height is None else f'x{height}'}"
        case ShapeIs(shape):
            return f"size:{shape.value}"
        case KindIs(kind):
            return f"kind:{kind.value}"
        case DialectIs(dialect):
            return f"dialect:{dialect.value}"
        case SeedIs(seed):
            return f"seed:{seed}"
        case MadeWhen(when, days):
            return f"{when.value}:{days}"
        case _:
            assert_never(term)
