"""The fill."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.commands import Paint
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.fill import alike, connected
from studio.domain.canvas.ink import Inked
from studio.domain.canvas.mask import grown, whole_of
from studio.domain.canvas.plane import held, plane_of
from studio.domain.errors import InvalidEdit
from studio.domain.parameters import Choice, Number, Option, Toggle
from studio.domain.tools.painting import OPACITY, layer_to_paint, opaque
from studio.domain.tools.tool import Group, PointerKind, Tool

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.parameters import Values
    from studio.domain.tools.tool import Gesture, PointerEvent, ToolContext


def _run(context: ToolContext, press: PointerEvent) -> Gesture:
    document, values = context.document, context.values
    with document.gesture(FILL.title):
        layer = layer_to_paint(document)
        area = _ground(document.state)
        if not area.contains(*press.point):
            raise InvalidEdit(
                "There is nothing to fill here",
                "the point lies outside the frame, the selection and all layers",
                "Click inside one of them",
            )
        found = _found(document.state, layer, area, press, values)
        inked = Inked.on_layer(document.state, layer, opaque(context.colours.foreground))
        rect, cover = _grown(found, area, round(values.number("grow")))
        document.apply(Paint(layer.id, rect, inked.laid(rect, cover, values.share("opacity")), FILL.title))
        while (yield).kind is not PointerKind.RELEASE:
            pass


def _ground(state: CanvasState) -> Rect:
    return held(whole_of(state) if state.selection is None else state.selection.bounds)


def _found(state: CanvasState, layer: Layer, area: Rect, press: PointerEvent, values: Values) -> NDArray[np.bool_]:
    """Return what is of the pressed pixel's colour: (H, W) of the area."""
    pixels = flatten(state.layers, area) if values.chosen("sample") == "seen" else layer.read(area)
    x, y = math.floor(press.x) - area.x, math.floor(press.y) - area.y
    found = alike(pixels, x, y, round(values.number("tolerance")))
    return connected(found, x, y) if values.is_on("contiguous") else found


def _grown(found: NDArray[np.bool_], area: Rect, by: int) -> tuple[Rect, NDArray[np.float32]]:
    plane = grown(plane_of(found.astype(np.uint8) * 255, area.x, area.y), by)
    rect = plane.bounds.intersected(area)
    return rect, plane.read(rect) * np.float32(1 / 255)


FILL: Final = Tool(
    id="fill",
    title="Fill",
    help="Fills an area of like colour with the foreground colour.",
    icon="paint-bucket",
    key="G",
    group=Group.PAINT,
    run=_run,
    parameters=(
        Number(
            id="tolerance",
            title="Tolerance",
            default=24,
            minimum=0,
            maximum=255,
            help="How much a colour may differ from the clicked one, of 255; 0 takes only the very same.",
        ),
        OPACITY,
        Toggle(
            id="contiguous",
            title="Contiguous",
            default=True,
            help="Fills only what is joined to the clicked pixel; otherwise all that is of its colour.",
        ),
        Choice(
            id="sample",
            title="Colours of",
            default="seen",
            options=(Option("seen", "All layers"), Option("layer", "Active layer")),
            help="Whose colours say how far the area goes.",
        ),
        Number(
            id="grow",
            title="Grow",
            default=1,
            minimum=0,
            maximum=32,
            unit="px",
            help="Lets the area reach further, so that no pale seam stays along soft lines.",
            is_rare=True,
        ),
    ),
    is_painting=True,
)
