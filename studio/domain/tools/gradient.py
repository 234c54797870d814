"""The gradient."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import Paint
from studio.domain.canvas.gradient import linear, mixed, radial
from studio.domain.canvas.ink import laid_over
from studio.domain.canvas.mask import whole_of
from studio.domain.canvas.plane import held
from studio.domain.parameters import Choice, Option, Toggle
from studio.domain.tools.painting import OPACITY, layer_to_paint, opaque
from studio.domain.tools.tool import Group, Modifier, PointerKind, Polyline, Tool

if TYPE_CHECKING:
    from studio.domain.canvas.layer import Layer
    from studio.domain.geometry import Rect
    from studio.domain.tools.tool import Gesture, Point, PointerEvent, ToolContext

_LIVE_PIXELS: Final = 1024 * 1024
"""An area up to this is painted while the pointer moves, 30 ms each time; a larger one at the end."""


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    document = context.document
    with document.gesture(GRADIENT.title):
        layer = layer_to_paint(document)
        state = document.state
        area = held(whole_of(state) if state.selection is None else state.selection.bounds)
        is_live = area.width * area.height <= _LIVE_PIXELS
        end = press.point
        while (event := (yield)).kind is not PointerKind.RELEASE:
            end = _end(press, event)
            context.show(Polyline((press.point, end)))
            if is_live and end != press.point:
                document.apply(_painted(context, layer, area, press.point, end))
        end = _end(press, event)
        if end != press.point:
            document.apply(_painted(context, layer, area, press.point, end))


def _painted(context: ToolContext, layer: Layer, area: Rect, start: Point, end: Point) -> Paint:
    """Return the edit that lays a gradient over the layer as it was at the press."""
    values, colours = context.values, context.colours
    shares = (radial if values.chosen("shape") == "radial" else linear)(area, start, end)
    if values.is_on("reverse"):
        shares = 1 - shares
    last = opaque(colours.background) if values.chosen("to") == "background" else (0, 0, 0, 0)
    paint = mixed(shares, opaque(colours.foreground), last)
    pixels = laid_over(layer.read(area), paint, values.share("opacity"), context.document.state.selection, area)
    return Paint(layer.id, area, pixels, GRADIENT.title)


def _end(press: PointerEvent, event: PointerEvent) -> Point:
    """Return where the gradient ends; Shift turns it to the nearest eighth of a circle."""
    if not event.has(Modifier.SHIFT):
        return event.point
    dx, dy = event.x - press.x, event.y - press.y
    angle = round(math.atan2(dy, dx) / (math.pi / 4)) * math.pi / 4
    length = math.hypot(dx, dy)
    return press.x + length * math.cos(angle), press.y + length * math.sin(angle)


GRADIENT: Final = Tool(
    id="gradient",
    title="Gradient",
    help="Drag from where the foreground colour begins to where it ends; Shift keeps to eighths of a circle.",
    icon="blend",
    key="Shift+G",
    group=Group.PAINT,
    run=_run,
    parameters=(
        Choice(
            id="shape",
            title="Shape",
            default="linear",
            options=(Option("linear", "Linear"), Option("radial", "Radial")),
            help="Along the line, or around its beginning.",
        ),
        Choice(
            id="to",
            title="Into",
            default="background",
            options=(Option("background", "Background colour"), Option("transparent", "Transparency")),
            help="What the foreground colour becomes.",
        ),
        OPACITY,
        Toggle(id="reverse", title="Reverse", default=False, help="Begins with the end."),
    ),
    is_painting=True,
)
