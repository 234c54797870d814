"""The canvas document: one door for every edit, one for undo."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.domain.canvas.change import Change, change_between
from studio.domain.canvas.commands import Paint
from studio.domain.canvas.proposing import StageProposals
from studio.domain.canvas.state import CanvasState
from studio.domain.canvas.undo import GIB, Step, UndoStack

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from studio.domain.canvas.commands import Command
    from studio.domain.canvas.proposal import Proposal


class CanvasDocument:
    """Holds the state, changes it by commands, and takes changes back.

    Attributes:
        changed: called with every `Change` that is not nothing, after the state is in place.
    """

    def __init__(self, state: CanvasState | None = None, undo_bytes: int = GIB) -> None:
        """Begin with a state, or an empty one.

        Args:
            state: what to begin with.
            undo_bytes: memory that undo may take; the oldest edits are forgotten beyond it.
        """
        self.changed: Callable[[Change], None] = _nobody
        self._state = CanvasState() if state is None else state
        self._undo = UndoStack(undo_bytes)
        self._gesture_start: CanvasState | None = None
        self._joinable_start: CanvasState | None = None
        self._revision = 0

    @property
    def state(self) -> CanvasState:
        """What the document holds now: a snapshot, which later edits do not touch."""
        return self._state

    @property
    def revision(self) -> int:
        """A number that grows with every change of what a file would hold."""
        return self._revision

    @property
    def undo_title(self) -> str | None:
        """What would be undone; None where there is nothing."""
        return self._undo.last.title if self._undo.last else None

    @property
    def redo_title(self) -> str | None:
        """What would be done again; None where there is nothing."""
        return self._undo.next.title if self._undo.next else None

    @property
    def undo_bytes(self) -> int:
        """Memory that undo takes now."""
        return self._undo.nbytes

    @property
    def is_in_gesture(self) -> bool:
        """Whether edits are being gathered into one."""
        return self._gesture_start is not None

    def apply(self, command: Command) -> Change:
        """Do an edit.

        Raises:
            InvalidEdit: the document refuses it, and is as it was.
        """
        before = self._state
        after = command.applied(before)
        change = self._enter(after, command)
        if change.is_nothing or self._gesture_start is not None:
            return change
        joins: str = getattr(command, "joins", "")
        last = self._undo.last
        if joins and last is not None and last.joins == joins and self._joinable_start is not None:
            self._undo.replace_last(Step.between(self._joinable_start, after, command.title, joins))
        else:
            self._joinable_start = before if joins else None
            self._undo.push(Step.between(before, after, command.title, joins))
        return change

    @contextmanager
    def gesture(self, title: str) -> Generator[None]:
        """Gather all edits of the block into one; an exception takes them back.

        Args:
            title: what the whole is called.

        Raises:
            RuntimeError: a gesture is going on already; a programming error.
        """
        if self._gesture_start is not None:
            message = "a gesture inside a gesture"
            raise RuntimeError(message)
        self._gesture_start = self._state
        try:
            yield
        except BaseException:
            self._enter(self._end_gesture())
            raise
        start = self._end_gesture()
        if not change_between(start, self._state).is_nothing:
            self._joinable_start = None
            self._undo.push(Step.between(start, self._state, title))

    def undo(self) -> Change:
        """Take the latest edit back; nothing where there is none, or in the middle of a gesture."""
        if self._undo.last is None or self._gesture_start is not None:
            return Change()
        self._joinable_start = None
        return self._enter(self._undo.back(self._state))

    def redo(self) -> Change:
        """Do again what was undone last; nothing where there is none, or in the middle of a gesture."""
        if self._undo.next is None or self._gesture_start is not None:
            return Change()
        self._joinable_start = None
        return self._enter(self._undo.forth(self._state))

    def activate(self, layer_id: str) -> Change:
        """Paint on another layer from now on. Not for undo, which is for what is seen.

        Raises:
            InvalidEdit: there is no such layer.
        """
        self._state.layer(layer_id)
        return self._enter(replace(self._state, active=layer_id))

    def stage(self, *proposals: Proposal) -> Change:
        """Let generated pictures wait for a choice. Not for undo: nobody did this with their hands.

        They may come in the middle of a stroke, and must stay when that is taken back: so where it began has them too.
        """
        staging = StageProposals(proposals)
        if self._gesture_start is not None:
            self._gesture_start = staging.applied(self._gesture_start)
        if self._joinable_start is not None:
            self._joinable_start = staging.applied(self._joinable_start)
        return self._enter(staging.applied(self._state))

    def replace(self, state: CanvasState) -> Change:
        """Hold another state, as when a file is opened; undo begins anew."""
        self._undo.clear()
        self._joinable_start = None
        return self._enter(state)

    def tidy(self) -> bool:
        """Bring undo into less memory, a few milliseconds at a time; return whether there is more to do."""
        return self._undo.tidy()

    def _end_gesture(self) -> CanvasState:
        """Return the state that the gesture began with, pictures that were staged meanwhile included."""
        start, self._gesture_start = self._gesture_start, None
        return self._state if start is None else start

    def _enter(self, after: CanvasState, command: Command | None = None) -> Change:
        reach = command.rect if isinstance(command, Paint) else None
        change = change_between(self._state, after, reach)
        self._state = after
        if change.is_content:
            self._revision += 1
        if not change.is_nothing:
            self.changed(change)
        return change


def _nobody(_: Change) -> None:
    """Nobody wants to know."""
