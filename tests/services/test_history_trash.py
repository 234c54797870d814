"""What is thrown away can be brought back, file and record together, and is never lost by accident."""

from __future__ import annotations

import errno
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from studio.domain.errors import StorageError, UnwritablePlace
from studio.services.history import History
from studio.services.history_check import check
from studio.services.history_journal import Journal
from studio.services.history_trash import KEPT, Trash
from tests.bridge.requests import NOON
from tests.services.histories import add

ROOT = Path(__file__).parents[2]


def test_a_picture_that_is_thrown_away_is_in_no_list(history: History, pictures: Path) -> None:
    entry, other = add(history, 1), add(history, 2)
    thrown = history.trash.throw([entry.id], NOON)
    assert thrown.ids == (entry.id,)
    assert not entry.path.exists()
    assert history.page(None, 10) == [other]
    assert history.count() == 1
    (kept,) = history.trash.entries()
    assert (kept.id, kept.trashed) == (entry.id, NOON)
    assert kept.path == pictures / ".trash" / entry.path.relative_to(pictures)
    assert kept.path.exists()
    assert check(history.index).is_sound
    assert not history.recover().has_changed


def test_it_comes_back_as_it_was(history: History) -> None:
    entry = add(history, 1)
    history.marks.star([entry.id], True)
    (before,) = history.entries([entry.id])
    content = entry.path.read_bytes()
    assert history.trash.bring_back(history.trash.throw([entry.id]).ids) == (before,)
    assert entry.path.read_bytes() == content
    assert history.trash.entries() == []
    assert not history.recover().has_changed


def test_a_name_that_was_taken_meanwhile_is_left_to_the_other(history: History) -> None:
    entry = add(history, 1)
    thrown = history.trash.throw([entry.id])
    other = add(history, 1)
    assert other.path == entry.path
    (back,) = history.trash.bring_back(thrown.ids)
    assert back.id == entry.id
    assert back.path == entry.path.with_stem(f"{entry.path.stem}-2")
    assert back.path.exists()
    assert other.path.exists()


def test_pictures_of_the_same_name_lie_in_the_trash_together(history: History) -> None:
    first = add(history, 1)
    history.trash.throw([first.id])
    second = add(history, 1)
    history.trash.throw([second.id])
    kept = history.trash.entries()
    assert len({entry.path for entry in kept}) == 2
    assert all(entry.path.exists() for entry in kept)
    assert len(history.trash.bring_back([first.id, second.id])) == 2


def test_what_is_thrown_away_twice_or_is_not_there_is_left_out(history: History) -> None:
    entry = add(history, 1)
    assert history.trash.throw([entry.id, 99]).ids == (entry.id,)
    assert history.trash.throw([entry.id]).ids == ()
    assert history.trash.bring_back([99]) == ()


def test_the_record_of_a_picture_without_file_can_be_thrown_away_as_well(history: History) -> None:
    entry = add(history, 1)
    entry.path.unlink()
    history.recover()
    history.trash.throw([entry.id])
    assert history.count() == 0
    (back,) = history.trash.bring_back([entry.id])
    assert (back.path, back.is_missing) == (entry.path, True)


def test_a_record_whose_file_has_gone_from_the_trash_goes_too(history: History) -> None:
    entry = add(history, 1)
    history.trash.throw([entry.id])
    (kept,) = history.trash.entries()
    kept.path.unlink()
    assert history.recover().dropped == (entry.id,)
    assert history.get(entry.id) is None


def test_all_or_none_are_moved(history: History, pictures: Path) -> None:
    first, second = add(history, 1), add(history, 2)
    (pictures / ".trash").mkdir()
    (pictures / ".trash" / second.path.parent.name).write_text("in the way")
    with pytest.raises(UnwritablePlace):
        history.trash.throw([first.id, second.id])
    assert history.page(None, 10) == [second, first]
    assert first.path.exists()
    assert second.path.exists()


def test_files_are_put_back_where_the_index_cannot_be_written(history: History, database: Path) -> None:
    entry = add(history, 1)
    with closing(sqlite3.connect(database)) as other, other:
        other.execute("CREATE TRIGGER no BEFORE UPDATE ON picture BEGIN SELECT RAISE(ABORT, 'no room'); END")
    with pytest.raises(StorageError, match="No room"):
        history.trash.throw([entry.id])
    assert entry.path.exists()


def test_old_trash_goes_to_the_trash_of_the_system(history: History, pictures: Path) -> None:
    old, young = add(history, 1), add(history, 2)
    given: list[str] = []

    def take(path: Path) -> None:
        given.append(path.name)
        path.unlink()

    trash = Trash(history.index, Journal(pictures), take)
    trash.throw([old.id], NOON - KEPT - timedelta(seconds=1))
    trash.throw([young.id], NOON - KEPT + timedelta(seconds=1))
    assert trash.purge(NOON) == 1
    assert given == [old.path.name]
    assert [entry.id for entry in trash.entries()] == [young.id]
    assert trash.empty() == 1
    assert trash.entries() == []
    assert history.count() == 0
    assert check(history.index).is_sound


def test_without_a_trash_of_the_system_nothing_is_lost(history: History, pictures: Path) -> None:
    entry = add(history, 1)

    def refuse(path: Path) -> None:
        raise OSError(errno.EACCES, os.strerror(errno.EACCES), str(path))

    trash = Trash(history.index, Journal(pictures), refuse)
    trash.throw([entry.id])
    with pytest.raises(UnwritablePlace, match="Nothing is lost"):
        trash.empty()
    (kept,) = trash.entries()
    assert kept.path.exists()


def test_the_trash_of_another_pictures_folder_is_emptied_as_well(
    history: History, database: Path, pictures: Path, tmp_path: Path
) -> None:
    entry = add(history, 1)
    history.trash.throw([entry.id])
    history.close()
    given: list[Path] = []
    with closing(History(database, tmp_path / "other")) as moved:
        assert Trash(moved.index, Journal(tmp_path / "other"), given.append).empty() == 1
    assert given == [pictures / ".trash" / entry.path.relative_to(pictures)]


EMPTIER = """
import sys
from pathlib import Path
from studio.services.history import History
history = History(Path(sys.argv[1]), Path(sys.argv[2]))
print(history.trash.empty())
"""


@pytest.mark.slow
def test_the_trash_of_this_system_takes_pictures(
    history: History, database: Path, pictures: Path, tmp_path: Path
) -> None:
    if sys.platform != "linux":
        pytest.skip("elsewhere the trash is one for all, and not for a test")
    entry = add(history, 1)
    content = entry.path.read_bytes()
    history.trash.throw([entry.id])
    # A home on the same file system: freedesktop.org's trash for it lies in there.
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(tmp_path / "share")}
    command = [sys.executable, "-c", EMPTIER, str(database), str(pictures)]
    run = subprocess.run(
        command, cwd=ROOT, env=os.environ | home, stdout=subprocess.PIPE, text=True, timeout=60, check=True
    )
    assert run.stdout == "1\n"
    (there,) = (tmp_path / "share" / "Trash" / "files").iterdir()
    assert there.read_bytes() == content
