"""What has to happen to a list of rows so that it becomes another one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_CHANGES: Final = 64
"""With more runs than this a view is told quicker to look at everything anew."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Rows that go.

    Attributes:
        first: the first of them.
        count: how many.
    """

    first: int
    count: int


@dataclass(frozen=True, slots=True, eq=False)
class Insertion:
    """Rows that come.

    Attributes:
        first: where the first of them is afterwards.
        ids: (N,) int64, what they are.
    """

    first: int
    ids: NDArray[np.int64]


RowChange = Removal | Insertion


def row_changes(before: NDArray[np.int64], after: NDArray[np.int64]) -> tuple[RowChange, ...] | None:
    """Return what makes one list of numbers into another, to be done one after the other.

    None where that is no better than to look at everything anew: too many runs, or rows that changed their order.

    Args:
        before: (N,) int64, no number twice.
        after: (M,) int64, no number twice.
    """
    # A page that becomes the whole list is the most frequent case, and needs no sorting.
    if before.size <= after.size and np.array_equal(before, after[: before.size]):
        return (Insertion(before.size, after[before.size :]),) if after.size > before.size else ()
    stays, is_old = np.isin(before, after), np.isin(after, before)
    if not np.array_equal(before[stays], after[is_old]):
        return None
    gone, new = _runs(~stays), _runs(~is_old)
    if len(gone) + len(new) > MOST_CHANGES:
        return None
    # From the end, so that the places of those before stay what they are.
    removals = tuple(Removal(first, end - first) for first, end in reversed(gone))
    return removals + tuple(Insertion(first, after[first:end]) for first, end in new)


def _runs(marked: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return first and end of each run of marked places."""
    edges = np.flatnonzero(np.diff(marked.astype(np.int8), prepend=0, append=0))
    return [(int(first), int(end)) for first, end in zip(edges[::2], edges[1::2], strict=True)]
