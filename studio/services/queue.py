"""The jobs that wait and the one that runs: plain data, used on one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.job import Job, JobState

if TYPE_CHECKING:
    from studio.domain.request import GenerationRequest


class JobQueue:
    """Jobs in the order they were asked for; at most one of them runs. A job that ended is forgotten."""

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}

    @property
    def jobs(self) -> tuple[Job, ...]:
        """All that have not ended, oldest first."""
        return tuple(self._jobs.values())

    @property
    def running(self) -> Job | None:
        """The one that was handed over, if any; it may be on its way to being cancelled."""
        return next((job for job in self._jobs.values() if job.state is not JobState.PENDING), None)

    def get(self, job_id: str) -> Job | None:
        """Return a job that has not ended, or None."""
        return self._jobs.get(job_id)

    def enqueue(self, request: GenerationRequest) -> Job:
        """Add a job at the end.

        Raises:
            ValueError: a job of that id is here; a programming error, never shown to a user.
        """
        if request.job_id in self._jobs:
            message = f"job {request.job_id} is queued already"
            raise ValueError(message)
        return self._keep(Job(request))

    def next(self) -> Job | None:
        """Move the oldest waiting job to running and return it; None while another one runs or none waits."""
        if self.running is not None:
            return None
        waiting = next(iter(self._jobs.values()), None)
        return None if waiting is None else self._keep(waiting.moved_to(JobState.RUNNING))

    def cancel(self, job_id: str) -> Job | None:
        """Cancel a job: a waiting one has ended with that, a running one is on its way.

        Returns:
            The job in its new state, or None where there was nothing to do.
        """
        job = self._jobs.get(job_id)
        match job and job.state:
            case JobState.PENDING:
                return self.end(job_id, JobState.CANCELLED)
            case JobState.RUNNING if job is not None:
                return self._keep(job.moved_to(JobState.CANCELLING))
            case _:
                return None

    def end(self, job_id: str, state: JobState) -> Job | None:
        """Move a job to a terminal state and forget it.

        Returns:
            The job in that state, or None if it is not here: it has ended before.

        Raises:
            ValueError: the state is not terminal or cannot follow; a programming error, never shown to a user.
        """
        job = self._jobs.get(job_id)
        if job is None:
            return None
        ended = job.moved_to(state)
        if not state.is_terminal:
            message = f"{state.value} is not the end of a job"
            raise ValueError(message)
        del self._jobs[job_id]
        return ended

    def _keep(self, job: Job) -> Job:
        self._jobs[job.id] = job
        return job
