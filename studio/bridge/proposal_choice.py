"""Which generated picture is seen over the layers, and what becomes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.domain.canvas.proposing import AcceptProposal, DiscardProposals, UsePicture

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.domain.canvas.proposal import Proposal


class ProposalChoice(QObject):
    """Steps through the pictures that wait in the document, and shows one of the history in passing.

    A picture in passing is no work: it covers those that wait until it is put away, or until something is painted,
    which it would hide; it is not in the document before it is accepted.

    Signals:
        looked: the user asked to see another one.
        shown_changed: another picture is seen, or none, another number of them waits, or another layer is active.
    """

    looked = Signal()
    shown_changed = Signal()

    def __init__(self, store: CanvasStore, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._chosen: str | None = None
        self._place = 0
        self._passing: Proposal | None = None
        store.changed.connect(self._follow)
        store.replaced.connect(self._begin_anew)

    @property
    def waiting(self) -> tuple[Proposal, ...]:
        """What waits for a choice, the one painted first first."""
        return self._store.state.proposals

    @property
    def index(self) -> int | None:
        """Place of the chosen one among those that wait; None where none does."""
        waiting = self.waiting
        here = (index for index, proposal in enumerate(waiting) if proposal.id == self._chosen)
        return next(here, min(self._place, len(waiting) - 1)) if waiting else None

    @property
    def shown(self) -> Proposal | None:
        """What is seen over the layers."""
        if self._passing is not None:
            return self._passing
        index = self.index
        return None if index is None else self.waiting[index]

    @property
    def is_passing(self) -> bool:
        """Whether what is seen is a picture of the history in passing."""
        return self._passing is not None

    @property
    def layer_name(self) -> str | None:
        """What the layer is called that a picture can be accepted into; None where none is active."""
        active = self._store.state.active_layer
        return None if active is None else active.name

    def choose(self, proposal: Proposal) -> None:
        """Show one of those that wait."""
        self._passing = None
        self._chosen = proposal.id
        self._place = self.index or 0
        self.shown_changed.emit()

    def step(self, by: int) -> None:
        """Show a later one of those that wait, or an earlier one for negative numbers; round at the ends."""
        index = self.index
        if index is None:
            return
        # Back from a picture in passing comes first the one that it covers.
        to = index if self.is_passing else (index + by) % len(self.waiting)
        self.choose(self.waiting[to])
        self.looked.emit()

    def look_at(self, proposal: Proposal) -> None:
        """Show a picture in passing, or the one that waits where it is the same."""
        same = (each for each in self.waiting if each.seed == proposal.seed and each.picture == proposal.picture)
        found = next(same, None)
        if found is not None:
            self.choose(found)
        else:
            self._passing = proposal
            self.shown_changed.emit()
        self.looked.emit()

    def put_away(self) -> None:
        """Let go of the picture in passing, if there is one."""
        if self._passing is not None:
            self._passing = None
            self.shown_changed.emit()

    def accept(self, *, into_layer: bool = False) -> None:
        """Put what is seen on the canvas and let go of all others that wait; undo brings them back.

        Args:
            into_layer: onto the active layer, where there is one, instead of a new one above it.
        """
        if self._passing is not None:
            if self._store.apply(UsePicture(self._passing, into_active=into_layer)):
                self.put_away()
        elif (shown := self.shown) is not None:
            self._store.apply(AcceptProposal(shown.id, into_active=into_layer))

    def discard(self) -> None:
        """Put the picture in passing away; where there is none, let go of all that wait. Undo brings these back."""
        if self._passing is not None:
            self.put_away()
        elif self.waiting:
            self._store.apply(DiscardProposals())

    def _follow(self, change: Change) -> None:
        if change.layers or not change.mask.is_empty:
            self.put_away()
        if change.proposals or change.structure:
            # Those that were let go may come back by undo: then the same one is shown again.
            self.shown_changed.emit()

    def _begin_anew(self) -> None:
        self._chosen, self._place, self._passing = None, 0, None
        self.shown_changed.emit()
