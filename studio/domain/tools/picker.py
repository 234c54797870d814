"""The colour picker."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.blend import straight
from studio.domain.canvas.composite import flatten
from studio.domain.geometry import Rect
from studio.domain.parameters import Choice, Number, Option
from studio.domain.tools.tool import Cursor, Group, Modifier, PointerKind, Tool

if TYPE_CHECKING:
    from studio.domain.tools.tool import RGB, Gesture, PointerEvent, ToolContext


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    event = press
    while True:
        _pick(context, event)
        if event.kind is PointerKind.RELEASE:
            return
        event = yield


def _pick(context: ToolContext, event: PointerEvent) -> None:
    colour = _colour_at(context, event)
    if colour is None:
        return
    if event.has(Modifier.CONTROL):
        context.colours.set_background(colour)
    else:
        context.colours.set_foreground(colour)


def _colour_at(context: ToolContext, event: PointerEvent) -> RGB | None:
    """Return the mean colour around a point, weighted by alpha; None where all is clear."""
    side = round(context.values.number("area"))
    around = Rect(math.floor(event.x) - side // 2, math.floor(event.y) - side // 2, side, side)
    state = context.document.state
    layers = state.layers if context.values.chosen("sample") == "seen" else tuple(filter(None, [state.active_layer]))
    sums = flatten(layers, around).reshape(-1, 4).mean(0, keepdims=True)
    if sums[0, 3] < 0.5:
        return None
    red, green, blue, _ = straight(np.rint(sums).astype(np.uint8)[None])[0, 0].tolist()
    return red, green, blue


PICKER: Final = Tool(
    id="picker",
    title="Colour picker",
    help="Takes the foreground colour from the picture; with Control the background colour.",
    icon="pipette",
    key="I",
    group=Group.PAINT,
    run=_run,
    parameters=(
        Choice(
            id="sample",
            title="Colours of",
            default="seen",
            options=(Option("seen", "All layers"), Option("layer", "Active layer")),
            help="What is looked at.",
        ),
        Number(
            id="area",
            title="Mean of",
            default=1,
            minimum=1,
            maximum=51,
            step=2,
            unit="px",
            help="Side of the square whose mean colour is taken.",
        ),
    ),
    cursor=Cursor.PICKER,
)
