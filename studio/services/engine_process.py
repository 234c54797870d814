"""An `Engine` that runs in a process of its own: a crash in there costs one job and never the window."""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Final, TypeVar, assert_never

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import EngineDied, EngineFailed, StudioError
from studio.domain.events import (
    Cancelled,
    Emit,
    Failed,
    Finished,
    GeneratedImage,
    Painted,
    Phase,
    Preview,
    Progress,
    Result,
    Started,
    Terminal,
)
from studio.domain.wire import (
    Answer,
    AskDescription,
    AskMemory,
    CancelJob,
    Command,
    DescriptionTold,
    Done,
    Hello,
    LoadModel,
    MemoryTold,
    Paint,
    Ping,
    Ready,
    Refused,
    Said,
    UnloadModel,
)
from studio.services.engine_child import EOF_GRACE_S, Ended, EngineChild, died
from studio.services.engine_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from studio.domain.ports import EngineDescription, Memory
    from studio.domain.request import GenerationRequest, ModelRef

GLANCE_S: Final = 0.01
"""How long a cancelled token may go unseen."""
LONGEST_GLANCE_S: Final = 1.0
"""A wait that took longer means that this process itself slept: a stopped job in a terminal, a closed lid."""
SILENCE_S: Final = 20.0
"""A process that sends no heartbeat for so long hangs; importing torch from a slow disk holds them up for seconds."""
CLOSE_GRACE_S: Final = 2.0
Check = Callable[[], None]
Told = TypeVar("Told")


class EngineProcess:
    """Implements `studio.domain.ports.Engine` on a child process that is started when needed and again after its death.

    Every method but `interrupt` is called from one and the same thread.
    """

    def __init__(
        self,
        device: str = "auto",
        dtype: str = "auto",
        cache_folder: Path | None = None,
        host_command: Sequence[str] | None = None,
        silence_s: float = SILENCE_S,
    ) -> None:
        """Note what is to be started; `start` or the first call starts it.

        Args:
            device: ``auto``, ``cpu``, ``cuda``, ``mps`` or ``xpu``.
            dtype: ``auto``, ``float32``, ``bfloat16`` or ``float16``.
            cache_folder: where the engine keeps what it measured.
            host_command: starts `studio.engine.host` or something that serves like it; the options are appended.
            silence_s: a process that says nothing for so many seconds is taken for dead and killed.
        """
        host = host_command or (sys.executable, "-P", "-m", "studio.engine.host")
        cache = () if cache_folder is None else ("--cache-folder", str(cache_folder))
        self._command = (*host, "--device", device, "--dtype", dtype, *cache)
        self._silence_s = silence_s
        self._child: EngineChild | None = None
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """The child's process id while there is one."""
        return None if self._child is None else self._child.pid

    @property
    def last_words(self) -> tuple[str, ...]:
        """The last lines of the child's standard error."""
        return () if self._child is None else self._child.last_words

    def start(self) -> None:
        """Start the child if none is alive, and return without waiting for it.

        Raises:
            EngineDied: it could not be started.
            EngineFailed: the engine was closed.
        """
        self._check_open()
        if self._child is not None and not self._child.is_alive:
            self._discard()
        if self._child is None:
            self._child = EngineChild(self._command, child_environment(os.environ))

    def wait_ready(self) -> None:
        """Wait until the engine takes commands, starting it if need be.

        Raises:
            StudioError: it could not be made, e.g. `DeviceUnavailable`; `EngineDied` if its process ended.
        """
        self._ready_child(self._check_open)

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        """Paint the request's pictures in the child; see `studio.domain.ports.Engine.generate`."""
        emit(Started(request.job_id))
        try:
            result = self._paint(request, emit, cancel)
        except JobCancelled:
            emit(Cancelled(request.job_id))
            raise
        except StudioError as error:
            emit(Failed(request.job_id, error))
            raise
        emit(Finished(request.job_id, result))
        return result

    def load(self, model: ModelRef) -> None:
        """Make the model ready; see `studio.domain.ports.Engine.load`."""
        self._ask(LoadModel(model), Done)

    def unload(self) -> None:
        """Give the model's memory back; a child that is not there holds none."""
        if self._child is not None and self._child.is_alive:
            self._ask(UnloadModel(), Done)

    def memory(self) -> Memory:
        """Return what the child uses now."""
        return self._ask(AskMemory(), MemoryTold).memory

    def describe(self) -> EngineDescription:
        """Return device, dtype and why, as the child says."""
        return self._ask(AskDescription(), DescriptionTold).description

    def interrupt(self) -> None:
        """Let a call that waits for the child give up, because the engine is going to be closed.

        Thread: any. A job is not stopped by it but by its token.
        """
        self._closing.set()

    def close(self) -> None:
        """End the child and its threads; a second call does nothing."""
        self._closing.set()
        if self._child is not None:
            self._child.close(CLOSE_GRACE_S)
            self._child = None

    def _paint(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        cancel.raise_if_cancelled()
        self.start()
        if self._child is not None and not self._child.is_ready:
            emit(Progress(request.job_id, Phase.STARTING, 0, request.sampling.steps, 0, request.count, 0.0))
        child = self._ready_child(cancel.raise_if_cancelled)
        cancel.raise_if_cancelled()
        match self._undisturbed(lambda: self._follow(child, request, emit, cancel)):
            case Finished(_, result):
                return result
            case Failed(_, error):
                raise error
            case Cancelled():
                raise JobCancelled

    def _follow(self, child: EngineChild, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Terminal:
        """Send a job, pass its events on and return the terminal one, which is not passed on."""
        painted: list[GeneratedImage] = []
        child.send(Paint(request))
        stop = _Stop(child, request.job_id, cancel)
        while True:
            answer = self._hear(child, stop.pass_on)
            if not isinstance(answer, Said) or answer.event.job_id != request.job_id:
                raise _misunderstood(answer)
            match answer.event:
                case Started():
                    pass  # Said already, before it was known whether the child would live to say it.
                case Progress() | Preview():
                    emit(answer.event)
                case Painted(_, image):
                    painted.append(image)
                    emit(answer.event)
                case Finished(job_id, result):
                    images = sorted((*painted, *result.images), key=lambda image: image.index)
                    return Finished(job_id, replace(result, images=tuple(images)))
                case Failed() | Cancelled():
                    return answer.event
                case _:
                    assert_never(answer.event)

    def _ask(self, command: Command, kind: type[Told]) -> Told:
        """Have a command carried out and return its answer, which is of this kind or an error."""
        child = self._ready_child(self._check_open)
        answer = self._undisturbed(lambda: self._exchange(child, command, (kind, Refused)))
        if isinstance(answer, Refused):
            raise answer.error
        return answer

    def _exchange(self, child: EngineChild, command: Command, kinds: tuple[type[Told], ...]) -> Told:
        child.send(command)
        answer = self._hear(child, self._check_open)
        if not isinstance(answer, kinds):
            raise _misunderstood(answer)
        return answer

    def _ready_child(self, check: Check) -> EngineChild:
        """Return a child that takes commands; one that died or hangs since its last job is replaced without a word."""
        self.start()
        if self._child is not None and self._child.is_ready and not self._is_there(self._child):
            self.start()
        child = self._child
        if child is None:
            raise EngineFailed("The engine could not be started", "its process is not there", "Try again")
        while not child.is_ready:
            match self._hear(child, check):
                case Hello():
                    pass
                case Ready():
                    child.is_ready = True
                case Refused(error):
                    self._discard()
                    raise error
                case answer:
                    self._discard()
                    raise _misunderstood(answer)
        return child

    def _is_there(self, child: EngineChild) -> bool:
        try:
            self._undisturbed(lambda: self._exchange(child, Ping(), (Done,)))
        except EngineDied:
            return False
        return True

    def _hear(self, child: EngineChild, check: Check) -> Answer:
        """Return the child's next answer; ``check`` is called every few milliseconds while it does not come.

        Raises:
            EngineDied: there will be none; the child is buried.
        """
        silence, heard, before = 0.0, child.bytes_heard, time.monotonic()
        while True:
            check()
            match child.take(GLANCE_S):
                case None:
                    pass
                case Ended(reason):
                    raise self._buried(child, reason and f"it sent what cannot be read: {reason}")
                case answer:
                    return answer
            now = time.monotonic()
            silence = 0.0 if child.bytes_heard != heard else silence + min(now - before, LONGEST_GLANCE_S)
            heard, before = child.bytes_heard, now
            if silence > self._silence_s:
                raise self._buried(child, f"it did not answer for {silence:.0f} seconds")

    def _check_open(self) -> None:
        if self._closing.is_set():
            raise EngineFailed("The engine is closed", "Sfumato is about to end", "Start Sfumato again")

    def _undisturbed(self, talk: Callable[[], Told]) -> Told:
        """Hold a talk to its end. A child that was left in the middle of one would answer the next with this one's."""
        try:
            return talk()
        except BaseException:
            self._discard()
            raise

    def _buried(self, child: EngineChild, reason: str) -> EngineDied:
        last = child.kill(patience_s=0.0 if reason else EOF_GRACE_S)
        self._child = None
        return died(last, reason, child.last_words)

    def _discard(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child = None


class _Stop:
    """Passes a cancelled token on to the child, once."""

    def __init__(self, child: EngineChild, job_id: str, cancel: CancelToken) -> None:
        self._child = child
        self._job_id = job_id
        self._cancel = cancel
        self._is_passed_on = False

    def pass_on(self) -> None:
        """Look at the token."""
        if self._cancel.is_cancelled and not self._is_passed_on:
            self._is_passed_on = True
            self._child.send(CancelJob(self._job_id))


def _misunderstood(answer: Answer) -> EngineFailed:
    said = type(answer.event).__name__ if isinstance(answer, Said) else type(answer).__name__
    return EngineFailed(
        "The engine could not be understood",
        f"its process said {said}, which does not belong here",
        "Try again: the next job starts a new engine",
    )
