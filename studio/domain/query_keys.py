"""The keys of the query language, and what each of them understands."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final, TypeAlias

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
    SeedIs,
    Shape,
    ShapeIs,
    SizeIs,
    Wanted,
    When,
    Words,
)
from studio.domain.query_days import RECENT, Days

Reading: TypeAlias = Callable[[str, bool], Wanted | None]
"""From a value, and whether its end is still being typed; None where the value cannot be understood."""

_SIZE: Final = re.compile(r"(>=|<=|>|<|=?)(\d{1,6})(?:[xX\u00d7](\d{1,6}))?")
_KIND_NAMES: Final = {"txt2img": Kind.TEXT_TO_IMAGE, "img2img": Kind.IMAGE_TO_IMAGE, "inpainting": Kind.INPAINT}
_MAX_DIGITS: Final = 20


@dataclass(frozen=True, slots=True)
class Key:
    """What can stand before a colon.

    Attributes:
        name: it.
        note: what it finds, in a few words.
        read: makes a term of what stands behind the colon.
        examples: values, or kinds of them, for people who typed something else.
        values: all of them, where they can be counted; the index knows the others.
    """

    name: str
    note: str
    read: Reading
    examples: str
    values: tuple[str, ...] = ()


def key_named(name: str) -> Key | None:
    """Return the key of a name in any case, or None."""
    lower = _OTHER_NAMES.get(name.lower(), name.lower())
    return next((key for key in KEYS if key.name == lower), None)


def _words(column: Column, value: str, is_unfinished: bool) -> Wanted:
    return Wanted(Words(value, column, is_unfinished))


def _label(kind: LabelKind, value: str, is_unfinished: bool) -> Wanted:
    return Wanted(Label(kind, value, is_unfinished))


def _star(value: str, _: bool) -> Wanted | None:
    return _truth(Mark.STARRED, value)


def _imported(value: str, _: bool) -> Wanted | None:
    return _truth(Mark.IMPORTED, value)


def _truth(mark: Mark, value: str) -> Wanted | None:
    answer = {"yes": True, "true": True, "1": True, "no": False, "false": False, "0": False}.get(value.lower())
    return None if answer is None else Wanted(Marked(mark), is_negated=not answer)


def _origin(value: str, _: bool) -> Wanted | None:
    is_here = {"here": True, "imported": False, "outside": False}.get(value.lower())
    return None if is_here is None else Wanted(Marked(Mark.IMPORTED), is_negated=is_here)


def _state(value: str, _: bool) -> Wanted | None:
    if value.lower() == "here":
        return Wanted(Marked(Mark.IMPORTED), is_negated=True)
    mark = next((mark for mark in Mark if mark.value == value.lower()), None)
    return None if mark is None else Wanted(Marked(mark))


def _place(value: str, _: bool) -> Wanted | None:
    return Wanted(Marked(Mark.TRASHED)) if value.lower() == "trash" else None


def _size(value: str, _: bool) -> Wanted | None:
    if shape := next((shape for shape in Shape if shape.value == value.lower()), None):
        return Wanted(ShapeIs(shape))
    found = _SIZE.fullmatch(value)
    if found is None:
        return None
    comparison = Comparison.EQUAL if found[1] == "=" else Comparison(found[1])
    return Wanted(SizeIs(comparison, int(found[2]), None if found[3] is None else int(found[3])))


def _kind(value: str, _: bool) -> Wanted | None:
    lower = value.lower()
    kind = _KIND_NAMES.get(lower) or next((kind for kind in Kind if kind.value == lower), None)
    return None if kind is None else Wanted(KindIs(kind))


def _dialect(value: str, _: bool) -> Wanted | None:
    dialect = next((dialect for dialect in Dialect if dialect.value == value.lower()), None)
    return None if dialect is None else Wanted(DialectIs(dialect))


def _seed(value: str, _: bool) -> Wanted | None:
    is_number = value.isascii() and value.isdigit() and len(value) < _MAX_DIGITS
    return Wanted(SeedIs(int(value))) if is_number and int(value) < 2**63 else None


def _when(when: When, value: str, _: bool) -> Wanted | None:
    days = Days.of(value)
    return None if days is None else Wanted(MadeWhen(when, days))


_YES_NO: Final = ("yes", "no")
_A_DAY: Final = "2026, 2026-10, 2026-10-05, today, yesterday, week or month"
_KINDS: Final = tuple(kind.value for kind in Kind)
_DIALECTS: Final = tuple(dialect.value for dialect in Dialect)
_SIZES: Final = (*(shape.value for shape in Shape), ">=1024")
_STATES: Final = ("starred", "imported", "here", "missing", "trashed")

KEYS: Final = (
    Key("model", "painted with this model", partial(_words, Column.MODEL), "part of a model's name"),
    Key("lora", "painted with this LoRA", partial(_words, Column.LORA), "part of a LoRA's name"),
    Key("board", "on this board", partial(_label, LabelKind.BOARD), "a board's name"),
    Key("tag", "with this tag", partial(_label, LabelKind.TAG), "a tag"),
    Key("star", "starred or not", _star, "yes or no", _YES_NO),
    Key("size", "of this size in pixels", _size, "512x768, >=1024, wide, tall or square", _SIZES),
    Key("kind", "made in this way", _kind, ", ".join(_KINDS), _KINDS),
    Key("from", "painted here, or imported", _origin, "here or imported", ("here", "imported")),
    Key("on", "made in these days", partial(_when, When.ON), _A_DAY, tuple(RECENT)),
    Key("since", "made from these days on", partial(_when, When.SINCE), _A_DAY, tuple(RECENT)),
    Key("before", "made before these days", partial(_when, When.BEFORE), _A_DAY, tuple(RECENT)),
    Key("after", "made after these days", partial(_when, When.AFTER), _A_DAY, tuple(RECENT)),
    Key("prompt", "with this in the prompt", partial(_words, Column.PROMPT), "words"),
    Key("negative", "with this in the negative prompt", partial(_words, Column.NEGATIVE_PROMPT), "words"),
    Key("note", "with this in your note", partial(_words, Column.NOTE), "words"),
    Key("seed", "of this seed", _seed, "a whole number"),
    Key("dialect", "whose file says how in this way", _dialect, ", ".join(_DIALECTS), _DIALECTS),
    Key("is", "of which this is so", _state, ", ".join(_STATES), _STATES),
    Key("in", "in the trash", _place, "trash", ("trash",)),
    Key("imported", "brought from outside or not", _imported, "yes or no", _YES_NO),
)
"""All keys, those that people need most first."""
_OTHER_NAMES: Final = {"made": "from", "by": "model", "starred": "star", "date": "on", "tags": "tag"}
