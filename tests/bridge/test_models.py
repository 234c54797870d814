"""The rows of queue and history obey Qt's rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QImage

from studio.bridge.dropped import HistoryDrop, read_mime
from studio.bridge.history_model import THUMBNAILS_KEPT, EntryRole, HistoryModel
from studio.bridge.queue_model import JobRole, JobRow, QueueModel
from studio.domain.events import Phase, Progress
from studio.domain.job import Job, JobState
from studio.domain.metadata import Metadata
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.modeltest import ModelTester
    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry

DECORATION = Qt.ItemDataRole.DecorationRole


@pytest.fixture
def history_model(qtbot: QtBot) -> HistoryModel:
    assert qtbot
    return HistoryModel()


def entry(number: int, tmp_path: Path) -> Entry:
    request = text_request(f"picture {number}", seed=number)
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    return entry_of(number, tmp_path / f"{number}.png", metadata)


def image() -> QImage:
    made = QImage(4, 4, QImage.Format.Format_RGB888)
    made.fill(0)
    return made


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


def test_the_history_grows_at_both_ends(
    history_model: HistoryModel, qtmodeltester: ModelTester, tmp_path: Path
) -> None:
    # From here on it checks every change, and asks for everything that a view asks for.
    qtmodeltester.check(history_model)
    history_model.reset([entry(5, tmp_path), entry(4, tmp_path)])
    history_model.append([entry(3, tmp_path), entry(2, tmp_path)])
    history_model.prepend(entry(6, tmp_path), image())
    qtmodeltester.check(history_model)
    assert [one.id for one in history_model.entries] == [6, 5, 4, 3, 2]
    assert history_model.index(0).data(EntryRole) == entry(6, tmp_path)
    assert history_model.index(0).data() == "picture 6"
    assert history_model.row_of(4) == 2
    assert history_model.row_of(99) is None


def test_a_page_is_asked_for_once_until_it_comes(qtbot: QtBot, history_model: HistoryModel, tmp_path: Path) -> None:
    root = QModelIndex()
    assert not history_model.canFetchMore(root), "nothing was read yet"
    history_model.reset([entry(2, tmp_path)])
    with qtbot.waitSignal(history_model.page_wanted) as wanted:
        history_model.fetchMore(root)
    assert wanted.args == [2]
    with qtbot.assertNotEmitted(history_model.page_wanted):
        history_model.fetchMore(root)
    history_model.append([entry(1, tmp_path)])
    assert history_model.canFetchMore(root)
    history_model.append([])
    assert not history_model.canFetchMore(root), "an empty page is the end"


def test_a_picture_that_was_added_meanwhile_is_shown_once(history_model: HistoryModel, tmp_path: Path) -> None:
    history_model.reset([entry(2, tmp_path)])
    history_model.append([entry(2, tmp_path), entry(1, tmp_path)])
    assert [one.id for one in history_model.entries] == [2, 1]


def test_a_thumbnail_is_asked_for_once_and_shown_when_it_comes(
    qtbot: QtBot, history_model: HistoryModel, tmp_path: Path
) -> None:
    history_model.reset([entry(1, tmp_path)])
    with qtbot.waitSignal(history_model.thumbnail_wanted) as wanted:
        assert history_model.index(0).data(DECORATION) is None
    assert wanted.args == [entry(1, tmp_path)]
    with qtbot.assertNotEmitted(history_model.thumbnail_wanted):
        assert history_model.index(0).data(DECORATION) is None
    with qtbot.waitSignal(history_model.dataChanged):
        history_model.set_thumbnail(1, image())
    assert history_model.index(0).data(DECORATION) == image()


def test_thumbnails_that_were_not_looked_at_lately_are_let_go(history_model: HistoryModel, tmp_path: Path) -> None:
    for number in range(1, THUMBNAILS_KEPT + 2):
        history_model.prepend(entry(number, tmp_path), image())
    last = history_model.rowCount() - 1
    assert history_model.index(0).data(DECORATION) is not None
    assert history_model.index(last).data(DECORATION) is None
    assert history_model.index(last - 1).data(DECORATION) is not None


def test_a_row_is_dragged_as_its_file_and_its_number(history_model: HistoryModel, tmp_path: Path) -> None:
    gone = replace(entry(2, tmp_path), is_missing=True)
    history_model.reset([entry(3, tmp_path), gone])
    first, second = history_model.index(0), history_model.index(1)
    assert first.flags() & Qt.ItemFlag.ItemIsDragEnabled
    assert not second.flags() & Qt.ItemFlag.ItemIsDragEnabled
    mime = history_model.mimeData([first])
    assert set(history_model.mimeTypes()) < set(mime.formats())
    assert read_mime(mime) == HistoryDrop((3,))
    assert [url.toLocalFile() for url in mime.urls()] == [str(tmp_path / "3.png")]
