"""Flips and quarter turns of the active layer, none of which changes a pixel's value."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import SetPixels
from studio.domain.canvas.transform import Placement, placed
from studio.domain.tools.painting import layer_to_erase
from studio.domain.tools.tool import Operation

if TYPE_CHECKING:
    from studio.domain.canvas.state import CanvasState


def _flip_across(state: CanvasState, _: float) -> SetPixels:
    return _put(state, "Flip left to right", scale_x=-1)


def _flip_over(state: CanvasState, _: float) -> SetPixels:
    return _put(state, "Flip upside down", scale_y=-1)


def _turn_right(state: CanvasState, _: float) -> SetPixels:
    return _put(state, "Turn right", angle=90)


def _turn_left(state: CanvasState, _: float) -> SetPixels:
    return _put(state, "Turn left", angle=-90)


def _put(state: CanvasState, title: str, scale_x: float = 1, scale_y: float = 1, angle: float = 0) -> SetPixels:
    layer = layer_to_erase(state)
    bounds = layer.bounds
    placement = Placement(bounds.x + bounds.width / 2, bounds.y + bounds.height / 2, scale_x, scale_y, angle)
    return SetPixels(layer.id, placed(layer.pixels, placement, is_fine=True), (0, 0), title)


LAYER_OPERATIONS: Final = (
    Operation(
        id="flip_layer_across",
        title="Flip left to right",
        help="Mirrors the active layer.",
        icon="flip-horizontal-2",
        command=_flip_across,
    ),
    Operation(
        id="flip_layer_over",
        title="Flip upside down",
        help="Turns the active layer over.",
        icon="flip-vertical-2",
        command=_flip_over,
    ),
    Operation(
        id="turn_layer_left",
        title="Turn left",
        help="Turns the active layer by 90 degrees, against the clock.",
        icon="rotate-ccw",
        command=_turn_left,
    ),
    Operation(
        id="turn_layer_right",
        title="Turn right",
        help="Turns the active layer by 90 degrees, with the clock.",
        icon="rotate-cw",
        command=_turn_right,
    ),
)
