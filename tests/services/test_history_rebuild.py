"""The files alone are enough: an index that is lost, damaged or wrong is made anew, with all that the user thought."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from studio.domain.errors import NewerData, StorageError
from studio.services.history import History
from studio.services.history_check import check
from studio.services.history_journal import NAME
from studio.services.history_rebuild import rebuild
from studio.services.history_schema import MIGRATIONS
from tests.bridge.requests import image_of, minutes_past_noon, noisy_picture, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from studio.services.history_entry import Entry


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    return tmp_path / "pictures"


def add(history: History, minute: int) -> Entry:
    request = text_request(seed=minute)
    return history.add(request, image_of(request), CONDITIONS, minutes_past_noon(minute))


def fill(database: Path, pictures: Path) -> dict[int, Entry]:
    """Make a history with marks of every kind, and return its entries by number."""
    with closing(History(database, pictures)) as history:
        entries = [add(history, minute) for minute in range(6)]
        foreign = pictures / "mine" / "sketch.jpg"
        foreign.parent.mkdir()
        Image.fromarray(noisy_picture(16, 16).pixels).save(foreign)
        imported = history.add_import(foreign)
        history.marks.star([entries[0].id, imported.id], True)
        history.marks.note([entries[1].id], "für „später“\n🦊")
        history.marks.tag([entries[1].id, entries[2].id], ["cover", "fox"])
        history.marks.tag([entries[2].id], remove=["fox"])
        boards = [history.boards.create(name) for name in ("Foxes", "Gone", "Whales")]
        history.boards.put(boards[0].id, [entries[0].id, entries[3].id, imported.id])
        history.boards.take(boards[0].id, [entries[3].id])
        history.boards.delete(boards[1].id)
        history.boards.rename(boards[2].id, "Owls")
        history.boards.put(boards[2].id, [entries[2].id])
        history.searches.save("Best", "star:yes fox")
        history.searches.save("Worst", "star:no")
        history.searches.forget("Worst")
        history.trash.throw([entries[4].id])
        history.trash.bring_back(history.trash.throw([entries[5].id]).ids)
        return known(history)


def known(history: History) -> dict[int, Entry]:
    ids = [number for (number,) in history.index.rows("SELECT id FROM picture ORDER BY id")]
    return {entry.id: entry for entry in history.entries(ids)}


def boards(history: History) -> dict[str, list[str]]:
    """Return the names of each board's files."""
    select = "SELECT path FROM board_picture JOIN picture ON id = picture_id WHERE board_id = ? ORDER BY path"
    return {one.name: [path for (path,) in history.index.rows(select, (one.id,))] for one in history.boards.all()}


def by_path(entries: dict[int, Entry]) -> dict[Path, Entry]:
    return {entry.path: entry for entry in entries.values()}


def test_a_rebuilt_index_knows_all_that_the_old_one_knew(database: Path, pictures: Path) -> None:
    before = fill(database, pictures)
    with closing(History(database, pictures)) as history:
        boards_before = boards(history)
        history.index.connection.execute("UPDATE picture SET prompt = 'wrong', note = 'wrong'")
    counts: list[int] = []
    rebuilt = rebuild(database, pictures, counts.append)
    assert (rebuilt.count, rebuilt.trashed, rebuilt.aside) == (6, 1, None)
    with closing(History(database, pictures)) as history:
        assert known(history) == before
        assert (
            boards(history)
            == boards_before
            == {
                "Foxes": [Path(before[1].path).relative_to(pictures).as_posix(), "mine/sketch.jpg"],
                "Owls": [Path(before[3].path).relative_to(pictures).as_posix()],
            }
        )
        assert [(one.name, one.query) for one in history.searches.all()] == [("Best", "star:yes fox")]
        assert check(history.index).is_sound
        assert add(history, 50).id > max(before), "no number is used twice"


def test_a_lost_index_comes_back_with_the_next_start(database: Path, pictures: Path) -> None:
    before = by_path(fill(database, pictures))
    shutil.rmtree(database.parent)
    with closing(History(database, pictures)) as history:
        recovery = history.recover()
        after = by_path(known(history))
        assert {path: (e.is_starred, e.note, e.tags, e.trashed, e.is_imported) for path, e in after.items()} == {
            path: (e.is_starred, e.note, e.tags, e.trashed, e.is_imported) for path, e in before.items()
        }
        assert set(boards(history)) == {"Foxes", "Owls"}
        assert {entry.path: entry for entry in recovery.adopted} == after
        thrown = [entry for entry in after.values() if entry.trashed]
        assert history.trash.bring_back([one.id for one in thrown])[0].path.parent.parent == pictures


def test_what_is_marked_before_all_is_back_forgets_nothing(database: Path, pictures: Path) -> None:
    entries = by_path(fill(database, pictures))
    shutil.rmtree(database.parent)
    with closing(History(database, pictures)) as history:
        noted = next(path for path, entry in entries.items() if entry.note)
        (entry,) = history.recovery.look_at([noted]).adopted
        history.marks.star([entry.id], True)
        history.recover()
        after = by_path(known(history))
        assert after[noted].is_starred
        assert {path: (one.note, one.tags) for path, one in after.items()} == {
            path: (one.note, one.tags) for path, one in entries.items()
        }


def test_a_damaged_index_is_moved_aside(database: Path, pictures: Path) -> None:
    before = by_path(fill(database, pictures))
    with database.open("r+b") as file:
        file.seek(0)
        file.write(b"no database any more" * 10)
    with pytest.raises(StorageError, match="sfumato history rebuild"):
        History(database, pictures)
    damaged = database.read_bytes()
    rebuilt = rebuild(database, pictures, lambda _: None)
    assert rebuilt.aside is not None
    assert rebuilt.aside.read_bytes() == damaged
    with closing(History(database, pictures)) as history:
        assert set(by_path(known(history))) == set(before)
        assert history.marks.of([1, 2, 3, 4, 5, 6, 7]) != []


def test_a_newer_index_is_not_rebuilt(database: Path, pictures: Path) -> None:
    fill(database, pictures)
    with closing(sqlite3.connect(database)) as editor:
        editor.execute(f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    with pytest.raises(NewerData):
        rebuild(database, pictures, lambda _: None)
    assert sorted(path.name for path in database.parent.iterdir() if "rebuilding" in path.name) == []


def test_another_window_sees_the_rebuilt_index(database: Path, pictures: Path) -> None:
    before = fill(database, pictures)
    with closing(History(database, pictures)) as window:
        window.index.connection.execute("UPDATE picture SET note = 'wrong'")
        rebuild(database, pictures, lambda _: None)
        assert known(window) == before
        assert add(window, 60).id > max(before)


def test_half_a_line_in_the_file_of_marks_spoils_no_other(database: Path, pictures: Path) -> None:
    fill(database, pictures)
    with (pictures / NAME).open("ab") as file:
        file.write(b'{"kind":"picture","pixels":"00')
    with closing(History(database, pictures)) as history:
        history.marks.note([1], "after it")
    rebuild(database, pictures, lambda _: None)
    with closing(History(database, pictures)) as history:
        assert history.marks.of([1])[0].note == "after it"
        assert history.marks.of([1])[0].is_starred


def test_a_check_names_what_does_not_agree(database: Path, pictures: Path) -> None:
    entries = fill(database, pictures)
    entries[1].path.unlink()
    shutil.copy(entries[2].path, pictures / "new.png")
    with closing(History(database, pictures)) as history:
        history.index.connection.execute("UPDATE picture_text SET prompt = 'whale' WHERE rowid = 3")
        found = check(history.index)
    assert found.missing == (entries[1].path.relative_to(pictures).as_posix(),)
    assert found.unknown == ("new.png",)
    assert len(found.faults) == 1
    assert "words" in found.faults[0]
    assert not found.is_sound


def test_what_another_window_does_meanwhile_is_there_afterwards(database: Path, pictures: Path) -> None:
    with closing(History(database, pictures)) as window:
        entries = [add(window, minute) for minute in range(25)]
        late: list[Entry] = []

        def go_on(_: int) -> None:
            if not late:
                window.marks.note([one.id for one in entries], "meanwhile")
                late.append(add(window, 30))
                window.trash.throw([entries[0].id])
                window.marks.star([late[0].id, entries[24].id], True)

        rebuilt = rebuild(database, pictures, go_on, slice_s=0.0)
        assert late, "it was not made at one go"
        assert (rebuilt.count, rebuilt.trashed) == (25, 1)
        now = known(window)
        assert set(now) == {one.id for one in (*entries, *late)}
        assert {one.id for one in now.values() if one.is_starred} == {late[0].id, entries[24].id}
        assert all(now[one.id].note == "meanwhile" for one in entries)
        assert now[late[0].id].path == late[0].path
        assert add(window, 31).id == late[0].id + 1
        assert check(window.index).is_sound
