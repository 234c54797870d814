"""What can be done to the selection at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import SetMask, SetSelection
from studio.domain.canvas.mask import feathered, full, grown, inverted, shrunk, whole_of
from studio.domain.errors import InvalidEdit
from studio.domain.tools.mask_operations import BY_PIXELS
from studio.domain.tools.tool import Operation

if TYPE_CHECKING:
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.state import CanvasState


def _all(state: CanvasState, _: float) -> SetSelection:
    return SetSelection(full(whole_of(state)), "Select all")


def _none(_: CanvasState, __: float) -> SetSelection:
    return SetSelection(None, "Deselect")


def _invert(state: CanvasState, _: float) -> SetSelection:
    return _selecting(inverted(_selected(state), whole_of(state)), "Invert selection")


def _grow(state: CanvasState, by: float) -> SetSelection:
    return SetSelection(grown(_selected(state), round(by)), "Grow selection")


def _shrink(state: CanvasState, by: float) -> SetSelection:
    return _selecting(shrunk(_selected(state), round(by)), "Shrink selection")


def _feather(state: CanvasState, by: float) -> SetSelection:
    return SetSelection(feathered(_selected(state), by), "Feather selection")


def _to_mask(state: CanvasState, _: float) -> SetMask:
    return SetMask(_selected(state), "Mask from selection")


def _from_mask(state: CanvasState, _: float) -> SetSelection:
    if state.mask.is_empty:
        raise InvalidEdit("The mask is empty", "it becomes the selection", "Mark something with the mask brush")
    return SetSelection(state.mask, "Select mask")


def _selected(state: CanvasState) -> Plane:
    if state.selection is None:
        raise InvalidEdit("Nothing is selected", "this changes a selection", "Select an area first")
    return state.selection


def _selecting(selection: Plane, title: str) -> SetSelection:
    if selection.is_empty:
        raise InvalidEdit(
            "Nothing would be left of the selection", "it is too small for that", "Choose a smaller number"
        )
    return SetSelection(selection, title)


SELECTION_OPERATIONS: Final = (
    Operation(
        id="select_all",
        title="All",
        help="Selects the frame and everything that is painted.",
        icon="scan",
        command=_all,
    ),
    Operation(id="deselect", title="None", help="Lets tools work everywhere again.", icon="square-x", command=_none),
    Operation(
        id="invert_selection",
        title="Invert",
        help="Selects what is not selected, and the other way round.",
        icon="contrast",
        command=_invert,
    ),
    Operation(
        id="grow_selection",
        title="Grow",
        help="Lets the selection reach further on all sides.",
        icon="maximize-2",
        command=_grow,
        amount=BY_PIXELS,
    ),
    Operation(
        id="shrink_selection",
        title="Shrink",
        help="Takes the edge of the selection away on all sides.",
        icon="minimize-2",
        command=_shrink,
        amount=BY_PIXELS,
    ),
    Operation(
        id="feather_selection",
        title="Feather",
        help="Lets the edge of the selection fade softly.",
        icon="feather",
        command=_feather,
        amount=BY_PIXELS,
    ),
    Operation(
        id="selection_to_mask",
        title="To mask",
        help="Marks what is selected for the model to paint anew.",
        icon="highlighter",
        command=_to_mask,
    ),
    Operation(
        id="selection_from_mask",
        title="From mask",
        help="Selects what is marked.",
        icon="square-dashed",
        command=_from_mask,
    ),
)
