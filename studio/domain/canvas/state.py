"""All that a canvas document holds, as one value."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from studio.domain.canvas.plane import NO_MASK, Plane
from studio.domain.errors import InvalidEdit
from studio.domain.geometry import NOWHERE, Rect

if TYPE_CHECKING:
    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.proposal import Proposal

FIRST_FRAME: Final = Rect(0, 0, 512, 512)


@dataclass(frozen=True, slots=True, eq=False)
class CanvasState:
    """The document at one moment; a new value for every change, which shares all tiles that did not.

    Attributes:
        layers: the lowest first.
        active: id of the layer that tools paint on, or None.
        mask: what is to be painted anew: 255 wholly, 0 not at all. 1 channel, in the document's coordinates.
        selection: what tools may change, likewise; None for everything.
        frame: what the model sees and where its pictures go.
        proposals: results that wait for a choice, the first one painted first.
    """

    layers: tuple[Layer, ...] = ()
    active: str | None = None
    mask: Plane = NO_MASK
    selection: Plane | None = None
    frame: Rect = FIRST_FRAME
    proposals: tuple[Proposal, ...] = ()

    @property
    def active_layer(self) -> Layer | None:
        """The layer that tools paint on."""
        return next((layer for layer in self.layers if layer.id == self.active), None)

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted or masked that could be lost."""
        return self.mask.is_empty and all(layer.pixels.is_empty for layer in self.layers)

    @property
    def bounds(self) -> Rect:
        """The smallest rectangle around what is painted on any layer."""
        area = NOWHERE
        for layer in self.layers:
            area = area.united(layer.bounds)
        return area

    def layer(self, layer_id: str) -> Layer:
        """Return a layer.

        Raises:
            InvalidEdit: there is none of that id.
        """
        return self.layers[self.index_of(layer_id)]

    def index_of(self, layer_id: str) -> int:
        """Return a layer's place, 0 for the lowest.

        Raises:
            InvalidEdit: there is none of that id.
        """
        for index, layer in enumerate(self.layers):
            if layer.id == layer_id:
                return index
        raise InvalidEdit("There is no such layer", "it was removed meanwhile", "Choose a layer in the list of layers")

    def with_layer(self, layer: Layer) -> CanvasState:
        """Return the state with the layer of the same id replaced."""
        index = self.index_of(layer.id)
        return replace(self, layers=(*self.layers[:index], layer, *self.layers[index + 1 :]))
