"""Small copies of pictures in several sizes, as WebP files that can be made again at any time."""

from __future__ import annotations

import hashlib
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

SIDES: Final = (128, 256, 512)
"""Longest sides in pixels that are kept, from a dense grid to a large one on a screen with two pixels a point."""
SIDE: Final = 256
"""Longest side of the copy that is made at once of every new picture."""
QUALITY: Final = 85
_log = logging.getLogger("sfumato.thumbnails")


class Thumbnails:
    """A folder of small copies, each named by the hash of its picture's pixels. Any thread but the main one."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, entry: Entry, side: int = SIDE) -> Picture:
        """Return the small copy of a picture of the history; made where there is none yet.

        A larger copy serves to make a smaller one: unpacking it takes a tenth of the time of the picture itself.

        Args:
            entry: whose.
            side: one of `SIDES`.

        Raises:
            UnreadablePicture: there is none, and the file is gone or damaged.
        """
        name = entry.picture_sha256 or _stand_in(entry.path)
        for kept in (one for one in SIDES if one >= side):
            path = self._path(name, kept)
            if path.exists():
                try:
                    copy = read_picture(path)
                except UnreadablePicture:
                    _log.warning("%s is damaged and made again", path)
                else:
                    return copy if kept == side else self.make(copy, name, side)
        return self.make(read_picture(entry.path), name, side)

    def make(self, picture: Picture, name: str, side: int = SIDE) -> Picture:
        """Return a picture's small copy, and keep it where that is possible.

        Args:
            picture: the picture, or a larger copy of it.
            name: hex SHA-256 of its pixels.
            side: one of `SIDES`.
        """
        image = Image.fromarray(picture.pixels)
        image.thumbnail((side, side), Image.Resampling.LANCZOS)
        buffer = io.BytesIO()
        image.save(buffer, format="WEBP", quality=QUALITY)
        try:
            write_whole(self._path(name, side), buffer.getvalue())
        except UnwritablePlace as error:
            _log.warning("a thumbnail is not kept: %s", error)
        return Picture(np.asarray(image))

    def _path(self, name: str, side: int) -> Path:
        # The first size there was has no number, so that what is there already stays in use.
        return self._folder / name[:2] / (f"{name}.webp" if side == SIDE else f"{name}-{side}.webp")


def side_for(pixels: int, width: int, height: int) -> int:
    """Return the least of `SIDES` that fills a square of so many pixels a side; the largest where none does.

    Args:
        pixels: of the square.
        width: of the picture; 0 where nobody knows.
        height: likewise.
    """
    # The copy is cut to its middle square, so its shorter side has to fill the cell; a tenth less is not seen.
    narrow = min(width, height) / max(width, height) if width and height else 1.0
    return next((side for side in SIDES if side * narrow >= 0.9 * pixels), SIDES[-1])


def _stand_in(path: Path) -> str:
    """Return a name for the copy of a picture whose pixels nobody has hashed: it changes when the file does.

    Raises:
        UnreadablePicture: the file is gone.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise UnreadablePicture(f"{path} cannot be read", str(error), "Look where the file has gone") from error
    return hashlib.sha256(f"{path}\n{state.st_size}\n{state.st_mtime_ns}".encode()).hexdigest()
