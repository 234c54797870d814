"""Pictures from outside on their way into the history: many at once, in portions, and stopped at any time."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_entry import Entry
    from studio.services.picture_finding import Find

PORTION_S: Final = 0.2
"""How long a picture that was just painted waits at most, beside the one file that is being read, to be kept."""


@dataclass(frozen=True, slots=True)
class Intaken:
    """How far it is, or what came of it.

    Attributes:
        total: files that were found so far.
        new: how many of them were entered.
        known: how many were there already.
        refused: how many could not be entered.
        error: why the first of those could not; None where there is none.
        is_found: whether all files were found.
        is_stopped: whether the user did not want the rest.
    """

    total: int = 0
    new: int = 0
    known: int = 0
    refused: int = 0
    error: StudioError | None = None
    is_found: bool = False
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """Files that were looked at."""
        return self.new + self.known + self.refused


@dataclass(slots=True)
class _Work:
    """What is left to do. Touched on the disk's thread alone."""

    search: Iterator[Find | None]
    found: list[Find] = field(default_factory=list)
    next: int = 0


class HistoryIntake(QObject):
    """Takes files in on the disk's thread. Everything public is for the main thread.

    What was asked for first is done first. A portion is short, and what was painted meanwhile is kept between two.

    Signals:
        entered: entries that are new, a tuple.
        advanced: `Intaken` so far.
        ended: `Intaken` of the last `take`, once nothing is left of it.
    """

    entered = Signal(tuple)
    advanced = Signal(object)
    ended = Signal(object)

    def __init__(self, disk: Background, history: Callable[[], History], parent: QObject | None = None) -> None:
        """Stand ready.

        Args:
            disk: the thread of the history.
            history: returns it, on that thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self._disk = disk
        self._history = history
        self._waiting: list[tuple[Path, ...]] = []
        self._is_busy = self._is_stopped = False

    @property
    def is_busy(self) -> bool:
        """Whether files are being taken in."""
        return self._is_busy

    def take(self, paths: Sequence[Path]) -> None:
        """Enter files, and all pictures in folders; `ended` says what came of it."""
        self._waiting.append(tuple(paths))
        if not self._is_busy:
            self._begin()

    def stop(self) -> None:
        """Take no more in; what is in the history stays there."""
        self._waiting.clear()
        self._is_stopped = self._is_busy

    def _begin(self) -> None:
        self._is_busy, self._is_stopped = True, False
        paths = self._waiting.pop(0)
        self.advanced.emit(Intaken())
        self._disk.run(partial(_begun, paths), partial(self._go_on, Intaken()), partial(self._fail, Intaken()))

    def _go_on(self, so_far: Intaken, work: _Work) -> None:
        if so_far.is_found and (so_far.done == so_far.total or self._is_stopped):
            self._end(replace(so_far, is_stopped=self._is_stopped and so_far.done < so_far.total))
        elif self._is_stopped:
            self._end(replace(so_far, is_stopped=True))
        else:
            portion = partial(self._portion, work, so_far)
            self._disk.run(portion, partial(self._show, work), partial(self._fail, so_far))

    def _show(self, work: _Work, portion: tuple[Intaken, tuple[Entry, ...]]) -> None:
        so_far, entries = portion
        if entries:
            self.entered.emit(entries)
        self.advanced.emit(so_far)
        self._go_on(so_far, work)

    def _fail(self, so_far: Intaken, error: StudioError) -> None:
        self._end(replace(so_far, error=so_far.error or error, is_stopped=True))

    def _end(self, taken: Intaken) -> None:
        self._is_busy = False
        self.ended.emit(taken)
        # Whoever heard that may have begun the next one.
        if self._waiting and not self._is_busy:
            self._begin()

    # --- on the disk's thread

    def _portion(self, work: _Work, so_far: Intaken) -> tuple[Intaken, tuple[Entry, ...]]:
        until = time.monotonic() + PORTION_S
        if not so_far.is_found:
            return _sought(work, so_far, until), ()
        entries: list[Entry] = []
        while work.next < len(work.found) and not self._is_stopped:
            so_far = self._taken(work.found[work.next], so_far, entries)
            work.next += 1
            if time.monotonic() >= until:
                break
        return so_far, tuple(entries)

    def _taken(self, find: Find, so_far: Intaken, entries: list[Entry]) -> Intaken:
        try:
            if find.error is not None:
                raise find.error
            taken = self._history().take_in(find.path)
        except StudioError as error:
            return replace(so_far, refused=so_far.refused + 1, error=so_far.error or error)
        if not taken.is_new:
            return replace(so_far, known=so_far.known + 1)
        entries.append(taken.entry)
        return replace(so_far, new=so_far.new + 1)


def _begun(paths: tuple[Path, ...]) -> _Work:
    from studio.services.picture_finding import find_pictures  # noqa: PLC0415 - the window starts without it

    return _Work(find_pictures(paths))


def _sought(work: _Work, so_far: Intaken, until: float) -> Intaken:
    """Look for files until a time of the monotonic clock."""
    for find in work.search:
        if find is not None:
            work.found.append(find)
        if time.monotonic() >= until:
            return replace(so_far, total=len(work.found))
    return replace(so_far, total=len(work.found), is_found=True)
