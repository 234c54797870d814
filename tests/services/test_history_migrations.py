"""Indexes that earlier versions have written are brought up to date, and copied before.

The files beside this one were written by those versions: three pictures, the third painted from the first.
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from studio.domain.errors import UnwritablePlace
from studio.domain.lineage import EdgeKind
from studio.domain.query_parsing import parse
from studio.services.history import History
from studio.services.history_backup import KEPT, backups
from studio.services.history_schema import MIGRATIONS
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

VERSIONS = range(1, len(MIGRATIONS))
HERE = Path(__file__).parent


def earlier(version: int, folder: Path) -> Path:
    """Return a copy of an earlier version's index."""
    folder.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(HERE / f"history-v{version}.sqlite3", folder / "history.sqlite3"))


def dump(database: Path) -> list[str]:
    """Return all that a database holds."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def structure(database: Path) -> list[tuple[str, str]]:
    """Return the tables and indexes of a database."""
    with closing(sqlite3.connect(database)) as connection:
        rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY name").fetchall()
    return [(name, " ".join(sql.split())) for name, sql in rows]


@pytest.mark.parametrize("version", VERSIONS)
def test_pictures_of_an_earlier_version_have_all_that_they_had(version: int, tmp_path: Path) -> None:
    history = History(earlier(version, tmp_path), tmp_path / "pictures")
    entries = history.page(None, 10)
    assert [entry.prompt for entry in entries] == ["the fox at night 🦊", "a blue whale", "a red fox beside a café"]
    fox = entries[2]
    assert (fox.id, fox.seed, fox.width, fox.height, fox.day) == (1, 7, 64, 32, f"{fox.created.astimezone():%Y-%m-%d}")
    assert fox.metadata is not None
    assert history.of_pixels(fox.metadata.picture_sha256) == fox
    assert entries[1].found.negative_prompt == "mud, “blur”"
    assert list(history.search.ids(parse("cafe"))) == [1]
    assert list(history.search.ids(parse("blur"))) == [2]
    (edge,) = history.lineage.of(3).edges
    assert (edge.child_id, edge.parent_id, edge.parent.kind) == (3, 1, EdgeKind.IMAGE_TO_IMAGE)
    assert edge.changes is not None
    assert {change.title for change in edge.changes} >= {"Prompt", "Denoising strength"}
    history.close()


@pytest.mark.parametrize("version", VERSIONS)
def test_an_earlier_version_ends_up_as_a_new_one_begins(version: int, tmp_path: Path) -> None:
    migrated, new = earlier(version, tmp_path / "old"), tmp_path / "new" / "history.sqlite3"
    for database in (migrated, new):
        History(database, tmp_path / "pictures").close()
    assert structure(migrated) == structure(new)
    with closing(sqlite3.connect(migrated)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
        connection.execute("INSERT INTO picture_text (picture_text, rank) VALUES ('integrity-check', 1)")


@pytest.mark.parametrize("version", VERSIONS)
def test_the_index_is_copied_before_its_tables_are_changed(version: int, tmp_path: Path) -> None:
    database = earlier(version, tmp_path)
    before = dump(database)
    History(database, tmp_path / "pictures").close()
    (copy,) = backups(database)
    assert copy.name == f"history.before-version-{len(MIGRATIONS)}.sqlite3"
    assert dump(copy) == before
    History(database, tmp_path / "pictures").close()
    assert list(backups(database)) == [copy], "once is enough"


def test_a_new_index_is_not_copied(tmp_path: Path) -> None:
    History(tmp_path / "history.sqlite3", tmp_path / "pictures").close()
    assert list(backups(tmp_path / "history.sqlite3")) == []


def test_old_copies_go(tmp_path: Path) -> None:
    database = earlier(1, tmp_path)
    for version in range(-4, 0):
        (tmp_path / f"history.before-version-{len(MIGRATIONS) + version}.sqlite3").write_bytes(b"an old copy")
    History(database, tmp_path / "pictures").close()
    kept = sorted(copy.name for copy in backups(database))
    assert kept == [f"history.before-version-{len(MIGRATIONS) + version}.sqlite3" for version in range(1 - KEPT, 1)]


def test_an_index_that_cannot_be_copied_is_not_changed(tmp_path: Path) -> None:
    database = earlier(2, tmp_path)
    before = dump(database)
    (tmp_path / f"history.before-version-{len(MIGRATIONS)}.sqlite3").mkdir()
    with pytest.raises(UnwritablePlace):
        History(database, tmp_path / "pictures")
    assert dump(database) == before
    assert not list(tmp_path.glob("*.partial"))


def test_pictures_can_be_added_after_a_migration(tmp_path: Path) -> None:
    history = History(earlier(1, tmp_path), tmp_path / "pictures")
    request = text_request(seed=99)
    entry = history.add(request, image_of(request), CONDITIONS, minutes_past_noon(9))
    assert history.page(None, 1) == [entry]
    assert entry.id == 4
    history.close()
