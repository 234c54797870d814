"""A job moves only along the table of transitions."""

from itertools import product

import pytest

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.job import TRANSITIONS, Job, JobState
from tests.domain.test_request import REQUESTS


def job(state: JobState = JobState.PENDING) -> Job:
    return Job(next(iter(REQUESTS.values()))(), state)


@pytest.mark.parametrize(("state", "target"), list(product(JobState, JobState)))
def test_exactly_the_transitions_of_the_table_are_possible(state: JobState, target: JobState) -> None:
    if target in TRANSITIONS[state]:
        moved = job(state).moved_to(target)
        assert moved.state is target
    else:
        with pytest.raises(ValueError, match=f"{state.value} to {target.value}"):
            job(state).moved_to(target)


def test_every_state_leads_to_an_end() -> None:
    for state in JobState:
        reached = {state}
        while grown := {following for one in reached for following in TRANSITIONS[one]} - reached:
            reached |= grown
        assert any(one.is_terminal for one in reached), state


def test_only_finished_failed_and_cancelled_are_terminal() -> None:
    assert {state for state in JobState if state.is_terminal} == {
        JobState.FINISHED,
        JobState.FAILED,
        JobState.CANCELLED,
    }


def test_a_job_has_its_requests_id() -> None:
    one = job()
    assert one.id == one.request.job_id


def test_a_token_raises_only_after_cancel() -> None:
    token = CancelToken()
    token.raise_if_cancelled()
    assert not token.is_cancelled
    token.cancel()
    token.cancel()
    assert token.is_cancelled
    with pytest.raises(JobCancelled):
        token.raise_if_cancelled()
