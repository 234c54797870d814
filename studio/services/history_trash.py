"""The trash: pictures that were thrown away, kept for a while beside the others and then left to the system's trash."""

from __future__ import annotations

import errno
import os
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from send2trash import send2trash

from studio.domain.errors import UnwritablePlace
from studio.services.files import unwritable, write_whole
from studio.services.history_folders import TRASH
from studio.services.history_index import marks, parts, sortable
from studio.services.history_marks import marked
from studio.services.history_names import numbered
from studio.services.history_restoring import remember

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studio.services.history_entry import Entry
    from studio.services.history_index import HistoryIndex
    from studio.services.history_journal import Journal

KEPT: Final = timedelta(days=30)
_OUTSIDE: Final = "elsewhere"


@dataclass(frozen=True, slots=True)
class Thrown:
    """What was thrown away.

    Attributes:
        ids: numbers of the entries, for `Trash.bring_back`.
    """

    ids: tuple[int, ...]


class Trash:
    """Throws pictures away and brings them back, file and record together.

    The file is moved first and its record is changed in the same transaction: a process that is killed in between
    leaves a file whose record names another place. The next look at the folder puts that right by the pixels.
    """

    def __init__(self, index: HistoryIndex, journal: Journal, let_go: Callable[[Path], None] = send2trash) -> None:
        """Stand ready.

        Args:
            index: the index.
            journal: what is written beside the pictures.
            let_go: gives a file to the system's trash; raises OSError where there is none.
        """
        self._index = index
        self._journal = journal
        self._let_go = let_go

    def throw(self, ids: Iterable[int], now: datetime | None = None) -> Thrown:
        """Move pictures into the trash, all or none.

        Args:
            ids: numbers of their entries; what is not there, or in the trash already, is left out.
            now: when that is; left out, this moment.

        Raises:
            UnwritablePlace: a file cannot be moved.
            StorageError: the index cannot be written.
        """
        moment = sortable(now or datetime.now(UTC))
        with self._index.transaction():
            remember(self._index, self._journal)
            rows = self._rows(ids, "trashed IS NULL")
            self._move([(number, name, self._place_for(name), moment) for number, name, _ in rows])
        return Thrown(tuple(number for number, *_ in rows))

    def bring_back(self, ids: Iterable[int]) -> tuple[Entry, ...]:
        """Move pictures out of the trash, all or none; where the old name was taken meanwhile, a number is added.

        Returns:
            Their entries; of one whose file has gone from the trash the record is back, marked as missing.

        Raises:
            UnwritablePlace: a file cannot be moved.
            StorageError: the index cannot be written.
        """
        with self._index.transaction():
            remember(self._index, self._journal)
            rows = self._rows(ids, "trashed IS NOT NULL")
            self._move([(number, name, self._index.path_of(home or name), None) for number, name, home in rows])
        return tuple(self._index.of_ids(number for number, *_ in rows))

    def entries(self) -> list[Entry]:
        """Return what is in the trash, the latest first.

        Raises:
            StorageError: the index cannot be read.
        """
        return self._index.entries("WHERE trashed IS NOT NULL ORDER BY trashed DESC, id DESC")

    def purge(self, now: datetime) -> int:
        """Give what was thrown away longer than `KEPT` ago to the system's trash, and return how many that were.

        Raises:
            UnwritablePlace: the system has no trash for them; they stay where they are.
            StorageError: the index cannot be written.
        """
        return self._empty("trashed < ?", (sortable(now - KEPT),))

    def empty(self) -> int:
        """Give all that is in the trash to the system's trash. Returns and raises as `purge`."""
        return self._empty("trashed IS NOT NULL", ())

    def _empty(self, where: str, values: tuple[str, ...]) -> int:
        rows = self._index.rows(f"SELECT id, path, home FROM picture WHERE {where}", values)
        for number, name, home in rows:
            path = self._index.path_of(name)
            # One by one, the file first: whoever is killed in between has a record without a file, which is dropped.
            with self._index.transaction():
                # What was missing when its record was thrown away never lay in the trash, wherever it is now.
                if name != home and path.exists():
                    self._give_away(path)
                self._index.connection.execute("DELETE FROM picture WHERE id = ?", (number,))
        return len(rows)

    def _give_away(self, path: Path) -> None:
        try:
            self._let_go(path)
        except OSError as error:
            raise UnwritablePlace(
                f"The system's trash does not take {path.name}",
                error.strerror or str(error),
                f"Nothing is lost: delete what you do not need from {self._index.pictures / TRASH} yourself",
            ) from error

    def _rows(self, ids: Iterable[int], where: str) -> list[tuple[int, str, str | None]]:
        select = f"SELECT id, path, home FROM picture WHERE {where} AND id IN"
        return [row for part in parts(list(ids)) for row in self._index.rows(f"{select} ({marks(part)})", part)]

    def _place_for(self, name: str) -> Path:
        source = self._index.path_of(name)
        if not source.exists():
            return source
        inside = Path(_OUTSIDE, source.name) if Path(name).is_absolute() else Path(name)
        return self._index.pictures / TRASH / inside

    def _move(self, moves: list[tuple[int, str, Path, str | None]]) -> None:
        """Move files and say so in their rows, all or none.

        Args:
            moves: number of an entry, the name of its file, where that shall lie, and since when it is in the trash.
        """
        done: list[tuple[Path, Path]] = []
        try:
            for number, name, wanted, trashed in moves:
                source = self._index.path_of(name)
                target = source if source == wanted else self._free(wanted)
                if source != target and source.exists():
                    _rename(source, target)
                    done.append((source, target))
                self._index.connection.execute(
                    "UPDATE picture SET path = ?, trashed = ?, home = ?, is_missing = ? WHERE id = ?",
                    (self._index.name_of(target), trashed, name if trashed else None, not target.exists(), number),
                )
            self._journal.append(marked(self._index, [number for number, *_ in moves]))
        except BaseException as error:
            for source, target in reversed(done):
                _rename(target, source)
            if isinstance(error, OSError):
                raise unwritable(self._index.pictures / TRASH, error) from error
            raise

    def _free(self, wanted: Path) -> Path:
        """Return the first name that no file and no row has."""
        for path in numbered(wanted.parent, wanted.stem, wanted.suffix):
            known = self._index.rows("SELECT 1 FROM picture WHERE path = ?", (self._index.name_of(path),))
            if not known and not path.exists():
                return path
        raise AssertionError("the names are endless")


def _rename(source: Path, target: Path) -> None:
    """Move a file; on another file system by a copy that is there whole before the original goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        source.rename(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        state = source.stat()
        write_whole(target, source.read_bytes(), replace=False)
        os.utime(target, ns=(state.st_atime_ns, state.st_mtime_ns))
        source.unlink()
