"""What the tools that select an area have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import SetSelection
from studio.domain.canvas.mask import Combination, combined, feathered, whole_of
from studio.domain.canvas.plane import NO_MASK
from studio.domain.parameters import Choice, Number, Option, Scale
from studio.domain.tools.tool import Modifier, PointerKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.parameters import Parameter, Values
    from studio.domain.tools.tool import Gesture, Point, PointerEvent, Run, Shape, ToolContext

_BEYOND: Final = 1024
"""Pixels beyond the frame and all layers that can be selected: on a plane without end, everything would not fit."""
_A_CLICK: Final = 3.0
"""Screen pixels that a hand moves while it only clicks."""

SELECT_PARAMETERS: Final[tuple[Parameter, ...]] = (
    Choice(
        id="combination",
        title="Selection",
        default="replace",
        options=(
            Option("replace", "Replace"),
            Option("add", "Add"),
            Option("subtract", "Subtract"),
            Option("intersect", "Intersect"),
        ),
        help="What becomes of what was selected before; Shift adds, Alt subtracts, both intersect.",
    ),
    Number(
        id="feather",
        title="Feather",
        default=0,
        minimum=0,
        maximum=256,
        unit="px",
        help="How far the edge fades to either side.",
        scale=Scale.LINEAR,
    ),
)


def selecting(
    title: str,
    outline: Callable[[list[Point]], Shape],
    area: Callable[[list[Point], Rect], Plane],
) -> Run:
    """Return the gesture that selects an area; a mere click selects nothing, so that tools work everywhere.

    Args:
        title: of the edit.
        outline: shows the points that the pointer has been at, the press first.
        area: returns what they select, within a limit.
    """

    def run(context: ToolContext, press: PointerEvent) -> Gesture:
        how = _combination(press, context.values)
        points = [press.point]
        with context.document.gesture(title):
            is_click = True
            while (event := (yield)).kind is not PointerKind.RELEASE:
                points.append(event.point)
                is_click = is_click and _is_near(press, event)
                context.show(outline(points))
            points.append(event.point)
            state = context.document.state
            if not (is_click and _is_near(press, event)):
                outlined = feathered(area(points, _limit(state)), context.values.number("feather"))
                context.document.apply(SetSelection(combined(state, outlined, how), title))
            elif how is Combination.REPLACE:
                context.document.apply(SetSelection(None, "Deselect"))

    return run


def _combination(press: PointerEvent, values: Values) -> Combination:
    match press.has(Modifier.SHIFT), press.has(Modifier.ALT):
        case True, True:
            return Combination.INTERSECT
        case True, False:
            return Combination.ADD
        case False, True:
            return Combination.SUBTRACT
        case _:
            return Combination(values.chosen("combination"))


def _limit(state: CanvasState) -> Rect:
    return whole_of(state).united((state.selection or NO_MASK).tile_bounds).grown(_BEYOND)


def _is_near(press: PointerEvent, event: PointerEvent) -> bool:
    return max(abs(event.x - press.x), abs(event.y - press.y)) * press.view_zoom <= _A_CLICK
