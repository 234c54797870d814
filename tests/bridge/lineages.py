"""Lineages as the history would tell them, of pictures that are nowhere."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.lineage import EdgeKind, Parent
from studio.domain.setting_changes import SettingChange
from studio.services.history_edges import Edge, Lineage
from tests.bridge.looked_at import entry_at

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.services.history_entry import Entry

NOWHERE = Path("nowhere")
CHANGES = (SettingChange("Seed", "4", "9"), SettingChange("Denoising strength", "", "0.6"))


def edge(child: int, parent: int | str, changes: tuple[SettingChange, ...] | None = CHANGES) -> Edge:
    """Return an edge; a parent that is a text is not in the history."""
    is_known = isinstance(parent, int)
    sha256 = f"{parent:064x}" if isinstance(parent, int) else parent
    made = Parent(sha256, EdgeKind.IMAGE_TO_IMAGE)
    return Edge(child, parent if isinstance(parent, int) else None, made, changes if is_known else None)


def lineage_of(focus: int, pairs: Iterable[tuple[int, int | str]], entries: dict[int, Entry] | None = None) -> Lineage:
    """Return a lineage of these children and parents."""
    edges = [edge(child, parent) for child, parent in pairs]
    numbers = {focus, *(one.child_id for one in edges), *(one.parent_id for one in edges if one.parent_id is not None)}
    nodes = (entries[number] if entries else entry_at(NOWHERE, number) for number in sorted(numbers))
    return Lineage(focus, tuple(nodes), tuple(edges), is_complete=True)
