"""Paints what lies over the document, and asks for no more than what has changed of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRect, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from studio.domain.tools.tool import Cursor, PointerEvent, PointerKind
from studio.ui.canvas.brush_sizing import SIZE
from studio.ui.canvas.cursors import LEAST_OUTLINE, cursor_for
from studio.ui.canvas.overlays import draw_brush, draw_frame, draw_shapes

if TYPE_CHECKING:
    from PySide6.QtGui import QCursor
    from PySide6.QtWidgets import QWidget

    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.tool_box import ToolBox
    from studio.domain.geometry import Rect
    from studio.ui.canvas.canvas_input import CanvasInput
    from studio.ui.canvas.navigation import Navigation
    from studio.ui.canvas.tool_work import ToolWork
    from studio.ui.theme.tokens import Tokens

FRAME: Final = "frame"
"""The tool that works on the frame."""


class OverlayPainter:
    """Frame, shapes of the tool, outline of the brush, and the pointer itself."""

    def __init__(
        self, store: CanvasStore, tool_box: ToolBox, work: ToolWork, hand: CanvasInput, navigation: Navigation
    ) -> None:
        """Join what is painted to where it comes from.

        Args:
            store: holds the document.
            tool_box: holds the tools.
            work: runs them, and knows their shapes.
            hand: knows where the pointer is.
            navigation: knows how the document lies in the view.
        """
        self._store, self._tool_box = store, tool_box
        self._work, self._hand, self._navigation = work, hand, navigation
        self._brush_area = QRect()

    def paint(self, painter: QPainter, paper: Rect, tokens: Tokens) -> None:
        """Paint all of it but the brush.

        Args:
            painter: on the view.
            paper: what the document covers, in its pixels.
            tokens: the colours.
        """
        viewport = self._navigation.viewport
        in_use = self._tool_box.tool.id == FRAME
        draw_frame(painter, viewport, self._store.state.frame, paper, tokens, in_use=in_use)
        draw_shapes(painter, viewport, self._work.shapes, tokens)

    def paint_brush(self, painter: QPainter) -> None:
        """Paint the outline of the brush, where there is one."""
        at = self._hand.brush_at
        if at is not None and self._diameter() >= LEAST_OUTLINE and self._cursor() is Cursor.BRUSH:
            draw_brush(painter, at, self._diameter())

    def follow_pointer(self, widget: QWidget) -> None:
        """Let the pointer look as it should, and paint the outline of the brush where it is now."""
        cursor = self.cursor(widget.devicePixelRatioF())
        if cursor.shape() != widget.cursor().shape() or not cursor.pixmap().isNull():
            widget.setCursor(cursor)
        area = self._area_of_brush()
        for stale in (self._brush_area, area):
            if not stale.isEmpty():
                widget.update(stale)
        self._brush_area = area

    def cursor(self, scale: float) -> QCursor:
        """Return the pointer, for a screen of so many pixels for one device-independent pixel."""
        return cursor_for(self._cursor(), scale, is_pressed=self._hand.is_busy, brush=self._diameter())

    def _cursor(self) -> Cursor:
        at = self._hand.pointer
        if self._hand.is_moving_view:
            return Cursor.HAND
        if at is None or self._hand.is_busy:
            return self._tool_box.tool.cursor
        viewport = self._navigation.viewport
        point = viewport.document_point(at)
        zoom = viewport.shown_zoom / viewport.scale
        return self._work.cursor_at(PointerEvent(PointerKind.MOVE, point.x(), point.y(), view_zoom=zoom))

    def _diameter(self) -> float:
        values, viewport = self._tool_box.values, self._navigation.viewport
        return values.number(SIZE) * viewport.shown_zoom / viewport.scale if SIZE in values.by_id else 0.0

    def _area_of_brush(self) -> QRect:
        at, radius = self._hand.brush_at, self._diameter() / 2 + 3
        if at is None or self._cursor() is not Cursor.BRUSH:
            return QRect()
        return QRectF(at - QPointF(radius, radius), at + QPointF(radius, radius)).toAlignedRect()


def draw_focus(painter: QPainter, area: QRect, tokens: Tokens) -> None:
    """Show that the keyboard is here."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
    painter.setPen(QPen(QColor(tokens.focus), 1))
    painter.setBrush(QColor(0, 0, 0, 0))
    painter.drawRect(area.adjusted(0, 0, -1, -1))
