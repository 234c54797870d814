"""What can be done to the mask at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import SetMask
from studio.domain.canvas.mask import alpha_of, feathered, grown, inverted, shrunk
from studio.domain.canvas.plane import NO_MASK
from studio.domain.errors import InvalidEdit
from studio.domain.parameters import Number
from studio.domain.tools.painting import chosen_layer
from studio.domain.tools.tool import Operation

if TYPE_CHECKING:
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState

BY_PIXELS: Final = Number(id="by", title="By", default=8, minimum=1, maximum=256, unit="px", help="By how many pixels.")


def _invert(state: CanvasState, _: float) -> SetMask:
    return SetMask(inverted(state.mask, state.frame), "Invert mask")


def _clear(_: CanvasState, __: float) -> SetMask:
    return SetMask(NO_MASK, "Clear mask")


def _grow(state: CanvasState, by: float) -> SetMask:
    return SetMask(grown(_marked(state), round(by)), "Grow mask")


def _shrink(state: CanvasState, by: float) -> SetMask:
    return SetMask(shrunk(_marked(state), round(by)), "Shrink mask")


def _feather(state: CanvasState, by: float) -> SetMask:
    return SetMask(feathered(_marked(state), by), "Feather mask")


def _from_selection(state: CanvasState, _: float) -> SetMask:
    if state.selection is None:
        raise InvalidEdit("Nothing is selected", "the selection becomes the mask", "Select an area first")
    return SetMask(state.selection, "Mask from selection")


def _from_layer(state: CanvasState, _: float) -> SetMask:
    return SetMask(alpha_of(chosen_layer(state)), "Mask from layer")


def _marked(state: CanvasState) -> Plane:
    if state.mask.is_empty:
        raise InvalidEdit("The mask is empty", "nothing has been marked yet", "Mark something with the mask brush")
    return state.mask


MASK_OPERATIONS: Final = (
    Operation(
        id="invert_mask",
        title="Invert",
        help="Marks what was not marked within the frame, and the other way round.",
        icon="contrast",
        command=_invert,
    ),
    Operation(id="clear_mask", title="Clear", help="Marks nothing any more.", icon="x", command=_clear),
    Operation(
        id="grow_mask",
        title="Grow",
        help="Lets the mask reach further on all sides.",
        icon="maximize-2",
        command=_grow,
        amount=BY_PIXELS,
    ),
    Operation(
        id="shrink_mask",
        title="Shrink",
        help="Takes the edge of the mask away on all sides.",
        icon="minimize-2",
        command=_shrink,
        amount=BY_PIXELS,
    ),
    Operation(
        id="feather_mask",
        title="Feather",
        help="Lets the edge of the mask fade softly.",
        icon="feather",
        command=_feather,
        amount=BY_PIXELS,
    ),
    Operation(
        id="mask_from_selection",
        title="From selection",
        help="Marks what is selected, in place of what was marked.",
        icon="square-dashed",
        command=_from_selection,
    ),
    Operation(
        id="mask_from_layer",
        title="From layer",
        help="Marks what is painted on the active layer, in place of what was marked.",
        icon="layers",
        command=_from_layer,
    ),
)
