"""The open index of the history: its connection, its transactions, and how its rows become entries."""

from __future__ import annotations

import logging
import sqlite3
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
from studio.domain.errors import StudioError
from studio.domain.found_settings import FoundSettings
from studio.domain.metadata import Metadata
from studio.services.history_entry import Entry
from studio.services.history_schema import open_database, storage_error

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Mapping, Sequence
    from pathlib import Path

COLUMNS: Final = (
    "id, path, metadata, dialect, pixels, width, height, created, day, "
    "is_missing, is_starred, is_imported, note, tags, trashed"
)
"""What an `Entry` is made of, in this order."""
MANY: Final = 500
"""Values in one statement; SQLite takes 999 from version 3.0 on and more later."""
_log = logging.getLogger("sfumato.history")


class HistoryIndex:
    """The index while it is open. The parts of `studio.services.history.History` share one.

    Attributes:
        database: its file.
        pictures: the folder in which the paths of its rows begin; a path outside it is absolute.
        connection: to it, in autocommit outside `transaction`.
    """

    def __init__(self, database: Path, pictures: Path) -> None:
        """Open the index, and make it where there is none.

        Raises:
            NewerData: a newer Sfumato has written it; it is not touched.
            StorageError: it cannot be used.
        """
        self.database = database
        self.pictures = pictures
        self.connection = open_database(database)

    def close(self) -> None:
        """Close the index. A second call does nothing."""
        self.connection.close()

    def rows(self, statement: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[tuple[Any, ...]]:
        """Return what a statement selects; what SQLite keeps may be anything, hence `Any`.

        Raises:
            StorageError: the index cannot be read.
        """
        with self.reporting():
            return self.connection.execute(statement, values).fetchall()

    def entries(self, rest: str, values: Sequence[object] | Mapping[str, object] = ()) -> list[Entry]:
        """Return the entries that a statement selects; those that cannot be read are left out.

        Args:
            rest: of the statement, after ``SELECT ... FROM picture``; written here, never by a user.
            values: bound to it.

        Raises:
            StorageError: the index cannot be read.
        """
        rows = self.rows(f"SELECT {COLUMNS} FROM picture {rest}", values)
        return [entry for row in rows if (entry := self.entry(row))]

    def of_ids(self, ids: Iterable[int]) -> list[Entry]:
        """Return the entries of these numbers in this order, without those that are not there.

        Raises:
            StorageError: the index cannot be read.
        """
        wanted = list(ids)
        found: dict[int, Entry] = {}
        for part in parts(wanted):
            found |= {entry.id: entry for entry in self.entries(f"WHERE id IN ({marks(part)})", part)}
        return [found[number] for number in wanted if number in found]

    def path_of(self, name: str) -> Path:
        """Return the file that a row names."""
        return self.pictures / name

    def name_of(self, path: Path) -> str:
        """Return how a row names a file; the pictures folder itself has the empty name."""
        if not path.is_relative_to(self.pictures):
            return path.as_posix()
        return "" if path == self.pictures else path.relative_to(self.pictures).as_posix()

    def entry(self, row: tuple[Any, ...]) -> Entry | None:
        """Return the entry of a row of `COLUMNS`; None for one that cannot be read."""
        number, path, said, dialect, pixels, width, height, created, day, *marked, trashed = row
        is_missing, is_starred, is_imported, note, tags = marked
        try:
            metadata = Metadata.from_json(said) if dialect == Dialect.SFUMATO.value else None
            found = FoundSettings.from_json(said) if metadata is None else FoundSettings.of_metadata(metadata)
        except StudioError as error:
            _log.warning("%s is left out of the history: %s", path, error)
            return None
        return Entry(
            id=number,
            path=self.path_of(path),
            found=found,
            picture_sha256=pixels,
            width=width,
            height=height,
            created=datetime.fromisoformat(created),
            day=day,
            metadata=metadata,
            is_missing=bool(is_missing),
            is_starred=bool(is_starred),
            is_imported=bool(is_imported),
            note=note,
            tags=tuple(tags.split()),
            trashed=None if trashed is None else datetime.fromisoformat(trashed),
        )

    @contextmanager
    def transaction(self) -> Generator[None]:
        """Do all of the block or nothing; the index is locked for other writers meanwhile. Blocks may be nested.

        Raises:
            StorageError: the index cannot be written.
        """
        if self.connection.in_transaction:
            yield
            return
        with self.reporting():
            self.connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.connection.execute("COMMIT")
            except BaseException:
                if self.connection.in_transaction:
                    self.connection.execute("ROLLBACK")
                raise

    @contextmanager
    def reporting(self) -> Generator[None]:
        """Put what SQLite complains about into words.

        Raises:
            StorageError: it complained.
        """
        try:
            yield
        except sqlite3.Error as error:
            raise storage_error(self.database, error) from error


def marks(values: Sequence[object]) -> str:
    """Return as many question marks for a statement as there are values."""
    return ", ".join("?" * len(values))


def parts(values: Sequence[int]) -> Iterable[Sequence[int]]:
    """Yield the values in parts that fit into one statement."""
    return (values[start : start + MANY] for start in range(0, len(values), MANY))


def sortable(moment: datetime) -> str:
    """Return a moment as the index keeps it: earlier ones sort first."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def storable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which a clipboard can hold and UTF-8 cannot."""
    return text.encode(errors="replace").decode()
