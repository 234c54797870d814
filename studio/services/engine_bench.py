"""What the engine's process costs beside an engine in the calling thread, and how soon it starts and stops."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, replace
from statistics import median
from typing import TYPE_CHECKING

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import EngineFailed
from studio.domain.events import Cancelled, Event, Phase, Progress

if TYPE_CHECKING:
    from studio.domain.ports import Engine
    from studio.domain.request import TextToImage
    from studio.services.engine_process import EngineProcess

CANCEL_STEPS = 500
"""Steps of a job that is there to be cancelled: more than any engine does before the cancel reaches it, and no more
than every sampler can take."""


@dataclass(frozen=True, slots=True)
class Overhead:
    """One request, painted in turn by two engines.

    Attributes:
        in_thread_s: median seconds of a picture by the engine in the calling thread.
        in_process_s: median seconds of the same picture by the engine in a child process.
        extra_s: median over the rounds of what the child process took more; negative if it was the quicker one.
    """

    in_thread_s: float
    in_process_s: float
    extra_s: float


def measure_ready(engine: EngineProcess) -> float:
    """Return the seconds from starting an engine's process, which must not run yet, until it takes commands.

    Raises:
        StudioError: the engine could not be made.
    """
    began = time.perf_counter()
    engine.start()
    engine.wait_ready()
    return time.perf_counter() - began


def measure_overhead(in_thread: Engine, in_process: Engine, request: TextToImage, rounds: int = 9) -> Overhead:
    """Return what a picture takes with each engine, painted in turn so that a busy machine is fair to both.

    Raises:
        StudioError: a job failed.
    """
    engines = (in_thread, in_process)
    for engine in engines:
        _seconds(engine, request)
    pairs = [tuple(_seconds(engine, request) / request.count for engine in engines) for _ in range(rounds)]
    return Overhead(
        in_thread_s=median(thread for thread, _ in pairs),
        in_process_s=median(process for _, process in pairs),
        extra_s=median(process - thread for thread, process in pairs),
    )


def measure_cancel(engine: Engine, request: TextToImage, rounds: int = 5) -> float:
    """Return the median seconds from a cancel, made by another thread in the middle of denoising, to `Cancelled`.

    Raises:
        StudioError: a job failed.
        EngineFailed: a job of hundreds of steps was finished before it could be cancelled.
    """
    long_request = replace(request, sampling=replace(request.sampling, steps=CANCEL_STEPS))
    return median(_cancel_once(engine, long_request) for _ in range(rounds))


def _seconds(engine: Engine, request: TextToImage) -> float:
    began = time.perf_counter()
    engine.generate(request, _ignore, CancelToken())
    return time.perf_counter() - began


def _cancel_once(engine: Engine, request: TextToImage) -> float:
    cancel, denoising, times = CancelToken(), threading.Event(), dict[str, float]()

    def emit(event: Event) -> None:
        match event:
            case Progress(phase=Phase.DENOISING, step=step) if step > 0:
                denoising.set()
            case Cancelled():
                times["cancelled"] = time.perf_counter()
            case _:
                pass

    def cancel_in_the_middle() -> None:
        denoising.wait()
        times["asked"] = time.perf_counter()
        cancel.cancel()

    user = threading.Thread(target=cancel_in_the_middle, name="cancelling user")
    user.start()
    try:
        engine.generate(request, emit, cancel)
    except JobCancelled:
        return times["cancelled"] - times["asked"]
    finally:
        denoising.set()
        user.join()
    raise EngineFailed(
        "The time of a cancel could not be measured", "the job was done too soon", "Paint a larger picture"
    )


def _ignore(_: Event) -> None:
    """Take an event."""
