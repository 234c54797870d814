"""The tree of a picture's ancestors and descendants, as it is drawn, and what its lines say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.bridge.lineage_choice import MOST, Choice
from studio.bridge.lineage_layout import Key, Point, layered

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from studio.domain.setting_changes import SettingChange
    from studio.services.history_edges import Edge, Lineage
    from studio.services.history_entry import Entry

_WORDS: Final = 3
"""Changes that a line names."""
_VALUE: Final = 14
"""Characters of a value on a line; a longer one is only said to be another."""
_SHORTER: Final = {
    "Denoising strength": "strength",
    "Guidance scale": "guidance",
    "Negative prompt": "negative prompt",
    "LoRAs": "LoRAs",
    "VAE": "VAE",
}


@dataclass(frozen=True, slots=True)
class TreeNode:
    """A place in the tree.

    Attributes:
        key: the number of an entry, the hash of the pixels of a picture that the history does not have, or a name.
        column: 0 for the picture in question, less for its ancestors, more for its descendants.
        at: its middle; the picture in question is at (0, 0).
        entry: the picture; None for one that the history does not have, and for those that are left out.
        left_out: how many pictures it stands for that are left out; 0 for a picture.
        beside: number of the entry whose parents or children these are; None for a picture.
    """

    key: Key
    column: int
    at: Point
    entry: Entry | None = None
    left_out: int = 0
    beside: int | None = None


@dataclass(frozen=True, slots=True)
class TreeEdge:
    """A line from a parent to a child.

    Attributes:
        parent: where it begins.
        child: where it ends, always further to the right.
        points: that it passes on its way, in columns between both.
        edge: what the history says of it; None for a line to what is left out.
    """

    parent: Key
    child: Key
    points: tuple[Point, ...]
    edge: Edge | None


@dataclass(frozen=True, slots=True)
class LineageTree:
    """All places and lines.

    Attributes:
        focus: number of the entry in question.
        nodes: by key; none where the history does not have that picture any more.
        edges: between them.
        is_complete: whether the history knows no more than what was read.
    """

    focus: int
    nodes: Mapping[Key, TreeNode]
    edges: tuple[TreeEdge, ...]
    is_complete: bool

    def parents_of(self, key: Key) -> list[Key]:
        """Return what a picture was made of, from top to bottom."""
        return self._from_top([edge.parent for edge in self.edges if edge.child == key])

    def children_of(self, key: Key) -> list[Key]:
        """Return what was made of it, from top to bottom."""
        return self._from_top([edge.child for edge in self.edges if edge.parent == key])

    def beside(self, key: Key) -> list[Key]:
        """Return what stands in its column, from top to bottom."""
        column = self.nodes[key].column
        return self._from_top([one for one, node in self.nodes.items() if node.column == column])

    def _from_top(self, keys: list[Key]) -> list[Key]:
        return sorted(keys, key=lambda key: self.nodes[key].at[1])


def lineage_tree(lineage: Lineage, opened: Collection[int] = (), most: int = MOST) -> LineageTree:
    """Return what to draw.

    Args:
        lineage: what the history knows.
        opened: numbers of entries whose parents and children are shown all, however many they are.
        most: pictures that are shown, the nearest ones; what is opened comes on top.
    """
    choice = Choice(lineage, opened, most)
    columns = choice.columns()
    lines = [line for line in choice.lines if columns[line.parent] < columns[line.child]]
    drawn: list[tuple[Key, Key, Edge | None]] = [(line.parent, line.child, line.edge) for line in lines]
    left_out = _left_out(choice)
    for stand_in, (_, beside, way) in left_out.items():
        columns[stand_in] = columns[beside] + way
        drawn.append((stand_in, beside, None) if way < 0 else (beside, stand_in, None))
    layout = layered(columns, [(parent, child) for parent, child, _ in drawn])
    entries: dict[Key, Entry] = {entry.id: entry for entry in lineage.nodes}
    down = layout.places[lineage.entry_id][1] if columns else 0.0
    nodes: dict[Key, TreeNode] = {}
    for key, column in columns.items():
        count, beside, _ = left_out.get(key, (0, None, 0))
        x, y = layout.places[key]
        nodes[key] = TreeNode(key, column, (x, y - down), entries.get(key), count, beside)
    edges = tuple(
        TreeEdge(parent, child, tuple((x, y - down) for x, y in points), edge)
        for (parent, child, edge), points in zip(drawn, layout.passes, strict=True)
    )
    return LineageTree(lineage.entry_id, nodes, edges, lineage.is_complete)


def _left_out(choice: Choice) -> dict[Key, tuple[int, int, int]]:
    """Return, by a name for it, what is left out: how many, beside which entry, and at its left (-1) or right (1)."""
    found: dict[Key, tuple[int, int, int]] = {}
    for key in choice.sides:
        if isinstance(key, int):
            above, below = choice.left_out(key)
            if above:
                found[f"above {key}"] = (above, key, -1)
            if below:
                found[f"below {key}"] = (below, key, 1)
    return found


def edge_words(edge: Edge) -> str:
    """Return in a few words what changed: ``seed 4 -> 9, strength 0.6``; empty where nobody knows, or nothing did."""
    changes = edge.changes or ()
    words = [_change_words(change) for change in changes[:_WORDS]]
    return ", ".join(words) + (f" +{len(changes) - _WORDS}" if len(changes) > _WORDS else "")


def _change_words(change: SettingChange) -> str:
    title = _SHORTER.get(change.title, change.title.lower())
    if len(change.before) > _VALUE or len(change.after) > _VALUE:
        return f"other {title}"
    if not change.after:
        return f"no {title}"
    return f"{title} {change.after}" if not change.before else f"{title} {change.before} \u2192 {change.after}"
