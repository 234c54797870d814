"""Whatever others do in the pictures folder, index and files agree after the next look."""

from __future__ import annotations

import os
import shutil
import sys
import time
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from studio.domain.dialect import Dialect
from studio.domain.errors import StorageError
from studio.services.history import History
from studio.services.history_check import check
from studio.services.history_recovery import AT_ONCE, Recovery
from tests.services.histories import add, write_foreign

if TYPE_CHECKING:
    from pathlib import Path


def age(folder: Path, seconds: float = 3600) -> None:
    """Let a folder and those within look as if nothing had happened lately."""
    for path in (folder, *(one for one in folder.rglob("*") if one.is_dir())):
        os.utime(path, (time.time() - seconds, time.time() - seconds))


def settled(history: History, pictures: Path) -> None:
    """Look until all folders are known by their time."""
    age(pictures)
    history.recover()
    assert not history.recover().has_changed


def test_pictures_of_other_programs_appear_wherever_they_lie(history: History, pictures: Path) -> None:
    places = [pictures / "fox.png", pictures / "by hand" / "deep" / "fox.png", pictures / "2026-11" / "fox.png"]
    for side, path in enumerate(places, 8):
        write_foreign(path, side=side)
    adopted = history.recover().adopted
    assert {entry.path for entry in adopted} == set(places)
    assert all(entry.is_imported and entry.found.dialect is Dialect.A1111 for entry in adopted)
    assert check(history.index).is_sound


def test_a_folder_that_has_not_changed_is_not_listed(history: History, pictures: Path) -> None:
    entry = add(history, 1)
    settled(history, pictures)
    before = entry.path.parent.stat().st_mtime_ns
    entry.path.unlink()
    os.utime(entry.path.parent, ns=(before, before))
    assert not history.recover().has_changed, "whoever hides a change this way is not found out"
    age(pictures, 1800)
    assert history.recover().missing == (entry.id,)


def test_a_folder_that_was_changed_a_moment_ago_is_listed_again(history: History) -> None:
    entry = add(history, 1)
    history.recover()
    before = entry.path.parent.stat().st_mtime_ns
    entry.path.unlink()
    os.utime(entry.path.parent, ns=(before, before))
    assert history.recover().missing == (entry.id,)


def test_a_young_folder_in_an_old_one_is_listed_again(history: History, pictures: Path) -> None:
    first = add(history, 1)
    os.utime(pictures, (time.time() - 3600, time.time() - 3600))
    assert not history.recover().has_changed
    shutil.copy(first.path, first.path.with_name("second.png"))
    assert len(history.recover().adopted) == 1


def test_folders_within_are_not_forgotten_by_a_look_that_ends_early(history: History, pictures: Path) -> None:
    for number in range(4):
        write_foreign(pictures / f"{number}" / "deep" / "fox.png", side=8 + number)
    age(pictures)
    for _ in range(40):
        if history.recover(0.001).is_complete:
            break
    assert history.count() == 4


def test_a_picture_that_was_moved_keeps_its_entry_its_marks_and_its_boards(history: History, pictures: Path) -> None:
    entry = add(history, 1)
    history.marks.note([entry.id], "mine")
    board = history.boards.create("Foxes")
    history.boards.put(board.id, [entry.id])
    settled(history, pictures)
    target = pictures / "chosen" / "best.png"
    target.parent.mkdir()
    entry.path.rename(target)
    recovery = history.recover()
    assert recovery == Recovery(moved=(replace(entry, path=target, note="mine"),))
    assert history.boards.of(entry.id) == ("Foxes",)
    assert check(history.index).is_sound


def test_a_foreign_picture_that_was_moved_is_known_by_its_pixels(history: History, pictures: Path) -> None:
    path = write_foreign(pictures / "fox.png")
    (entry,) = history.recover().adopted
    (pictures / "sub").mkdir()
    path.rename(pictures / "sub" / "owl.png")
    (moved,) = history.recover().moved
    assert (moved.id, moved.path) == (entry.id, pictures / "sub" / "owl.png")


def test_a_copy_is_a_picture_of_its_own(history: History, pictures: Path) -> None:
    entry = add(history, 1)
    shutil.copy(entry.path, pictures / "copy.png")
    recovery = history.recover()
    assert recovery.moved == ()
    assert [one.path for one in recovery.adopted] == [pictures / "copy.png"]


def test_a_folder_that_was_renamed_takes_its_pictures_along(history: History, pictures: Path) -> None:
    entries = [add(history, minute) for minute in range(3)]
    settled(history, pictures)
    entries[0].path.parent.rename(pictures / "November")
    recovery = history.recover()
    assert {entry.id for entry in recovery.moved} == {entry.id for entry in entries}
    assert (recovery.missing, recovery.adopted) == ((), ())
    settled(history, pictures)


def test_a_file_with_other_contents_is_read_again(history: History, pictures: Path) -> None:
    path = write_foreign(pictures / "fox.png", text="")
    (entry,) = history.recover().adopted
    history.marks.star([entry.id], True)
    write_foreign(path, side=9)
    (changed,) = history.recover().changed
    assert (changed.id, changed.width, changed.is_starred) == (entry.id, 9, True)
    assert changed.prompt == "a fox, 狐"
    os.utime(path, (1, 1))
    assert not history.recovery.look_at([path]).has_changed, "another time alone is no change"
    assert history.get(entry.id) == changed


def test_what_is_half_written_is_looked_at_again(history: History, pictures: Path, tmp_path: Path) -> None:
    whole = write_foreign(tmp_path / "whole.png", side=32).read_bytes()
    pictures.mkdir()
    (pictures / "fox.png").write_bytes(whole[:500])
    age(pictures)
    assert not history.recover().has_changed
    (pictures / "fox.png").write_bytes(whole)
    age(pictures)
    assert len(history.recover().adopted) == 1


def test_a_look_may_take_several_steps(history: History, pictures: Path) -> None:
    for side in range(8, 20):
        write_foreign(pictures / f"{side}.png", side=side)
    first = history.recover(0.0)
    assert not first.is_complete
    steps = [first]
    while not steps[-1].is_complete:
        steps.append(history.recover(0.02))
    assert history.count() == 12
    assert sum(len(step.adopted) for step in steps) == 12


def test_a_folder_that_is_not_there_is_told_and_nothing_is_marked(history: History, pictures: Path) -> None:
    entry = add(history, 1)
    pictures.rename(pictures.with_name("unplugged"))
    with pytest.raises(StorageError, match="Connect the drive"):
        history.recover()
    with pytest.raises(StorageError, match="Connect the drive"):
        history.recovery.look_at([entry.path])
    pictures.with_name("unplugged").rename(pictures)
    assert not history.recover().has_changed


def test_an_empty_history_needs_no_folder(history: History) -> None:
    assert not history.recover().has_changed


# --- by name, as one who watches tells it


def test_only_what_is_named_is_looked_at(history: History, pictures: Path, tmp_path: Path) -> None:
    one, other = write_foreign(pictures / "one.png"), write_foreign(pictures / "other.png", side=9)
    outside = write_foreign(tmp_path / "outside.png")
    hidden = write_foreign(pictures / ".hidden" / "x.png")
    recovery = history.recovery.look_at([one, one, outside, hidden, pictures / "nowhere.png"])
    assert [entry.path for entry in recovery.adopted] == [one]
    assert history.recovery.look_at([one]).seen == (recovery.adopted[0].id,)
    assert [entry.path for entry in history.recovery.look_at([pictures]).adopted] == [other]


def test_removed_and_moved_files_are_noticed_by_name(history: History, pictures: Path) -> None:
    gone, moved = add(history, 1), add(history, 2)
    gone.path.unlink()
    target = moved.path.with_name("renamed.png")
    moved.path.rename(target)
    recovery = history.recovery.look_at([gone.path, moved.path, target])
    assert recovery.missing == (gone.id,)
    assert [(entry.id, entry.path) for entry in recovery.moved] == [(moved.id, target)]
    shutil.rmtree(pictures / target.parent.name)
    assert history.recovery.look_at([target.parent]).missing == (moved.id,)


# --- another folder


def test_pictures_stay_where_they_are_when_the_folder_is_another_one(
    history: History, database: Path, tmp_path: Path
) -> None:
    entry, thrown = add(history, 1), add(history, 2)
    history.marks.star([entry.id], True)
    history.boards.create("Foxes")
    history.trash.throw([thrown.id])
    history.close()
    other = tmp_path / "other"
    with closing(History(database, other)) as moved:
        assert not moved.recover().has_changed or not other.is_dir()
        (kept,) = moved.page(None, 10)
        assert (kept.path, kept.is_missing) == (entry.path, False)
        new = add(moved, 3)
        assert new.path.is_relative_to(other)
        assert moved.trash.bring_back([thrown.id])[0].path == thrown.path
        away = moved.trash.throw([entry.id])
        assert moved.trash.bring_back(away.ids)[0].path == entry.path
        entry.path.unlink()
        assert moved.recover().missing == (entry.id,)
    shutil.rmtree(database.parent)
    with closing(History(database, other)) as rebuilt:
        rebuilt.recover()
        assert [board.name for board in rebuilt.boards.all()] == ["Foxes"]


def test_pictures_that_were_moved_into_the_new_folder_are_known_there(
    history: History, database: Path, pictures: Path, tmp_path: Path
) -> None:
    entry = add(history, 1)
    history.close()
    pictures.rename(tmp_path / "other")
    with closing(History(database, tmp_path / "other")) as moved:
        (kept,) = moved.page(None, 10)
        assert kept.path == tmp_path / "other" / entry.path.relative_to(pictures)
        assert not moved.recover().has_changed


@pytest.mark.skipif(sys.platform != "linux", reason="only there a name may be any bytes")
def test_names_that_are_no_text_are_left_out_and_stop_nobody(history: History, pictures: Path, tmp_path: Path) -> None:
    strange = write_foreign(pictures / os.fsdecode(b"\xff.png"))
    write_foreign(pictures / os.fsdecode(b"\xfe") / "owl.png")
    plain = write_foreign(pictures / "fox.png", side=9)
    assert [entry.path for entry in history.recover().adopted] == [plain]
    assert not history.recovery.look_at([strange, strange.parent]).has_changed
    assert history.add_import(strange).path.read_bytes() == strange.read_bytes(), "a copy with another name is taken"
    outside = write_foreign(tmp_path / os.fsdecode(b"ole\xe9.png"), side=10)
    assert history.add_import(outside).path.name == "ole.png"


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_not_be_read_stops_nobody_and_loses_nothing(history: History, pictures: Path) -> None:
    inside, beside = write_foreign(pictures / "closed" / "in" / "fox.png"), write_foreign(pictures / "owl.png", side=9)
    history.recover()
    inside.parent.parent.chmod(0)
    try:
        beside.unlink()
        recovery = history.recovery.look_at([inside, inside.parent, beside])
        other = write_foreign(pictures / "wolf.png", side=10)
        looked = history.recover()
    finally:
        inside.parent.parent.chmod(0o700)
    assert len(recovery.missing) == 1
    assert ([entry.path for entry in looked.adopted], looked.missing) == ([other], ())
    assert not history.recover().has_changed


def test_a_drive_that_is_away_empties_no_trash(history: History, pictures: Path, tmp_path: Path) -> None:
    thrown, kept = add(history, 1), add(history, 2)
    history.marks.note([thrown.id], "precious")
    history.trash.throw([thrown.id])
    settled(history, pictures)
    (before,) = history.trash.entries()
    pictures.rename(tmp_path / "away")
    pictures.mkdir()  # the mount point
    recovery = history.recover()
    assert (recovery.missing, recovery.dropped) == ((kept.id,), ())
    pictures.rmdir()
    (tmp_path / "away").rename(pictures)
    assert history.recover().returned == (kept.id,)
    assert history.trash.entries() == [before]


def test_a_folder_of_many_pictures_is_looked_at_in_steps(history: History, pictures: Path) -> None:
    add(history, 1)
    settled(history, pictures)
    paths = [write_foreign(pictures / "moved in" / f"{side}.png", side=side) for side in range(8, 8 + 3 * AT_ONCE)]
    first = history.recovery.look_at([paths[0].parent], 0.0)
    assert len(first.adopted) == AT_ONCE
    assert not first.is_complete
    found = len(first.adopted)
    while found < len(paths):
        step = history.recover(0.0)
        assert step.adopted, "each step leads on"
        found += len(step.adopted)
    assert check(history.index).is_sound
