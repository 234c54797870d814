"""Writes down what a controller says, in order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.events import Cancelled, Event, Failed, Finished, Preview, Progress, Started

if TYPE_CHECKING:
    from studio.bridge.generation import EngineState, GenerationController

TERMINAL = (Finished, Failed, Cancelled)


class Hearing:
    """Connected to a controller's signals for the rest of its life.

    Attributes:
        events: of all jobs, as they came.
        states: of the engine.
    """

    def __init__(self, generation: GenerationController) -> None:
        self.events: list[Event] = []
        self.states: list[EngineState] = []
        for signal in (
            generation.started,
            generation.progressed,
            generation.previewed,
            generation.painted,
            generation.finished,
            generation.failed,
            generation.cancelled,
        ):
            signal.connect(self.events.append)
        generation.engine_state_changed.connect(self.states.append)

    def of(self, job_id: str) -> list[type[Event]]:
        """Return the kinds of a job's events, progress and previews aside."""
        return [type(e) for e in self.events if e.job_id == job_id and not isinstance(e, Progress | Preview)]

    def ended(self, *job_ids: str) -> bool:
        """Tell whether these jobs have ended."""
        return set(job_ids) <= {event.job_id for event in self.events if isinstance(event, TERMINAL)}

    def check(self, job_id: str) -> None:
        """Check the law of events: started first, one terminal event, last."""
        kinds = [type(event) for event in self.events if event.job_id == job_id]
        assert sum(kind in TERMINAL for kind in kinds) == 1
        assert kinds[-1] in TERMINAL
        assert kinds[0] is Started or kinds == [Cancelled]
        assert kinds.count(Started) <= 1
