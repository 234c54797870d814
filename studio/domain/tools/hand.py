"""The hand: moves the view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.tools.tool import Cursor, Group, PointerKind, Tool

if TYPE_CHECKING:
    from studio.domain.tools.tool import Gesture, PointerEvent, ToolContext


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    while (event := (yield)).kind is not PointerKind.RELEASE:
        # Each event tells where the pointer is in the view as it lies by now, so what was pressed comes back under it.
        context.view.pan(event.x - press.x, event.y - press.y)


HAND: Final = Tool(
    id="hand",
    title="Hand",
    help="Drags the view; held Space does the same with any tool.",
    icon="hand",
    key="H",
    group=Group.VIEW,
    run=_run,
    cursor=Cursor.HAND,
)
