"""The ellipse selection."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.outline import ellipse
from studio.domain.tools.selecting import SELECT_PARAMETERS, selecting
from studio.domain.tools.selection_operations import SELECTION_OPERATIONS
from studio.domain.tools.tool import Group, Oval, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.plane import Plane
    from studio.domain.geometry import Rect
    from studio.domain.tools.tool import Point


def _outline(points: list[Point]) -> Oval:
    return Oval(*points[0], *points[-1])


def _area(points: list[Point], limit: Rect) -> Plane:
    return ellipse(*points[0], *points[-1], limit)


ELLIPSE_SELECTION: Final = Tool(
    id="ellipse_selection",
    title="Ellipse selection",
    help="Selects an ellipse: other tools work only inside it. Shift adds, Alt subtracts.",
    icon="circle-dashed",
    key="Shift+S",
    group=Group.SELECT,
    run=selecting("Select ellipse", _outline, _area),
    parameters=SELECT_PARAMETERS,
    operations=SELECTION_OPERATIONS,
)
