"""The plane on which a lineage is drawn, moved and zoomed."""

from __future__ import annotations

from itertools import pairwise
from math import floor
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QFrame, QGraphicsScene, QGraphicsView
from typing_extensions import override

from studio.bridge.lineage_layout import COLUMN
from studio.ui import theme
from studio.ui.gallery.lineage_items import EdgeItem, NodeItem, WordsItem, name_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.bridge.entry_pictures import EntryPictures
    from studio.bridge.lineage_layout import Key
    from studio.bridge.lineage_tree import LineageTree, TreeEdge

WHEEL_STEP: Final = 1.15
_NOTCH: Final = 120
_LEAST: Final = 0.2
_MOST: Final = 2.0
_READABLE: Final = 0.8
"""Below this scale the words on the lines cannot be read: a larger tree is shown in part."""
_MARGIN: Final = 40.0
_BETWEEN_WORDS: Final = 4.0
_SEEN: Final = 0.5
_PUSHES: Final = 24
"""Words of a few lines that meet have parted by then; those of more still cover each other a little."""


class LineageCanvas(QGraphicsView):
    """Draws a tree. A click chooses, a double click opens what the first of both clicks hit.

    Signals:
        node_clicked: key of the place.
        node_opened: likewise.
        edge_clicked: the `TreeEdge`.
    """

    node_clicked = Signal(object)
    node_opened = Signal(object)
    edge_clicked = Signal(object)

    def __init__(self, pictures: EntryPictures) -> None:
        super().__init__()
        self._pictures = pictures
        self._nodes: dict[Key, NodeItem] = {}
        self._words: list[WordsItem] = []
        self._pressed_at: QPoint | None = None
        self._last = QPoint()
        self._is_dragging = False
        self._clicked: Key | None = None
        self.setScene(QGraphicsScene(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.NoAnchor)
        self.setResizeAnchor(QGraphicsView.ViewportAnchor.AnchorViewCenter)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(120, 120)
        self.setAccessibleName("Lineage")
        pictures.came.connect(self._on_picture)

    def show_tree(self, tree: LineageTree) -> None:
        """Draw another tree."""
        self.scene().clear()
        self._nodes, self._words = {}, []
        for line in tree.edges:
            item = EdgeItem(line, tree.nodes[line.parent], tree.nodes[line.child])
            self.scene().addItem(item)
            if line.edge is not None:
                self._words.append(WordsItem(item, line.edge))
                self.scene().addItem(self._words[-1])
        _part(self._words)
        for key, node in tree.nodes.items():
            self._nodes[key] = NodeItem(node, self._pictures, is_focus=key == tree.focus)
            self.scene().addItem(self._nodes[key])
        # Room around it, so that anything can be moved into the middle.
        area = self.scene().itemsBoundingRect()
        self.setSceneRect(area.adjusted(-4000, -4000, 4000, 4000))

    def mark(self, key: Key | None) -> None:
        """Draw a ring around one place, and bring it into sight."""
        for each, item in self._nodes.items():
            item.set_current(each == key)
        if key in self._nodes:
            self.setAccessibleDescription(name_of(self._nodes[key].node))
            area = self._nodes[key].sceneBoundingRect()
            if not self.mapToScene(self.viewport().rect()).boundingRect().contains(area):
                self.ensureVisible(area, round(_MARGIN), round(_MARGIN))

    def choose_edge(self, line: TreeEdge | None) -> None:
        """Draw one line stronger than the others, or none."""
        for words in self._words:
            words.set_chosen(words.item.line == line)

    def fit(self, focus: Key) -> None:
        """Show all of the tree, not enlarged; one that would be too small to read is centred on a place of it."""
        area = self.scene().itemsBoundingRect().adjusted(-_MARGIN, -_MARGIN, _MARGIN, _MARGIN)
        room = self.viewport().size()
        scale = min(1.0, room.width() / max(1.0, area.width()), room.height() / max(1.0, area.height()))
        self._scale_to(max(_READABLE, scale))
        if scale >= _READABLE or focus not in self._nodes:
            self.centerOn(area.center())
        else:
            self.centerOn(self._nodes[focus].pos())

    def zoom_by(self, factor: float, at: QPoint | None = None) -> None:
        """Enlarge around a point of the view, or around its middle."""
        anchor = self.viewport().rect().center() if at is None else at
        before = self.mapToScene(anchor)
        self._scale_to(self.transform().m11() * factor)
        self._move(anchor - self.mapFromScene(before))

    def place_of(self, key: Key) -> QPoint:
        """Return where the middle of a place is in the view."""
        return self.mapFromScene(self._nodes[key].pos())

    def words_of(self, parent: Key, child: Key) -> QPoint:
        """Return where the words of a line are in the view."""
        found = (one for one in self._words if (one.item.line.parent, one.item.line.child) == (parent, child))
        return self.mapFromScene(next(found).pos())

    @override
    def drawBackground(self, painter: QPainter, rect: QRectF | QRect, /) -> None:
        painter.fillRect(rect, QColor(theme.current().backdrop))

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        # Keys are the page's; the view would scroll with them.
        event.ignore()

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        pixels, notches = event.pixelDelta(), event.angleDelta().y() / _NOTCH
        is_touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
        if is_touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._move(pixels)
        else:
            self.zoom_by(WHEEL_STEP**notches, event.position().toPoint())
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._pressed_at = self._last = event.position().toPoint()
            self._is_dragging = False

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        at = event.position().toPoint()
        if self._pressed_at is None:
            super().mouseMoveEvent(event)
            return
        if (at - self._pressed_at).manhattanLength() >= QApplication.startDragDistance():
            self._is_dragging = True
        if self._is_dragging:
            self._move(at - self._last)
            self._last = at

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        was_click = self._pressed_at is not None and not self._is_dragging
        self._pressed_at = None
        if was_click and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position().toPoint())

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        # The tree may be another by now, with another picture under the pointer.
        if event.button() == Qt.MouseButton.LeftButton and self._clicked is not None:
            self.node_opened.emit(self._clicked)

    def _click(self, at: QPoint) -> None:
        self._clicked = None
        match self.itemAt(at):
            case NodeItem() as item:
                self._clicked = item.node.key
                self.node_clicked.emit(item.node.key)
            case WordsItem() as words:
                self.edge_clicked.emit(words.item.line)
            case _:
                pass

    def _move(self, by: QPoint) -> None:
        across, down = self.horizontalScrollBar(), self.verticalScrollBar()
        across.setValue(across.value() - by.x())
        down.setValue(down.value() - by.y())

    def _scale_to(self, scale: float) -> None:
        wanted = min(_MOST, max(_LEAST, scale))
        factor = wanted / self.transform().m11()
        self.scale(factor, factor)

    def _on_picture(self, entry_id: int) -> None:
        if entry_id in self._nodes:
            self._nodes[entry_id].update()


def _part(words: Sequence[WordsItem]) -> None:
    """Push words that cover each other apart, up and down by the same: lines that meet have their middles close by."""
    columns: dict[int, list[WordsItem]] = {}
    for each in words:
        columns.setdefault(floor(each.x() / COLUMN), []).append(each)
    for column in columns.values():
        column.sort(key=WordsItem.y)
        for _ in range(_PUSHES):
            covered = [(above, below, _cover(above, below)) for above, below in pairwise(column)]
            for above, below, cover in covered:
                above.moveBy(0, -max(0.0, cover) / 2)
                below.moveBy(0, max(0.0, cover) / 2)
            if all(cover <= _SEEN for _, _, cover in covered):
                break


def _cover(above: WordsItem, below: WordsItem) -> float:
    """Return by how much words reach into those below them."""
    return above.sceneBoundingRect().bottom() + _BETWEEN_WORDS - below.sceneBoundingRect().top()
