"""A drawing of pictures in columns, with lines that lead from left to right.

After Sugiyama, Tagawa and Toda, "Methods for Visual Understanding of Hierarchical System Structures", 1981: the order
in a column follows the mean place of what is joined to it, and lines that pass a column take part in its order. Heights
come last, as near to those of the neighbours as order and distance allow.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

Key = int | str
"""Names what is drawn."""
Point = tuple[float, float]
"""x grows to the right, y downwards."""

COLUMN: Final = 340.0
"""From the middle of one column to that of the next."""
ROW: Final = 172.0
"""From the middle of one picture to that of the next in its column, at least."""
PASSING: Final = 48.0
"""Room for a line that passes a column."""
_SWEEPS: Final = 6


@dataclass(frozen=True, slots=True)
class _Pass:
    """Where a line passes a column.

    Attributes:
        line: number of the line.
        column: that it passes.
    """

    line: int
    column: int


_Place = Key | _Pass


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is.

    Attributes:
        places: middle of each picture.
        passes: for each line, the points at which it passes columns on its way.
    """

    places: Mapping[Key, Point]
    passes: tuple[tuple[Point, ...], ...]


def layered(columns: Mapping[Key, int], lines: Sequence[tuple[Key, Key]]) -> Layout:
    """Return where to draw.

    Args:
        columns: of each picture; in the order in which they shall stand below each other as far as lines allow it.
        lines: from one picture to another one in a later column.
    """
    chains = [_chain(number, line, columns) for number, line in enumerate(lines)]
    steps = [step for chain in chains for step in pairwise(chain)]
    before, after = _joined((child, parent) for parent, child in steps), _joined(steps)
    ordered = _ordered(columns, chains, before, after)
    heights = _heights(ordered, before, after)

    def point(place: _Place) -> Point:
        column = place.column if isinstance(place, _Pass) else columns[place]
        return column * COLUMN, heights[place]

    passes = tuple(tuple(point(place) for place in chain[1:-1]) for chain in chains)
    return Layout({key: point(key) for key in columns}, passes)


def spaced(wanted: Sequence[float], gaps: Sequence[float]) -> list[float]:
    """Return heights as near to the wanted ones as possible, by least squares, in order and so far apart.

    Pooling of adjacent violators, Ayer et al., "An Empirical Distribution Function for Sampling with Incomplete
    Information", 1955, on heights less the room that is needed above them.

    Args:
        wanted: heights.
        gaps: least distance from each to the next; one less.
    """
    above = [0.0]
    for gap in gaps:
        above.append(above[-1] + gap)
    pools: list[tuple[float, int]] = []
    for height, room in zip(wanted, above, strict=True):
        total, count = height - room, 1
        while pools and pools[-1][0] / pools[-1][1] > total / count:
            earlier, more = pools.pop()
            total, count = total + earlier, count + more
        pools.append((total, count))
    flat = [total / count for total, count in pools for _ in range(count)]
    return [height + room for height, room in zip(flat, above, strict=True)]


def _chain(number: int, line: tuple[Key, Key], columns: Mapping[Key, int]) -> list[_Place]:
    """Return a line's places, from its parent by way of the columns that it passes to its child."""
    parent, child = line
    return [parent, *(_Pass(number, column) for column in range(columns[parent] + 1, columns[child])), child]


def _joined(steps: Iterable[tuple[_Place, _Place]]) -> dict[_Place, list[_Place]]:
    joined: dict[_Place, list[_Place]] = defaultdict(list)
    for first, second in steps:
        joined[first].append(second)
    return joined


def _ordered(
    columns: Mapping[Key, int],
    chains: Sequence[Sequence[_Place]],
    before: Mapping[_Place, Sequence[_Place]],
    after: Mapping[_Place, Sequence[_Place]],
) -> list[list[_Place]]:
    """Return what stands in each column from top to bottom, the columns from left to right."""
    by_column: dict[int, list[_Place]] = defaultdict(list)
    for key, column in columns.items():
        by_column[column].append(key)
    for place in (place for chain in chains for place in chain if isinstance(place, _Pass)):
        by_column[place.column].append(place)
    ordered = [by_column[column] for column in sorted(by_column)]
    for sweep in range(_SWEEPS):
        neighbours, ways = (before, ordered) if sweep % 2 == 0 else (after, ordered[::-1])
        ranks = {place: float(rank) for column in ordered for rank, place in enumerate(column)}
        for column in ways:
            means = {place: _mean([ranks[one] for one in neighbours.get(place, ())], ranks[place]) for place in column}
            column.sort(key=means.__getitem__)
            ranks |= {place: float(rank) for rank, place in enumerate(column)}
    return ordered


def _heights(
    ordered: Sequence[Sequence[_Place]],
    before: Mapping[_Place, Sequence[_Place]],
    after: Mapping[_Place, Sequence[_Place]],
) -> dict[_Place, float]:
    heights: dict[_Place, float] = {}
    for column in ordered:
        gaps = _gaps(column)
        placed = spaced([0.0] * len(column), gaps)
        heights |= dict(zip(column, placed, strict=True))
    for sweep in range(_SWEEPS):
        neighbours, ways = (before, ordered) if sweep % 2 == 0 else (after, ordered[::-1])
        for column in ways:
            wanted = [_mean([heights[one] for one in neighbours.get(place, ())], heights[place]) for place in column]
            heights |= dict(zip(column, spaced(wanted, _gaps(column)), strict=True))
    return heights


def _gaps(column: Sequence[_Place]) -> list[float]:
    room = [PASSING if isinstance(place, _Pass) else ROW for place in column]
    return [(one + other) / 2 for one, other in pairwise(room)]


def _mean(values: Sequence[float], default: float) -> float:
    return sum(values) / len(values) if values else default
