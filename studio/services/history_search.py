"""Looking for pictures in the history: quickly enough to follow every key that is pressed."""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final, TypeAlias

import numpy as np

from studio.domain.query import MadeWhen, Mark, Marked, Query, Wanted, When, Words
from studio.domain.vocabulary import Counted, Vocabulary
from studio.services.history_terms import Terms, is_indexed, numbers

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from studio.services.history_index import HistoryIndex

NEWEST: Final = 4000
"""Pictures that are looked through first for the first page; a common word is found often enough among them."""
ANSWERS_KEPT: Final = 64
"""Terms whose answer is remembered, a byte for each picture, until the history changes."""
_SHOWN: Final = "picture INDEXED BY picture_shown WHERE trashed IS NULL"
_SHOWN_FACTS: Final = "picture INDEXED BY picture_facts WHERE trashed IS NULL"
_SHOWN_LORAS: Final = "picture INDEXED BY picture_loras WHERE loras <> '' AND trashed IS NULL"
_SHOWN_TAGS: Final = "picture INDEXED BY picture_tags WHERE tags <> '' AND trashed IS NULL"
_TRASHED: Final = "picture INDEXED BY picture_trashed WHERE trashed IS NOT NULL"
_IN_TRASH: Final = (Wanted(Marked(Mark.TRASHED)),)
_DAY_BYTES: Final = 10
_TOGETHER: Final = 16
"""Words in one question to the word index; a prompt that is pasted has hundreds, and its syntax tree has a limit."""
_Asked: TypeAlias = Wanted | tuple[Words, ...]
"""A term, or words that must all be there."""


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """What a query found.

    Attributes:
        ids: (N,) int64, numbers of the entries, newest first.
        days: each day, ``YYYY-MM-DD``, with the number of its entries, in the order of these.
        is_all: whether there are no more.
    """

    ids: NDArray[np.int64]
    days: tuple[tuple[str, int], ...]
    is_all: bool = True


class HistorySearch:
    """Finds entries by a query. On the thread of the history.

    All numbers are kept in their order, with their days; each term of a query is a mask on them. So a key that is
    pressed costs one look into the word index, however much else the query says.
    """

    def __init__(self, index: HistoryIndex, today: Callable[[], date] = date.today, *, newest: int = NEWEST) -> None:
        """Look for nothing yet.

        Args:
            index: of the history.
            today: the user's day, which queries may speak of.
            newest: so many pictures are looked through first for the first page.
        """
        self._index = index
        self._today = today
        self._newest = newest
        # By whether they lie in the trash, and how many were read; None for all.
        self._pools: dict[tuple[bool, int | None], _Pool] = {}
        self._stamp: tuple[int, int, date] | None = None

    def find(self, query: Query) -> Found:
        """Return everything that a query finds.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._index.reporting():
            pool = self._pool(query)
            return pool.found(pool.mask(query, pool.ids.size).nonzero()[0])

    def first(self, query: Query, limit: int) -> Found:
        """Return the newest that a query finds, sooner than all.

        Args:
            query: it.
            limit: at most so many.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._index.reporting():
            pool = self._newest_pool(query)
            window = min(self._newest, pool.ids.size)
            places = pool.mask(query, window).nonzero()[0]
            is_all = pool.is_whole and window == pool.ids.size
            if places.size < limit and not is_all:
                pool, is_all = self._pool(query), True
                places = pool.mask(query, pool.ids.size).nonzero()[0]
            return pool.found(places[:limit], is_all=is_all and places.size <= limit)

    def ids(self, query: Query) -> NDArray[np.int64]:
        """Return the numbers of all entries that a query finds, (N,) int64, newest first.

        Raises:
            StorageError: the index cannot be read.
        """
        return self.find(query).ids

    def count(self, query: Query) -> int:
        """Return how many entries a query finds.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._index.reporting():
            pool = self._pool(query)
            return int(pool.mask(query, pool.ids.size).sum())

    def matches(self, query: Query, entry_id: int) -> bool:
        """Tell whether a query finds an entry.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._index.reporting():
            pool = self._pool(query)
            place = pool.places_of(np.array([entry_id]), pool.ids.size)
            return place.size > 0 and bool(pool.mask(query, pool.ids.size)[place[0]])

    def vocabulary(self) -> Vocabulary:
        """Return the names that can be looked for, of pictures that are not in the trash.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._index.reporting():
            run = self._index.connection.execute
            models = run(f"SELECT model, count(*) FROM {_SHOWN_FACTS} GROUP BY model").fetchall()
            loras = run(f"SELECT loras, count(*) FROM {_SHOWN_LORAS} GROUP BY loras").fetchall()
            tags = run(f"SELECT tags, count(*) FROM {_SHOWN_TAGS} GROUP BY tags").fetchall()
            boards = run(
                "SELECT name, count(picture_id) FROM board LEFT JOIN board_picture ON board_id = id GROUP BY id"
            ).fetchall()
            return Vocabulary(
                models=_by_count({name: count for name, count in models if name}),
                loras=_by_count(_parted(loras)),
                boards=_by_count(dict(boards)),
                tags=_by_count(_parted(tags)),
                months=self._pool(Query()).months(),
            )

    def _pool(self, query: Query) -> _Pool:
        """Return the pictures that a query looks through, read anew if the index has changed since the last time."""
        return self._current(query.is_about_trash, None)

    def _newest_pool(self, query: Query) -> _Pool:
        """Return the newest of them; all, where these are at hand: reading all takes a hundred times as long."""
        self._forget_if_changed()
        is_whole = (query.is_about_trash, None) in self._pools
        return self._current(query.is_about_trash, None if is_whole else self._newest)

    def _current(self, is_trash: bool, limit: int | None) -> _Pool:
        today = self._forget_if_changed()
        if (is_trash, limit) not in self._pools:
            where = _TRASHED if is_trash else _SHOWN
            order = f"SELECT id, day FROM {where} ORDER BY created DESC, id DESC LIMIT ?"
            joined = f"SELECT group_concat(id), group_concat(day, '') FROM ({order})"
            connection = self._index.connection
            ids, days = connection.execute(joined, (-1 if limit is None else limit,)).fetchone()
            of_ids, of_days = numbers(ids), np.frombuffer((days or "").encode(), f"S{_DAY_BYTES}")
            is_whole = limit is None or of_ids.size < limit
            terms = Terms(connection, is_trash=is_trash)
            self._pools[is_trash, limit] = _Pool(of_ids, of_days, terms, today, is_whole=is_whole)
        return self._pools[is_trash, limit]

    def _forget_if_changed(self) -> date:
        """Forget all that was read if the index has changed since, or the day; return the day."""
        connection, today = self._index.connection, self._today()
        # The first number tells of other connections, the second of this one.
        version = int(connection.execute("PRAGMA data_version").fetchone()[0])
        stamp = (version, connection.total_changes, today)
        if stamp != self._stamp:
            self._pools.clear()
            self._stamp = stamp
        return today


class _Pool:
    """Pictures in their order, and which of them meet which term.

    Attributes:
        ids: (N,) int64, newest first.
        is_whole: whether there are no older ones.
    """

    def __init__(
        self, ids: NDArray[np.int64], days: NDArray[np.bytes_], terms: Terms, today: date, *, is_whole: bool
    ) -> None:
        self.ids = ids
        self.is_whole = is_whole
        self._days = days
        self._terms = terms
        self._today = today
        self._place = np.full(int(ids.max(initial=0)) + 1, -1, np.int32)
        self._place[ids] = np.arange(ids.size, dtype=np.int32)
        self._answers: OrderedDict[tuple[_Asked, int], NDArray[np.bool_]] = OrderedDict()

    def mask(self, query: Query, window: int) -> NDArray[np.bool_]:
        """Return which of the newest meet a query: (``window``,) bool."""
        mask = np.ones(window, np.bool_)
        is_about_trash = query.is_about_trash
        left = [clause for clause in query.clauses if not (is_about_trash and clause == _IN_TRASH)]
        if (words := self._unanswered(left, window))[1:]:
            together = {(Wanted(term),) for term in words}
            left = [clause for clause in left if clause not in together]
            for start in range(0, len(words), _TOGETHER):
                mask &= self._answer(words[start : start + _TOGETHER], window)
        for clause in left:
            either = self._answer(clause[0], window)
            for wanted in clause[1:]:
                either = either | self._answer(wanted, window)
            mask &= either
        return mask

    def found(self, places: NDArray[np.intp], *, is_all: bool = True) -> Found:
        """Return the entries of these places."""
        days = self._days[places]
        begins = np.flatnonzero(days[1:] != days[:-1]) + 1
        starts = np.concatenate([np.zeros(min(1, days.size), np.intp), begins])
        counts = np.diff(np.append(starts, days.size))
        runs = zip(days[starts].tolist(), counts.tolist(), strict=True)
        return Found(self.ids[places], tuple((day.decode(), count) for day, count in runs), is_all)

    def places_of(self, ids: NDArray[np.int64], window: int) -> NDArray[np.int32]:
        """Return where these entries are among the newest; those that are not there are left out."""
        places = self._place[ids[ids < self._place.size]]
        return places[(places >= 0) & (places < window)]

    def months(self) -> Counted:
        """Return the months in which pictures were made, the latest first."""
        months, counts = np.unique(self._days.astype("S7"), return_counts=True)
        return tuple((month.decode(), count) for month, count in zip(months.tolist(), counts.tolist(), strict=True))[
            ::-1
        ]

    def _unanswered(self, clauses: list[tuple[Wanted, ...]], window: int) -> tuple[Words, ...]:
        """Return the words that must all be there and have no answer yet."""
        alone = [clause[0] for clause in clauses if len(clause) == 1 and not clause[0].is_negated]
        new = [
            wanted.term for wanted in alone if not {(wanted, window), (wanted, self.ids.size)} & self._answers.keys()
        ]
        return tuple(dict.fromkeys(term for term in new if isinstance(term, Words) and is_indexed(term)))

    def _answer(self, asked: _Asked, window: int) -> NDArray[np.bool_]:
        whole = self._answers.get((asked, self.ids.size))
        if whole is not None:
            return whole[:window]
        answer = self._answers.get((asked, window))
        if answer is None:
            answer = self._answers[asked, window] = self._meeting(asked, window)
            if len(self._answers) > ANSWERS_KEPT:
                self._answers.popitem(last=False)
        return answer

    def _meeting(self, asked: _Asked, window: int) -> NDArray[np.bool_]:
        newest = self.ids[:window]
        is_part = newest.size > 0 and (window < self.ids.size or not self.is_whole)
        span = (int(newest.min()), int(newest.max())) if is_part else None
        if not isinstance(asked, Wanted):
            return self._among(self._terms.ids_with_all(asked, span), window)
        term, is_negated = asked.term, asked.is_negated
        if isinstance(term, MadeWhen):
            return self._made(term, window) ^ is_negated
        return self._among(self._terms.ids(term, span, is_negated=is_negated), window) ^ is_negated

    def _among(self, ids: NDArray[np.int64], window: int) -> NDArray[np.bool_]:
        """Return which of the newest are these."""
        among = np.zeros(window, np.bool_)
        among[self.places_of(ids, window)] = True
        return among

    def _made(self, term: MadeWhen, window: int) -> NDArray[np.bool_]:
        first, last = (np.bytes_(day) for day in term.days.span(self._today))
        days = self._days[:window]
        match term.when:
            case When.BEFORE:
                return days < first
            case When.AFTER:
                return days > last
            case When.SINCE:
                return days >= first
            case When.ON:
                return (days >= first) & (days <= last)


def _parted(rows: list[tuple[str, int]]) -> dict[str, int]:
    """Return each of the words that stand together in rows, with its number of pictures."""
    parts: dict[str, int] = {}
    for words, count in rows:
        for word in words.split():
            parts[word] = parts.get(word, 0) + count
    return parts


def _by_count(counts: dict[str, int]) -> Counted:
    return tuple(sorted(counts.items(), key=lambda each: (-each[1], each[0])))
