"""The thumbnails that are in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from PySide6.QtGui import QImage

MIB: Final = 2**20
BYTES_KEPT: Final = 64 * MIB
"""Two screens of 3840 x 2160 pixels full of thumbnails."""


class ThumbnailShelf:
    """Keeps the thumbnails that were looked at last, up to a number of bytes."""

    def __init__(self, most_bytes: int = BYTES_KEPT) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._seen: frozenset[int] = frozenset()
        self._images: OrderedDict[int, QImage] = OrderedDict()

    @property
    def bytes(self) -> int:
        """How much memory they take."""
        return self._bytes

    def get(self, entry_id: int) -> QImage | None:
        """Return a picture's thumbnail, which may have another size than is wanted now, or None."""
        return self._images.get(entry_id)

    def keep(self, entry_id: int, image: QImage) -> None:
        """Keep a thumbnail in place of an earlier one; those looked at longest ago go, but none on the screen."""
        self.drop(entry_id)
        self._images[entry_id] = image
        self._bytes += image.sizeInBytes()
        while self._bytes > self._most_bytes and len(self._images) > len(self._seen | {entry_id}):
            oldest = next(iter(self._images))
            if oldest in self._seen:
                self._images.move_to_end(oldest)
            else:
                self.drop(oldest)

    def drop(self, entry_id: int) -> None:
        """Forget a picture's thumbnail."""
        if (image := self._images.pop(entry_id, None)) is not None:
            self._bytes -= image.sizeInBytes()

    def touch(self, ids: Iterable[int]) -> None:
        """Keep these whatever comes: they are on the screen."""
        self._seen = frozenset(ids)
        for entry_id in self._seen:
            if entry_id in self._images:
                self._images.move_to_end(entry_id)
