"""Undo and redo, bounded by bytes."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import TYPE_CHECKING, Final

from studio.domain.canvas.commands import Ground
from studio.domain.canvas.patches import LoosePatch, patched, patches_between
from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, Plane

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.domain.canvas.commands import Target
    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.patches import TilePatch
    from studio.domain.canvas.plane import Coord
    from studio.domain.canvas.proposal import Proposal
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect

GIB: Final = 1024**3


@dataclass(frozen=True, slots=True, eq=False)
class _Outline:
    """A state without its pixels.

    Attributes:
        layers: emptied.
        active: id of the active layer.
        has_selection: whether there is one.
        frame: the generation frame.
        proposals: that wait.
    """

    layers: tuple[Layer, ...]
    active: str | None
    has_selection: bool
    frame: Rect
    proposals: tuple[Proposal, ...]

    @classmethod
    def of(cls, state: CanvasState) -> _Outline:
        layers = tuple(layer.without_pixels() for layer in state.layers)
        return cls(layers, state.active, state.selection is not None, state.frame, state.proposals)


@dataclass(slots=True, eq=False)
class Step:
    """One edit that can be undone.

    Attributes:
        title: for "Undo ...".
        joins: see `studio.domain.canvas.commands.ChangeLayer`.
        before: the outline before the edit.
        after: and after it.
        patches: of every layer, mask and selection whose pixels differ.
        pictures: memory of the proposals that came or went.
        nbytes: of all of it.
    """

    title: str
    joins: str
    before: _Outline
    after: _Outline
    patches: dict[Target, dict[Coord, TilePatch]]
    pictures: int
    nbytes: int

    @classmethod
    def between(cls, before: CanvasState, after: CanvasState, title: str, joins: str = "") -> Step:
        """Return what leads from one state to another and back."""
        old, new = _planes(before), _planes(after)
        found = {
            key: patches
            for key in old.keys() | new.keys()
            if (patches := patches_between(*_pair(old.get(key), new.get(key))))
        }
        pictures = sum(proposal.nbytes for proposal in {*before.proposals} ^ {*after.proposals})
        outlines = _Outline.of(before), _Outline.of(after)
        return cls(title, joins, *outlines, found, pictures, _memory(found) + pictures)

    @property
    def is_packed(self) -> bool:
        """Whether every patch is in little memory."""
        return not any(isinstance(p, LoosePatch) for patches in self.patches.values() for p in patches.values())

    def pack(self) -> None:
        """Bring every patch into little memory."""
        for patches in self.patches.values():
            patches.update({at: patch.packed() for at, patch in patches.items()})
        self.nbytes = _memory(self.patches) + self.pictures

    def turned(self, state: CanvasState, *, back: bool) -> CanvasState:
        """Return the state with the edit undone, or done again."""
        outline, other = (self.before, self.after) if back else (self.after, self.before)
        planes = _planes(state)
        for key, patches in self.patches.items():
            empty = NO_MASK if isinstance(key, Ground) else NO_PIXELS
            planes[key] = patched(planes.get(key, empty), patches, back=back)
        layers = tuple(replace(layer, pixels=planes.get(layer.id, NO_PIXELS)) for layer in outline.layers)
        old = {layer.id: layer for layer in state.layers}
        return replace(
            state,
            # A layer that did not change stays the same object, so that nobody looks at it again.
            layers=tuple(_kept(old.get(layer.id), layer) for layer in layers),
            # The active layer and the proposals also change beside the edits; an edit that left them alone still does.
            active=_active(state, outline, other),
            mask=planes[Ground.MASK],
            selection=planes.get(Ground.SELECTION, NO_MASK) if outline.has_selection else None,
            frame=outline.frame,
            proposals=_proposals(state, outline, other),
        )


class UndoStack:
    """The edits that can be undone, the latest last, and those that can be done again.

    Attributes:
        limit: bytes that all of them may take; the oldest are dropped beyond it.
    """

    def __init__(self, limit: int = GIB) -> None:
        self.limit = limit
        self._done: deque[Step] = deque()
        self._undone: list[Step] = []

    @property
    def last(self) -> Step | None:
        """What would be undone next."""
        return self._done[-1] if self._done else None

    @property
    def next(self) -> Step | None:
        """What would be done again next."""
        return self._undone[-1] if self._undone else None

    @property
    def nbytes(self) -> int:
        """Memory of all patches, and of the pictures that only an undo brings back."""
        return sum(step.nbytes for step in (*self._done, *self._undone))

    def push(self, step: Step) -> None:
        """Add the latest edit; what could be done again cannot any more."""
        self._undone.clear()
        self._done.append(step)
        self._bound()

    def replace_last(self, step: Step) -> None:
        """Put an edit in place of the latest one, which it contains."""
        self._done.pop()
        self.push(step)

    def back(self, state: CanvasState) -> CanvasState:
        """Return the state with the latest edit undone."""
        step = self._done.pop()
        self._undone.append(step)
        return step.turned(state, back=True)

    def forth(self, state: CanvasState) -> CanvasState:
        """Return the state with the latest undone edit done again."""
        step = self._undone.pop()
        self._done.append(step)
        return step.turned(state, back=False)

    def tidy(self) -> bool:
        """Bring one edit into little memory, a few milliseconds of work; return whether there is more to do."""
        loose = self._loose()
        if loose:
            loose[-1].pack()
        return len(loose) > 1

    def clear(self) -> None:
        """Forget everything."""
        self._done.clear()
        self._undone.clear()

    def _bound(self) -> None:
        loose = self._loose() if self.nbytes > self.limit else []
        while loose and self.nbytes > self.limit:
            loose.pop().pack()
        while self.nbytes > self.limit and len(self._done) > 1:
            self._done.popleft()

    def _loose(self) -> list[Step]:
        """The edits that are not packed yet, the latest first: everything before a packed one is packed too."""
        return list(takewhile(lambda step: not step.is_packed, reversed(self._done)))


def _active(state: CanvasState, outline: _Outline, other: _Outline) -> str | None:
    """What is painted on once a state is turned into ``outline``: what was chosen since, if that layer stays."""
    is_there = any(layer.id == state.active for layer in outline.layers)
    return state.active if outline.active == other.active and is_there else outline.active


def _proposals(state: CanvasState, outline: _Outline, other: _Outline) -> tuple[Proposal, ...]:
    """What waits once a state whose proposals were those of ``other`` is turned into ``outline``."""
    if outline.proposals == other.proposals:
        return state.proposals
    # Pictures that were painted since then still wait.
    return (*outline.proposals, *(p for p in state.proposals if p not in (*other.proposals, *outline.proposals)))


def _memory(found: Mapping[Target, Mapping[Coord, TilePatch]]) -> int:
    return sum(patch.nbytes for patches in found.values() for patch in patches.values())


def _planes(state: CanvasState) -> dict[Target, Plane]:
    planes: dict[Target, Plane] = {layer.id: layer.pixels for layer in state.layers}
    planes[Ground.MASK] = state.mask
    if state.selection is not None:
        planes[Ground.SELECTION] = state.selection
    return planes


def _pair(old: Plane | None, new: Plane | None) -> tuple[Plane, Plane]:
    known = old or new
    empty = NO_MASK if known is not None and known.channels == 1 else NO_PIXELS
    return old or empty, new or empty


def _kept(old: Layer | None, new: Layer) -> Layer:
    return old if old is not None and old.pixels is new.pixels and old.is_alike(new) else new
