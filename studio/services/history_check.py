"""Whether the index and the files agree. Nothing is changed."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.errors import StudioError
from studio.services.files import unwritable
from studio.services.history_entering import arrival_of
from studio.services.history_folders import TRASH, walked

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.history_index import HistoryIndex


@dataclass(frozen=True, slots=True)
class Check:
    """What was found.

    Attributes:
        count: pictures in the index, with those in the trash.
        missing: names of files that the index has and the folder has not.
        unknown: names of pictures that the folder has and the index has not.
        unreadable: names of files that are called like pictures and are none, or damaged ones; nobody can enter them.
        faults: what is wrong inside the index, in SQLite's words.
    """

    count: int
    missing: tuple[str, ...]
    unknown: tuple[str, ...]
    unreadable: tuple[str, ...]
    faults: tuple[str, ...]

    @property
    def is_sound(self) -> bool:
        """Whether index and files agree."""
        return not (self.missing or self.unknown or self.faults)


def check(index: HistoryIndex) -> Check:
    """Compare all files with the index, and look through the index itself.

    Raises:
        StorageError: the index or the folder cannot be read.
    """
    known = {name for (name,) in index.rows("SELECT path FROM picture")}
    try:
        there = {name for folder in walked(index.path_of, ["", TRASH], {}) for name in folder.files}
        missing = sorted(name for name in known - there if not index.path_of(name).exists())
    except OSError as error:
        raise unwritable(index.pictures, error) from error
    strangers = sorted(there - known)
    unreadable = [name for name in strangers if not _is_picture(index.path_of(name))]
    unknown = [name for name in strangers if name not in unreadable]
    return Check(len(known), tuple(missing), tuple(unknown), tuple(unreadable), tuple(_faults(index)))


def _is_picture(path: Path) -> bool:
    try:
        arrival_of(path)
    except StudioError:
        return False
    return True


def _faults(index: HistoryIndex) -> list[str]:
    found = [str(row[0]) for row in index.rows("PRAGMA integrity_check") if row[0] != "ok"]
    found += [f"a row of {row[0]} refers to nothing in {row[2]}" for row in index.rows("PRAGMA foreign_key_check")]
    try:
        # Compares the words with the rows they come from: https://www.sqlite.org/fts5.html#the_integrity_check_command
        index.connection.execute("INSERT INTO picture_text (picture_text, rank) VALUES ('integrity-check', 1)")
    except sqlite3.Error as error:
        found.append(f"the index of words: {error}")
    return found
