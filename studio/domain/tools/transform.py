"""The transform tool: scales, turns and flips the active layer."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import SetPixels
from studio.domain.canvas.transform import Placement, Transformed, corners_of, placed
from studio.domain.errors import InvalidEdit
from studio.domain.parameters import Choice, Option, Toggle
from studio.domain.tools.handles import Box, Grip, grip_at, handle_points
from studio.domain.tools.layer_operations import LAYER_OPERATIONS
from studio.domain.tools.painting import layer_to_erase
from studio.domain.tools.tool import Cursor, Group, Handles, Label, Modifier, PointerKind, Polyline, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.tools.tool import Gesture, PointerEvent, Shape, ToolContext, ToolMemory

_LIVE_PIXELS: Final = 2 * 2**20
"""A layer up to this size follows the pointer, at 40 ms each time; of a larger one the outline does."""
_REMEMBERED: Final = 64 * 2**20
"""Bytes of what layers were before they were transformed."""
_TURN: Final = 15.0
"""Degrees that Shift keeps a turn to."""


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    document, memory = context.document, context.memory
    layer = layer_to_erase(document.state)
    original, start = _origin(layer, memory)
    size = memory.bounds_of(original)
    if size.is_empty:
        raise InvalidEdit("The layer is empty", "there is nothing to transform", "Choose a layer that is painted on")
    grip = _grip(size, start, press)
    is_smooth = context.values.chosen("resampling") == "smooth"
    with document.gesture(TRANSFORM.title):
        placement = start
        while (event := (yield)).kind is not PointerKind.RELEASE:
            placement = _moved_on(size, start, grip, press, event, context.values.is_on("proportions"))
            context.show(*_shapes(size, placement), Label(event.point, _said(placement)))
            if _is_live(size, placement):
                document.apply(SetPixels(layer.id, placed(original, placement, is_fine=False, source=size)))
        placement = _moved_on(size, start, grip, press, event, context.values.is_on("proportions"))
        if placement == start:
            document.apply(SetPixels(layer.id, layer.pixels, layer.offset))
            return
        result = placed(original, placement, is_fine=is_smooth, source=size)
        document.apply(SetPixels(layer.id, result))
    _remember(memory, Transformed(layer.id, result, (0, 0), original, placement))


def _remember(memory: ToolMemory, transformed: Transformed) -> None:
    """Keep what a layer was before; the oldest go where all of them take much memory."""
    kept = memory.transformed
    kept.append(transformed)
    while len(kept) > 1 and sum(one.original.nbytes + one.result.nbytes for one in kept) > _REMEMBERED:
        kept.popleft()


def _is_live(size: Rect, placement: Placement) -> bool:
    """Tell whether a rectangle and what becomes of it are small enough to be computed at every move."""
    return size.width * size.height * max(1.0, abs(placement.scale_x * placement.scale_y)) <= _LIVE_PIXELS


def _origin(layer: Layer, memory: ToolMemory) -> tuple[Plane, Placement]:
    """Return the pixels that the layer was made of, and how they lie; the layer's own where they were painted on."""
    for known in reversed(memory.transformed):
        is_same = known.layer_id == layer.id and known.result.equals(layer.pixels)
        if is_same:
            dx, dy = layer.offset[0] - known.offset[0], layer.offset[1] - known.offset[1]
            return known.original, replace(known.placement, x=known.placement.x + dx, y=known.placement.y + dy)
    bounds = memory.bounds_of(layer.pixels).moved(*layer.offset)
    return layer.pixels, Placement(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2)


def _grip(size: Rect, placement: Placement, event: PointerEvent) -> Grip | None:
    """Return what a press takes; None, outside the box, turns it."""
    return grip_at(_box(size, placement), *placement.turned_back(*event.point), event.view_zoom)


def _box(size: Rect, placement: Placement) -> Box:
    """Return the placed rectangle from its middle, along its own sides."""
    x, y = abs(placement.scale_x) * size.width / 2, abs(placement.scale_y) * size.height / 2
    return Box(-x, -y, x, y)


def _moved_on(
    size: Rect, start: Placement, grip: Grip | None, press: PointerEvent, event: PointerEvent, keeps_shape: bool
) -> Placement:
    if event.point == press.point:
        return start
    if grip is None:
        return _turned(start, press, event)
    if grip.is_middle:
        return replace(start, x=start.x + round(event.x - press.x), y=start.y + round(event.y - press.y))
    return _scaled(size, start, grip, press, event, keeps_shape != event.has(Modifier.SHIFT))


def _turned(start: Placement, press: PointerEvent, event: PointerEvent) -> Placement:
    before = math.atan2(press.y - start.y, press.x - start.x)
    now = math.atan2(event.y - start.y, event.x - start.x)
    angle = start.angle + math.degrees(now - before)
    if event.has(Modifier.SHIFT):
        angle = round(angle / _TURN) * _TURN
    return replace(start, angle=(angle + 180) % 360 - 180)


def _scaled(
    size: Rect, start: Placement, grip: Grip, press: PointerEvent, event: PointerEvent, keeps_shape: bool
) -> Placement:
    """Drag a handle; the opposite side stays where it is, or with Alt the middle."""
    box = _box(size, start)
    (x, y), (x0, y0) = start.turned_back(*event.point), start.turned_back(*press.point)
    middle_stays = event.has(Modifier.ALT)
    # From what stays to the handle, before and after.
    reach_x = grip.x * box.right * (1 if middle_stays else 2)
    reach_y = grip.y * box.bottom * (1 if middle_stays else 2)
    factor_x = 1 + (x - x0) / reach_x if grip.x else 1.0
    factor_y = 1 + (y - y0) / reach_y if grip.y else 1.0
    if keeps_shape and grip.x and grip.y:
        # The nearest point on the diagonal.
        along = (factor_x * reach_x**2 + factor_y * reach_y**2) / (reach_x**2 + reach_y**2)
        factor_x = factor_y = along
    factor_x, factor_y = _not_nothing(factor_x, box.right * 2), _not_nothing(factor_y, box.bottom * 2)
    moved_x = 0.0 if middle_stays else reach_x * (factor_x - 1) / 2
    moved_y = 0.0 if middle_stays else reach_y * (factor_y - 1) / 2
    turn = math.radians(start.angle)
    return Placement(
        x=start.x + moved_x * math.cos(turn) - moved_y * math.sin(turn),
        y=start.y + moved_x * math.sin(turn) + moved_y * math.cos(turn),
        scale_x=start.scale_x * factor_x,
        scale_y=start.scale_y * factor_y,
        angle=start.angle,
    )


def _not_nothing(factor: float, length: float) -> float:
    """Return a factor that leaves a pixel at least."""
    least = 1 / max(length, 1.0)
    return math.copysign(max(abs(factor), least), factor)


def _said(placement: Placement) -> str:
    scale_x, scale_y = abs(placement.scale_x), abs(placement.scale_y)
    scale = f"{scale_x:.0%}" if abs(scale_x - scale_y) < 0.005 else f"{scale_x:.0%} \u00d7 {scale_y:.0%}"
    return f"{scale}, {placement.angle:.1f}\u00b0"


def _shapes(size: Rect, placement: Placement) -> tuple[Shape, ...]:
    outline = corners_of(size.width, size.height, placement)
    upright = handle_points(Box(-size.width / 2, -size.height / 2, size.width / 2, size.height / 2))
    return Polyline(outline, is_closed=True), Handles(tuple(placement.out(*point) for point in upright))


def _hover(state: CanvasState, memory: ToolMemory, event: PointerEvent) -> Cursor:
    found = _chosen(state, memory)
    if found is None:
        return Cursor.ARROW
    grip = _grip(*found, event)
    return Cursor.ROTATE if grip is None else _turned_cursor(grip, found[1].angle)


def _turned_cursor(grip: Grip, angle: float) -> Cursor:
    """Return the cursor that points along the way a handle of a turned box is dragged."""
    if grip.is_middle:
        return Cursor.MOVE
    ways = (Cursor.SIZE_HORIZONTAL, Cursor.SIZE_DOWN, Cursor.SIZE_VERTICAL, Cursor.SIZE_UP)
    own = math.degrees(math.atan2(grip.y, grip.x)) + angle
    return ways[round(own / 45) % 4]


def _idle(state: CanvasState, memory: ToolMemory) -> tuple[Shape, ...]:
    found = _chosen(state, memory)
    return () if found is None else _shapes(*found)


def _chosen(state: CanvasState, memory: ToolMemory) -> tuple[Rect, Placement] | None:
    """Return the size and the placement of what a press would transform."""
    layer = state.active_layer
    if layer is None or layer.locked or not layer.visible or layer.pixels.is_empty:
        return None
    original, placement = _origin(layer, memory)
    return memory.bounds_of(original), placement


TRANSFORM: Final = Tool(
    id="transform",
    title="Transform layer",
    help="Drag a side or corner to scale, outside to turn; Shift frees the shape or steps turns, Alt keeps the middle.",
    icon="scaling",
    key="Ctrl+T",
    group=Group.ARRANGE,
    run=_run,
    parameters=(
        Toggle(
            id="proportions",
            title="Keep proportions",
            default=True,
            help="Corners scale width and height alike; Shift does the opposite.",
        ),
        Choice(
            id="resampling",
            title="Pixels",
            default="smooth",
            options=(Option("smooth", "Smooth"), Option("crisp", "Crisp")),
            help="Smooth is for pictures; crisp copies the nearest pixel, as pixel art wants it.",
        ),
    ),
    operations=LAYER_OPERATIONS,
    cursor=Cursor.ARROW,
    hover=_hover,
    idle=_idle,
)
