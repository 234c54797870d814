"""Terms of a query as SQL. What users typed is bound, never part of a statement, and never syntax of the word index."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Final, assert_never

import numpy as np

from studio.domain.query import (
    Column,
    Comparison,
    DialectIs,
    KindIs,
    Label,
    LabelKind,
    Mark,
    Marked,
    SeedIs,
    Shape,
    ShapeIs,
    SizeIs,
    Words,
)
from studio.services.history_index import marks, storable

if TYPE_CHECKING:
    import sqlite3
    from collections.abc import Sequence

    from numpy.typing import NDArray

_COLUMNS: Final = {
    Column.PROMPT: "prompt",
    Column.NEGATIVE_PROMPT: "negative_prompt",
    Column.MODEL: "model",
    Column.LORA: "loras",
    Column.NOTE: "note",
}
_ALL: Final = ("prompt", "negative_prompt", "model", "loras", "note", "tags")
_WITHOUT_BLANKS: Final = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of Thai, Lao, Burmese, Khmer, Japanese and Chinese: the word index takes a whole sentence for a word."""
_MARKS: Final = {Mark.STARRED: "is_starred = 1", Mark.IMPORTED: "is_imported = 1", Mark.MISSING: "is_missing = 1"}
_SHAPES: Final = {Shape.WIDE: "width > height", Shape.TALL: "width < height", Shape.SQUARE: "width = height"}
_SIGNS: Final = {
    Comparison.EQUAL: "=",
    Comparison.AT_LEAST: ">=",
    Comparison.AT_MOST: "<=",
    Comparison.MORE: ">",
    Comparison.LESS: "<",
}
_NOTHING: Final[NDArray[np.int64]] = np.zeros(0, np.int64)


class Terms:
    """Finds the pictures that meet one term."""

    def __init__(self, connection: sqlite3.Connection, *, is_trash: bool) -> None:
        """Find nothing yet.

        Args:
            connection: to the index.
            is_trash: whether those in the trash are of interest, or all the others.
        """
        self._connection = connection
        self._place = "trashed IS NOT NULL" if is_trash else "trashed IS NULL"

    def ids(
        self,
        term: Words | Label | Marked | SizeIs | ShapeIs | KindIs | DialectIs | SeedIs,
        span: tuple[int, int] | None,
        *,
        is_negated: bool = False,
    ) -> NDArray[np.int64]:
        """Return the numbers of the pictures that meet a term.

        Args:
            term: it.
            span: the lowest and the highest number that are of interest; None for all.
            is_negated: whether it is what must not be.

        Returns:
            (N,) int64 in no order; some of them may be of no interest, or occur twice.
        """
        match term:
            case Words():
                return self._with_words(term, span, is_negated)
            case Label(LabelKind.TAG):
                return self._with_tag(term)
            case Label():
                return self._on_board(term)
            case Marked(mark):
                return _NOTHING if mark is Mark.TRASHED else self._with_facts(_MARKS[mark])
            case SizeIs():
                return self._with_facts(*_of_size(term))
            case ShapeIs(shape):
                return self._with_facts(_SHAPES[shape])
            case KindIs(kind):
                derived = self._ids("SELECT child_id FROM edge WHERE kind = ?", (kind.value,))
                return np.concatenate([self._with_facts("task = ?", (kind.value,)), derived])
            case DialectIs(dialect):
                return self._with_facts("dialect = ?", (dialect.value,))
            case SeedIs(seed):
                return self._ids("SELECT id FROM picture WHERE json_extract(metadata, '$.seed') = ?", (seed,))
            case _:
                assert_never(term)

    def ids_with_all(self, words: Sequence[Words], span: tuple[int, int] | None) -> NDArray[np.int64]:
        """Return the numbers of the pictures in which all of these words are, each of them `is_indexed`.

        The word index skips what lies between two pictures with a rare word, so a common one beside it costs little.
        """
        return self._matching(" AND ".join(f"({_syntax(one, _columns_of(one))})" for one in words), span)

    def _with_words(self, words: Words, span: tuple[int, int] | None, is_negated: bool) -> NDArray[np.int64]:
        columns = _columns_of(words)
        if words.column is None and is_negated:
            # People write there what they do not want to see, too: it says that the picture is without it.
            columns = tuple(column for column in _ALL if column != "negative_prompt")
        if is_indexed(words):
            return self._matching(_syntax(words, columns), span)
        found = " OR ".join(f"instr({column}, ?) > 0" for column in columns)
        return self._within(span, f"SELECT id FROM picture WHERE ({found})", [_clean(words).strip()] * len(columns))

    def _matching(self, syntax: str, span: tuple[int, int] | None) -> NDArray[np.int64]:
        return self._within(span, "SELECT rowid FROM picture_text WHERE picture_text MATCH ?", [syntax])

    def _within(self, span: tuple[int, int] | None, statement: str, values: list[str]) -> NDArray[np.int64]:
        if span is None:
            return self._ids(statement, values)
        return self._ids(f"{statement} AND rowid BETWEEN ? AND ?", [*values, *span])

    def _with_tag(self, label: Label) -> NDArray[np.int64]:
        rows = self._connection.execute("SELECT tags, group_concat(id) FROM picture WHERE tags <> '' GROUP BY tags")
        found = [numbers(ids) for tags, ids in rows if any(_is_called(tag, label) for tag in tags.split())]
        return np.concatenate(found) if found else _NOTHING

    def _on_board(self, label: Label) -> NDArray[np.int64]:
        boards = [
            number for number, name in self._connection.execute("SELECT id, name FROM board") if _is_called(name, label)
        ]
        return self._ids(f"SELECT picture_id FROM board_picture WHERE board_id IN ({marks(boards)})", boards)

    def _with_facts(self, condition: str, values: Sequence[object] = ()) -> NDArray[np.int64]:
        """Return the pictures that meet a condition on the columns of one index, which is all that is read."""
        where = f"{self._place} AND {condition}"
        return self._ids(f"SELECT id FROM picture INDEXED BY picture_facts WHERE {where}", values)

    def _ids(self, statement: str, values: Sequence[object]) -> NDArray[np.int64]:
        """Return what a statement selects as numbers.

        One long text is four times as quick as a row each, and other threads wait once, not 100,000 times, for the
        interpreter's lock to come back.
        """
        joined = f"WITH found (number) AS ({statement}) SELECT group_concat(number) FROM found"
        return numbers(self._connection.execute(joined, values).fetchone()[0])


def is_indexed(words: Words) -> bool:
    """Tell whether the word index knows of such words; others are looked for letter by letter in all texts."""
    text = _clean(words)
    return _WITHOUT_BLANKS.search(text) is None and any(map(_is_of_a_word, text))


def numbers(text: str | None) -> NDArray[np.int64]:
    """Return numbers with commas between them."""
    return np.fromstring(text, np.int64, sep=",") if text else _NOTHING


def _clean(words: Words) -> str:
    """Return the text as it can be bound; a NUL would end it."""
    return storable(words.text).replace("\0", " ")


def _columns_of(words: Words) -> tuple[str, ...]:
    return _ALL if words.column is None else (_COLUMNS[words.column],)


def _syntax(words: Words, columns: Sequence[str]) -> str:
    """Return words for the word index: in quotes nothing is syntax (https://sqlite.org/fts5.html, 3.1)."""
    phrase = _clean(words).replace('"', '""')
    return f'{{{" ".join(columns)}}} : "{phrase}"{" *" if words.is_prefix else ""}'


def _of_size(term: SizeIs) -> tuple[str, tuple[int, ...]]:
    sign = _SIGNS[term.comparison]
    if term.height is None:
        return f"max(width, height) {sign} ?", (term.width,)
    return f"width {sign} ? AND height {sign} ?", (term.width, term.height)


def _is_called(name: str, label: Label) -> bool:
    name, wanted = name.casefold(), label.name.strip().casefold()
    return name.startswith(wanted) if label.is_prefix else name == wanted


def _is_of_a_word(letter: str) -> bool:
    """Tell whether the word index takes a character for a part of a word (https://sqlite.org/fts5.html, 4.3.1)."""
    category = unicodedata.category(letter)
    return category[0] in "LN" or category == "Co"
