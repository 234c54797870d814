"""A job's life: states and the table of legal transitions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.domain.request import GenerationRequest


class JobState(Enum):
    """Where a job is."""

    PENDING = "pending"
    RUNNING = "running"
    CANCELLING = "cancelling"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def is_terminal(self) -> bool:
        """Whether nothing follows."""
        return not TRANSITIONS[self]


TRANSITIONS: dict[JobState, frozenset[JobState]] = {
    JobState.PENDING: frozenset({JobState.RUNNING, JobState.CANCELLED}),
    JobState.RUNNING: frozenset({JobState.CANCELLING, JobState.FINISHED, JobState.FAILED, JobState.CANCELLED}),
    # A cancel can come too late: the last pixel may be done or an error on its way.
    JobState.CANCELLING: frozenset({JobState.CANCELLED, JobState.FINISHED, JobState.FAILED}),
    JobState.FINISHED: frozenset(),
    JobState.FAILED: frozenset(),
    JobState.CANCELLED: frozenset(),
}


@dataclass(frozen=True, slots=True)
class Job:
    """A request in the queue.

    Attributes:
        request: what to paint; its ``job_id`` is the job's.
        state: where it is.
    """

    request: GenerationRequest
    state: JobState = JobState.PENDING

    @property
    def id(self) -> str:
        """The request's job id."""
        return self.request.job_id

    def moved_to(self, state: JobState) -> Job:
        """Return the job in another state.

        Raises:
            ValueError: the table has no such transition; a programming error, never shown to a user.
        """
        if state not in TRANSITIONS[self.state]:
            message = f"a job cannot go from {self.state.value} to {state.value}"
            raise ValueError(message)
        return Job(self.request, state)
