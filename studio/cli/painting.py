"""Running the engine beside the main thread, which stays free for the user."""

from __future__ import annotations

import os
import queue
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.cli.interrupts import Interrupted
from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import EngineFailed, StudioError
from studio.domain.events import Phase, Progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.domain.events import Event, Result
    from studio.domain.ports import Engine, EngineDescription
    from studio.domain.request import GenerationRequest

GRACE_S: Final = 0.3
"""How long an engine that hears the token may take to end by itself after Ctrl-C."""
GLANCE_S: Final = 0.1
"""How long the main thread waits for news at a stretch. A signal that comes just before it begins to wait does not wake
it, and its handler would run with the next news only, which an engine in the middle of an import does not have."""
LISTENING_S: Final = 10.0
"""The same after a failure, when nobody waits with a finger on the keys."""
_HEARING: Final = frozenset({Phase.ENCODING, Phase.DENOISING, Phase.DECODING})
"""Phases in which it does; importing and loading do not."""


@dataclass(frozen=True, slots=True)
class Done:
    """The engine has painted everything; the result is that of the last job."""

    result: Result
    description: EngineDescription


@dataclass(frozen=True, slots=True)
class Stopped:
    """The engine has ended before that, and why: `JobCancelled` where it was told to."""

    error: StudioError | JobCancelled


class Painting:
    """Jobs on a thread of their own. The main thread reads their news; a signal handler may call `interrupt`."""

    def __init__(self, requests: Sequence[GenerationRequest], make_engine: Callable[[], Engine]) -> None:
        """Note what is to be done.

        Args:
            requests: at least one; where one fails, which its events say, the next is painted all the same.
            make_engine: called on the thread, once.
        """
        self._requests = tuple(requests)
        self._make_engine = make_engine
        self._cancel = CancelToken()
        self._hears = False
        # SimpleQueue: the only one that a signal handler may put into while the same thread gets from it.
        self._news: queue.SimpleQueue[Event | Interrupted | Done | Stopped] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._paint, name="sfumato-engine", daemon=True)

    def interrupt(self, interrupted: Interrupted) -> None:
        """Stop all jobs."""
        self._cancel.cancel()
        self._news.put(interrupted)

    def follow(self, take: Callable[[Event], None]) -> Done | Stopped | Interrupted:
        """Start the jobs and hand over every event until they end; after an interruption, those from before it.

        Raises:
            StudioError: raised by ``take``; the jobs are stopped.
        """
        self._thread.start()
        try:
            while True:
                match self._next():
                    case (Done() | Stopped()) as end:
                        self._thread.join()
                        return end
                    case Interrupted() as end:
                        self._drain(take)
                        return end
                    case event:
                        self._hears = self._hears or (isinstance(event, Progress) and event.phase in _HEARING)
                        take(event)
        except StudioError:
            self._cancel.cancel()
            self._thread.join(LISTENING_S)
            raise

    def _next(self) -> Event | Interrupted | Done | Stopped:
        while True:
            with suppress(queue.Empty):
                return self._news.get(timeout=GLANCE_S)

    def _drain(self, take: Callable[[Event], None]) -> None:
        if self._hears:
            self._thread.join(GRACE_S)
        while not self._news.empty():
            one = self._news.get()
            if not isinstance(one, Done | Stopped | Interrupted):
                take(one)

    def leave(self, code: int) -> int:
        """Return the exit code, or end the process with it where the engine does not listen.

        A thread in the middle of an import or a long operation cannot be stopped, and Python cannot end around it.
        Files are written on the main thread only, so none is half done now.
        """
        if self._thread.is_alive():
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        return code

    def _paint(self) -> None:
        try:
            self._cancel.raise_if_cancelled()
            engine = self._make_engine()
            try:
                self._cancel.raise_if_cancelled()
                *others, last = self._requests
                for request in others:
                    with suppress(StudioError):  # said in its event
                        engine.generate(request, self._news.put, self._cancel)
                result = engine.generate(last, self._news.put, self._cancel)
                self._news.put(Done(result, engine.describe()))
            finally:
                engine.close()
        except (JobCancelled, StudioError) as error:
            self._news.put(Stopped(error))
        except Exception as error:  # noqa: BLE001 - the thread's boundary: an import that fails, a broken library
            failure = EngineFailed(
                "The engine failed", f"{type(error).__name__}: {error}", "Run sfumato doctor: it tells what is missing"
            )
            failure.__cause__ = error
            self._news.put(Stopped(failure))
