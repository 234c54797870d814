"""What lies over the picture and belongs to the window: the frame, a tool's shapes, the brush's outline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPolygonF

from studio.domain.tools.tool import Handles, Label, Oval, Polyline
from studio.ui.canvas.paper import beyond
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import CAPTION, RADIUS, SPACE

if TYPE_CHECKING:
    from studio.domain.geometry import Rect
    from studio.domain.tools.tool import Shape
    from studio.ui.canvas.viewport import Viewport
    from studio.ui.theme.tokens import Tokens

HANDLE: Final = 9.0
"""Side of a handle, in device-independent pixels."""
_DIM: Final = 26
_DIM_IN_USE: Final = 128
"""How dark the surroundings of the frame are, of 255: a little, so that colours can still be judged; more while the
frame itself is worked on."""
_DARK, _LIGHT = QColor(0, 0, 0, 170), QColor(255, 255, 255, 235)
_CHIP: Final = 5 * SPACE


def draw_frame(
    painter: QPainter, viewport: Viewport, frame: Rect, paper: Rect, tokens: Tokens, *, in_use: bool
) -> None:
    """Draw the generation frame, its size, and dim what the document shows around it.

    Args:
        painter: on the view.
        viewport: how the document lies in the view.
        frame: in document pixels.
        paper: what the document covers, likewise.
        tokens: the colours.
        in_use: whether the frame itself is worked on.
    """
    view = QRectF(QPointF(), viewport.view)
    polygon = QPolygonF(viewport.to_view.map(QPolygonF(_area(frame))))
    painter.setRenderHint(QPainter.RenderHint.Antialiasing, not viewport.is_upright)
    dark = QColor(tokens.scrim)
    dark.setAlpha(_DIM_IN_USE if in_use else _DIM)
    for strip in beyond(paper, frame):
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(dark)
        painter.drawPolygon(viewport.to_view.map(QPolygonF(_area(strip))))
    if viewport.is_upright:
        _draw_edge(painter, polygon.boundingRect())
    else:
        points = [polygon.at(index) for index in range(polygon.size())]
        _draw_path(painter, _line(points, is_closed=True))
    corner = min((polygon.at(index) for index in range(polygon.size())), key=lambda at: (round(at.y()), at.x()))
    _draw_chip(painter, f"{frame.width} \u00d7 {frame.height}", corner - QPointF(0, _CHIP + SPACE), view, tokens)


def draw_shapes(painter: QPainter, viewport: Viewport, shapes: tuple[Shape, ...], tokens: Tokens) -> None:
    """Draw what a tool shows over the canvas."""
    to_view = viewport.to_view
    view = QRectF(QPointF(), viewport.view)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for shape in shapes:
        match shape:
            case Polyline(points, is_closed):
                _draw_path(painter, _line([to_view.map(QPointF(*point)) for point in points], is_closed=is_closed))
            case Oval(left, top, right, bottom):
                path = QPainterPath()
                path.addEllipse(QRectF(QPointF(left, top), QPointF(right, bottom)))
                _draw_path(painter, to_view.map(path))
            case Handles(points):
                for point in points:
                    _draw_handle(painter, to_view.map(QPointF(*point)))
            case Label(at, text):
                corner = to_view.map(QPointF(*at)) + QPointF(3 * SPACE, 3 * SPACE)
                _draw_chip(painter, text, corner, view, tokens)
            case _:
                assert_never(shape)


def draw_brush(painter: QPainter, at: QPointF, diameter: float) -> None:
    """Draw the outline of the brush.

    Args:
        painter: on the view.
        at: its middle, in device-independent pixels.
        diameter: likewise.
    """
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, outwards in ((_DARK, 0.5), (_LIGHT, -0.5)):
        radius = max(0.5, diameter / 2 + outwards)
        painter.setPen(QPen(colour, 1))
        painter.drawEllipse(at, radius, radius)


def _draw_path(painter: QPainter, path: QPainterPath) -> None:
    """Draw a light line on a dark one, which is seen on any ground."""
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in ((_DARK, 3), (_LIGHT, 1)):
        pen = QPen(colour, width)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.strokePath(path, pen)


def _draw_handle(painter: QPainter, at: QPointF) -> None:
    square = QRectF(at.x() - HANDLE / 2, at.y() - HANDLE / 2, HANDLE, HANDLE)
    painter.setPen(QPen(_DARK, 1))
    painter.setBrush(QColor(255, 255, 255))
    painter.drawRect(square)


def _draw_chip(painter: QPainter, text: str, corner: QPointF, view: QRectF, tokens: Tokens) -> None:
    """Write a few words on a plate that stays in the view."""
    small = font(CAPTION, QFont.Weight.Medium)
    chip = QRectF(corner.x(), corner.y(), QFontMetricsF(small).horizontalAdvance(text) + 4 * SPACE, _CHIP)
    room = view.adjusted(SPACE, SPACE, -SPACE, -SPACE)
    chip.moveLeft(max(room.left(), min(chip.left(), room.right() - chip.width())))
    chip.moveTop(max(room.top(), min(chip.top(), room.bottom() - chip.height())))
    ground = QColor(tokens.scrim)
    ground.setAlpha(200)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(chip, RADIUS - 2, RADIUS - 2)
    painter.setPen(QColor(tokens.on_scrim))
    painter.setFont(small)
    painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)


def _draw_edge(painter: QPainter, area: QRectF) -> None:
    """Draw a crisp light line just around an area and a dark one around that, so that nothing in it is covered."""
    edge = QRectF(area.toRect())
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, outwards in ((_LIGHT, 0.5), (_DARK, 1.5)):
        painter.setPen(QPen(colour, 1))
        painter.drawRect(edge.adjusted(-outwards, -outwards, outwards, outwards))


def _line(points: list[QPointF], *, is_closed: bool) -> QPainterPath:
    path = QPainterPath()
    if not points:
        return path
    path.moveTo(points[0])
    for point in points[1:]:
        path.lineTo(point)
    if is_closed:
        path.closeSubpath()
    return path


def _area(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)
