"""Every painted picture is kept: on disk first, in the index second, and whatever happens in between is put right."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.domain.errors import NewerData, StorageError, UnwritablePlace
from studio.domain.metadata import Metadata
from studio.domain.picture import Mask
from studio.domain.request import Inpaint
from studio.services.files import PARTIAL_PREFIX, PARTIAL_SUFFIX
from studio.services.history import History
from studio.services.history_folders import STALE_S
from studio.services.history_schema import MIGRATIONS
from studio.services.pictures import read_picture
from studio.services.sources import Sources
from tests.bridge.requests import MODEL, NOON, image_of, minutes_past_noon, noisy_picture, text_request
from tests.fakes import CONDITIONS
from tests.services.histories import add_from

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.request import TextToImage
    from studio.services.history_entry import Entry

ROOT = Path(__file__).parents[2]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


@pytest.fixture
def history(database: Path, pictures: Path) -> Iterator[History]:
    opened = History(database, pictures)
    yield opened
    opened.close()


def add(history: History, request: TextToImage | None = None, minute: int = 0) -> Entry:
    request = request or text_request(seed=minute)
    return history.add(request, image_of(request), CONDITIONS, minutes_past_noon(minute), seconds=1.5)


def test_a_picture_is_kept_as_a_file_that_says_all_about_itself(history: History, pictures: Path) -> None:
    request = text_request("a red fox, 3d", seed=7)
    entry = add(history, request)
    assert read_picture(entry.path) == image_of(request).picture
    assert entry.path.parent == pictures / f"{NOON.astimezone():%Y-%m}"
    assert entry.path.name == f"{NOON.astimezone():%Y%m%d-%H%M%S}-a-red-fox-3d-7.png"
    assert entry.metadata == Metadata.of(request, image_of(request), CONDITIONS, NOON, seconds=1.5)
    assert (entry.prompt, entry.seed, entry.width, entry.height) == ("a red fox, 3d", 7, 64, 32)
    assert history.get(entry.id) == entry


def test_what_was_kept_is_there_after_a_restart(history: History, database: Path, pictures: Path) -> None:
    entry = add(history)
    history.close()
    again = History(database, pictures)
    assert again.page(None, 10) == [entry]
    again.close()


def test_a_picture_is_found_by_its_pixels(history: History) -> None:
    entry = add(history, minute=1)
    assert history.of_pixels(entry.picture_sha256) == entry
    assert history.of_pixels("0" * 64) is None


def test_pages_come_newest_first_and_end(history: History) -> None:
    entries = [add(history, minute=minute) for minute in (3, 1, 5, 2, 4)]
    by_age = sorted(entries, key=lambda entry: entry.created, reverse=True)
    first = history.page(None, 2)
    second = history.page(first[-1].id, 2)
    third = history.page(second[-1].id, 2)
    assert first + second + third == by_age
    assert history.page(third[-1].id, 2) == []
    assert history.count() == 5


def test_pictures_of_one_second_and_seed_do_not_replace_each_other(history: History) -> None:
    first, second = add(history, text_request("a cat!", seed=1)), add(history, text_request("a cat?", seed=1))
    assert first.path != second.path
    assert first.path.exists()
    assert history.count() == 2


def test_keeping_the_same_picture_again_changes_nothing(history: History) -> None:
    request = text_request()
    assert add(history, request) == add(history, request)
    assert history.count() == 1


@pytest.mark.parametrize("prompt", ["", "🦊🦊", "../../etc/passwd", "half \ud83e of a pair", "x" * 5000, "ёж / CON"])
def test_any_prompt_makes_a_file_inside_the_folder(history: History, pictures: Path, prompt: str) -> None:
    entry = add(history, text_request(prompt))
    assert entry.path.parent.parent == pictures
    assert entry.path.exists()
    assert len(entry.path.name) < 100
    assert history.page(None, 1)[0].id == entry.id


def test_words_of_prompts_are_indexed(history: History, database: Path) -> None:
    fox = add(history, text_request("a red fox beside a café"), minute=1)
    add(history, text_request("a blue whale"), minute=2)
    with sqlite3.connect(database) as reader:
        found = reader.execute("SELECT rowid FROM picture_text WHERE picture_text MATCH 'cafe AND re*'").fetchall()
        reader.execute("INSERT INTO picture_text (picture_text) VALUES ('integrity-check')")
    reader.close()
    assert found == [(fox.id,)]


# --- what it was painted from


@pytest.fixture
def keeping(database: Path, pictures: Path, tmp_path: Path) -> Iterator[tuple[History, Sources]]:
    sources = Sources(tmp_path / "sources")
    opened = History(database, pictures, sources=sources)
    yield opened, sources
    opened.close()


def test_the_picture_and_the_mask_that_were_painted_over_are_kept(keeping: tuple[History, Sources]) -> None:
    history, sources = keeping
    image, mask = noisy_picture(64, 32), Mask(np.full((32, 64), 255, np.uint8))
    request = Inpaint(model=MODEL, prompt="a hat", sampling=text_request().sampling, image=image, mask=mask)
    history.add(request, image_of(text_request()), CONDITIONS, NOON)
    assert sources.picture(image.sha256) == image
    assert sources.mask(mask.sha256) == mask


def test_a_picture_that_the_history_has_is_not_kept_twice(keeping: tuple[History, Sources]) -> None:
    history, sources = keeping
    add(history)
    source = image_of(text_request(seed=0)).picture
    add_from(history, source, 1)
    assert sources.picture(source.sha256) is None
    assert history.of_pixels(source.sha256) is not None


def test_a_picture_is_not_given_up_for_its_source(database: Path, pictures: Path, tmp_path: Path) -> None:
    (tmp_path / "sources").write_text("a file where the folder should be")
    with closing(History(database, pictures, sources=Sources(tmp_path / "sources"))) as history:
        entry = add_from(history, noisy_picture(64, 32), 1)
        assert history.get(entry.id) == entry


def test_files_are_called_as_the_template_says(database: Path, pictures: Path) -> None:
    with closing(History(database, pictures, template="{model}")) as history:
        names = [add(history, minute=minute).path.name for minute in range(3)]
        assert names == ["starter.png", "starter-2.png", "starter-3.png"]
        assert add(history, minute=1).path.name == "starter-2.png", "the same picture again"


# --- after a crash


def test_a_file_without_an_entry_gets_one_from_its_own_metadata(
    history: History, database: Path, pictures: Path, tmp_path: Path
) -> None:
    entry = add(history)
    history.close()
    for part in database.parent.iterdir():
        part.rename(tmp_path / part.name)
    again = History(database, pictures)
    recovery = again.recover()
    assert [one.metadata for one in recovery.adopted] == [entry.metadata]
    assert [one.path for one in again.page(None, 10)] == [entry.path]
    assert again.recover().adopted == ()
    again.close()


def test_an_adopted_picture_takes_its_place_by_age(history: History, database: Path, pictures: Path) -> None:
    entries = [add(history, minute=minute) for minute in (1, 2, 3)]
    history.close()
    with sqlite3.connect(database) as editor:
        editor.execute("DELETE FROM picture WHERE id = ?", (entries[1].id,))
    editor.close()
    again = History(database, pictures)
    again.recover()
    assert [one.path for one in again.page(None, 10)] == [entry.path for entry in reversed(entries)]
    again.close()


def test_an_entry_without_a_file_is_marked_until_the_file_is_back(history: History, tmp_path: Path) -> None:
    entry = add(history)
    entry.path.rename(tmp_path / "elsewhere.png")
    assert history.recover().missing == (entry.id,)
    assert history.page(None, 1)[0].is_missing
    assert history.recover().missing == ()
    (tmp_path / "elsewhere.png").rename(entry.path)
    assert history.recover().returned == (entry.id,)
    assert not history.page(None, 1)[0].is_missing


def test_damaged_and_hidden_files_are_left_alone(history: History, pictures: Path) -> None:
    entry = add(history)
    month = entry.path.parent
    (month / "holiday.png").write_bytes(b"no picture at all")
    (month / "cut.png").write_bytes(entry.path.read_bytes()[:200])
    (month / "short.png").write_bytes(entry.path.read_bytes()[:-300])
    (pictures / ".hidden").mkdir()
    (pictures / ".hidden" / "copy.png").write_bytes(entry.path.read_bytes())
    (month / ".copy.png").write_bytes(entry.path.read_bytes())
    assert history.recover().adopted == ()
    assert (month / "holiday.png").exists()
    assert history.count() == 1


def test_half_written_files_are_cleared_away_once_they_are_nobodys(history: History) -> None:
    month = add(history).path.parent
    fresh, stale = (month / f"{PARTIAL_PREFIX}{name}{PARTIAL_SUFFIX}" for name in ("fresh", "stale"))
    for path in (fresh, stale):
        path.write_bytes(b"half")
    old = stale.stat().st_mtime - STALE_S - 60
    os.utime(stale, (old, old))
    history.recover()
    assert fresh.exists()
    assert not stale.exists()


PAINTER = """
import sys
from pathlib import Path
from studio.services.history import History
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

history = History(Path(sys.argv[1]), Path(sys.argv[2]))
first, count = int(sys.argv[3]), int(sys.argv[4])
print("open", flush=True)
sys.stdin.readline()
for number in range(first, first + count):
    request = text_request(seed=number)
    entry = history.add(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    print(entry.path, flush=True)
"""


def painter(database: Path, pictures: Path, first: int, count: int) -> subprocess.Popen[str]:
    """Start a process that fills the history as soon as it is written to."""
    command = [sys.executable, "-c", PAINTER, str(database), str(pictures), str(first), str(count)]
    return subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


@pytest.mark.slow
def test_a_confirmed_picture_survives_kill_9(database: Path, pictures: Path) -> None:
    with painter(database, pictures, 0, 10_000) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
        process.stdin.write("\n")
        process.stdin.flush()
        confirmed = [process.stdout.readline().strip() for _ in range(12)]
        process.kill()
        confirmed += [line.strip() for line in process.stdout if line.endswith(".png\n")]
    history = History(database, pictures)
    history.recover()
    kept = {str(entry.path): entry for entry in history.page(None, 20_000)}
    history.close()
    assert set(confirmed) <= set(kept)
    assert {str(path) for path in pictures.glob("*/*.png")} == set(kept)
    for entry in kept.values():
        assert read_picture(entry.path) == image_of(text_request(seed=entry.seed or 0)).picture


@pytest.mark.slow
def test_two_processes_use_the_same_history(database: Path, pictures: Path) -> None:
    both = [painter(database, pictures, first, 10) for first in (0, 100)]
    for process in both:
        assert process.stdout is not None
        assert process.stdout.readline() == "open\n"
    for process in both:
        assert process.stdin is not None
        process.stdin.write("\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0].split() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    history = History(database, pictures)
    assert {str(entry.path) for entry in history.page(None, 100)} == {*said[0], *said[1]}
    assert history.count() == 20
    assert history.recover().adopted == ()
    history.close()


# --- other versions


def test_a_newer_database_is_refused_and_not_touched(history: History, database: Path, pictures: Path) -> None:
    add(history)
    history.close()
    with sqlite3.connect(database) as editor:
        editor.execute("PRAGMA journal_mode = DELETE")
        editor.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    editor.close()
    before = database.read_bytes()
    with pytest.raises(NewerData, match="Update Sfumato"):
        History(database, pictures)
    assert database.read_bytes() == before


def test_an_interrupted_migration_leaves_nothing_behind(database: Path, pictures: Path) -> None:
    database.parent.mkdir()
    with sqlite3.connect(database) as editor:
        editor.execute("CREATE TABLE picture_text (something)")  # in the way of a later statement
    editor.close()
    with pytest.raises(StorageError):
        History(database, pictures)
    with sqlite3.connect(database) as reader:
        assert reader.execute("SELECT name FROM sqlite_master").fetchall() == [("picture_text",)]
        assert reader.execute("PRAGMA user_version").fetchone() == (0,)
    reader.close()


def test_an_entry_refers_to_a_model_that_is_there(history: History) -> None:
    add(history)
    with pytest.raises(sqlite3.IntegrityError):
        history.index.connection.execute("DELETE FROM model")


# --- disks


def test_a_file_that_is_no_database_is_refused_and_not_touched(database: Path, pictures: Path) -> None:
    database.parent.mkdir()
    database.write_bytes(b"a letter to my grandmother, long enough to be taken for a header of a database file " * 20)
    before = database.read_bytes()
    with pytest.raises(StorageError, match="Move the file away"):
        History(database, pictures)
    assert database.read_bytes() == before


def test_a_place_for_pictures_that_cannot_be_written_is_told(history: History, pictures: Path) -> None:
    pictures.write_text("a file where the folder should be")
    with pytest.raises(UnwritablePlace):
        add(history)
    assert history.count() == 0
    pictures.unlink()
    assert add(history).path.exists(), "the same picture can be kept later"


def test_a_place_for_the_index_that_cannot_be_used_is_told(tmp_path: Path, pictures: Path) -> None:
    (tmp_path / "data").write_text("a file where the folder should be")
    with pytest.raises(StorageError, match="Check that the folder"):
        History(tmp_path / "data" / "history.sqlite3", pictures)


def test_a_picture_that_could_not_be_entered_is_entered_by_a_second_try(
    history: History, database: Path, pictures: Path
) -> None:
    with sqlite3.connect(database) as other:
        other.execute("CREATE TRIGGER no BEFORE INSERT ON picture BEGIN SELECT RAISE(ABORT, 'disk is full'); END")
    request = text_request()
    with pytest.raises(StorageError, match="Disk is full"):
        add(history, request)
    assert len(list(pictures.glob("*/*.png"))) == 1, "its file is safe"
    with other:
        other.execute("DROP TRIGGER no")
    other.close()
    entry = add(history, request)
    assert list(pictures.glob("*/*.png")) == [entry.path]
    assert history.count() == 1
