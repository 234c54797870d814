"""Knowing own pictures again that come back from a messenger or a web page: smaller, as JPEG, without metadata."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.errors import StudioError
from studio.domain.looks import FEATURELESS, bits_apart, colour_distance, look_of
from studio.services.history_terms import numbers
from studio.services.pictures import read_picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.services.history_entry import Entry
    from studio.services.history_index import HistoryIndex

SAME_BITS: Final = 8
"""Bits of the hash that may differ. Of 500 scenes sent at half the size as JPEG of quality 75, 0.4 % differ in more."""
SAME_COLOUR: Final = 9.0
"""`colour_distance` up to which it is the same picture.

Measured on scenes of the starter model's training, things on plain grounds and a hard test, sent at half the size as
JPEG of quality 75. Of 1,000 pictures in the history 997 are named, one is taken for another of the same thing on the
same ground, two are missed. Of 1,000 others 318 are taken for one in the history by the hash alone; with the colours 50
that are equal to one pixel by pixel, and 12 that show the same thing in the same place on nearly the same ground.
"""
_CANDIDATES: Final = 12
"""Pictures that are looked at for one question: reading each takes some milliseconds."""
_log = logging.getLogger("sfumato.history")


class LookAlikes:
    """Finds the picture of the history that another one is a copy of. On the thread of the history.

    No answer is better than a wrong one: the hash finds candidates, and their files are compared in colour.
    """

    def __init__(self, index: HistoryIndex) -> None:
        self._index = index
        self._stamp: tuple[int, int] | None = None
        self._ids = self._looks = np.zeros(0, np.int64)

    def nearest(self, pixels: NDArray[np.uint8], at_most: int = SAME_BITS) -> tuple[Entry, int] | None:
        """Return the picture that this one is a copy of, with the number of bits in which their looks differ.

        Args:
            pixels: (H, W, 3) or (H, W, 4) uint8, sRGB, straight alpha.
            at_most: bits that may differ.

        Raises:
            StorageError: the index cannot be read.
        """
        bits = dict(self.candidates(look_of(pixels), at_most))
        alike = [(_distance(entry, pixels), entry) for entry in self._index.of_ids(bits) if entry.trashed is None]
        distance, entry = min(alike, key=lambda each: each[0], default=(np.inf, None))
        return None if entry is None or distance > SAME_COLOUR else (entry, bits[entry.id])

    def candidates(self, look: int, at_most: int = SAME_BITS) -> list[tuple[int, int]]:
        """Return the numbers of entries with about this look and in how many bits they differ, the closest first.

        Args:
            look: as `studio.domain.looks.look_of` returns it.
            at_most: bits that may differ.

        Raises:
            StorageError: the index cannot be read.
        """
        if look == FEATURELESS:
            return []
        self._refresh()
        bits = bits_apart(self._looks, look)
        near = np.flatnonzero(bits <= at_most)
        closest = near[np.argsort(bits[near], kind="stable")[:_CANDIDATES]]
        return list(zip(self._ids[closest].tolist(), bits[closest].tolist(), strict=True))

    def fill(self, limit: int) -> int:
        """Look at pictures that nobody has looked at yet, the newest first.

        Args:
            limit: at most so many.

        Returns:
            How many were looked at; 0 when there is nothing left to do.

        Raises:
            StorageError: the index cannot be used.
        """
        unseen = self._index.entries(
            "WHERE look IS NULL AND is_missing = 0 AND trashed IS NULL ORDER BY created DESC, id DESC LIMIT ?", (limit,)
        )
        looks = [(_look(entry), entry.id) for entry in unseen]
        with self._index.transaction():
            self._index.connection.executemany("UPDATE picture SET look = ? WHERE id = ?", looks)
        return len(looks)

    def _refresh(self) -> None:
        """Read all looks anew if the index has changed since the last time."""
        connection = self._index.connection
        with self._index.reporting():
            stamp = (int(connection.execute("PRAGMA data_version").fetchone()[0]), connection.total_changes)
            if stamp == self._stamp:
                return
            ids, looks = connection.execute(
                "SELECT group_concat(id), group_concat(look) FROM picture WHERE look IS NOT NULL"
            ).fetchone()
        self._ids, self._looks, self._stamp = numbers(ids), numbers(looks), stamp


def _look(entry: Entry) -> int:
    """Return the look of a picture; of one that cannot be read `FEATURELESS`, so that nobody tries again for ever."""
    try:
        return look_of(read_picture(entry.path).pixels)
    except StudioError as error:
        _log.warning("%s cannot be looked at: %s", entry.path, error)
        return FEATURELESS


def _distance(entry: Entry, pixels: NDArray[np.uint8]) -> float:
    try:
        return colour_distance(read_picture(entry.path).pixels, pixels)
    except StudioError:
        # What is gone or damaged cannot be shown either.
        return np.inf
