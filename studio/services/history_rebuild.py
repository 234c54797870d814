"""Making the index anew from the files alone."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.errors import StorageError, StudioError
from studio.services.files import unwritable
from studio.services.history import History
from studio.services.history_entering import arrival_of
from studio.services.history_journal import Journal
from studio.services.history_restoring import restore
from studio.services.history_schema import is_damage, storage_error

if TYPE_CHECKING:
    from collections.abc import Callable

SLICE_S: Final = 0.5
"""How often is told how far it is."""
_SIDE_FILES: Final = ("", "-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Rebuilt:
    """What came of it.

    Attributes:
        count: pictures in the index now, without those in the trash.
        trashed: pictures in the trash.
        aside: where the old index lies, if it could not be read.
    """

    count: int
    trashed: int
    aside: Path | None


@dataclass(frozen=True, slots=True)
class _Old:
    """What the index that is there knows and the files do not.

    Attributes:
        numbers: of entries by the names of their files, so that each picture keeps its own.
        last: number that was given last.
        is_readable: whether it knows anything at all.
    """

    numbers: dict[str, int] = field(default_factory=dict)
    last: int = 0
    is_readable: bool = False


def rebuild(database: Path, pictures: Path, say: Callable[[int], None], slice_s: float = SLICE_S) -> Rebuilt:
    """Make the index anew, and put it in the place of the old one in one step; other windows may go on meanwhile.

    Stars, notes, tags, boards and searches come out of the file beside the pictures. Pictures keep their numbers where
    the old index can be read; where it cannot, it is moved aside.

    Args:
        database: file of the index.
        pictures: folder of the pictures.
        say: called now and then with how many pictures there are by now.
        slice_s: how often that is.

    Raises:
        NewerData: a newer Sfumato has written the index; it is not touched.
        StorageError: the new one cannot be made; the old one is as it was.
    """
    old = _known(database, pictures)
    fresh = database.with_name(f"{database.stem}.rebuilding{database.suffix}")
    _remove(fresh)
    try:
        count, trashed = _make(fresh, pictures, old, say, slice_s)
        if old.is_readable:
            # Making it takes minutes, in which other windows have gone on.
            late = _known(database, pictures)
            aside = _swap(fresh, database, late)
            count, trashed = _caught_up(database, pictures, late)
        else:
            aside = _put(fresh, database)
    except sqlite3.Error as error:
        raise storage_error(database, error) from error
    except OSError as error:
        raise unwritable(database, error) from error
    finally:
        _remove(fresh)
    return Rebuilt(count, trashed, aside)


def _known(database: Path, pictures: Path) -> _Old:
    if not database.exists():
        return _Old()
    try:
        with closing(History(database, pictures)) as history:
            journal = Journal(pictures)
            if not journal.is_there:
                journal.append(history.lines())
            numbers: dict[str, int] = dict(history.index.rows("SELECT path, id FROM picture"))
            last = history.index.rows("SELECT seq FROM sqlite_sequence WHERE name = 'picture'")
    except StorageError as error:
        if is_damage(error.__cause__):
            return _Old()
        raise
    return _Old(numbers, last[0][0] if last else 0, is_readable=True)


def _make(fresh: Path, pictures: Path, old: _Old, say: Callable[[int], None], slice_s: float) -> tuple[int, int]:
    """Make an index and return how many pictures it holds, and how many of those are in the trash."""
    with closing(History(fresh, pictures)) as history:
        connection = history.index.connection
        # No picture may get a number that another one has, or had.
        connection.execute("INSERT INTO sqlite_sequence (name, seq) VALUES ('picture', ?)", (old.last,))
        history.recovery.numbers = old.numbers
        for name, number in old.numbers.items():
            if Path(name).is_absolute():
                _enter_outside(history, Path(name), number)
        while not history.recover(slice_s).is_complete:
            say(history.count())
        history.lineage.derive_all()
        # One file alone: what stands beside it in a log would be lost when it is renamed.
        connection.execute("PRAGMA journal_mode = DELETE")
        return history.count(), len(history.trash.entries())


def _enter_outside(history: History, path: Path, number: int) -> None:
    try:
        history.entering.enter(arrival_of(path), number)
    except (StudioError, OSError):
        return  # gone, or no picture any more


def _swap(fresh: Path, database: Path, late: _Old) -> None:
    """Copy the new index into the old one's file, in one transaction that other windows see whole or not at all."""
    with closing(sqlite3.connect(fresh, isolation_level=None)) as source, closing(sqlite3.connect(database)) as target:
        source.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = 'picture'", (late.last,))
        source.backup(target)


def _caught_up(database: Path, pictures: Path, late: _Old) -> tuple[int, int]:
    """Enter what came while the index was made, under the numbers it got; return how many pictures there are in all."""
    with closing(History(database, pictures)) as history:
        history.recovery.numbers = late.numbers
        history.recover()
        # Writers of the file hold the lock of the index, so that no later mark is read over.
        with history.index.transaction():
            restore(history.index, Journal(pictures).read())
        return history.count(), len(history.trash.entries())


def _put(fresh: Path, database: Path) -> Path | None:
    """Move the old index aside, if there is one, and the new one into its place."""
    aside = None
    if database.exists():
        number = 1
        while (aside := database.with_name(f"{database.stem}.damaged-{number}{database.suffix}")).exists():
            number += 1
        for end in _SIDE_FILES:
            part = database.with_name(database.name + end)
            if part.exists():
                part.replace(aside.with_name(aside.name + end))
    fresh.replace(database)
    return aside


def _remove(fresh: Path) -> None:
    for end in _SIDE_FILES:
        fresh.with_name(fresh.name + end).unlink(missing_ok=True)
