"""The rectangle selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.outline import rectangle
from studio.domain.tools.selecting import SELECT_PARAMETERS, selecting
from studio.domain.tools.selection_operations import SELECTION_OPERATIONS
from studio.domain.tools.tool import Group, Polyline, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.plane import Plane
    from studio.domain.geometry import Rect
    from studio.domain.tools.tool import Point


def _outline(points: list[Point]) -> Polyline:
    (left, top), (right, bottom) = points[0], points[-1]
    return Polyline(((left, top), (right, top), (right, bottom), (left, bottom)), is_closed=True)


def _area(points: list[Point], limit: Rect) -> Plane:
    return rectangle(*points[0], *points[-1], limit)


RECTANGLE_SELECTION: Final = Tool(
    id="rectangle_selection",
    title="Rectangle selection",
    help="Selects a rectangle: other tools work only inside it. Shift adds, Alt subtracts.",
    icon="square-dashed",
    key="S",
    group=Group.SELECT,
    run=selecting("Select rectangle", _outline, _area),
    parameters=SELECT_PARAMETERS,
    operations=SELECTION_OPERATIONS,
)
