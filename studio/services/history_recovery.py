"""Making index and files agree again: after a crash, and after somebody else has worked in the pictures folder."""

from __future__ import annotations

import logging
import math
import time
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.errors import StorageError, StudioError
from studio.services.files import unwritable
from studio.services.history_entering import arrival_of, state_of
from studio.services.history_folders import STALE_S, SUFFIXES, TRASH, is_in_trash, is_visible, walked
from studio.services.history_index import sortable

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Mapping

    from studio.services.history_entering import Arrival, Entering
    from studio.services.history_entry import Entry
    from studio.services.history_folders import Folder
    from studio.services.history_index import HistoryIndex

NEVER: Final = -1
"""A time that no folder has."""
AT_ONCE: Final = 10
"""Pictures that are entered in one transaction."""
_log = logging.getLogger("sfumato.history")


@dataclass(frozen=True, slots=True)
class Recovery:
    """What a look at the files has changed in the index.

    Attributes:
        adopted: pictures without an entry that have one now.
        missing: entries whose file has gone since the last look.
        returned: entries whose file is there again.
        moved: entries whose file lies elsewhere now.
        changed: entries whose file has other contents now.
        dropped: numbers of entries that are gone: their file was deleted out of the trash.
        seen: entries whose file is as the index says; only of files that were asked for by name.
        is_complete: whether all was looked at; else the next look goes on.
    """

    adopted: tuple[Entry, ...] = ()
    missing: tuple[int, ...] = ()
    returned: tuple[int, ...] = ()
    moved: tuple[Entry, ...] = ()
    changed: tuple[Entry, ...] = ()
    dropped: tuple[int, ...] = ()
    seen: tuple[int, ...] = ()
    is_complete: bool = True

    @property
    def has_changed(self) -> bool:
        """Whether the index is another one than before."""
        return bool(self.adopted or self.altered)

    @property
    def altered(self) -> tuple[int, ...]:
        """Numbers of the entries that were there before and are not what they were."""
        entries = (entry.id for entry in (*self.moved, *self.changed))
        return (*self.missing, *self.returned, *self.dropped, *entries)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the index says of a file."""

    id: int
    name: str
    is_missing: int = 0
    bytes: int | None = None
    modified_ns: int | None = None

    def is_other_than(self, state: os.stat_result) -> bool:
        """Tell whether the file has been written since; older rows do not say."""
        return self.bytes is not None and (self.bytes, self.modified_ns) != (state.st_size, state.st_mtime_ns)


@dataclass(slots=True, kw_only=True)
class _Look:
    """One look while it lasts, and what came of it; `Recovery` says what.

    Attributes:
        budget_s: how long pictures are read.
        until: when to stop, in seconds of the monotonic clock; None before the first picture is read.
        is_by_name: whether the files were asked for by name.
        has_unfinished: whether a file of the folder in hand may be half written.
        gone: rows whose file was not found.
    """

    budget_s: float = math.inf
    until: float | None = None
    is_by_name: bool = False
    has_unfinished: bool = False
    gone: list[_Known] = field(default_factory=list)
    adopted: list[int] = field(default_factory=list)
    returned: list[_Known] = field(default_factory=list)
    moved: list[int] = field(default_factory=list)
    changed: list[Entry] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)

    def is_over(self) -> bool:
        """Whether there is no time left; asked first, it begins to count.

        Listing a large folder may take longer than the whole budget, and each look shall be a step towards the end.
        """
        if self.until is None:
            self.until = time.monotonic() + self.budget_s
            return False
        return time.monotonic() > self.until


class FolderRecovery:
    """Compares the pictures folder with the index.

    A folder that has the time of the last look has the same files, so it is not listed: a start costs one question for
    each folder. What was changed inside a file is noticed where its folder is listed, or where its name is given.

    Attributes:
        numbers: that new entries shall have, by the names of their files.
    """

    def __init__(self, index: HistoryIndex, entering: Entering) -> None:
        self.numbers: Mapping[str, int] = {}
        self._index = index
        self._entering = entering

    def recover(self, budget_s: float = math.inf) -> Recovery:
        """Look at all folders that have changed since the last time.

        A picture without entry gets one, whichever program wrote it; an entry whose file has moved goes along; one
        without a file is marked; what killed processes left half written is deleted. Other files are left alone.

        Args:
            budget_s: how long pictures may be read, about; what is left is done by the next call.

        Raises:
            StorageError: the folder is not there though it should be, or it or the index cannot be used.
        """
        self._require_folder()
        look, is_complete = _Look(budget_s=budget_s), True
        known: dict[str, int] = dict(self._index.rows("SELECT name, modified_ns FROM folder"))
        try:
            for folder in walked(self._index.path_of, ["", TRASH, *known], known):
                is_complete = is_complete and self._look_into(folder, look)
                if not is_complete:
                    break
        except OSError as error:
            raise unwritable(self._index.pictures, error) from error
        return self._settled(look, is_complete=is_complete)

    def look_at(self, paths: Iterable[Path], budget_s: float = math.inf) -> Recovery:
        """Look at these files and folders alone, as somebody who watches the folder names them.

        Args:
            paths: what was added, changed, moved or removed; what lies outside the pictures folder is left out.
            budget_s: how long pictures may be read, about: a folder may hold thousands. `recover` does what is left.

        Raises:
            StorageError: as `recover`.
        """
        self._require_folder()
        look, is_complete = _Look(budget_s=budget_s, is_by_name=True), True
        try:
            for path in dict.fromkeys(paths):
                name = self._index.name_of(path)
                if not path.is_relative_to(self._index.pictures) or not is_visible(name):
                    continue
                try:
                    is_complete &= self._look_at_one(name, path, look)
                except (FileNotFoundError, PermissionError) as error:
                    # Gone in this very moment, which is told as well, or somebody else's. The others shall not wait.
                    _log.warning("%s is not looked at: %s", path, error)
        except OSError as error:
            raise unwritable(self._index.pictures, error) from error
        return self._settled(look, is_complete=is_complete)

    def _look_at_one(self, name: str, path: Path, look: _Look) -> bool:
        """Compare a file or a folder with its rows; return whether that was done to its end."""
        if path.is_dir():
            return all(self._look_into(folder, look) for folder in walked(self._index.path_of, [name], {}))
        if path.is_file():
            if path.suffix.lower() not in SUFFIXES:
                return True
            rows = self._rows("path = ?", (name,))
            return self._compare({name: path.stat()}, {row.name: row for row in rows}, look)
        look.gone += self._rows("path = ? OR (path >= ? AND path < ?)", (name, f"{name}/", f"{name}0"))
        return True

    def _require_folder(self) -> None:
        pictures = self._index.pictures
        if not pictures.is_dir() and self._index.rows("SELECT 1 FROM picture LIMIT 1"):
            raise StorageError(
                f"The folder of the pictures {pictures} is not there",
                "it was moved, or its drive is not connected",
                "Connect the drive, or choose the folder in the settings",
            )

    def _look_into(self, folder: Folder, look: _Look) -> bool:
        """Compare a folder with its rows; return whether that was done to its end."""
        rows = {row.name: row for row in self._rows_in(folder.name)}
        look.gone += [row for row in rows.values() if row.name not in folder.files]
        is_ours = not Path(folder.name).is_absolute()
        files = {name: state for name, state in folder.files.items() if is_ours or name in rows}
        if not self._compare(files, rows, look):
            return False
        self._remember(folder, is_settled=folder.is_settled and not look.has_unfinished)
        look.has_unfinished = False
        return True

    def _remember(self, folder: Folder, *, is_settled: bool) -> None:
        """Write down the time of a folder, and that there are those within.

        One that has not settled gets a time that none has: the folder above it may well have, and is not listed again.
        """
        execute = self._index.connection.execute
        with self._index.transaction():
            if folder.modified_ns is None:
                execute("DELETE FROM folder WHERE name = ?", (folder.name,))
                return
            modified_ns = folder.modified_ns if is_settled else NEVER
            execute("INSERT OR REPLACE INTO folder (name, modified_ns) VALUES (?, ?)", (folder.name, modified_ns))
            for name in folder.folders:
                execute("INSERT INTO folder (name, modified_ns) VALUES (?, ?) ON CONFLICT DO NOTHING", (name, NEVER))

    def _compare(self, files: Mapping[str, os.stat_result], rows: Mapping[str, _Known], look: _Look) -> bool:
        """Enter what is new or changed; return whether there was time for all."""
        unread: list[str] = []
        for name, state in files.items():
            row = rows.get(name)
            if row is None or row.is_other_than(state):
                unread.append(name)
            elif row.is_missing:
                look.returned.append(row)
            elif look.is_by_name:
                look.seen.append(row.id)
        self._fill_in([(state, rows[name]) for name, state in files.items() if name in rows and name not in unread])
        for start in range(0, len(unread), AT_ONCE):
            if look.is_over():
                return False
            # Reading takes long, and other windows wait for a transaction to end.
            arrivals = [one for name in unread[start : start + AT_ONCE] if (one := self._read(name, look))]
            with self._index.transaction():
                for arrival in arrivals:
                    self._enter(arrival, rows.get(self._index.name_of(arrival.path)), look)
        return True

    def _fill_in(self, rows: Iterable[tuple[os.stat_result, _Known]]) -> None:
        """Say how large and how old the files of older rows are."""
        blank = [(state.st_size, state.st_mtime_ns, row.id) for state, row in rows if row.bytes is None]
        if blank:
            with self._index.transaction():
                self._index.connection.executemany("UPDATE picture SET bytes = ?, modified_ns = ? WHERE id = ?", blank)

    def _read(self, name: str, look: _Look) -> Arrival | None:
        path = self._index.path_of(name)
        try:
            return arrival_of(path)
        except (StudioError, OSError) as error:
            _log.warning("%s is left out of the history: %s", path, error)
            # Another program may be in the middle of writing it.
            with suppress(OSError):
                look.has_unfinished |= time.time() - path.stat().st_mtime < STALE_S
            return None

    def _enter(self, arrival: Arrival, row: _Known | None, look: _Look) -> None:
        name = self._index.name_of(arrival.path)
        if row is not None:
            (before,) = self._index.of_ids([row.id]) or (None,)
            after = self._entering.enter(arrival)
            if row.is_missing:
                look.returned.append(row)
            elif before != after:
                look.changed.append(after)
        elif (orphan := self._orphan_of(arrival.pixels)) is not None:
            self._rename(orphan, arrival, name)
            look.moved.append(orphan.id)
        else:
            entry = self._entering.enter(arrival, self.numbers.get(name))
            if is_in_trash(name):
                self._rename(_Known(entry.id, name.removeprefix(f"{TRASH}/")), arrival, name)
            look.adopted.append(entry.id)

    def _orphan_of(self, pixels: str) -> _Known | None:
        """Return the row of a picture with these pixels whose file is not where the row says."""
        rows = self._rows("pixels = ? AND pixels <> ''", (pixels,))
        return next((row for row in rows if not self._index.path_of(row.name).exists()), None)

    def _rename(self, row: _Known, arrival: Arrival, name: str) -> None:
        thrown = sortable(datetime.now(UTC)) if is_in_trash(name) else None
        size, modified_ns = state_of(arrival.path)
        self._index.connection.execute(
            """
            UPDATE picture SET path = ?, is_missing = 0, bytes = ?, modified_ns = ?, trashed = ?, home = ? WHERE id = ?
            """,
            (name, size, modified_ns, thrown, row.name if thrown else None, row.id),
        )

    def _settled(self, look: _Look, *, is_complete: bool) -> Recovery:
        gone = [row for row in look.gone if row.id not in look.moved and not self._index.path_of(row.name).exists()]
        missing = [row.id for row in gone if not row.is_missing and not is_in_trash(row.name)]
        # Where the whole trash has gone, a drive may be away and its mount point left: nobody emptied anything.
        has_trash = self._index.path_of(TRASH).is_dir()
        dropped = [row.id for row in gone if has_trash and is_in_trash(row.name)]
        returned = [row.id for row in look.returned]
        with self._index.transaction():
            execute = self._index.connection.executemany
            execute("UPDATE picture SET is_missing = 1 WHERE id = ?", [(number,) for number in missing])
            execute("UPDATE picture SET is_missing = 0 WHERE id = ?", [(number,) for number in returned])
            execute("DELETE FROM picture WHERE id = ?", [(number,) for number in dropped])
        return Recovery(
            adopted=tuple(self._index.of_ids(look.adopted)),
            missing=tuple(missing),
            returned=tuple(returned),
            moved=tuple(self._index.of_ids(look.moved)),
            changed=tuple(look.changed),
            dropped=tuple(dropped),
            seen=tuple(look.seen),
            is_complete=is_complete,
        )

    def _rows_in(self, folder: str) -> list[_Known]:
        if not folder:
            return self._rows("instr(path, '/') = 0", ())
        first = f"{folder}/"
        rows = self._rows("path >= ? AND path < ?", (first, f"{folder}0"))
        return [row for row in rows if "/" not in row.name.removeprefix(first)]

    def _rows(self, where: str, values: tuple[object, ...]) -> list[_Known]:
        select = "SELECT id, path, is_missing, bytes, modified_ns FROM picture"
        return [_Known(*row) for row in self._index.rows(f"{select} WHERE {where}", values)]
