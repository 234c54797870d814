"""The move tool: moves the active layer."""

from __future__ import annotations

from typing import Final

from studio.domain.canvas.commands import ChangeLayer
from studio.domain.tools.painting import layer_to_erase
from studio.domain.tools.tool import Cursor, Gesture, Group, Modifier, PointerEvent, PointerKind, Tool, ToolContext


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    with context.document.gesture(MOVE.title):
        layer = layer_to_erase(context.document.state)
        is_over = False
        while not is_over:
            event = yield
            is_over = event.kind is PointerKind.RELEASE
            dx, dy = _way(press, event)
            offset = layer.offset[0] + dx, layer.offset[1] + dy
            context.document.apply(ChangeLayer(layer_id=layer.id, offset=offset, title=MOVE.title))


def _way(press: PointerEvent, event: PointerEvent) -> tuple[int, int]:
    """Return whole pixels; with Shift only along the axis that the pointer went along further."""
    dx, dy = round(event.x - press.x), round(event.y - press.y)
    if not event.has(Modifier.SHIFT):
        return dx, dy
    return (dx, 0) if abs(dx) >= abs(dy) else (0, dy)


MOVE: Final = Tool(
    id="move",
    title="Move layer",
    help="Drags the active layer; Shift keeps it level or upright.",
    icon="move",
    key="V",
    group=Group.ARRANGE,
    run=_run,
    cursor=Cursor.MOVE,
)
