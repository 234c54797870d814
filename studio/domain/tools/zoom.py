"""The zoom tool."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.tools.tool import Cursor, Group, Modifier, PointerKind, Tool

if TYPE_CHECKING:
    from studio.domain.tools.tool import Gesture, PointerEvent, ToolContext

_STEP: Final = 2.0
"""What a click enlarges by."""
_DOUBLING: Final = 120.0
"""Screen pixels of dragging that make everything twice as large."""
_A_CLICK: Final = 4.0
"""Screen pixels that a hand moves while it only clicks."""


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    is_click = True
    done = 1.0
    while (event := (yield)).kind is not PointerKind.RELEASE:
        # The pressed point stays where it is on the screen, so this is how far the pointer has gone from it there.
        way = (event.x - press.x) * event.view_zoom
        is_click = is_click and abs(way) <= _A_CLICK
        if not is_click:
            wanted = 2 ** (way / _DOUBLING)
            context.view.zoom(wanted / done, press.x, press.y)
            done = wanted
    if is_click:
        context.view.zoom(1 / _STEP if press.has(Modifier.ALT) else _STEP, press.x, press.y)


ZOOM: Final = Tool(
    id="zoom",
    title="Zoom",
    help="Click to come nearer, with Alt to go further away; drag to the right or left to do so smoothly.",
    icon="zoom-in",
    key="Z",
    group=Group.VIEW,
    run=_run,
    cursor=Cursor.ZOOM,
)
