"""Reading a query as people type it: nothing they type is an error, and half of a word finds its whole."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from studio.domain.query import OR, Problem, Query, Wanted, Words
from studio.domain.query_keys import KEYS, key_named

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.query_keys import Key

_TOKEN: Final = re.compile(
    r"""
    (?P<sign>-?)
    (?:(?P<key>[A-Za-z]+):)?
    (?:
        "(?P<quoted>(?:\\.|[^"\\])*)(?P<end>"|\\?\Z)
      | [\u201c\u201e](?P<curly>[^\u201c\u201d]*)(?P<curly_end>[\u201c\u201d]|\Z)
      | (?P<bare>[^\s|]*)
    )
    (?P<star>\*?)
    """,
    re.VERBOSE | re.DOTALL,
)
LONGEST: Final = 4000
"""Characters of a query that are read: a long prompt is found by its beginning, and a page that was pasted shall keep
nobody waiting."""
_ESCAPED: Final = re.compile(r"\\(.)", re.DOTALL)
_LEAST_KEY: Final = 2
"""Letters before a colon that are taken for a key that was meant."""


@dataclass(frozen=True, slots=True)
class Token:
    """A piece of a query's text.

    Attributes:
        text: all of it.
        start: its first character in the query's text.
        end: the one after its last.
        is_negated: whether a minus stands before it.
        key: what stands before a colon; None where there is none.
        value: what stands behind that, without quotes.
        value_start: its first character, quotes included.
        is_unfinished: whether more of it may come: nothing follows, not even a blank.
        is_prefix: whether it says that it is the beginning of a word.
    """

    text: str
    start: int
    end: int
    is_negated: bool
    key: str | None
    value: str
    value_start: int
    is_unfinished: bool
    is_prefix: bool

    @property
    def is_or(self) -> bool:
        """Whether it joins the terms before and behind it."""
        return self.text in {OR, "OR"}


def parse(text: str) -> Query:
    """Return the query that a text means; what is not understood is left out and named in its `Query.problems`.

    Bare words must all occur; quotes hold words together; ``-`` before a term excludes; ``key:value`` filters;
    ``|`` or ``OR`` between two terms asks for either. The last word, while nothing follows it, and one with ``*``
    are beginnings of words.
    """
    clauses: list[list[Wanted]] = []
    problems: list[Problem] = []
    is_joined = False
    for token in tokens(text):
        if token.is_or:
            is_joined = bool(clauses)
            continue
        found = _meant(token)
        if isinstance(found, Problem):
            problems.append(found)
            # What looks like a key and is none may well stand in a prompt.
            found = None if token.key is None or key_named(token.key) else _as_words(token)
        if found is None:
            continue
        if is_joined:
            clauses[-1].append(found)
        else:
            clauses.append([found])
        is_joined = False
    if len(text) > LONGEST:
        what = f"Only the first {LONGEST:,} characters are looked for"
        problems.append(Problem(what, LONGEST, len(text)))
    return Query(tuple(tuple(clause) for clause in clauses), tuple(problems))


def tokens(text: str) -> Iterator[Token]:
    """Yield the pieces of a query's text, up to `LONGEST` characters."""
    text, at = text[:LONGEST], 0
    while at < len(text):
        if text[at].isspace():
            at += 1
        elif text[at] == OR:
            yield Token(OR, at, at + 1, False, None, "", at, False, False)
            at += 1
        else:
            token = _token_at(text, at)
            yield token
            at = token.end


def _token_at(text: str, at: int) -> Token:
    found = _TOKEN.match(text, at)
    # Whatever is neither blank nor a bar is at least a bare word.
    assert found is not None
    key = found["key"]
    value, is_whole, has_star = _value_of(found)
    is_last = found.end() == len(text)
    return Token(
        text=found[0],
        start=at,
        end=found.end(),
        is_negated=bool(found["sign"]),
        key=key,
        value=value,
        value_start=at + len(found["sign"]) + (0 if key is None else len(key) + 1),
        is_unfinished=is_last and not is_whole,
        is_prefix=has_star or (is_last and not is_whole),
    )


def _value_of(found: re.Match[str]) -> tuple[str, bool, bool]:
    """Return a token's value, whether its end is marked by a quote or a star, and whether a star follows it."""
    if found["quoted"] is not None:
        is_closed = found["end"] == '"'
        return _ESCAPED.sub(r"\1", found["quoted"]), is_closed, bool(found["star"])
    if found["curly"] is not None:
        return found["curly"], bool(found["curly_end"]), bool(found["star"])
    # The bare word has taken its star along.
    has_star = found["bare"].endswith("*")
    return found["bare"].removesuffix("*"), has_star, has_star


def _meant(token: Token) -> Wanted | Problem | None:
    """Return what a token asks for; None where it asks for nothing as yet."""
    if token.key is None:
        return _as_words(token)
    key = key_named(token.key)
    if key is None:
        return _unknown_key(token) if len(token.key) >= _LEAST_KEY and token.value.strip() else _as_words(token)
    if not token.value.strip():
        needs = f"\u201c{key.name}:\u201d needs a value right behind it: {key.examples}"
        return None if token.is_unfinished else Problem(needs, token.start, token.end)
    wanted = key.read(token.value, token.is_prefix)
    return _strange_value(key, token) if wanted is None else _signed(wanted, token)


def _as_words(token: Token) -> Wanted | None:
    """Return a token as words, its key among them where it has one."""
    text = token.value if token.key is None else f"{token.key}:{token.value}"
    return _signed(Wanted(Words(text, None, token.is_prefix)), token) if text.strip() else None


def _signed(wanted: Wanted, token: Token) -> Wanted:
    return replace(wanted, is_negated=wanted.is_negated != token.is_negated)


def _unknown_key(token: Token) -> Problem:
    close = difflib.get_close_matches((token.key or "").lower(), [key.name for key in KEYS], 1)
    meant = f"did you mean \u201c{close[0]}:\u201d?" if close else "it is looked for as a word"
    return Problem(f"\u201c{token.key}:\u201d is no filter; {meant}", token.start, token.end)


def _strange_value(key: Key, token: Token) -> Problem:
    text = f"\u201c{key.name}:\u201d does not understand \u201c{token.value}\u201d; it takes {key.examples}"
    return Problem(text, token.start, token.end)
