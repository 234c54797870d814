"""What other programs do in the pictures folder is seen in the history while it is open."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, TypeVar

import pytest

from studio.bridge.background import Background
from studio.bridge.history_watcher import HistoryWatcher
from studio.services.history import History
from studio.services.sources import Sources
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS, ScriptedEngine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry
    from studio.services.history_recovery import Recovery
    from tests.bridge.conftest import Open

LOOK_MS = 100
T = TypeVar("T")


class Desk:
    """A history, the watcher of its folder, and what that said."""

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        self.pictures = folder / "pictures"
        self.disk = Background("disk")
        self.recovered: list[Recovery] = []
        self.errors: list[StudioError] = []
        self._qtbot = qtbot
        self._database = folder / "history.sqlite3"
        self._sources = Sources(folder / "sources")
        self._history: History | None = None
        self.watcher = HistoryWatcher(self.pictures, self.disk, self.history, look_ms=LOOK_MS)
        self.watcher.recovered.connect(self.recovered.append)
        self.watcher.failed.connect(self.errors.append)

    def history(self) -> History:
        """Return the history; on the disk's thread."""
        if self._history is None:
            self._history = History(self._database, self.pictures, sources=self._sources)
        return self._history

    def asked(self, question: Callable[[History], T]) -> T:
        """Return what the history answers."""
        answers: list[T] = []
        self.disk.run(lambda: question(self.history()), answers.append)
        self._qtbot.waitUntil(lambda: bool(answers))
        return answers[0]

    def add(self, minute: int) -> Entry:
        """Keep a picture as the window does."""
        request = text_request(seed=minute)
        return self.asked(lambda h: h.add(request, image_of(request), CONDITIONS, minutes_past_noon(minute)))

    def entry(self, entry_id: int) -> Entry:
        """Return an entry as it is now."""
        entry = self.asked(lambda h: h.get(entry_id))
        assert entry is not None
        return entry

    def listen(self) -> None:
        """Start the watcher and wait until it hears everything."""
        with self._qtbot.waitSignal(self.watcher._began):
            self.watcher.start()

    def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so."""
        self._qtbot.waitUntil(is_so, timeout=10_000)

    def close(self) -> None:
        self.watcher.close()
        self.disk.run(lambda: self._history and self._history.close())
        self.disk.close()


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    opened = Desk(tmp_path, qtbot)
    yield opened
    opened.close()


def elsewhere(code: str, *arguments: Path) -> None:
    """Run a piece of Python in a process of its own."""
    subprocess.run([sys.executable, "-c", code, *map(str, arguments)], check=True)


@pytest.mark.slow
def test_what_another_program_writes_renames_and_deletes_is_seen(desk: Desk, tmp_path: Path) -> None:
    kept = desk.add(1)
    source = tmp_path / "foreign.png"
    shutil.copy(kept.path, source)
    elsewhere("import sys; from PIL import Image; Image.open(sys.argv[1]).rotate(90).save(sys.argv[1])", source)
    desk.listen()

    elsewhere("import shutil, sys; shutil.copy(*sys.argv[1:])", source, desk.pictures / "new.png")
    desk.until(lambda: any(recovery.adopted for recovery in desk.recovered))
    (new,) = desk.recovered[-1].adopted
    assert (new.path, new.is_imported) == (desk.pictures / "new.png", True)

    moved_to = desk.pictures / "mine" / "red.png"
    elsewhere(
        "import os, sys; os.makedirs(os.path.dirname(sys.argv[2])); os.rename(*sys.argv[1:])", kept.path, moved_to
    )
    desk.until(lambda: desk.entry(kept.id).path == moved_to)
    assert not desk.entry(kept.id).is_missing

    elsewhere("import os, sys; os.remove(sys.argv[1])", moved_to)
    desk.until(lambda: desk.entry(kept.id).is_missing)
    assert desk.errors == []


def test_own_pictures_are_no_news(desk: Desk) -> None:
    desk.add(1)
    desk.listen()
    desk.add(2)
    stranger = desk.pictures / "other.png"
    shutil.copy(desk.add(3).path, stranger)
    desk.until(lambda: bool(desk.recovered))
    assert [[entry.path for entry in recovery.adopted] for recovery in desk.recovered] == [[stranger]]
    assert all(not recovery.altered for recovery in desk.recovered)


@pytest.mark.slow
def test_what_another_window_paints_is_seen(qtbot: QtBot, opened: Open) -> None:
    one, other = opened(ScriptedEngine), opened(ScriptedEngine)
    for session in (one, other):
        session.start()
    with qtbot.waitSignal(one.history_model.added):
        one.generation.submit(text_request(seed=5))
    qtbot.waitUntil(lambda: other.history_model.rowCount() == 1, timeout=10_000)
    with qtbot.waitSignal(one.history_model.added):
        one.generation.submit(text_request(seed=6))
    qtbot.waitUntil(lambda: other.history_model.rowCount() == 2, timeout=10_000)
    assert one.history_model.rowCount() == 2


def test_a_whole_folder_that_is_moved_in_is_entered(desk: Desk, tmp_path: Path) -> None:
    paths = [desk.add(minute).path for minute in range(3)]
    elsewhere_folder = tmp_path / "album"
    elsewhere_folder.mkdir()
    for path in paths:
        shutil.move(path, elsewhere_folder)
    desk.asked(lambda h: h.recover())
    desk.listen()
    elsewhere_folder.rename(desk.pictures / "album")
    desk.until(lambda: desk.asked(lambda h: sum(entry.is_missing for entry in h.page(None, 9))) == 0)
    entries = desk.asked(lambda h: [entry.path.parent.name for entry in h.page(None, 9)])
    assert entries == ["album"] * 3


def test_what_happened_before_anybody_listened_is_found(desk: Desk) -> None:
    entry = desk.add(1)
    entry.path.unlink()
    desk.listen()
    desk.until(lambda: bool(desk.recovered))
    assert desk.recovered[0].missing == (entry.id,)


def test_a_folder_that_goes_is_told_once_and_comes_back_by_itself(desk: Desk, tmp_path: Path) -> None:
    entry = desk.add(1)
    desk.listen()
    away = tmp_path / "unplugged"
    desk.pictures.rename(away)
    desk.until(lambda: bool(desk.errors))
    assert "is not there" in desk.errors[0].what
    away.rename(desk.pictures)
    stranger = desk.pictures / "other.png"
    shutil.copy(entry.path, stranger)
    desk.until(lambda: any(one.path == stranger for recovery in desk.recovered for one in recovery.adopted))
    desk.until(lambda: not desk.entry(entry.id).is_missing)
    assert len(desk.errors) == 1


def test_links_and_hidden_files_are_left_alone(desk: Desk, tmp_path: Path) -> None:
    entry = desk.add(1)
    outside = tmp_path / "outside"
    outside.mkdir()
    desk.listen()
    (desk.pictures / "link").symlink_to(outside)
    shutil.copy(entry.path, outside / "secret.png")
    (desk.pictures / "linked.png").symlink_to(outside / "secret.png")
    shutil.copy(entry.path, desk.pictures / ".hidden.png")
    shutil.copy(entry.path, desk.pictures / "seen.png")
    desk.until(lambda: bool(desk.recovered))
    adopted = [one.path.name for recovery in desk.recovered for one in recovery.adopted]
    assert adopted == ["seen.png"]


def test_a_picture_that_is_written_bit_by_bit_is_entered_once_it_is_whole(desk: Desk) -> None:
    content = desk.add(1).path.read_bytes()
    desk.listen()
    growing = desk.pictures / "growing.png"
    with growing.open("wb") as file:
        file.write(content[:200])
        file.flush()
        os.fsync(file.fileno())
        desk.asked(lambda h: h.recovery.look_at([growing]))
        file.write(content[200:])
    desk.until(lambda: any(one.path == growing for recovery in desk.recovered for one in recovery.adopted))


def test_a_watcher_that_never_began_can_be_closed(tmp_path: Path, qtbot: QtBot) -> None:
    desk = Desk(tmp_path, qtbot)
    desk.close()


def test_a_new_history_has_no_folder_yet(desk: Desk) -> None:
    desk.watcher.start()
    desk.add(1)
    shutil.copy(desk.add(2).path, desk.pictures / "other.png")
    desk.until(lambda: any(one.path.name == "other.png" for recovery in desk.recovered for one in recovery.adopted))
    assert desk.errors == []
