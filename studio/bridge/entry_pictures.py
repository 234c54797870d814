"""Small pictures of entries, whole and not cut to a square, read behind the window and kept for a while."""

from __future__ import annotations

from collections import OrderedDict
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.bridge.images import to_qimage

if TYPE_CHECKING:
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry
    from studio.services.thumbnails import Thumbnails

KEPT: Final = 400
"""Pictures in memory, 192 KiB each: more than a lineage of many generations shows."""

_Name = tuple[int, "Path", bool]
"""Number of an entry, its file, and whether that is missing: a picture that comes back is read again."""


class EntryPictures(QObject):
    """Reads each picture that is asked for once.

    Signals:
        came: number of the entry whose picture is there now.
    """

    came = Signal(int)

    def __init__(self, thumbnails: Thumbnails, reader: Background, parent: QObject | None = None) -> None:
        """Read on a thread.

        Args:
            thumbnails: where they are kept.
            reader: the thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self._thumbnails, self._reader = thumbnails, reader
        self._kept: OrderedDict[_Name, QImage] = OrderedDict()
        self._asked: set[_Name] = set()

    def of(self, entry: Entry) -> QImage | None:
        """Return an entry's small picture, a null image where its file is gone; None as long as it is being read."""
        name = entry.id, entry.path, entry.is_missing
        found = self._kept.get(name)
        if found is not None:
            self._kept.move_to_end(name)
        elif name not in self._asked:
            self._asked.add(name)
            self._reader.run(
                lambda: to_qimage(self._thumbnails.of(entry)), partial(self._keep, name), partial(self._give_up, name)
            )
        return found

    def _keep(self, name: _Name, image: QImage) -> None:
        self._asked.discard(name)
        self._kept[name] = image
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self.came.emit(name[0])

    def _give_up(self, name: _Name, error: StudioError) -> None:
        del error  # a picture that is gone is shown as such
        self._keep(name, QImage())
