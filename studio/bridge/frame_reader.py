"""What the generation frame holds, and so what Generate would do with it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.canvas.composite import flatten
from studio.domain.framing import Coverage, Frame, FrameKind, coverage_of, kind_of, possible_kinds

if TYPE_CHECKING:
    from studio.bridge.background import Background
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.domain.canvas.state import CanvasState
    from studio.domain.errors import StudioError

READ_INTERVAL_MS: Final = 200
"""The frame is read at most this often: one of 1024 pixels that four layers fill in part takes 45 ms of a core."""


@dataclass(frozen=True, slots=True)
class FrameAsk:
    """What Generate does.

    Attributes:
        found: what the frame's content asks for.
        possible: what can be made of it.
        forced: what the user wants instead; None leaves it to the content.
    """

    found: FrameKind
    possible: frozenset[FrameKind]
    forced: FrameKind | None = None

    @property
    def kind(self) -> FrameKind:
        """What is done."""
        return self.found if self.forced is None else self.forced


EMPTY_FRAME: Final = FrameAsk(FrameKind.TEXT, frozenset({FrameKind.TEXT}))


def frame_of(state: CanvasState) -> Frame:
    """Return what lies in a state's frame; takes 1 to 50 ms, on any thread."""
    mask = None if state.mask.is_empty else state.mask.read(state.frame)
    return Frame(state.frame.size, flatten(state.layers, state.frame), mask)


class FrameReader(QObject):
    """Says what Generate does, and looks again whenever the document changes in the frame.

    Looking happens on a thread of its own, from a snapshot, so that painting never waits for it; the answer is at most
    a few tenths of a second old. At the press the frame is looked at anew.

    Signals:
        ask_changed: the `FrameAsk` is another one.
    """

    ask_changed = Signal(FrameAsk)

    def __init__(self, store: CanvasStore, background: Background, parent: QObject | None = None) -> None:
        """Read the frame of a document.

        Args:
            store: holds the document.
            background: reads.
            parent: owns this object.
        """
        super().__init__(parent)
        self._store, self._background = store, background
        self._ask = EMPTY_FRAME
        self._is_reading = self._is_stale = False
        self._timer = QTimer(self, interval=READ_INTERVAL_MS, singleShot=True)
        self._timer.timeout.connect(self._read)
        store.changed.connect(self._follow)
        store.replaced.connect(self._read)
        self._read()

    @property
    def ask(self) -> FrameAsk:
        """What Generate does, as far as is known."""
        return self._ask

    def force(self, kind: FrameKind | None) -> None:
        """Let Generate do this, whatever is in the frame; None leaves it to the content again."""
        self._set(FrameAsk(self._ask.found, self._ask.possible, kind))

    def stop(self) -> None:
        """Look no more."""
        self._timer.stop()

    def _follow(self, change: Change) -> None:
        frame = self._store.state.frame
        seen = (change.bounds.intersected(frame), change.mask.intersected(frame))
        if (change.frame or not all(area.is_empty for area in seen)) and not self._timer.isActive():
            self._timer.start()

    def _read(self) -> None:
        state = self._store.state
        if _is_surely_empty(state):
            # What is still being read is of an older state.
            self._is_stale = self._is_reading
            self._set_found(EMPTY_FRAME)
        elif self._is_reading:
            self._is_stale = True
        else:
            self._is_reading = True
            self._background.run(partial(_asked, state), self._take, self._give_up)

    def _take(self, ask: FrameAsk) -> None:
        self._is_reading = False
        if self._is_stale:
            self._is_stale = False
            self._read()
        else:
            self._set_found(ask)

    def _give_up(self, _error: StudioError) -> None:
        # Generate looks anew, and says what is wrong.
        self._is_reading = False

    def _set_found(self, ask: FrameAsk) -> None:
        forced = self._ask.forced
        self._set(FrameAsk(ask.found, ask.possible, forced if forced in ask.possible else None))

    def _set(self, ask: FrameAsk) -> None:
        if ask != self._ask:
            self._ask = ask
            self.ask_changed.emit(ask)


def _is_surely_empty(state: CanvasState) -> bool:
    """Whether no tile of any visible layer, nor of the mask, reaches into the frame: known without a look at pixels."""
    planes = [layer.reach for layer in state.layers if layer.visible and layer.opacity > 0]
    return all(reach.intersected(state.frame).is_empty for reach in (*planes, state.mask.tile_bounds))


def _asked(state: CanvasState) -> FrameAsk:
    coverage = _coverage(state)
    has_mask = bool(state.mask.read(state.frame).any())
    return FrameAsk(kind_of(coverage, has_mask), possible_kinds(coverage, has_mask))


def _coverage(state: CanvasState) -> Coverage:
    """Return how much of the frame is painted on, in 2 ms where one layer fills it, as a picture does."""
    for layer in state.layers:
        # No blend mode makes anything less opaque than what lies below.
        is_solid = layer.visible and layer.opacity == 1 and layer.reach.covers(state.frame)
        if is_solid and coverage_of(layer.read(state.frame)[..., 3]) is Coverage.ALL:
            return Coverage.ALL
    return frame_of(state).coverage
