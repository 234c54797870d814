"""Lineage: what a picture was made of, what was made of it, and what changed on the way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout
from typing_extensions import override

from studio.bridge.lineage_tree import LineageTree, TreeEdge, TreeNode, lineage_tree
from studio.services.history_entry import Entry
from studio.ui.gallery.compare_changes import ChangesList
from studio.ui.gallery.keyed_page import KeyedPage
from studio.ui.gallery.lineage_canvas import LineageCanvas
from studio.ui.gallery.lineage_items import name_of
from studio.ui.gallery.viewer_header import PageHeader, title_of
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ROW
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QResizeEvent

    from studio.bridge.entry_pictures import EntryPictures
    from studio.bridge.lineage_layout import Key
    from studio.bridge.lineage_reader import LineageReader
    from studio.domain.errors import StudioError
    from studio.services.history_edges import Lineage

_ZOOM_STEP: Final = 1.25
_ROOM_FOR_CHANGES: Final = 800
"""A narrower page shows what changed only when asked."""


class LineageView(KeyedPage):
    """A page of its own: header, tree, and what changed on the line that is looked at.

    Attributes:
        header: above.
        canvas: the tree.
        changes: on the chosen line.

    Signals:
        closed: the user goes back.
        entry_chosen: this `Entry` shall be looked at.
        compare_wanted: the parent's `Entry`, and the child's.
    """

    closed = Signal()
    entry_chosen = Signal(Entry)
    compare_wanted = Signal(Entry, Entry)

    def __init__(self, reader: LineageReader, pictures: EntryPictures) -> None:
        """Build an empty page.

        Args:
            reader: reads for this page alone.
            pictures: small ones.
        """
        super().__init__()
        self._reader = reader
        self._lineage: Lineage | None = None
        self._tree: LineageTree | None = None
        self._opened: set[int] = set()
        self._current: Key | None = None
        self._line: TreeEdge | None = None
        self._wants_changes: bool | None = None
        self.header = PageHeader("Back (Esc)")
        self.canvas = LineageCanvas(pictures)
        self.changes = ChangesList("Before", "After")
        self._compare = IconButton(Icon.COMPARE, "Compare", "Compare both pictures of the chosen line (C)", side=ROW)
        tip = "Show or hide what changed (I)"
        self._info = IconButton(Icon.INFO, "What changed", tip, side=ROW, checked_icon=Icon.INFO)
        self.set_keys(_keys_of(self))
        self._lay_out()
        self._connect()

    @property
    def tree(self) -> LineageTree | None:
        """What is drawn; None until it is read."""
        return self._tree

    @property
    def current(self) -> Key | None:
        """The place that has the ring."""
        return self._current

    def show_entry(self, entry_id: int) -> None:
        """Go to a picture: its tree is read and drawn."""
        self._opened.clear()
        self._reader.want(entry_id)

    def show_lineage(self, lineage: Lineage) -> None:
        """Draw a lineage that was read."""
        if self._lineage is not None and self._lineage.entry_id != lineage.entry_id:
            self._opened.clear()
        self._lineage = lineage
        self._draw(lineage)
        self.canvas.fit(lineage.entry_id)
        self._mark(lineage.entry_id if lineage.nodes else None)

    def go(self, key: Key | None) -> None:
        """Go to a place: a picture's own tree is drawn, and what is left out is opened."""
        node = None if self._tree is None or key is None else self._tree.nodes.get(key)
        if node is None:
            return
        if node.beside is not None and self._lineage is not None:
            self._opened.add(node.beside)
            self._draw(self._lineage)
            self._mark(node.beside)
        elif node.entry is not None:
            self._mark(key)
            self._reader.want(node.entry.id)

    def open(self, key: Key | None) -> None:
        """Ask for a large view of a picture."""
        node = None if self._tree is None or key is None else self._tree.nodes.get(key)
        if node is not None and node.entry is not None:
            self.entry_chosen.emit(node.entry)
        elif node is not None:
            self.go(key)

    def step(self, columns: int, rows: int) -> None:
        """Move the ring: to a parent (-1 column) or a child (1), or up and down in its column."""
        if self._tree is None or self._current is None:
            return
        if columns:
            along = self._tree.children_of(self._current) if columns > 0 else self._tree.parents_of(self._current)
            height = self._tree.nodes[self._current].at[1]
            nearest = sorted(along, key=lambda key: abs(self._nodes_height(key) - height))
            self._mark(nearest[0] if nearest else self._current)
        else:
            column = self._tree.beside(self._current)
            place = column.index(self._current) + rows
            self._mark(column[min(len(column) - 1, max(0, place))])

    def compare(self) -> None:
        """Ask for a comparison of both pictures of the chosen line."""
        if self._tree is not None and self._line is not None:
            parent, child = (self._tree.nodes[key].entry for key in (self._line.parent, self._line.child))
            if parent is not None and child is not None:
                self.compare_wanted.emit(parent, child)

    def toggle_changes(self) -> None:
        """Show or hide what changed."""
        self._wants_changes = not self.changes.isVisibleTo(self)
        self._show_changes()

    def leave(self) -> None:
        """Go back."""
        self._reader.drop()
        self.closed.emit()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._show_changes()

    def _nodes_height(self, key: Key) -> float:
        return 0.0 if self._tree is None else self._tree.nodes[key].at[1]

    def _show_changes(self) -> None:
        is_shown = self.width() >= _ROOM_FOR_CHANGES if self._wants_changes is None else self._wants_changes
        self.changes.setVisible(is_shown)
        self._info.setChecked(is_shown)

    def _lay_out(self) -> None:
        self.header.add((self._compare, self._info))
        body = QHBoxLayout()
        body.setSpacing(1)
        body.addWidget(self.canvas, 1)
        body.addWidget(self.changes)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(body, 1)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self.header.left.connect(self.leave)
        self._compare.clicked.connect(self.compare)
        self._info.clicked.connect(self.toggle_changes)
        self.canvas.node_clicked.connect(self.go)
        self.canvas.node_opened.connect(self.open)
        self.canvas.edge_clicked.connect(self._choose_line)
        self._reader.came.connect(self.show_lineage)
        self._reader.failed.connect(self._on_failed)

    def _on_failed(self, error: StudioError) -> None:
        self.header.title.say(error.what, error.why)

    def _draw(self, lineage: Lineage) -> None:
        tree = self._tree = lineage_tree(lineage, self._opened)
        self.canvas.show_tree(tree)
        focus = next((entry for entry in lineage.nodes if entry.id == lineage.entry_id), None)
        title = "The picture is not in the history any more" if focus is None else title_of(focus)
        self.header.title.say(title, _counts(lineage, tree))

    def _mark(self, key: Key | None) -> None:
        self._current = key
        self.canvas.mark(key)
        lines = () if self._tree is None or key is None else self._tree.edges
        into = next((line for line in lines if line.child == key and line.edge is not None), None)
        self._choose_line(into)

    def _choose_line(self, line: TreeEdge | None) -> None:
        self._line = line
        self.canvas.choose_edge(line)
        tree = self._tree
        if line is None or line.edge is None or tree is None:
            self._compare.setEnabled(False)
            node = None if tree is None or self._current is None else tree.nodes[self._current]
            self.changes.show_changes((), *_beginning(node))
            return
        parent, child = tree.nodes[line.parent], tree.nodes[line.child]
        self._compare.setEnabled(parent.entry is not None and child.entry is not None)
        mask = "Only where a mask allowed it" if line.edge.parent.mask_sha256 else ""
        unknown = (
            "The picture before is not in the history: what changed cannot be said" if parent.entry is None else ""
        )
        same = "" if line.edge.changes or unknown else "All settings are the same"
        hint = ". ".join(filter(None, (mask, unknown, same)))
        self.changes.show_changes(line.edge.changes or (), line.edge.parent.kind.title, hint)


def _beginning(node: TreeNode | None) -> tuple[str, str]:
    """Return a heading and a hint for a picture that no line leads to."""
    if node is None:
        return " ", ""
    if node.entry is None:
        return name_of(node), ""
    said = node.entry.metadata
    if said is None:
        return "A beginning", "Its file does not say what it was made of"
    if said.image_sha256 is not None:
        return "A beginning", "It was painted from another picture, of which its file has only the hash"
    return "A beginning", "It was painted from its prompt alone"


def _counts(lineage: Lineage, tree: LineageTree) -> str:
    """Return how many pictures came before, and how many after."""
    before = sum(node.left_out or 1 for node in tree.nodes.values() if node.column < 0)
    after = sum(node.left_out or (node.entry is not None) for node in tree.nodes.values() if node.column > 0)
    focus = tree.nodes[tree.focus].entry if tree.nodes else None
    is_told = focus is not None and focus.metadata is not None and focus.metadata.image_sha256 is None
    none = "made of no other picture" if is_told else "what it was made of is not known"
    words = [
        f"made of {before:,} picture{'s' * (before != 1)}" if before else none,
        f"{after:,} made of it" if after else "nothing made of it yet",
    ]
    if not lineage.is_complete:
        words.append(f"the nearest {len(lineage.nodes):,} are known here")
    return "  \u00b7  ".join(words)


def _keys_of(view: LineageView) -> dict[Qt.Key, Callable[[], object]]:
    """Return what the keys do."""
    key = Qt.Key
    return {
        key.Key_Left: lambda: view.step(-1, 0),
        key.Key_Right: lambda: view.step(1, 0),
        key.Key_Up: lambda: view.step(0, -1),
        key.Key_Down: lambda: view.step(0, 1),
        key.Key_Space: lambda: view.go(view.current),
        key.Key_Return: lambda: view.open(view.current),
        key.Key_Enter: lambda: view.open(view.current),
        key.Key_C: view.compare,
        key.Key_I: view.toggle_changes,
        key.Key_Plus: lambda: view.canvas.zoom_by(_ZOOM_STEP),
        key.Key_Equal: lambda: view.canvas.zoom_by(_ZOOM_STEP),
        key.Key_Minus: lambda: view.canvas.zoom_by(1 / _ZOOM_STEP),
        key.Key_0: lambda: view.tree and view.canvas.fit(view.tree.focus),
        key.Key_Escape: view.leave,
    }
