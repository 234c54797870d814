"""What was painted, written and set is there again after a restart, and nothing is lost on the way."""

from __future__ import annotations

import sqlite3
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt

from studio.domain.errors import NewerData, UnwritablePlace
from studio.services.history_schema import MIGRATIONS
from studio.services.pictures import read_picture
from studio.services.settings_store import SettingsStore
from tests.bridge.requests import image_of, text_request
from tests.fakes import Gate, Script, ScriptedEngine

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.bridge.session import Session
    from studio.domain.request import TextToImage
    from studio.services.history_entry import Entry
    from studio.services.paths import Paths
    from tests.bridge.conftest import Open


def paint(qtbot: QtBot, session: Session, request: TextToImage | None = None) -> Entry:
    """Paint one picture and wait until it is kept."""
    with qtbot.waitSignal(session.history_model.added) as added:
        session.generation.submit(request or text_request())
    assert added.args is not None
    return added.args[0]


def test_a_painted_picture_is_on_the_disk_before_it_is_in_the_history(qtbot: QtBot, session: Session) -> None:
    request = text_request(seed=5)
    there: list[bool] = []
    session.history_model.added.connect(lambda entry: there.append(entry.path.exists()))
    entry = paint(qtbot, session, request)
    assert there == [True]
    assert read_picture(entry.path) == image_of(request).picture
    assert entry.metadata is not None
    assert entry.metadata.seconds is not None
    assert session.history_model.entries == (entry,)


def test_everything_is_back_after_a_restart(qtbot: QtBot, opened: Open) -> None:
    first = opened(ScriptedEngine)
    first.start()
    older, newer = paint(qtbot, first, text_request(seed=1)), paint(qtbot, first, text_request(seed=2))
    first.update_settings(prompt="a blue whale", width=192, seed=7, seed_locked=True)
    first.close()
    second = opened(ScriptedEngine)
    assert (second.settings.prompt, second.settings.width) == ("a blue whale", 192)
    assert (second.settings.seed, second.settings.seed_locked) == (7, True)
    with qtbot.waitSignal(second.picture_opened) as opened_picture:
        second.start()
    assert opened_picture.args == [newer, image_of(text_request(seed=2)).picture]
    qtbot.waitUntil(lambda: second.history_model.rowCount() == 2)
    assert second.history_model.entries == (newer, older)


def test_a_picture_of_the_history_is_opened_and_remembered(qtbot: QtBot, session: Session) -> None:
    older, _ = paint(qtbot, session, text_request(seed=1)), paint(qtbot, session, text_request(seed=2))
    with qtbot.waitSignal(session.picture_opened) as opened_picture:
        session.open_picture(older.id)
    assert opened_picture.args == [older, image_of(text_request(seed=1)).picture]
    assert session.settings.last_picture == older.id


def test_a_picture_whose_file_is_gone_is_told(qtbot: QtBot, session: Session) -> None:
    entry = paint(qtbot, session)
    entry.path.unlink()
    with qtbot.waitSignal(session.troubled):
        session.open_picture(entry.id)


def test_a_picture_that_is_not_in_the_history_is_told(qtbot: QtBot, session: Session) -> None:
    with qtbot.waitSignal(session.troubled):
        session.open_picture(99)


def test_settings_are_saved_behind_the_window(qtbot: QtBot, session: Session, paths: Paths) -> None:
    for length in range(1, 6):
        session.update_settings(prompt="fox!!"[:length])
    qtbot.waitUntil(paths.settings.exists)
    assert SettingsStore(paths.settings).load().prompt == "fox!!"


def test_settings_that_did_not_change_are_not_saved(session: Session, paths: Paths) -> None:
    session.update_settings(prompt=session.settings.prompt)
    session.close()
    assert not paths.settings.exists()


def test_settings_that_could_not_be_set_aside_are_told_and_left_alone(qtbot: QtBot, opened: Open, paths: Paths) -> None:
    paths.settings.parent.mkdir(parents=True)
    paths.settings.write_text("not what a settings file looks like")
    copy = paths.settings.with_name(f"{paths.settings.stem}.damaged-1{paths.settings.suffix}")
    copy.symlink_to(paths.settings.parent / "no such folder" / "file")
    session = opened(ScriptedEngine)
    with qtbot.waitSignal(session.troubled) as troubled:
        session.start()
    assert troubled.args is not None
    assert isinstance(troubled.args[0], UnwritablePlace)
    session.update_settings(prompt="a fox")
    session.close()
    assert session.settings.prompt == "a fox"
    assert paths.settings.read_text() == "not what a settings file looks like"


def test_it_is_known_which_settings_were_never_kept(opened: Open) -> None:
    first = opened(ScriptedEngine)
    first.update_settings(theme="light")
    assert first.is_set("theme")
    assert not first.is_set("steps")
    first.close()
    assert opened(ScriptedEngine).is_set("steps")


@pytest.mark.parametrize("wrong", [{"width": 0}, {"colour": "red"}, {"theme": "neon"}])
def test_settings_out_of_their_range_are_refused(session: Session, wrong: dict[str, object]) -> None:
    before = session.settings
    with pytest.raises(ValueError, match=next(iter(wrong))):
        session.update_settings(**wrong)
    assert session.settings == before


def test_a_picture_that_cannot_be_saved_is_told_and_saved_later(qtbot: QtBot, session: Session, paths: Paths) -> None:
    paths.pictures.parent.mkdir(parents=True, exist_ok=True)
    paths.pictures.write_text("a file where the folder should be")
    told: list[object] = []
    session.unsaved_changed.connect(told.append)
    session.troubled.connect(told.append)
    session.generation.submit(text_request())
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[0] == 1
    assert isinstance(told[1], UnwritablePlace)
    assert session.history_model.rowCount() == 0
    paths.pictures.unlink()
    with qtbot.waitSignal(session.history_model.added) as added:
        session.save_again()
    assert added.args is not None
    assert read_picture(added.args[0].path) == image_of(text_request()).picture


def test_without_an_index_the_files_are_written_all_the_same(qtbot: QtBot, opened: Open, paths: Paths) -> None:
    paths.database.parent.mkdir(parents=True)
    with sqlite3.connect(paths.database) as newer:
        newer.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    newer.close()
    session = opened(ScriptedEngine)
    session.start()
    with qtbot.waitSignal(session.unsaved_changed), qtbot.waitSignal(session.troubled) as troubled:
        session.generation.submit(text_request())
    assert troubled.args is not None
    assert isinstance(troubled.args[0], NewerData)
    (path,) = paths.pictures.glob("*/*.png")
    assert read_picture(path) == image_of(text_request()).picture
    paths.database.unlink()
    with qtbot.waitSignal(session.history_model.added) as added:
        session.save_again()
    assert added.args is not None
    assert added.args[0].path == path


def test_closing_in_the_middle_of_a_job_keeps_its_pictures(qtbot: QtBot, opened: Open) -> None:
    gate = Gate(step=1, index=2)
    session = opened(lambda: ScriptedEngine(Script(gates=(gate,))))
    session.start()
    session.generation.submit(text_request(count=3, seed=4))
    qtbot.waitUntil(gate.reached.is_set)
    session.close()
    assert [entry.seed for entry in session.history_model.entries] == [5, 4]
    again = opened(ScriptedEngine)
    again.start()
    qtbot.waitUntil(lambda: again.history_model.rowCount() == 2)
    assert again.settings.last_picture == session.history_model.entries[0].id


def test_pictures_that_a_crash_left_without_entry_appear(qtbot: QtBot, opened: Open, paths: Paths) -> None:
    first = opened(ScriptedEngine)
    first.start()
    entry = paint(qtbot, first)
    first.close()
    for part in paths.database.parent.glob("history.sqlite3*"):
        part.unlink()
    second = opened(ScriptedEngine)
    second.start()
    qtbot.waitUntil(lambda: second.history_model.rowCount() == 1)
    assert second.history_model.entries[0].path == entry.path


def test_thumbnails_come_behind_the_window(qtbot: QtBot, opened: Open) -> None:
    first = opened(ScriptedEngine)
    first.start()
    paint(qtbot, first)
    first.close()
    second = opened(ScriptedEngine)
    second.start()
    qtbot.waitUntil(lambda: second.history_model.rowCount() == 1)
    second.history_model.look(range(1), 24, 2)
    qtbot.waitUntil(lambda: second.history_model.thumbnail(0) is not None)
    thumbnail = second.history_model.index(0).data(Qt.ItemDataRole.DecorationRole)
    assert (thumbnail.width(), thumbnail.height()) == (24, 24)
