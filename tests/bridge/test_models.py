"""The rows of the queue obey Qt's rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.bridge.queue_model import JobRole, JobRow, QueueModel
from studio.domain.events import Phase, Progress
from studio.domain.job import Job, JobState
from tests.bridge.requests import text_request

if TYPE_CHECKING:
    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot


def test_the_queue_shows_jobs_and_their_progress(qtmodeltester: ModelTester, qtbot: QtBot) -> None:
    assert qtbot
    model = QueueModel()
    qtmodeltester.check(model)
    first, second = Job(text_request("first")), Job(text_request("second"))
    model.add(first)
    model.add(second)
    qtmodeltester.check(model)
    running = first.moved_to(JobState.RUNNING)
    progress = Progress(first.id, Phase.DENOISING, 1, 3, 0, 1, 0.1)
    with qtbot.waitSignal(model.dataChanged):
        model.update_job(running)
    model.update_progress(progress)
    assert model.rows == (JobRow(running, progress), JobRow(second))
    assert model.index(0).data(JobRole) == JobRow(running, progress)
    assert model.index(1).data() == "second"
    model.remove(first.id)
    qtmodeltester.check(model)
    assert model.rows == (JobRow(second),)


def test_news_of_a_job_that_is_gone_changes_nothing(qtbot: QtBot) -> None:
    model = QueueModel()
    with qtbot.assertNotEmitted(model.dataChanged):
        model.update_progress(Progress("gone", Phase.DENOISING, 1, 3, 0, 1, 0.1))
        model.remove("gone")
