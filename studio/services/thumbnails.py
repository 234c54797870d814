"""Small copies of pictures, as WebP files that can be made again at any time."""

from __future__ import annotations

import io
import logging
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.errors import UnreadablePicture, UnwritablePlace
from studio.domain.picture import Picture
from studio.services.files import write_whole
from studio.services.pictures import read_picture

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.history_entry import Entry

SIDE: Final = 256
"""Longest side in pixels: 128 on a screen with two pixels a point."""
QUALITY: Final = 85
_log = logging.getLogger("sfumato.thumbnails")


class Thumbnails:
    """A folder of small copies, each named by the hash of its picture's pixels. Any thread but the main one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, entry: Entry) -> Picture:
        """Return the small copy of a picture of the history; made from its file where there is none yet.

        Raises:
            UnreadablePicture: there is none, and the file is gone or damaged.
        """
        path = self._path(entry.picture_sha256)
        if path.exists():
            try:
                return read_picture(path)
            except UnreadablePicture:
                _log.warning("%s is damaged and made again", path)
        return self.make(read_picture(entry.path), entry.picture_sha256)

    def make(self, picture: Picture, picture_sha256: str) -> Picture:
        """Return a picture's small copy, and keep it where that is possible."""
        image = Image.fromarray(picture.pixels)
        image.thumbnail((SIDE, SIDE), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        image.save(buffer, format="WEBP", quality=QUALITY)
        try:
            write_whole(self._path(picture_sha256), buffer.getvalue())
        except UnwritablePlace as error:
            _log.warning("a thumbnail is not kept: %s", error)
        return Picture(np.asarray(image))

    def _path(self, picture_sha256: str) -> Path:
        return self._folder / picture_sha256[:2] / f"{picture_sha256}.webp"
