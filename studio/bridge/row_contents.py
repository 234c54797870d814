"""What the rows of a view show, as far as it is in memory, and what is to be read next."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.bridge.thumbnail_loader import Wish

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from PySide6.QtGui import QImage

    from studio.bridge.entry_shelf import EntryShelf
    from studio.bridge.thumbnail_shelf import ThumbnailShelf
    from studio.services.history_entry import Entry

PAGE: Final = 200
"""Entries that are read in one go."""


class RowContents:
    """Entries and thumbnails of one view.

    Attributes:
        entries: those in memory; other views share them.
        thumbnails: those in memory.
        pixels: side of the thumbnails that are wanted, in pixels of the screen.
        corner: radius of their corners, likewise.
    """

    def __init__(self, entries: EntryShelf, thumbnails: ThumbnailShelf) -> None:
        self.entries = entries
        self.thumbnails = thumbnails
        self.pixels = self.corner = 0
        self._is_reading = False
        # Never to be had: asked for once, so that a damaged row is not asked for at every paint.
        self._unreadable: set[int] = set()
        self._unseen: set[int] = set()

    def touch(self, ids: Sequence[int]) -> None:
        """Keep what belongs to these longest: they are on the screen."""
        self.entries.touch(ids)
        self.thumbnails.touch(ids)

    def next_page(self, ids: Iterable[int]) -> tuple[int, ...]:
        """Return which of these entries to read now; none as long as others are being read.

        One page at a time: while somebody scrolls, the next one is what is on the screen when this one has come.
        """
        missing = () if self._is_reading else self.missing(ids)
        self._is_reading = self._is_reading or bool(missing)
        return missing

    def missing(self, ids: Iterable[int]) -> tuple[int, ...]:
        """Return the first of these whose entries are not in memory, as many as a page has."""
        return tuple(one for one in ids if self.entries.get(one) is None and one not in self._unreadable)[:PAGE]

    def take_page(self, asked: Iterable[int], entries: Sequence[Entry]) -> None:
        """Keep what was read; what was asked for and is not among it never comes."""
        self._is_reading = False
        self.entries.keep(entries)
        there = {entry.id for entry in entries}
        self._unreadable.update(one for one in asked if one not in there)

    def stop_reading(self) -> None:
        """Note that a page could not be read, and may be asked for again."""
        self._is_reading = False

    def wishes(self, ids: Iterable[int]) -> list[Wish]:
        """Return the thumbnails to load, in this order."""
        if not self.pixels:
            return []
        entries = (self.entries.get(one) for one in ids if one not in self._unseen and not self._is_sharp(one))
        return [Wish(entry, self.pixels, self.corner) for entry in entries if entry is not None]

    def take_thumbnail(self, entry_id: int, pixels: int, image: QImage) -> None:
        """Keep a thumbnail; a null one says that there is none to be had."""
        if image.isNull():
            self._unseen.add(entry_id)
        elif pixels == self.pixels or self.thumbnails.get(entry_id) is None:
            self.thumbnails.keep(entry_id, image)

    def has_no_picture(self, entry_id: int) -> bool:
        """Tell whether there is no thumbnail to be had."""
        return entry_id in self._unseen

    def forget_thumbnails(self, ids: Iterable[int]) -> None:
        """Load these again: their files have changed or come back."""
        for one in ids:
            self.thumbnails.drop(one)
            self._unseen.discard(one)

    def forget_failures(self) -> None:
        """Try once more what could not be read: the history has changed."""
        self._unreadable.clear()
        self._unseen.clear()

    def _is_sharp(self, entry_id: int) -> bool:
        image = self.thumbnails.get(entry_id)
        return image is not None and image.width() == self.pixels
