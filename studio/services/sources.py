"""What pictures were painted from, kept so that they can be painted again: the history's files hold hashes alone."""

from __future__ import annotations

import logging
import re
from typing import TYPE_CHECKING, Final

from PIL import Image

from studio.domain.errors import UnreadablePicture
from studio.services.files import write_whole
from studio.services.pictures import image_png, read_mask, read_picture

if TYPE_CHECKING:
    from pathlib import Path

    from studio.domain.geometry import Size
    from studio.domain.picture import Mask, Picture

_SHA256: Final = re.compile(r"[0-9a-f]{64}")
_log = logging.getLogger("sfumato.sources")


class Sources:
    """A folder of pictures and masks as PNG files, each named by the hash of its raw bytes. Not for the main thread.

    The size is part of the name: all-white pictures of 64 x 32 and 32 x 64 have the same bytes. What is kept twice lies
    there once, and nothing is ever rewritten.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, picture: Picture) -> str:
        """Keep a picture and return its hash, as `studio.domain.picture.Picture.sha256`.

        Raises:
            UnwritablePlace: the folder cannot be written or the disk is full.
        """
        sha256 = picture.sha256
        self._write(self._name(sha256, f"{picture.width}x{picture.height}"), Image.fromarray(picture.pixels))
        return sha256

    def keep_mask(self, mask: Mask) -> str:
        """Keep a mask and return its hash, as `studio.domain.picture.Mask.sha256`.

        Raises:
            UnwritablePlace: the folder cannot be written or the disk is full.
        """
        sha256, (height, width) = mask.sha256, mask.alpha.shape
        self._write(self._name(sha256, f"{width}x{height}.mask"), Image.fromarray(mask.alpha))
        return sha256

    def picture(self, sha256: str, size: Size | None = None) -> Picture | None:
        """Return a kept picture; None where it is not kept, or where its file was changed.

        Args:
            sha256: its hash.
            size: tells apart what has the same bytes in another shape; None for any.
        """
        for path in self._files(sha256, f"{_sides(size)}.png"):
            try:
                picture = read_picture(path)
            except UnreadablePicture as error:
                _log.warning("a source is left out: %s", error)
                continue
            if picture.sha256 == sha256:
                return picture
        return None

    def mask(self, sha256: str, size: Size | None = None) -> Mask | None:
        """Return a kept mask; as `picture`."""
        for path in self._files(sha256, f"{_sides(size)}.mask.png"):
            try:
                mask = read_mask(path)
            except UnreadablePicture as error:
                _log.warning("a source is left out: %s", error)
                continue
            if mask.sha256 == sha256:
                return mask
        return None

    def _name(self, sha256: str, rest: str) -> Path:
        return self._folder / sha256[:2] / f"{sha256}-{rest}.png"

    def _files(self, sha256: str, rest: str) -> list[Path]:
        if not _SHA256.fullmatch(sha256):
            return []
        return sorted((self._folder / sha256[:2]).glob(f"{sha256}-{rest}"))

    def _write(self, path: Path, image: Image.Image) -> None:
        if not path.exists():
            write_whole(path, image_png(image, {}))


def _sides(size: Size | None) -> str:
    """Return that part of a name, as a pattern of `pathlib.Path.glob`."""
    return "[0-9]*x*[0-9]" if size is None else f"{size.width}x{size.height}"
