"""What a search of the history found: the numbers of all entries, and on which days they were made."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from numpy.typing import NDArray

    from studio.services.history_entry import Entry

Days = tuple[tuple[str, int], ...]
"""Each day, ``YYYY-MM-DD``, with the number of its pictures."""


@dataclass(frozen=True, slots=True, eq=False)
class Matches:
    """What a query found.

    Attributes:
        ids: (N,) int64, numbers of the entries, newest first.
        days: their days, in that order.
        entries: those that were read along.
        is_all: whether there are no more.
    """

    ids: NDArray[np.int64]
    days: Days
    entries: tuple[Entry, ...] = ()
    is_all: bool = True

    @classmethod
    def of_entries(cls, entries: Sequence[Entry], *, is_all: bool = True) -> Matches:
        """Return what was found where all entries were read."""
        days = tuple((day, len(list(group))) for day, group in groupby(entries, lambda entry: entry.day))
        return cls(np.array([entry.id for entry in entries], np.int64), days, tuple(entries), is_all)

    def with_first(self, entry: Entry) -> Matches:
        """Return this with a new entry before all others."""
        is_same_day = bool(self.days) and self.days[0][0] == entry.day
        before = self.days[0][1] if is_same_day else 0
        days = ((entry.day, before + 1), *self.days[is_same_day:])
        return Matches(np.insert(self.ids, 0, entry.id), days, (), self.is_all)

    def with_ids(self, ids: NDArray[np.int64]) -> Matches:
        """Return other rows with the days of these, on the way from one list to the next."""
        return Matches(ids, self.days, (), self.is_all)

    def row_of(self, entry_id: int, near: range | None = None) -> int | None:
        """Return the row of an entry, or None; where rows are given, one of them or of as many on either side."""
        start = 0 if near is None else max(0, near.start - len(near))
        stop = self.ids.size if near is None else near.stop + len(near)
        rows = np.flatnonzero(self.ids[start:stop] == entry_id)
        return int(rows[0]) + start if rows.size else None

    def rows_of(self, ids: AbstractSet[int]) -> NDArray[np.int64]:
        """Return the rows of those of these numbers that are among them, in order: (N,) int64."""
        return np.flatnonzero(np.isin(self.ids, np.fromiter(ids, np.int64, len(ids))))

    def around(self, rows: range, count: int) -> list[int]:
        """Return the numbers of these rows, then of as many behind them, then of as many before, from near to far."""
        ahead, behind = self.ids[rows.stop : rows.stop + count], self.ids[max(0, rows.start - count) : rows.start]
        return [*self.ids[rows.start : rows.stop].tolist(), *ahead.tolist(), *behind[::-1].tolist()]
