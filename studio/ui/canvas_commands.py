"""What the actions do to the document: undo, layers, selection, mask, pictures that wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.bridge.canvas_generation import CanvasGeneration
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.layer_edits import LayerEdits
    from studio.domain.tools.tool import Operation


@dataclass(frozen=True, eq=False)
class CanvasCommands:
    """Carries out the actions on the document.

    Attributes:
        store: the document.
        layers: edits the active layer.
        painting: its `proposals` are what waits.
    """

    store: CanvasStore
    layers: LayerEdits
    painting: CanvasGeneration

    def undo(self) -> None:
        """Take the latest edit back."""
        self.store.undo()

    def redo(self) -> None:
        """Do again what was undone last."""
        self.store.redo()

    def operate(self, operation: Operation) -> None:
        """Do something to the mask, the selection or the layer, by the usual amount where it takes one."""
        self.store.operate(operation, operation.amount.default if operation.amount is not None else 0.0)

    def layer_above(self) -> None:
        """Paint on the layer above the active one."""
        self._activate(1)

    def layer_below(self) -> None:
        """Paint on the layer below the active one."""
        self._activate(-1)

    def accept(self) -> None:
        """Put the picture that is seen on a layer of its own."""
        self.painting.proposals.accept()

    def accept_into_layer(self) -> None:
        """Put the picture that is seen onto the active layer."""
        self.painting.proposals.accept(into_layer=True)

    def discard(self) -> None:
        """Let go of the pictures that wait."""
        self.painting.proposals.discard()

    def more_like_this(self) -> None:
        """Paint variations of the picture that is seen."""
        self.painting.more_like_this()

    def _activate(self, by: int) -> None:
        layers, place = self.store.state.layers, self.layers.place
        if place is not None and 0 <= place + by < len(layers):
            self.store.activate(layers[place + by].id)
