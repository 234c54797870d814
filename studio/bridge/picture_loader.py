"""Reads pictures of the history behind the window, the one that is looked at first, its neighbours ahead of time."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge.picture_levels import PictureLevels
from studio.domain.errors import StudioError
from studio.services.pictures import read_picture

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.history_entry import Entry

MIB: Final = 1024**2
KEPT_BYTES: Final = 192 * MIB
"""About 35 pictures of a million pixels, or 8 of four million: enough for those around the one that is seen."""


class PictureLoader(QObject):
    """One picture is read at a time. Whatever is asked for anew takes the place of all that still waits.

    So that somebody who holds the arrow key down sees where he stops, and not, one after the other, all that he passed.

    Signals:
        loaded: number of the entry, and its `PictureLevels`.
        failed: number of the entry, and the `StudioError` that says why it cannot be read.
    """

    loaded = Signal(int, PictureLevels)
    failed = Signal(int, StudioError)

    def __init__(self, reader: Background, parent: QObject | None = None, kept_bytes: int = KEPT_BYTES) -> None:
        """Read on a thread.

        Args:
            reader: the thread.
            parent: owns this object.
            kept_bytes: memory for pictures that were read; the one asked for last is kept even where it needs more.
        """
        super().__init__(parent)
        self._reader = reader
        self._kept_bytes = kept_bytes
        self._kept: OrderedDict[int, PictureLevels] = OrderedDict()
        self._hashes: dict[int, str] = {}
        self._bytes = 0
        self._waiting: list[Entry] = []
        self._wanted: frozenset[int] = frozenset()
        self._reading: int | None = None

    @property
    def kept(self) -> tuple[int, ...]:
        """Numbers of the entries whose pictures are in memory, the one that was used longest ago first."""
        return tuple(self._kept)

    @property
    def is_reading(self) -> bool:
        """Whether a picture is being read or waits for that."""
        return self._reading is not None

    def get(self, entry_id: int) -> PictureLevels | None:
        """Return a picture that is in memory, or None; asks for nothing."""
        found = self._kept.get(entry_id)
        if found is not None:
            self._kept.move_to_end(entry_id)
        return found

    def want(self, *entries: Entry, ahead: Sequence[Entry] = ()) -> None:
        """Ask for pictures; `loaded` or `failed` tells of each that is not in memory. What else waited is dropped.

        Args:
            entries: that are looked at; they come first.
            ahead: that may be looked at next, the likeliest first; not read where there is no memory left for them.
        """
        self._wanted = frozenset(entry.id for entry in entries)
        for entry in (*entries, *ahead):
            if self._hashes.setdefault(entry.id, entry.picture_sha256) != entry.picture_sha256:
                self.forget(entry.id)
        for entry in (*reversed(ahead), *reversed(entries)):
            self.get(entry.id)
        self._waiting = [entry for entry in (*entries, *ahead) if entry.id not in {*self._kept, self._reading}]
        self._read_next()

    def forget(self, entry_id: int) -> None:
        """Let go of a picture; it is read again when it is asked for."""
        self._hashes.pop(entry_id, None)
        dropped = self._kept.pop(entry_id, None)
        if dropped is not None:
            self._bytes -= dropped.byte_count

    def clear(self) -> None:
        """Let go of all pictures, and of what waits."""
        self._waiting.clear()
        self._wanted = frozenset()
        self._kept.clear()
        self._hashes.clear()
        self._bytes = 0

    def _read_next(self) -> None:
        if self._reading is not None or not self._waiting:
            return
        entry = self._waiting.pop(0)
        self._reading = entry.id
        self._hashes[entry.id] = entry.picture_sha256
        self._reader.run(partial(_read, entry.path), partial(self._keep, entry.id), partial(self._give_up, entry.id))

    def _keep(self, entry_id: int, levels: PictureLevels) -> None:
        self._reading = None
        self._kept[entry_id] = levels
        self._bytes += levels.byte_count
        self._drop_oldest(entry_id)
        self.loaded.emit(entry_id, levels)
        self._read_next()

    def _give_up(self, entry_id: int, error: StudioError) -> None:
        self._reading = None
        self.failed.emit(entry_id, error)
        self._read_next()

    def _drop_oldest(self, latest: int) -> None:
        """Make room; what is looked at stays, and what was read ahead goes before it."""
        while self._bytes > self._kept_bytes and len(self._kept) > 1:
            spare = (number for number in self._kept if number not in self._wanted and number != latest)
            oldest = next(spare, latest if latest not in self._wanted else None)
            if oldest is None:
                return
            self.forget(oldest)
            if oldest == latest:
                # It found no place beside what is looked at; what else waits would find none either.
                self._waiting = [entry for entry in self._waiting if entry.id in self._wanted]


def _read(path: Path) -> PictureLevels:
    return PictureLevels.of(read_picture(path))
