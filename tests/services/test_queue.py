"""Jobs run one after the other in the order they were asked for, and end once."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.job import JobState
from studio.services.queue import JobQueue
from tests.bridge.requests import text_request


def test_the_oldest_waiting_job_runs_next() -> None:
    queue = JobQueue()
    first, second = text_request(), text_request()
    queue.enqueue(first)
    queue.enqueue(second)
    started = queue.next()
    assert started is not None
    assert (started.id, started.state) == (first.job_id, JobState.RUNNING)
    assert [job.id for job in queue.jobs] == [first.job_id, second.job_id]


def test_only_one_job_runs_at_a_time() -> None:
    queue = JobQueue()
    first = queue.enqueue(text_request())
    second = queue.enqueue(text_request())
    queue.next()
    assert queue.next() is None
    queue.cancel(first.id)
    assert queue.next() is None, "one that is being cancelled still runs"
    queue.end(first.id, JobState.CANCELLED)
    started = queue.next()
    assert started is not None
    assert started.id == second.id


def test_cancelling_a_waiting_job_ends_it() -> None:
    queue = JobQueue()
    job = queue.enqueue(text_request())
    cancelled = queue.cancel(job.id)
    assert cancelled is not None
    assert cancelled.state is JobState.CANCELLED
    assert queue.jobs == ()
    assert queue.next() is None


def test_cancelling_a_running_job_waits_for_its_end() -> None:
    queue = JobQueue()
    job = queue.enqueue(text_request())
    queue.next()
    cancelling = queue.cancel(job.id)
    assert cancelling is not None
    assert cancelling.state is JobState.CANCELLING
    assert queue.cancel(job.id) is None, "once is enough"
    assert queue.running == cancelling


@pytest.mark.parametrize("late", [JobState.FINISHED, JobState.FAILED, JobState.CANCELLED])
def test_a_cancel_may_come_too_late(late: JobState) -> None:
    queue = JobQueue()
    job = queue.enqueue(text_request())
    queue.next()
    queue.cancel(job.id)
    ended = queue.end(job.id, late)
    assert ended is not None
    assert ended.state is late
    assert queue.end(job.id, late) is None, "it has ended before"


def test_a_job_that_is_not_there_cannot_be_cancelled() -> None:
    assert JobQueue().cancel("nobody") is None


def test_a_job_is_queued_once() -> None:
    queue = JobQueue()
    request = text_request()
    queue.enqueue(request)
    with pytest.raises(ValueError, match="queued already"):
        queue.enqueue(request)


def test_a_job_does_not_end_by_going_on() -> None:
    queue = JobQueue()
    job = queue.enqueue(text_request())
    with pytest.raises(ValueError, match="not the end"):
        queue.end(job.id, JobState.RUNNING)
    assert queue.get(job.id) == job


Step = tuple[str, int]


@given(st.lists(st.tuples(st.sampled_from(["add", "next", "cancel", "end"]), st.integers(0, 5)), max_size=40))
def test_whatever_happens_jobs_run_alone_in_order_and_end_once(steps: list[Step]) -> None:
    queue = JobQueue()
    added: list[str] = []
    started: list[str] = []
    ended: list[str] = []
    for step, number in steps:
        chosen = added[number % len(added)] if added else "nobody"
        match step:
            case "add":
                added.append(queue.enqueue(text_request()).id)
            case "next":
                job = queue.next()
                started += [job.id] if job else []
            case "cancel":
                job = queue.cancel(chosen)
                ended += [job.id] if job and job.state.is_terminal else []
            case _:
                running = queue.running
                job = queue.end(running.id, JobState.CANCELLED) if running else None
                ended += [job.id] if job else []
        assert sum(job.state is not JobState.PENDING for job in queue.jobs) <= 1
    assert len(ended) == len(set(ended))
    assert started == sorted(started, key=added.index), "no job overtakes another"
    assert [job.id for job in queue.jobs] == [one for one in added if one not in ended]
