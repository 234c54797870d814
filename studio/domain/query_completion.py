"""What a half-typed query could become: keys, and the values that the history knows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.domain.query import LabelKind, quoted
from studio.domain.query_keys import KEYS, key_named
from studio.domain.query_parsing import tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from studio.domain.query_keys import Key
    from studio.domain.query_parsing import Token
    from studio.domain.vocabulary import Vocabulary

MOST: Final = 20
"""More than this many nobody reads."""
_LEAST_BARE: Final = 2
"""Letters of a bare word before models, LoRAs, boards and tags are offered for it."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Something that a part of the text can be replaced with.

    Attributes:
        text: to put in its place.
        start: first character of that part.
        end: the one after its last.
        note: what it finds, for people.
    """

    text: str
    start: int
    end: int
    note: str


def completions(text: str, cursor: int, vocabulary: Vocabulary) -> list[Completion]:
    """Return what the part of a query before the cursor could become, the likeliest first.

    Args:
        text: of the query.
        cursor: where it is being typed: between 0 and the text's length.
        vocabulary: of the history.
    """
    token = next((token for token in tokens(text) if token.start < cursor <= token.end), None)
    if token is None:
        return [Completion(f"{key.name}:", cursor, cursor, key.note) for key in KEYS[:MOST]]
    if token.is_or:
        return []
    if token.key is None or cursor <= token.start + len(token.key):
        offers = _of_bare(token, cursor, text, vocabulary)
    else:
        key = key_named(token.key)
        offers = iter(()) if key is None else _of_value(key, token, cursor, text, vocabulary)
    return list(dict.fromkeys(offers))[:MOST]


def _of_bare(token: Token, cursor: int, text: str, vocabulary: Vocabulary) -> Iterator[Completion]:
    start = token.start + token.is_negated
    typed = text[start:cursor].lower()
    for key in KEYS:
        if key.name.startswith(typed):
            # A colon that stands there already is not typed again.
            end = start + len(token.key) + 1 if token.key is not None else token.end
            yield Completion(f"{key.name}:", start, end, key.note)
    if len(typed) < _LEAST_BARE or token.key is not None:
        return
    for kind in ("model", "lora", LabelKind.BOARD.value, LabelKind.TAG.value):
        for name, count in _like(vocabulary.of(kind), typed):
            yield Completion(f"{kind}:{quoted(name)} ", start, token.end, _counted(count))


def _of_value(key: Key, token: Token, cursor: int, text: str, vocabulary: Vocabulary) -> Iterator[Completion]:
    typed = text[token.value_start : cursor].strip('"\u201c\u201d\u201e').lower()
    for value in key.values:
        if value.startswith(typed):
            yield Completion(f"{value} ", token.value_start, token.end, key.note)
    for name, count in _like(vocabulary.of(key.name), typed):
        yield Completion(f"{quoted(name)} ", token.value_start, token.end, _counted(count))


def _like(names: Iterable[tuple[str, int]], typed: str) -> list[tuple[str, int]]:
    """Return the names that contain what was typed, those that begin with it first."""
    found = [(name, count) for name, count in names if typed in name.lower()]
    return sorted(found, key=lambda each: not each[0].lower().startswith(typed))


def _counted(count: int) -> str:
    return "1 picture" if count == 1 else f"{count:,} pictures"
