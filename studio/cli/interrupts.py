"""Ctrl-C and SIGTERM while a picture is painted."""

from __future__ import annotations

import os
import signal
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType, TracebackType


@dataclass(frozen=True, slots=True)
class Interrupted:
    """Somebody wants the process to end.

    Attributes:
        signal: which signal said so.
    """

    signal: int

    @property
    def exit_code(self) -> int:
        """128 and the signal's number, as shells count: 130 for Ctrl-C."""
        return 128 + self.signal


class Interrupts:
    """Turns the first signal into a call and ends the process at the second. On the main thread, as a context."""

    def __init__(self, interrupted: Callable[[Interrupted], object]) -> None:
        """Take what to call; it runs between two instructions of the main thread and must not block."""
        self._interrupted = interrupted
        self._before: dict[signal.Signals, signal._HANDLER] = {}  # pyright: ignore[reportPrivateUsage] - its only name
        self._seen = False

    def __enter__(self) -> Self:
        for number in (signal.SIGINT, signal.SIGTERM):
            self._before[number] = signal.signal(number, self._handle)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _handle(self, number: int, _frame: FrameType | None) -> None:
        if self._seen:
            os._exit(128 + number)
        self._seen = True
        self._interrupted(Interrupted(number))
