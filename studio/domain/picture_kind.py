"""The kinds of files that Sfumato writes a flat picture into."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING

from studio.domain.errors import InvalidSetting

if TYPE_CHECKING:
    from pathlib import Path


class PictureKind(Enum):
    """A kind of file for a flat picture; the value is Pillow's name for it."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The ends of a file's name that mean this kind, the usual one first."""
        return {PictureKind.PNG: (".png",), PictureKind.JPEG: (".jpg", ".jpeg"), PictureKind.WEBP: (".webp",)}[self]

    @property
    def mime(self) -> str:
        """The media type."""
        return f"image/{self.value.lower()}"

    @property
    def longest_side(self) -> int:
        """In pixels; from each format's own specification."""
        return {PictureKind.PNG: 2**31 - 1, PictureKind.JPEG: 65_500, PictureKind.WEBP: 16_383}[self]

    @classmethod
    def of(cls, path: Path) -> PictureKind:
        """Return the kind that a file's name asks for.

        Raises:
            InvalidSetting: none of these.
        """
        for kind in cls:
            if path.suffix.lower() in kind.suffixes:
                return kind
        raise InvalidSetting(
            f"A picture cannot be exported as \u201c{path.suffix or path.name}\u201d",
            "Sfumato writes PNG, JPEG and WebP, and documents as OpenRaster and PSD",
            "End the name in .png, .jpg or .webp",
        )

    @classmethod
    def of_content(cls, content: bytes) -> PictureKind | None:
        """Return the kind that a file's first bytes show; None for any other one."""
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return cls.PNG
        if content.startswith(b"\xff\xd8\xff"):
            return cls.JPEG
        return cls.WEBP if content[:4] == b"RIFF" and content[8:12] == b"WEBP" else None
