"""Boards, which hold pictures of the history, and searches under a name."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from studio.domain.errors import InvalidSetting
from studio.services.history_index import marks, parts, sortable, storable
from studio.services.history_journal import BoardDeleted, BoardFilled, BoardMade, BoardRenamed, SearchSaved

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Sequence

    from studio.services.history_index import HistoryIndex
    from studio.services.history_journal import Journal, Line


@dataclass(frozen=True, slots=True)
class Board:
    """A board.

    Attributes:
        id: its number; never used again for another one.
        name: for people; no two are equal.
        count: pictures on it, without those in the trash.
    """

    id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class SavedSearch:
    """A search under a name.

    Attributes:
        id: its number.
        name: for people; no two are equal.
        query: what was searched for.
    """

    id: int
    name: str
    query: str


class Boards:
    """Makes boards and puts pictures on them. A picture may be on many boards."""

    def __init__(self, index: HistoryIndex, journal: Journal) -> None:
        self._index = index
        self._journal = journal

    def all(self) -> tuple[Board, ...]:
        """Return every board, by name.

        Raises:
            StorageError: the index cannot be read.
        """
        rows = self._index.rows(
            """
            SELECT board.id, board.name, count(picture.id) FROM board
            LEFT JOIN board_picture ON board_id = board.id
            LEFT JOIN picture ON picture.id = picture_id AND picture.trashed IS NULL
            GROUP BY board.id ORDER BY board.name COLLATE NOCASE
            """
        )
        return tuple(Board(*row) for row in rows)

    def of(self, entry_id: int) -> tuple[str, ...]:
        """Return the names of the boards that a picture is on.

        Raises:
            StorageError: the index cannot be read.
        """
        where = "JOIN board_picture ON board_id = board.id WHERE picture_id = ? ORDER BY name COLLATE NOCASE"
        return tuple(name for (name,) in self._index.rows(f"SELECT name FROM board {where}", (entry_id,)))

    def shared_by(self, ids: Sequence[int]) -> tuple[str, ...]:
        """Return the names of the boards that all of these pictures are on.

        Raises:
            StorageError: the index cannot be read.
        """
        counts: Counter[str] = Counter()
        where = "JOIN board_picture ON board_id = board.id WHERE picture_id IN"
        for part in parts(list(ids)):
            rows = self._index.rows(f"SELECT name, count(*) FROM board {where} ({marks(part)}) GROUP BY name", part)
            counts.update(dict(rows))
        return tuple(sorted((name for name, count in counts.items() if count == len(ids)), key=str.casefold))

    def create(self, name: str) -> Board:
        """Make a board.

        Raises:
            InvalidSetting: the name is empty, or another board has it.
            StorageError: nothing was changed.
        """
        name, created = _checked(name, "board"), sortable(datetime.now(UTC))
        with self._index.transaction(), _unique(name, "board"):
            made = self._index.connection.execute("INSERT INTO board (name, created) VALUES (?, ?)", (name, created))
            self._journal.append([BoardMade(name, created)])
        # A row that was just inserted has a number.
        assert made.lastrowid is not None
        return Board(made.lastrowid, name, 0)

    def rename(self, board_id: int, name: str) -> None:
        """Give a board another name. Raises as `create`; InvalidSetting also where it is gone."""
        name = _checked(name, "board")
        with self._index.transaction(), _unique(name, "board"):
            before = self._name(board_id)
            self._index.connection.execute("UPDATE board SET name = ? WHERE id = ?", (name, board_id))
            self._journal.append([BoardRenamed(before, name)])

    def delete(self, board_id: int) -> tuple[int, ...]:
        """Delete a board; its pictures stay.

        Returns:
            Numbers of the pictures that were on it.

        Raises:
            InvalidSetting: it is gone already.
            StorageError: nothing was changed.
        """
        with self._index.transaction():
            name = self._name(board_id)
            rows = self._index.rows("SELECT picture_id FROM board_picture WHERE board_id = ?", (board_id,))
            self._index.connection.execute("DELETE FROM board WHERE id = ?", (board_id,))
            self._journal.append([BoardDeleted(name)])
        return tuple(number for (number,) in rows)

    def put(self, board_id: int, ids: Iterable[int]) -> tuple[int, ...]:
        """Put pictures on a board.

        Returns:
            Numbers of those that were not on it before.

        Raises:
            InvalidSetting: the board is gone.
            StorageError: nothing was changed.
        """
        with self._index.transaction():
            name = self._name(board_id)
            there = set(self._held(board_id))
            known = {number for (number,) in self._selected("SELECT id FROM picture WHERE id IN", list(ids))}
            new = sorted(known - there)
            self._index.connection.executemany(
                "INSERT INTO board_picture (board_id, picture_id) VALUES (?, ?)", [(board_id, one) for one in new]
            )
            self._note(name, new, is_on=True)
        return tuple(new)

    def take(self, board_id: int, ids: Iterable[int]) -> tuple[int, ...]:
        """Take pictures off a board; returns the numbers of those that were on it. Raises as `put`."""
        with self._index.transaction():
            name = self._name(board_id)
            gone = sorted(set(self._held(board_id)) & set(ids))
            self._index.connection.executemany(
                "DELETE FROM board_picture WHERE board_id = ? AND picture_id = ?", [(board_id, one) for one in gone]
            )
            self._note(name, gone, is_on=False)
        return tuple(gone)

    def lines(self) -> list[Line]:
        """Return what the journal says of all boards.

        Raises:
            StorageError: the index cannot be read.
        """
        lines: list[Line] = []
        for number, name, created in self._index.rows("SELECT id, name, created FROM board ORDER BY id"):
            lines.append(BoardMade(name, created))
            if held := self._held(number):
                lines.append(BoardFilled(name, self._keys(held), is_on=True))
        return lines

    def _held(self, board_id: int) -> list[int]:
        rows = self._index.rows("SELECT picture_id FROM board_picture WHERE board_id = ?", (board_id,))
        return [number for (number,) in rows]

    def _name(self, board_id: int) -> str:
        rows = self._index.rows("SELECT name FROM board WHERE id = ?", (board_id,))
        if not rows:
            raise InvalidSetting("The board is not there any more", "it was deleted", "Choose another board")
        return str(rows[0][0])

    def _note(self, name: str, ids: Sequence[int], *, is_on: bool) -> None:
        if ids:
            self._journal.append([BoardFilled(name, self._keys(ids), is_on)])

    def _keys(self, ids: Sequence[int]) -> tuple[tuple[str, str], ...]:
        rows = self._selected("SELECT pixels, path FROM picture WHERE id IN", ids)
        return tuple((pixels, path) for pixels, path in rows)

    def _selected(self, select: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        return [row for part in parts(ids) for row in self._index.rows(f"{select} ({marks(part)})", part)]


class Searches:
    """Keeps searches under names."""

    def __init__(self, index: HistoryIndex, journal: Journal) -> None:
        self._index = index
        self._journal = journal

    def all(self) -> tuple[SavedSearch, ...]:
        """Return every saved search, by name.

        Raises:
            StorageError: the index cannot be read.
        """
        rows = self._index.rows("SELECT id, name, query FROM saved_search ORDER BY name COLLATE NOCASE")
        return tuple(SavedSearch(*row) for row in rows)

    def save(self, name: str, query: str) -> None:
        """Keep a search; one of that name is replaced.

        Raises:
            InvalidSetting: the name is empty.
            StorageError: nothing was changed.
        """
        name, query = _checked(name, "search"), storable(query)
        with self._index.transaction():
            self._index.connection.execute(
                """
                INSERT INTO saved_search (name, query) VALUES (?, ?)
                ON CONFLICT (name) DO UPDATE SET query = excluded.query
                """,
                (name, query),
            )
            self._journal.append([SearchSaved(name, query)])

    def forget(self, name: str) -> None:
        """Forget a search; one that is not there is forgotten already.

        Raises:
            StorageError: nothing was changed.
        """
        with self._index.transaction():
            gone = self._index.connection.execute("DELETE FROM saved_search WHERE name = ?", (name,))
            if gone.rowcount:
                self._journal.append([SearchSaved(name, None)])

    def lines(self) -> list[Line]:
        """Return what the journal says of all searches.

        Raises:
            StorageError: the index cannot be read.
        """
        return [SearchSaved(one.name, one.query) for one in self.all()]


def _checked(name: str, what: str) -> str:
    name = storable(" ".join(name.split()))
    if not name:
        raise InvalidSetting(f"The {what} has no name", "it could not be found again", "Write a name")
    return name


@contextmanager
def _unique(name: str, what: str) -> Generator[None]:
    try:
        yield
    except sqlite3.IntegrityError as error:
        why = "two of the same name could not be told apart"
        raise InvalidSetting(
            f"There is a {what} called \u201c{name}\u201d already", why, "Choose another name"
        ) from error
