"""The lasso."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.outline import polygon
from studio.domain.tools.selecting import SELECT_PARAMETERS, selecting
from studio.domain.tools.selection_operations import SELECTION_OPERATIONS
from studio.domain.tools.tool import Group, Polyline, Tool

if TYPE_CHECKING:
    from studio.domain.tools.tool import Point


def _outline(points: list[Point]) -> Polyline:
    return Polyline(tuple(points), is_closed=True)


LASSO: Final = Tool(
    id="lasso",
    title="Lasso",
    help="Selects what you draw around: other tools work only inside it. Shift adds, Alt subtracts.",
    icon="lasso",
    key="L",
    group=Group.SELECT,
    run=selecting("Select freely", _outline, polygon),
    parameters=SELECT_PARAMETERS,
    operations=SELECTION_OPERATIONS,
)
