"""The one canvas document of the window: every edit goes in here, and what it changed comes out as a signal."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.canvas.change import Change
from studio.domain.canvas.document import CanvasDocument
from studio.domain.canvas.undo import GIB
from studio.domain.errors import InvalidEdit, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from studio.domain.canvas.commands import Command
    from studio.domain.canvas.proposal import Proposal
    from studio.domain.canvas.state import CanvasState
    from studio.domain.tools.tool import Operation

_TIDY_AFTER_MS: Final = 400
"""Rest after the latest edit before undo is brought into less memory: never in the middle of a stroke."""
_TIDY_PAUSE_MS: Final = 15
"""Between two portions of that work, so that the window answers meanwhile."""


class CanvasStore(QObject):
    """Owns the document. Main thread only.

    Attributes:
        canvas: the document as tools see it: there a refused edit is raised and not signalled.

    Signals:
        changed: the `Change` that an edit, an undo or a redo made; the state is in place.
        replacing: another document is about to be opened: whoever works on this one lets go.
        replaced: another document is there; nothing of the one before holds any more.
        titles_changed: there is something else to undo or redo, or nothing.
        refused: the `StudioError` of an edit that the document refused; it is as it was.
    """

    changed = Signal(Change)
    replacing = Signal()
    replaced = Signal()
    titles_changed = Signal()
    refused = Signal(StudioError)

    def __init__(self, state: CanvasState | None = None, undo_bytes: int = GIB, parent: QObject | None = None) -> None:
        """Begin with a document.

        Args:
            state: what it holds; None: nothing.
            undo_bytes: memory that undo may take.
            parent: owns this object.
        """
        super().__init__(parent)
        self._document = CanvasDocument(state, undo_bytes)
        self._document.changed = self._on_changed
        self._titles = self._titles_now()
        self._is_replacing = False
        self._waiting: list[Command] = []
        self._tidying = QTimer(self, singleShot=True)
        self._tidying.timeout.connect(self._tidy)
        self.canvas: Final = ToolCanvas(self._document, self._settle)

    @property
    def state(self) -> CanvasState:
        """What the document holds now: a snapshot, which later edits do not touch."""
        return self._document.state

    @property
    def revision(self) -> int:
        """A number that grows with every change of what a file would hold."""
        return self._document.revision

    @property
    def undo_title(self) -> str | None:
        """What would be undone; None where there is nothing."""
        return self._document.undo_title

    @property
    def redo_title(self) -> str | None:
        """What would be done again; None where there is nothing."""
        return self._document.redo_title

    @property
    def undo_bytes(self) -> int:
        """Memory that undo takes now."""
        return self._document.undo_bytes

    @property
    def is_in_gesture(self) -> bool:
        """Whether a tool is at work on the document."""
        return self._document.is_in_gesture

    def apply(self, command: Command) -> Change | None:
        """Do an edit; None where the document refused it, which `refused` says in words."""
        try:
            change = self._document.apply(command)
        except InvalidEdit as error:
            self.refused.emit(error)
            return None
        self._settle()
        return change

    def operate(self, operation: Operation, amount: float) -> None:
        """Do what a tool offers to do at once; where the document has nothing to do it with, `refused` says so."""
        try:
            command = operation.command(self.state, amount)
        except InvalidEdit as error:
            self.refused.emit(error)
        else:
            self.apply(command)

    def apply_at_rest(self, command: Command) -> None:
        """Do an edit that comes by itself, as a picture that was fetched: once no tool is at work.

        In the middle of a gesture it would be a part of that, and taken back with it.
        """
        if self.is_in_gesture:
            self._waiting.append(command)
        else:
            self.apply(command)

    def undo(self) -> Change:
        """Take the latest edit back."""
        return self._done(self._document.undo())

    def redo(self) -> Change:
        """Do again what was undone last."""
        return self._done(self._document.redo())

    def activate(self, layer_id: str) -> Change | None:
        """Paint on another layer from now on; None where it is gone, which `refused` says."""
        try:
            return self._document.activate(layer_id)
        except InvalidEdit as error:
            self.refused.emit(error)
            return None

    def stage(self, *proposals: Proposal) -> Change:
        """Let generated pictures wait for a choice; may come in the middle of a stroke."""
        return self._document.stage(*proposals)

    def replace(self, state: CanvasState) -> None:
        """Open another document; undo begins anew."""
        self.replacing.emit()
        self._is_replacing = True
        try:
            self._document.replace(state)
        finally:
            self._is_replacing = False
        self.replaced.emit()
        self._settle()

    def close(self) -> None:
        """Leave nothing running."""
        self._tidying.stop()

    def _done(self, change: Change) -> Change:
        self._settle()
        return change

    def _settle(self) -> None:
        """Do what waited, say what can be undone now, and use the rest that follows."""
        while self._waiting and not self.is_in_gesture:
            self.apply(self._waiting.pop(0))
        titles = self._titles_now()
        if titles != self._titles:
            self._titles = titles
            self.titles_changed.emit()
        if self.undo_title is not None:
            self._tidying.start(_TIDY_AFTER_MS)

    def _titles_now(self) -> tuple[str | None, str | None]:
        return self._document.undo_title, self._document.redo_title

    def _on_changed(self, change: Change) -> None:
        if not self._is_replacing:
            self.changed.emit(change)

    def _tidy(self) -> None:
        if self.is_in_gesture:
            self._tidying.start(_TIDY_AFTER_MS)
        elif self._document.tidy():
            self._tidying.start(_TIDY_PAUSE_MS)


class ToolCanvas:
    """The document for tools, `studio.domain.tools.tool.Canvas`: the gesture that is refused ends by the error."""

    def __init__(self, document: CanvasDocument, settle: Callable[[], None]) -> None:
        """Pass on to a document.

        Args:
            document: what is edited.
            settle: called when there may be something else to undo.
        """
        self._document, self._settle = document, settle

    @property
    def state(self) -> CanvasState:
        """What the document holds now."""
        return self._document.state

    def apply(self, command: Command) -> Change:
        """Do an edit.

        Raises:
            InvalidEdit: the document refuses it.
        """
        change = self._document.apply(command)
        if not self._document.is_in_gesture:
            self._settle()
        return change

    @contextmanager
    def gesture(self, title: str) -> Generator[None]:
        """Gather all edits of the block into one; an exception takes them back."""
        try:
            with self._document.gesture(title):
                yield
        finally:
            self._settle()
