"""The way of a job: from the window through the queue to the engine's thread, and its events back."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, assert_never

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QTimer, Signal

from studio.bridge.engine_thread import EngineThread
from studio.bridge.preview_mailbox import PreviewMailbox
from studio.bridge.queue_model import QueueModel
from studio.bridge.worker import EngineFactory, Handover
from studio.domain.errors import EngineDied, StudioError
from studio.domain.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    Painted,
    Phase,
    Preview,
    Progress,
    Started,
    Terminal,
)
from studio.domain.job import JobState
from studio.domain.ports import EngineDescription, Memory
from studio.domain.request import GenerationRequest
from studio.services.process_memory import process_memory
from studio.services.queue import JobQueue

if TYPE_CHECKING:
    from studio.domain.request import ModelRef

MEMORY_INTERVAL_MS: Final = 2000
Keep = Callable[[GenerationRequest, Painted, float], None]
"""Takes every painted picture to save it, with the seconds since its job was started."""


class EngineState(Enum):
    """What the engine is doing; the value is for people."""

    STARTING = "starting"
    READY = "ready"
    LOADING = "loading a model"
    PAINTING = "painting"
    DEAD = "stopped"


_BEFORE_IT_LISTENS: Final = {
    EngineState.STARTING: Phase.STARTING,
    EngineState.DEAD: Phase.STARTING,
    EngineState.LOADING: Phase.LOADING,
}
"""What a job waits for that is handed to an engine in this state."""


@dataclass
class _Run:
    """The job that was handed to the engine's thread."""

    handover: Handover
    is_announced: bool = False
    started_s: float = field(default_factory=time.monotonic)
    painted: int = 0

    @property
    def request(self) -> GenerationRequest:
        return self.handover.request

    def waiting_in(self, phase: Phase) -> Progress:
        """Return what is told until the engine takes the job."""
        request = self.request
        return Progress(request.job_id, phase, 0, request.sampling.steps, 0, request.count, 0.0)


class GenerationController(QObject):
    """Hands jobs to the engine one at a time and tells what becomes of them. Lives on the main thread.

    Of every job that starts come one `started`, then any number of `progressed`, `previewed` and `painted`, and exactly
    one of `finished`, `failed` and `cancelled`. A job that is cancelled while it waits says `cancelled` alone.

    Signals:
        started: the engine has taken a job, or takes it as soon as it is there itself.
        progressed: how far the job is.
        previewed: the latest estimate; earlier ones that nobody had time for are skipped.
        painted: a picture is done; it is on its way into the history.
        finished: all of the job's pictures are done.
        failed: the job could not be done.
        cancelled: the job was stopped; the pictures painted so far stay.
        engine_described: the engine is there; comes again when it had to be started again.
        engine_state_changed: what the engine does now.
        engine_failed: something other than a job went wrong with the engine.
        memory_changed: the engine's memory; about every two seconds, during a job where that can be seen from outside.
    """

    started = Signal(Started)
    progressed = Signal(Progress)
    previewed = Signal(Preview)
    painted = Signal(Painted)
    finished = Signal(Finished)
    failed = Signal(Failed)
    cancelled = Signal(Cancelled)
    engine_described = Signal(EngineDescription)
    engine_state_changed = Signal(EngineState)
    engine_failed = Signal(StudioError)
    memory_changed = Signal(Memory)

    def __init__(self, engine_factory: EngineFactory, keep: Keep, parent: QObject | None = None) -> None:
        """Make everything ready; `start` starts it.

        Args:
            engine_factory: makes the engine, on the engine's thread.
            keep: is handed every painted picture.
            parent: owns this object.
        """
        super().__init__(parent)
        self.queue_model = QueueModel(self)
        self._keep = keep
        self._queue = JobQueue()
        self._run: _Run | None = None
        self._first_model: ModelRef | None = None
        self._state = EngineState.STARTING
        self._is_closed = self._loads_ahead = self._computes_on_cpu = False
        self._mailbox = PreviewMailbox(self)
        self._mailbox.arrived.connect(self._take_preview, Qt.ConnectionType.QueuedConnection)
        self._engine = EngineThread(engine_factory, self._mailbox, self)
        self._connect_worker()
        self._memory_timer = QTimer(self, interval=MEMORY_INTERVAL_MS)
        self._memory_timer.timeout.connect(self._measure)

    @property
    def engine_state(self) -> EngineState:
        """What the engine does now."""
        return self._state

    @property
    def current(self) -> GenerationRequest | None:
        """The job that was handed to the engine, if any."""
        return None if self._run is None else self._run.request

    def start(self, model: ModelRef | None = None) -> None:
        """Start the engine, and load a model that will probably be asked for first."""
        self._first_model = model
        self._engine.start()
        self._engine.describe()
        self._memory_timer.start()

    def submit(self, request: GenerationRequest) -> None:
        """Queue a job."""
        if self._is_closed:
            return
        self.queue_model.add(self._queue.enqueue(request))
        self._feed()

    def cancel(self, job_id: str) -> None:
        """Stop a job, whether it waits or runs; nothing happens if it has ended."""
        job = self._queue.cancel(job_id)
        if job is None:
            return
        if job.state is JobState.CANCELLED:
            self.queue_model.remove(job_id)
            self.cancelled.emit(Cancelled(job_id))
            return
        self.queue_model.update_job(job)
        if self._run is not None and self._run.request.job_id == job_id:
            self._run.handover.token.cancel()
            if self._run.handover.take():
                # The engine's thread is still busy with something else, such as starting.
                self._end(Cancelled(job_id))

    def cancel_current(self) -> None:
        """Stop the job that runs, if any."""
        if self._run is not None:
            self.cancel(self._run.request.job_id)

    def cancel_all(self) -> None:
        """Stop every job; the waiting ones first, so that none of them starts."""
        for job in reversed(self._queue.jobs):
            self.cancel(job.id)

    def close(self) -> None:
        """Cancel everything, end the engine and its thread, and tell what became of the job that ran."""
        if self._is_closed:
            return
        self._is_closed = True
        self._memory_timer.stop()
        self.cancel_all()
        self._engine.close()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def _connect_worker(self) -> None:
        worker = self._engine.worker
        worker.happened.connect(self._hear)
        worker.described.connect(self._on_described)
        worker.loaded.connect(self._on_loaded)
        worker.measured.connect(self.memory_changed)
        worker.broke.connect(self._on_broke)

    def _feed(self) -> None:
        job = self._queue.next()
        if job is None:
            return
        run = self._run = _Run(Handover(job.request))
        self.queue_model.update_job(job)
        self._engine.generate(run.handover)
        if (phase := _BEFORE_IT_LISTENS.get(self._state)) is not None:
            # It may take seconds until the engine can say so itself.
            self._announce(run)
            self._progress(run.waiting_in(phase))

    def _announce(self, run: _Run) -> None:
        if not run.is_announced:
            run.is_announced = True
            self.started.emit(Started(run.request.job_id))

    def _hear(self, event: Event) -> None:
        run = self._run
        if run is None or run.request.job_id != event.job_id:
            return  # a preview that was overtaken by its job's end
        match event:
            case Started():
                run.started_s = time.monotonic()
                self._announce(run)
            case Progress():
                self._progress(event)
            case Preview():
                self.previewed.emit(event)
            case Painted():
                run.painted += 1
                self._keep(run.request, event, time.monotonic() - run.started_s)
                self.painted.emit(event)
            case Finished() | Failed() | Cancelled():
                self._end(event)
            case _:
                assert_never(event)

    def _progress(self, progress: Progress) -> None:
        match progress.phase:
            case Phase.STARTING:
                self._set_state(EngineState.STARTING)
            case Phase.LOADING:
                self._set_state(EngineState.LOADING)
            case Phase.ENCODING | Phase.DENOISING | Phase.DECODING:
                self._set_state(EngineState.PAINTING)
        self.queue_model.update_progress(progress)
        self.progressed.emit(progress)

    def _take_preview(self) -> None:
        preview = self._mailbox.take()
        # One that overtook the end of the picture before it is dropped: the next is a step away.
        if preview is not None and self._run is not None and preview.index == self._run.painted:
            self._hear(preview)

    def _end(self, event: Terminal) -> None:
        self._run = None
        is_there = self._state not in {EngineState.STARTING, EngineState.DEAD}
        match event:
            case Finished():
                self._forget(event.job_id, JobState.FINISHED, EngineState.READY)
                self.finished.emit(event)
            case Failed():
                died = isinstance(event.error, EngineDied)
                is_well = is_there and not died
                self._forget(event.job_id, JobState.FAILED, EngineState.READY if is_well else EngineState.DEAD)
                self.failed.emit(event)
                if died and not self._is_closed:
                    self._engine.describe()  # starts it again, so that the next job need not wait
            case Cancelled():
                resting = EngineState.LOADING if self._loads_ahead else EngineState.READY
                self._forget(event.job_id, JobState.CANCELLED, resting if is_there else self._state)
                self.cancelled.emit(event)
                if not is_there and not self._is_closed:
                    self._engine.describe()  # says when it has started
        if not self._is_closed:
            self._feed()
            self._measure()

    def _forget(self, job_id: str, how: JobState, engine_is: EngineState) -> None:
        self._queue.end(job_id, how)
        self.queue_model.remove(job_id)
        self._set_state(engine_is)

    def _measure(self) -> None:
        if self._run is None:
            if self._state is EngineState.READY:
                self._engine.measure()
        elif self._computes_on_cpu and (pid := self._engine.worker.pid) is not None:
            # The engine paints and cannot answer; its process can be looked at from outside.
            memory = process_memory(pid)
            if memory is not None:
                self.memory_changed.emit(memory)

    def _on_described(self, description: EngineDescription) -> None:
        if self._run is None:
            self._set_state(EngineState.READY)
            if self._first_model is not None and not self._is_closed:
                self._set_state(EngineState.LOADING)
                self._loads_ahead = True
                self._engine.load(self._first_model)
        self._first_model = None
        self._computes_on_cpu = description.device == "cpu"
        self.engine_described.emit(description)
        self._measure()

    def _on_loaded(self) -> None:
        self._loads_ahead = False
        if self._run is None:
            self._set_state(EngineState.READY)
            self._measure()

    def _on_broke(self, error: StudioError) -> None:
        if self._is_closed:
            return  # it was interrupted
        self._loads_ahead = False
        if isinstance(error, EngineDied) or self._state is EngineState.STARTING:
            self._set_state(EngineState.DEAD)
        elif self._run is None and self._state is EngineState.LOADING:
            self._set_state(EngineState.READY)
        self.engine_failed.emit(error)

    def _set_state(self, state: EngineState) -> None:
        if state is not self._state:
            self._state = state
            self.engine_state_changed.emit(state)
