"""Pictures and lines of a lineage, as they are painted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsSceneHoverEvent, QStyleOptionGraphicsItem, QWidget
from typing_extensions import override

from studio.bridge.lineage_tree import edge_words
from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import CAPTION, LABEL, RADIUS, SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtGui import QImage

    from studio.bridge.entry_pictures import EntryPictures
    from studio.bridge.lineage_tree import TreeEdge, TreeNode
    from studio.services.history_edges import Edge
    from studio.ui.theme.tokens import Tokens

SIDE: Final = 128.0
"""Of the square in which a picture is fitted."""
_CAPTION: Final = 20.0
_CARD: Final = QRectF(-SIDE / 2, -SIDE / 2 - _CAPTION / 2, SIDE, SIDE + _CAPTION)
_LABEL_WIDTH: Final = 176.0
_LINE: Final = 16.0
_CORNER: Final = 5.0
_UNSET: Final = "\u2013"


class NodeItem(QGraphicsItem):
    """A picture, one that the history does not have, or a number of those that are left out.

    Attributes:
        node: which.
    """

    def __init__(self, node: TreeNode, pictures: EntryPictures, *, is_focus: bool) -> None:
        super().__init__()
        self.node = node
        self._pictures = pictures
        self._is_focus = is_focus
        self._is_current = False
        self.setPos(*node.at)
        self.setZValue(1)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor if node.entry or node.left_out else Qt.CursorShape.ArrowCursor)
        self.setToolTip(name_of(node) if node.entry is None else node.entry.prompt or node.entry.path.name)

    def set_current(self, is_current: bool) -> None:
        """Draw a ring around it, or none."""
        if is_current is not self._is_current:
            self._is_current = is_current
            self.update()

    @override
    def boundingRect(self) -> QRectF:
        return _CARD.adjusted(-5, -5, 5, 5)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        tokens = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        if self.node.left_out:
            _paint_number(painter, self.node.left_out, tokens)
        elif self.node.entry is None:
            _paint_stranger(painter, tokens)
        else:
            _paint_picture(painter, self._pictures.of(self.node.entry), tokens)
            self._paint_caption(painter, tokens)
        if self._is_current or self.isUnderMouse():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            width = 2 if self._is_current else 1
            painter.setPen(QPen(QColor(tokens.focus if self._is_current else tokens.text_quiet), width))
            painter.drawRoundedRect(_square().adjusted(-3, -3, 3, 3), _CORNER + 3, _CORNER + 3)

    def _paint_caption(self, painter: QPainter, tokens: Tokens) -> None:
        entry = self.node.entry
        assert entry is not None
        typeface = font(LABEL, QFont.Weight.Medium if self._is_focus else QFont.Weight.Normal)
        words = entry.path.name if entry.seed is None else f"Seed {entry.seed}"
        room = SIDE - 20 if entry.is_starred else SIDE
        shown = QFontMetricsF(typeface).elidedText(words, Qt.TextElideMode.ElideRight, room)
        painter.setFont(typeface)
        painter.setPen(QColor(tokens.text if self._is_focus else tokens.text_quiet))
        area = QRectF(_CARD.left(), _CARD.bottom() - _CAPTION + 4, SIDE, _CAPTION)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        if entry.is_starred:
            star = QRect(round(area.right()) - 14, round(area.top()) + 3, 14, 14)
            icons.paint(painter, Icon.STAR, star, tokens.text_quiet, is_filled=True)


class EdgeItem(QGraphicsItem):
    """A line from a parent to a child; `WordsItem` says what it stands for.

    Attributes:
        line: which.
        middle: of its last piece.
        is_strong: whether it is drawn stronger than others.
    """

    def __init__(self, line: TreeEdge, parent: TreeNode, child: TreeNode) -> None:
        super().__init__()
        self.line = line
        self.is_strong = False
        self._path, self.middle = _way(parent.at, line.points, child.at)
        self.setAcceptedMouseButtons(Qt.MouseButton.NoButton)

    def set_strong(self, is_strong: bool) -> None:
        """Draw it stronger, or as the others."""
        if is_strong is not self.is_strong:
            self.is_strong = is_strong
            self.setZValue(0.1 if is_strong else 0)
            self.update()

    @override
    def boundingRect(self) -> QRectF:
        return self._path.boundingRect().adjusted(-2, -2, 2, 2)

    @override
    def shape(self) -> QPainterPath:
        # What is clicked are the words.
        return QPainterPath()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        tokens = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        style = Qt.PenStyle.SolidLine if self.line.edge is not None else Qt.PenStyle.DotLine
        painter.setPen(QPen(QColor(tokens.text if self.is_strong else tokens.text_disabled), 1.5, style))
        painter.drawPath(self._path)


class WordsItem(QGraphicsItem):
    """What was done, and what changed, in the middle of a line; above all lines.

    Attributes:
        item: the line.
    """

    def __init__(self, item: EdgeItem, edge: Edge) -> None:
        super().__init__()
        self.item = item
        self._is_chosen = False
        self._words = [words for words in (edge.parent.kind.title, edge_words(edge)) if words]
        self._area = self._measured()
        self.setPos(item.middle)
        self.setZValue(0.5)
        self.setAcceptHoverEvents(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setToolTip(_told(edge))

    def set_chosen(self, is_chosen: bool) -> None:
        """Draw it and its line stronger, or as the others."""
        self._is_chosen = is_chosen
        self.item.set_strong(is_chosen)
        self.update()

    @override
    def boundingRect(self) -> QRectF:
        return self._area.adjusted(-1, -1, 1, 1)

    @override
    def hoverEnterEvent(self, event: QGraphicsSceneHoverEvent, /) -> None:
        self.item.set_strong(True)
        self.update()

    @override
    def hoverLeaveEvent(self, event: QGraphicsSceneHoverEvent, /) -> None:
        self.item.set_strong(self._is_chosen)
        self.update()

    @override
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        tokens = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.text if self.item.is_strong else tokens.field_pressed), 1))
        painter.setBrush(QColor(tokens.window))
        painter.drawRoundedRect(self._area, RADIUS, RADIUS)
        area = self._area.adjusted(2 * SPACE, SPACE, -2 * SPACE, -SPACE)
        for text, typeface, colour in zip(self._words, _typefaces(), (tokens.text, tokens.text_quiet), strict=False):
            painter.setFont(typeface)
            painter.setPen(QColor(colour))
            shown = QFontMetricsF(typeface).elidedText(text, Qt.TextElideMode.ElideRight, area.width())
            row = QRectF(area.left(), area.top(), area.width(), _LINE)
            painter.drawText(row, Qt.AlignmentFlag.AlignCenter, shown)
            area.setTop(area.top() + _LINE)

    def _measured(self) -> QRectF:
        metrics = [QFontMetricsF(typeface) for typeface in _typefaces()]
        widest = max(one.horizontalAdvance(text) for text, one in zip(self._words, metrics, strict=False))
        area = QRectF(0, 0, min(_LABEL_WIDTH, widest + 4 * SPACE + 1), len(self._words) * _LINE + 2 * SPACE)
        area.moveCenter(QPointF())
        return area


def name_of(node: TreeNode) -> str:
    """Return what a place in the tree is called."""
    if node.left_out:
        return f"{node.left_out} more: click to show them"
    return "A picture that is not in the history" if node.entry is None else node.entry.prompt or node.entry.path.name


def _typefaces() -> tuple[QFont, QFont]:
    return font(LABEL), font(CAPTION)


def _told(edge: Edge) -> str:
    """Return all that changed, line by line."""
    head = edge.parent.kind.title + (", into a mask" if edge.parent.mask_sha256 else "")
    changes = edge.changes or ()
    rows = (f"{one.title}: {one.before or _UNSET} \u2192 {one.after or _UNSET}" for one in changes)
    return "\n".join((head, *rows))


def _square() -> QRectF:
    return QRectF(_CARD.left(), _CARD.top(), SIDE, SIDE)


def _way(
    start: tuple[float, float], points: Sequence[tuple[float, float]], end: tuple[float, float]
) -> tuple[QPainterPath, QPointF]:
    """Return the curve of a line, and the middle of its last piece."""
    # Lines meet pictures at the middle of their squares, which is above the middle of square and caption.
    lift = _square().center().y()
    path = QPainterPath(QPointF(start[0] + SIDE / 2 + 6, start[1] + lift))
    last = path.currentPosition()
    for x, y in points:
        last = path.currentPosition()
        _bend(path, QPointF(x - SIDE / 2, y + lift))
        path.lineTo(x + SIDE / 2, y + lift)
    last = path.currentPosition()
    target = QPointF(end[0] - SIDE / 2 - 6, end[1] + lift)
    _bend(path, target)
    return path, (last + target) / 2


def _bend(path: QPainterPath, to: QPointF) -> None:
    """Lead a path on, level where it begins and where it ends."""
    at = path.currentPosition()
    half = (at.x() + to.x()) / 2
    path.cubicTo(QPointF(half, at.y()), QPointF(half, to.y()), to)


def _paint_picture(painter: QPainter, image: QImage | None, tokens: Tokens) -> None:
    square = _square()
    shape = QPainterPath()
    shape.addRoundedRect(square, _CORNER, _CORNER)
    painter.fillPath(shape, QColor(tokens.field))
    if image is None:
        return
    if image.isNull():
        icons.paint(painter, Icon.NO_PICTURE, _icon_area(square), tokens.text_disabled)
        return
    size = image.size().toSizeF().scaled(square.size(), Qt.AspectRatioMode.KeepAspectRatio)
    target = QRectF(QPointF(), size)
    target.moveCenter(square.center())
    painter.save()
    painter.setClipPath(shape, Qt.ClipOperation.IntersectClip)
    painter.drawImage(target, image)
    painter.restore()


def _paint_stranger(painter: QPainter, tokens: Tokens) -> None:
    square = _square()
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(QColor(tokens.text_disabled), 1, Qt.PenStyle.DashLine))
    painter.drawRoundedRect(square.adjusted(0.5, 0.5, -0.5, -0.5), _CORNER, _CORNER)
    icons.paint(painter, Icon.PICTURE, _icon_area(square.translated(0, -20)), tokens.text_disabled)
    painter.setFont(font(LABEL))
    painter.setPen(QColor(tokens.text_quiet))
    room = square.adjusted(3 * SPACE, SIDE / 2 - 2, -3 * SPACE, 0)
    flags = Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap
    painter.drawText(room, int(flags), "A picture that is not in the history")


def _paint_number(painter: QPainter, count: int, tokens: Tokens) -> None:
    area = QRectF(0, 0, SIDE, 36)
    area.moveCenter(_square().center())
    painter.setBrush(QColor(tokens.field))
    painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(area, 18, 18)
    painter.setFont(font(LABEL, QFont.Weight.Medium))
    painter.setPen(QColor(tokens.text))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, f"{count:,} more \u2026")


def _icon_area(around: QRectF) -> QRect:
    area = QRect(0, 0, 28, 28)
    area.moveCenter(around.center().toPoint())
    return area
