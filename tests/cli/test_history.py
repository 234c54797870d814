"""`sfumato history` fills, lists, checks and rebuilds the history without a window."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from studio.domain.settings import Settings
from studio.services.history import History
from studio.services.paths import Paths
from studio.services.settings_store import SettingsStore
from tests.services.histories import write_foreign

if TYPE_CHECKING:
    from tests.cli.conftest import CommandLine


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    """A folder with three pictures of another program, one of them hidden, and a text."""
    desk = tmp_path / "desk"
    write_foreign(desk / "fox.png")
    write_foreign(desk / "deep" / "owl.png", "an owl\nSteps: 9, Sampler: Euler, CFG scale: 7, Seed: 4", side=9)
    write_foreign(desk / ".hidden" / "x.png", side=10)
    (desk / "notes.txt").write_text("none of it")
    return desk


@pytest.fixture
def paths() -> Paths:
    return Paths.of_user(os.environ)


def test_pictures_are_entered_and_listed(sfumato: CommandLine, desk: Path, paths: Paths) -> None:
    assert sfumato("history", "import", desk) == 0
    assert (sfumato.output, sfumato.errors) == ("2 pictures entered.\n", "")
    assert sfumato("history", "list", "--json", "owl") == 0
    (owl,) = json.loads(sfumato.output)
    assert (owl["prompt"], owl["seed"], owl["dialect"], owl["imported"]) == ("an owl", 4, "a1111", True)
    assert Path(owl["path"]).is_relative_to(paths.pictures)
    assert sfumato("history", "list", "from:imported") == 0
    assert len(sfumato.output.splitlines()) == 2
    assert "a fox, 狐" in sfumato.output
    assert sfumato("history", "list", "--limit", "1") == 0
    assert len(sfumato.output.splitlines()) == 1


def test_what_cannot_be_entered_is_told_and_the_rest_is_entered(
    sfumato: CommandLine, desk: Path, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    assert sfumato("history", "import", "--json", desk / "notes.txt", tmp_path / "empty", desk / "fox.png") == 1
    told = json.loads(sfumato.output)
    assert [one["prompt"] for one in told["entered"]] == ["a fox, 狐"]
    assert [one["path"] for one in told["failed"]] == [str(desk / "notes.txt"), str(tmp_path / "empty")]
    assert len(sfumato.errors.splitlines()) == 2
    assert "has nothing to enter" in sfumato.errors


def test_a_check_tells_what_does_not_agree_and_a_rebuild_mends_it(
    sfumato: CommandLine, desk: Path, paths: Paths
) -> None:
    sfumato("history", "import", desk)
    assert sfumato("history", "check") == 0
    assert sfumato.output == "2 pictures; index and files agree.\n"
    write_foreign(paths.pictures / "new.png", side=11)
    next(paths.pictures.glob("*/fox.png")).unlink()
    assert sfumato("history", "check") == 1
    first, second = sfumato.output.splitlines()
    assert first.startswith("The file is not there: ")
    assert first.endswith("fox.png")
    assert second == "Not in the history: new.png"
    assert "sfumato history rebuild" in sfumato.errors
    assert sfumato("history", "check", "--json") == 1
    assert json.loads(sfumato.output)["unknown"] == ["new.png"]
    assert sfumato("history", "rebuild") == 0
    assert sfumato.output == "2 pictures in the history, 0 in the trash.\n"
    assert sfumato("history", "check") == 0


def test_what_is_no_picture_is_named_and_is_no_disagreement(sfumato: CommandLine, desk: Path, paths: Paths) -> None:
    sfumato("history", "import", desk)
    (paths.pictures / "shopping.png").write_text("milk, bread")
    assert sfumato("history", "check") == 0
    assert "No picture, left aside: shopping.png" in sfumato.output
    assert sfumato("history", "check", "--json") == 0
    assert json.loads(sfumato.output)["unreadable"] == ["shopping.png"]


@pytest.mark.parametrize("query", ["star:maybe", "before:2026-13", "colour:red"])
def test_a_query_that_is_not_understood_lists_nothing(sfumato: CommandLine, desk: Path, query: str) -> None:
    sfumato("history", "import", desk)
    assert sfumato("history", "list", query) == 2
    assert sfumato.output == ""
    assert query.partition(":")[0] in sfumato.errors


def test_a_damaged_index_is_set_aside(sfumato: CommandLine, desk: Path, paths: Paths) -> None:
    sfumato("history", "import", desk)
    paths.database.write_bytes(b"no database at all, and long enough to be taken for one" * 40)
    assert sfumato("history", "list") == 1
    assert "sfumato history rebuild" in sfumato.errors
    assert sfumato("history", "rebuild", "--json") == 0
    told = json.loads(sfumato.output)
    assert (told["count"], Path(told["aside"]).name) == (2, "history.damaged-1.sqlite3")


def test_the_trash_is_listed(sfumato: CommandLine, desk: Path, paths: Paths) -> None:
    sfumato("history", "import", desk)
    history = History(paths.database, paths.pictures)
    history.trash.throw([1])
    history.close()
    assert sfumato("history", "trash", "--json") == 0
    (thrown,) = json.loads(sfumato.output)
    assert thrown["id"] == 1
    assert thrown["trashed"] is not None
    assert sfumato("history", "list") == 0
    assert len(sfumato.output.splitlines()) == 1


def test_the_pictures_folder_of_the_settings_is_used(
    sfumato: CommandLine, desk: Path, paths: Paths, tmp_path: Path
) -> None:
    SettingsStore(paths.settings).save(Settings(pictures_folder=str(tmp_path / "album")))
    assert sfumato("history", "import", desk) == 0
    assert len(list((tmp_path / "album").rglob("*.png"))) == 2
    assert not paths.pictures.exists()


@pytest.mark.parametrize("arguments", [[], ["burn"], ["import"], ["list", "--limit", "none"]])
def test_wrong_usage_is_answered_at_once(sfumato: CommandLine, arguments: list[str]) -> None:
    assert sfumato("history", *arguments) == 2
    assert len(sfumato.errors.splitlines()) == 1
