"""The one thread that owns the engine: typed signals in, events out."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from PySide6.QtCore import QObject, Signal

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import EngineFailed, StudioError
from studio.domain.events import Event, Failed, Preview
from studio.domain.ports import Engine, EngineDescription, Memory

if TYPE_CHECKING:
    from studio.bridge.preview_mailbox import PreviewMailbox
    from studio.domain.request import GenerationRequest, ModelRef

EngineFactory = Callable[[], Engine]
_log = logging.getLogger("sfumato.engine")


@runtime_checkable
class Interruptible(Protocol):
    """An engine whose calls may wait for seconds for something else than a job."""

    def interrupt(self) -> None:
        """Let a call that waits give up, because the engine is going to be closed. Called on any thread."""
        ...


@runtime_checkable
class HasProcess(Protocol):
    """An engine in a process of its own."""

    @property
    def pid(self) -> int | None:
        """The process's id while there is one. Read on any thread."""
        ...


class Handover:
    """A job on its way to the engine's thread, which either takes it or finds it taken back. Safe on any thread.

    Attributes:
        request: what to paint.
        token: stops it once it was taken.
    """

    def __init__(self, request: GenerationRequest) -> None:
        self.request = request
        self.token = CancelToken()
        self._claim = threading.Lock()

    def take(self) -> bool:
        """Return whether the job is the caller's now: true exactly once."""
        return self._claim.acquire(blocking=False)


class EngineWorker(QObject):
    """Lives on the engine's thread and calls the engine there. Busy with a job, it hears nothing: cancel by the token.

    Signals:
        happened: everything the engine says of a job, previews aside: those go through the mailbox.
        described: the engine is there and takes jobs.
        measured: its memory.
        loaded: the model is ready.
        broke: something other than a job went wrong.
        closed: the engine has ended.
    """

    happened = Signal(object)
    described = Signal(EngineDescription)
    measured = Signal(Memory)
    loaded = Signal()
    broke = Signal(StudioError)
    closed = Signal()

    def __init__(self, factory: EngineFactory, mailbox: PreviewMailbox) -> None:
        super().__init__()
        self._factory = factory
        self._mailbox = mailbox
        self._engine: Engine | None = None
        self._closing = threading.Event()

    @property
    def pid(self) -> int | None:
        """Id of the engine's process, where it has one of its own. Read on the main thread."""
        return self._engine.pid if isinstance(self._engine, HasProcess) else None

    def describe(self) -> None:
        """Start the engine where it is not there yet, and say what it is."""
        self._guarded(lambda: self.described.emit(self._ready().describe()))

    def measure(self) -> None:
        """Say what memory the engine uses."""
        self._guarded(lambda: self.measured.emit(self._ready().memory()))

    def load(self, model: ModelRef) -> None:
        """Make a model ready, so that its first job starts at once."""

        def work() -> None:
            self._ready().load(model)
            self.loaded.emit()

        self._guarded(work)

    def generate(self, handover: Handover) -> None:
        """Paint; of a job that was not taken back, the terminal event comes over `happened` in every case."""
        if not handover.take():
            return
        request = handover.request
        try:
            engine = self._ready()
        except StudioError as error:
            self.happened.emit(Failed(request.job_id, error))
            return
        try:
            engine.generate(request, self._pass_on, handover.token)
        except (JobCancelled, StudioError):
            pass  # said already, in the job's terminal event
        except Exception as error:  # noqa: BLE001 - the thread's boundary
            _log.exception("the engine broke its contract in job %s", request.job_id)
            self.happened.emit(Failed(request.job_id, _unexpected(error)))

    def interrupt(self) -> None:
        """Let the engine give up whatever it waits for. Called on the main thread, before `close` is asked for."""
        self._closing.set()
        if isinstance(self._engine, Interruptible):
            self._engine.interrupt()

    def close(self) -> None:
        """End the engine."""
        if self._engine is not None:
            self._guarded(self._engine.close)
        self.closed.emit()

    def _ready(self) -> Engine:
        if self._engine is None:
            self._engine = self._factory()
            if self._closing.is_set():
                self.interrupt()
        return self._engine

    def _pass_on(self, event: Event) -> None:
        if isinstance(event, Preview):
            self._mailbox.put(event)
        else:
            self.happened.emit(event)

    def _guarded(self, work: Callable[[], object]) -> None:
        try:
            work()
        except StudioError as error:
            self.broke.emit(error)
        except Exception as error:  # noqa: BLE001 - the thread's boundary
            _log.exception("the engine broke its contract")
            self.broke.emit(_unexpected(error))


def _unexpected(error: Exception) -> EngineFailed:
    return EngineFailed(
        "The engine failed in a way nobody foresaw",
        f"{type(error).__name__}: {error}",
        "Try again; the log has the details",
    )
