"""Which pictures were made of which: the edges of the index, and the tree around one picture."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from studio.domain.lineage import EdgeKind, Parent
from studio.domain.setting_changes import SettingChange, changes_between
from studio.services.history_index import marks, parts
from studio.services.history_schema import DERIVE

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import Any

    from studio.services.history_entry import Entry
    from studio.services.history_index import HistoryIndex

MOST: Final = 500
"""Pictures of one tree that are shown; a picture painted over every day has thousands of descendants."""
_CHANGES: Final = TypeAdapter(tuple[SettingChange, ...])


@dataclass(frozen=True, slots=True)
class Edge:
    """One picture was made of another.

    Attributes:
        child_id: number of the entry that was made.
        parent_id: number of the entry that it was made of; None where the history does not have that picture.
        parent: what the child's file says of it.
        changes: settings that differ between the two; None as long as the parent was never there.
    """

    child_id: int
    parent_id: int | None
    parent: Parent
    changes: tuple[SettingChange, ...] | None


@dataclass(frozen=True, slots=True)
class Lineage:
    """The ancestors and descendants of a picture.

    Attributes:
        entry_id: number of its entry.
        nodes: it, its ancestors and its descendants; by number, each once.
        edges: between these, and from these to parents that the history does not have.
        is_complete: whether all are there, or only the nearest.
    """

    entry_id: int
    nodes: tuple[Entry, ...]
    edges: tuple[Edge, ...]
    is_complete: bool


class Edges:
    """Writes and follows edges. A parent is named by its pixels, so an edge holds wherever a file is moved."""

    def __init__(self, index: HistoryIndex) -> None:
        self._index = index

    def write(self, child: Entry, parents: Iterable[Parent]) -> None:
        """Enter what a picture was made of, and what changed, in the transaction of its row; what is there stays."""
        for parent in parents:
            known = [number for number in self._ids_of(parent.sha256) if number != child.id]
            found = self._index.of_ids(known[:1])
            changes = _CHANGES.dump_json(changes_between(found[0].found, child.found)).decode() if found else None
            self._index.connection.execute(
                """
                INSERT INTO edge (child_id, parent_pixels, kind, mask, changes) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO NOTHING
                """,
                (child.id, parent.sha256, parent.kind.value, parent.mask_sha256, changes),
            )

    def derive(self, child: Entry) -> None:
        """Enter what a picture was painted from where its file names no parents, but a picture that the history has.

        Older files name none. In the transaction of its row.
        """
        metadata = child.metadata
        if metadata is None or metadata.parents or metadata.image_sha256 is None:
            return
        if any(number != child.id for number in self._ids_of(metadata.image_sha256)):
            kind = EdgeKind(metadata.task.value)
            self.write(child, [Parent(metadata.image_sha256, kind, metadata.mask_sha256)])

    def derive_all(self) -> None:
        """Likewise for all pictures, in a transaction of its own.

        Raises:
            StorageError: the index cannot be written.
        """
        with self._index.transaction():
            self._index.connection.execute(DERIVE)

    def fill_in(self, parent: Entry) -> None:
        """Say what changed on the edges that waited for this picture, in the transaction of its row."""
        waiting = "SELECT DISTINCT child_id FROM edge WHERE parent_pixels = ? AND changes IS NULL AND child_id <> ?"
        rows = self._index.rows(waiting, (parent.picture_sha256, parent.id))
        for child in self._index.of_ids(number for (number,) in rows):
            changes = _CHANGES.dump_json(changes_between(parent.found, child.found)).decode()
            self._index.connection.execute(
                "UPDATE edge SET changes = ? WHERE child_id = ? AND parent_pixels = ? AND changes IS NULL",
                (changes, child.id, parent.picture_sha256),
            )

    def of(self, entry_id: int, most: int = MOST) -> Lineage:
        """Return the tree around a picture, the nearest first; without nodes where there is no such entry.

        Args:
            entry_id: number of its entry.
            most: pictures in the tree.

        Raises:
            StorageError: the index cannot be read.
        """
        nodes = [entry.id for entry in self._index.of_ids([entry_id])]
        up, down = list(nodes), list(nodes)
        while (up or down) and len(nodes) <= most:
            up = [number for number in self._above(up) if number not in nodes]
            nodes += up
            down = [number for number in self._below(down) if number not in nodes]
            nodes += down
        kept = {entry.id: entry for entry in self._index.of_ids(nodes[:most])}
        edges = [edge for edge in self._edges(nodes[:most]) if edge.parent_id is None or edge.parent_id in kept]
        return Lineage(
            entry_id, tuple(kept.values()), tuple(_compared(edge, kept) for edge in edges), len(nodes) <= most
        )

    def _above(self, ids: Sequence[int]) -> list[int]:
        found = [edge.parent_id for edge in self._edges(ids) if edge.parent_id is not None]
        return list(dict.fromkeys(found))

    def _below(self, ids: Sequence[int]) -> list[int]:
        select = "SELECT child_id FROM edge JOIN picture ON pixels = parent_pixels WHERE picture.id IN"
        return list(dict.fromkeys(number for (number,) in self._selected(select, ids)))

    def _edges(self, ids: Sequence[int]) -> list[Edge]:
        rows = self._selected("SELECT child_id, parent_pixels, kind, mask, changes FROM edge WHERE child_id IN", ids)
        parents = {pixels: self._ids_of(pixels) for pixels in {pixels for _, pixels, *_ in rows}}
        return [
            Edge(
                child_id=child,
                parent_id=next((one for one in parents[pixels] if one != child), None),
                parent=Parent(pixels, EdgeKind(kind), mask),
                changes=_changes(changes),
            )
            for child, pixels, kind, mask, changes in rows
        ]

    def _ids_of(self, pixels: str) -> list[int]:
        """Return the numbers of two entries with these pixels: best those whose file is there, and the latest."""
        order = "ORDER BY trashed IS NOT NULL, is_missing, id DESC LIMIT 2"
        return [number for (number,) in self._index.rows(f"SELECT id FROM picture WHERE pixels = ? {order}", (pixels,))]

    def _selected(self, select: str, ids: Sequence[int]) -> list[tuple[Any, ...]]:
        return [row for part in parts(ids) for row in self._index.rows(f"{select} ({marks(part)})", part)]


def _compared(edge: Edge, nodes: Mapping[int, Entry]) -> Edge:
    """Return the edge with what changed, where the index does not say it and both pictures are there."""
    if edge.changes is not None or edge.parent_id is None:
        return edge
    return replace(edge, changes=changes_between(nodes[edge.parent_id].found, nodes[edge.child_id].found))


def _changes(text: str | None) -> tuple[SettingChange, ...] | None:
    """Return what the index says; None also where it is damaged."""
    try:
        return None if text is None else _CHANGES.validate_json(text)
    except ValidationError:
        return None
