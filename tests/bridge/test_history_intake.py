"""Pictures from outside are taken into the history in portions, are counted, and can be stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PIL import Image

from studio.bridge.background import Background
from studio.bridge.history_keeper import HistoryKeeper

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.bridge.history_intake import HistoryIntake, Intaken
    from studio.services.history_entry import Entry
    from studio.services.paths import Paths


@pytest.fixture
def keeper(qtbot: QtBot, paths: Paths) -> Iterator[HistoryKeeper]:
    assert qtbot
    disk, reader = Background("disk"), Background("pictures")
    keeper = HistoryKeeper(paths, disk, reader)
    keeper.open()
    yield keeper
    keeper.close()
    disk.close()
    reader.close()


def write_pictures(folder: Path, count: int) -> Path:
    """Write pictures of which no two are the same, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(count):
        Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(folder / f"{number:03}.png")
    return folder


def taken(qtbot: QtBot, intake: HistoryIntake, *paths: Path) -> Intaken:
    with qtbot.waitSignal(intake.ended) as told:
        intake.take(paths)
    assert told.args is not None
    return told.args[0]


def test_files_and_folders_are_entered_and_counted(qtbot: QtBot, keeper: HistoryKeeper, tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "outside", 3)
    write_pictures(folder / "deeper", 5)
    (folder / "notes.txt").write_text("not meant")
    (folder / "bad.png").write_text("no picture")
    empty = tmp_path / "empty"
    empty.mkdir()
    entries: list[Entry] = []
    keeper.changes.imported.connect(entries.extend)
    found = taken(qtbot, keeper.changes.intake, folder, empty)
    # Three of the pictures lie there twice.
    assert (found.new, found.known, found.refused, found.total) == (5, 3, 2, 10)
    assert found.error is not None
    assert "bad.png" in found.error.what
    assert len(entries) == 5
    assert all(entry.is_imported for entry in entries)
    qtbot.waitUntil(lambda: keeper.model.rowCount() == 5)
    again = taken(qtbot, keeper.changes.intake, folder / "deeper")
    assert (again.new, again.known) == (0, 5)


@pytest.mark.slow
def test_three_hundred_files_come_in_portions_with_progress(
    qtbot: QtBot, keeper: HistoryKeeper, tmp_path: Path
) -> None:
    folder = write_pictures(tmp_path / "outside", 300)
    told: list[Intaken] = []
    keeper.changes.intake.advanced.connect(told.append)
    found = taken(qtbot, keeper.changes.intake, folder)
    assert (found.new, found.known, found.refused) == (300, 0, 0)
    assert [one.done for one in told] == sorted(one.done for one in told)
    assert told[-1].total == 300
    qtbot.waitUntil(lambda: keeper.model.rowCount() == 300, timeout=20_000)


def test_it_stops_between_two_files_and_says_so(qtbot: QtBot, keeper: HistoryKeeper, tmp_path: Path) -> None:
    folder = write_pictures(tmp_path / "outside", 40)
    intake = keeper.changes.intake
    # Taken up by the disk's thread after the file at which it is then.
    intake.advanced.connect(lambda so_far: intake.stop() if so_far.is_found else None)
    found = taken(qtbot, intake, folder)
    assert found.is_stopped
    assert found.done < 40
    assert not intake.is_busy
    intake.advanced.disconnect()
    assert taken(qtbot, intake, folder).is_stopped is False


def test_what_is_asked_for_meanwhile_comes_afterwards(qtbot: QtBot, keeper: HistoryKeeper, tmp_path: Path) -> None:
    first, second = write_pictures(tmp_path / "a", 2), write_pictures(tmp_path / "b", 4)
    ends: list[Intaken] = []
    intake = keeper.changes.intake
    intake.ended.connect(ends.append)
    intake.take([first])
    intake.take([second])
    qtbot.waitUntil(lambda: len(ends) == 2)
    assert [(one.new, one.known) for one in ends] == [(2, 0), (2, 2)]
