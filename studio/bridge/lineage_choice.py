"""Which pictures of a lineage are shown: the nearest ones, a few beside each other, and in which columns."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from studio.bridge.lineage_layout import Key
    from studio.services.history_edges import Edge, Lineage

MOST_BESIDE: Final = 6
"""Children or parents of one picture that are shown at first."""
MOST: Final = 60
"""Pictures that are shown at first."""


class Side(Enum):
    """How a picture is related to the one in question."""

    ANCESTOR = "ancestor"
    FOCUS = "focus"
    DESCENDANT = "descendant"
    OTHER_PARENT = "other parent"


@dataclass(frozen=True, slots=True)
class Line:
    """A parent and its child, both shown.

    Attributes:
        parent: where the line begins.
        child: where it ends.
        edge: what the history says of it.
    """

    parent: Key
    child: Key
    edge: Edge


class Choice:
    """Chooses. Each picture is shown once, however many ways lead to it.

    Attributes:
        sides: what is shown, in the order in which it was found.
        lines: between that, without circles: pixels that came about twice can make one.
    """

    def __init__(self, lineage: Lineage, opened: Collection[int], most: int) -> None:
        """Choose from a lineage.

        Args:
            lineage: what the history knows.
            opened: numbers of entries whose parents and children are shown all, however many they are.
            most: pictures that are shown; what is opened comes on top.
        """
        self._opened, self._most = opened, most
        self._parents: dict[Key, dict[Key, Edge]] = defaultdict(dict)
        self._children: dict[Key, list[int]] = defaultdict(list)
        known = {entry.id for entry in lineage.nodes}
        for edge in lineage.edges:
            parent: Key = edge.parent.sha256 if edge.parent_id is None else edge.parent_id
            if edge.child_id in known and (edge.parent_id is None or edge.parent_id in known):
                if parent not in self._parents[edge.child_id]:
                    self._children[parent].append(edge.child_id)
                self._parents[edge.child_id].setdefault(parent, edge)
        self.sides: dict[Key, Side] = {lineage.entry_id: Side.FOCUS} if lineage.nodes else {}
        self._spread()
        self.lines = _without_circles(self._from_left(), self._lines_shown())

    def columns(self) -> dict[Key, int]:
        """Return the column of everything: 0 for the focus, by the longest way for all others."""
        order = _ordered_by_lines(self._from_left(), self.lines)
        found: dict[Key, int] = {key: 0 for key, side in self.sides.items() if side is Side.FOCUS}
        parents, children = _by(self.lines, "child"), _by(self.lines, "parent")
        for key in order:
            if self.sides[key] is Side.DESCENDANT:
                found[key] = 1 + max((found[one.parent] for one in parents[key] if one.parent in found), default=0)
        for key in reversed(order):
            if self.sides[key] is Side.ANCESTOR:
                below = (found[one.child] for one in children[key] if found.get(one.child, 1) <= 0)
                found[key] = -1 + min(below, default=0)
        for key in order:
            if self.sides[key] is Side.OTHER_PARENT:
                found[key] = -1 + min((found[one.child] for one in children[key]), default=1)
        return {key: found[key] for key in self.sides}

    def left_out(self, key: Key) -> tuple[int, int]:
        """Return how many parents and how many children of a picture are not shown on its side of the tree."""
        side = self.sides[key]
        above = side in {Side.ANCESTOR, Side.FOCUS}
        below = side in {Side.DESCENDANT, Side.FOCUS}
        parents = sum(one not in self.sides for one in self._parents[key]) if above else 0
        children = sum(one not in self.sides for one in self._children[key]) if below else 0
        return parents, children

    def _from_left(self) -> list[Key]:
        """Return what is shown, ancestors first: a circle is cut where it leads back to them."""
        ancestors = [key for key, side in self.sides.items() if side is Side.ANCESTOR]
        return [*reversed(ancestors), *(key for key in self.sides if key not in set(ancestors))]

    def _spread(self) -> None:
        """Show what is nearest first, above and below in turn."""
        up, down = list(self.sides), list(self.sides)
        while up or down:
            up = self._take(up, self._parents, Side.ANCESTOR)
            down = self._take(down, self._children, Side.DESCENDANT)
        for child in list(self.sides):
            if self.sides[child] is Side.DESCENDANT:
                strangers = [one for one in self._parents[child] if isinstance(one, str) and one not in self.sides]
                self.sides |= dict.fromkeys(strangers[:MOST_BESIDE], Side.OTHER_PARENT)

    def _take(
        self, around: Iterable[Key], joined: dict[Key, dict[Key, Edge]] | dict[Key, list[int]], side: Side
    ) -> list[Key]:
        taken: list[Key] = []
        for key in around:
            beside = list(joined[key])
            room = len(beside) if key in self._opened else min(MOST_BESIDE, self._most - len(self.sides))
            for one in beside[: max(0, room)]:
                if one not in self.sides:
                    self.sides[one] = side
                    taken.append(one)
        return taken

    def _lines_shown(self) -> list[Line]:
        return [
            Line(parent, child, edge)
            for child in self.sides
            for parent, edge in self._parents[child].items()
            if parent in self.sides
        ]


def _without_circles(keys: Sequence[Key], lines: Sequence[Line]) -> list[Line]:
    """Return the lines without those that close a circle."""
    rank = {key: place for place, key in enumerate(_ordered_by_lines(keys, lines))}
    return [line for line in lines if rank[line.parent] < rank[line.child]]


def _ordered_by_lines(keys: Sequence[Key], lines: Sequence[Line]) -> list[Key]:
    """Return the keys so that parents come before children; in a circle, the first key comes first.

    Source: Kahn, "Topological sorting of large networks", 1962.
    """
    open_parents = dict.fromkeys(keys, 0)
    for line in lines:
        open_parents[line.child] += 1
    children = _by(lines, "parent")
    order: list[Key] = []
    while open_parents:
        free = [key for key, count in open_parents.items() if count == 0] or [next(iter(open_parents))]
        for key in free:
            del open_parents[key]
            for line in children[key]:
                if line.child in open_parents:
                    open_parents[line.child] -= 1
        order += free
    return order


def _by(lines: Iterable[Line], end: str) -> dict[Key, list[Line]]:
    found: dict[Key, list[Line]] = defaultdict(list)
    for line in lines:
        found[line.parent if end == "parent" else line.child].append(line)
    return found
