"""The frame tool: says what the model sees."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import SetFrame
from studio.domain.geometry import Rect, snap
from studio.domain.tools.handles import Box, Grip, grip_at, handle_points
from studio.domain.tools.tool import Cursor, Group, Handles, Modifier, PointerKind, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.state import CanvasState
    from studio.domain.tools.tool import Gesture, PointerEvent, Shape, ToolContext, ToolMemory

_PULL: Final = 8.0
"""Screen pixels within which the frame's edge jumps to the edge of what is painted."""
_LARGEST: Final = 16384
"""Pixels of a side: beyond what any model paints, and what memory holds."""


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    start = context.document.state.frame
    content = context.document.state.bounds
    multiple = context.view.extent_multiple
    grip = grip_at(_box(start), *press.point, press.view_zoom)
    title = _title(grip)
    with context.document.gesture(title):
        is_over = False
        while not is_over:
            event = yield
            is_over = event.kind is PointerKind.RELEASE
            frame = (
                _new(press, event, multiple, start) if grip is None else _dragged(start, grip, press, event, multiple)
            )
            if grip is not None and grip.is_middle and not event.has(Modifier.CONTROL):
                frame = _pulled(frame, content, _PULL / event.view_zoom)
            context.document.apply(SetFrame(frame, title))


def _title(grip: Grip | None) -> str:
    if grip is None:
        return "New frame"
    return "Move frame" if grip.is_middle else "Resize frame"


def _dragged(start: Rect, grip: Grip, press: PointerEvent, event: PointerEvent, multiple: int) -> Rect:
    dx, dy = event.x - press.x, event.y - press.y
    if grip.is_middle:
        return start.moved(round(dx), round(dy))
    x, width = _stretched(start.x, start.width, grip.x, dx, multiple)
    y, height = _stretched(start.y, start.height, grip.y, dy, multiple)
    return Rect(x, y, width, height)


def _stretched(low: int, length: int, side: int, by: float, multiple: int) -> tuple[int, int]:
    """Return beginning and length along one axis after one of its sides was dragged; the other stays."""
    if side == 0:
        return low, length
    new = _length(length + side * by, multiple)
    return (low if side > 0 else low + length - new), new


def _new(press: PointerEvent, event: PointerEvent, multiple: int, old: Rect) -> Rect:
    """Return the frame from the press to the pointer, or the old one as long as that would be nothing."""
    dx, dy = event.x - press.x, event.y - press.y
    if max(abs(dx), abs(dy)) < multiple / 2:
        return old
    width, height = _length(abs(dx), multiple), _length(abs(dy), multiple)
    x, y = round(press.x), round(press.y)
    return Rect(x if dx >= 0 else x - width, y if dy >= 0 else y - height, width, height)


def _length(wanted: float, multiple: int) -> int:
    return min(snap(wanted, multiple), _LARGEST // multiple * multiple)


def _pulled(frame: Rect, content: Rect, reach: float) -> Rect:
    """Return the frame with its edges on those of the content that lie near, inside or outside."""
    if content.is_empty:
        return frame
    x = _nearest(frame.x, frame.width, (content.x, content.right), reach)
    y = _nearest(frame.y, frame.height, (content.y, content.bottom), reach)
    return replace(frame, x=x, y=y)


def _nearest(low: int, length: int, edges: tuple[int, int], reach: float) -> int:
    places = [place for edge in edges for place in (edge, edge - length)]
    best = min(places, key=lambda place: abs(place - low))
    return best if abs(best - low) <= reach else low


def _hover(state: CanvasState, _: ToolMemory, event: PointerEvent) -> Cursor:
    grip = grip_at(_box(state.frame), *event.point, event.view_zoom)
    return Cursor.CROSS if grip is None else grip.cursor


def _idle(state: CanvasState, _: ToolMemory) -> tuple[Shape, ...]:
    return (Handles(handle_points(_box(state.frame))),)


def _box(frame: Rect) -> Box:
    return Box(frame.x, frame.y, frame.right, frame.bottom)


FRAME: Final = Tool(
    id="frame",
    title="Frame",
    help="Moves the frame that the model sees, or resizes it by its sides; a drag outside draws a new one.",
    icon="frame",
    key="C",
    group=Group.ARRANGE,
    run=_run,
    hover=_hover,
    idle=_idle,
)
