"""A picture of one's own that comes back from a messenger, without its metadata, is known again when it is dropped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from studio.bridge.dropped import Files
from studio.bridge.history_looks import recognised_sentence
from studio.domain.events import GeneratedImage
from studio.domain.picture import Picture
from studio.services.history import History
from studio.ui.canvas.drop_zones import DropZone
from studio.ui.intake import Intake
from tests.bridge.requests import NOON, text_request
from tests.domain.test_looks import landscape, sent_as_jpeg
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry
    from studio.services.paths import Paths

PROMPT = "an old lighthouse in a storm, oil on canvas"


class Desk:
    """A session with one picture in its history, and what became of what was dropped."""

    def __init__(self, session: Session, entry: Entry) -> None:
        self.entry = entry
        self.session = session
        self.intake = Intake(session)
        self.recognised: list[Entry] = []
        self.errors: list[StudioError] = []
        self.intake.recognised.connect(self.recognised.append)
        self.intake.failed.connect(self.errors.append)


def keep(paths: Paths, pixels: Picture) -> Entry:
    """Keep a picture as an earlier session did."""
    history = History(paths.database, paths.pictures)
    entry = history.add(text_request(PROMPT), GeneratedImage(pixels, 1, 0), CONDITIONS, NOON)
    history.close()
    return entry


@pytest.fixture
def desk(session_of: Callable[..., Session], paths: Paths) -> Desk:
    entry = keep(paths, Picture(landscape(5)))
    return Desk(session_of(), entry)


def stripped(folder: Path, seed: int) -> Path:
    """Return a file of a picture, half as large, as JPEG, that says nothing."""
    path = folder / f"IMG-{seed}.jpg"
    Image.fromarray(sent_as_jpeg(landscape(seed), 75)).save(path, quality=90)
    return path


@pytest.mark.parametrize("zone", [DropZone.NEW_LAYER, DropZone.IMAGE_TO_IMAGE, DropZone.SETTINGS])
def test_an_own_picture_without_metadata_is_recognised(
    desk: Desk, qtbot: QtBot, tmp_path: Path, zone: DropZone
) -> None:
    desk.intake.take(zone, Files((stripped(tmp_path, 5),)))
    qtbot.waitUntil(lambda: bool(desk.recognised))
    assert [entry.id for entry in desk.recognised] == [desk.entry.id]
    assert desk.errors == []


def test_it_is_used_as_it_was_dropped_all_the_same(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.intake.take(DropZone.NEW_LAYER, Files((stripped(tmp_path, 5),)))
    qtbot.waitUntil(lambda: bool(desk.recognised) and len(desk.session.canvas.state.layers) == 1)


def test_a_stranger_is_no_news(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    desk.intake.take(DropZone.SETTINGS, Files((stripped(tmp_path, 6),)))
    qtbot.waitUntil(lambda: bool(desk.errors))
    assert "says nothing about how it was painted" in str(desk.errors[0])
    assert desk.recognised == []


def test_a_picture_that_says_how_it_was_made_needs_no_recognition(desk: Desk, qtbot: QtBot) -> None:
    desk.intake.take(DropZone.NEW_LAYER, Files((desk.entry.path,)))
    qtbot.waitUntil(lambda: len(desk.session.canvas.state.layers) == 1)
    answered: list[Entry | None] = []
    desk.session.history.looks.seek(landscape(6), answered.append)
    qtbot.waitUntil(lambda: answered == [None])
    assert desk.recognised == []


def test_pictures_nobody_has_looked_at_are_looked_at_after_the_start(
    desk: Desk, qtbot: QtBot, paths: Paths, tmp_path: Path
) -> None:
    history = History(paths.database, paths.pictures)
    history.index.connection.execute("UPDATE picture SET look = NULL")
    history.close()
    with qtbot.waitSignal(desk.session.history.looks.filled):
        desk.session.start()
    desk.intake.take(DropZone.NEW_LAYER, Files((stripped(tmp_path, 5),)))
    qtbot.waitUntil(lambda: bool(desk.recognised))


def test_the_sentence_says_when_and_what(desk: Desk) -> None:
    assert recognised_sentence(desk.entry) == f"This looks like one of yours: {desk.entry.day}, \u201c{PROMPT}\u201d"
