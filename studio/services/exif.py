"""Exif data with a comment and a maker's note.

Pillow writes both as plain bytes where the standard asks for a type of their own, and readers that go by the type,
such as exiv2, then show numbers instead of words.

Source: Exif 2.32 (CIPA DC-008), 4.6; TIFF 6.0, section 2.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PIL import ExifTags

if TYPE_CHECKING:
    from collections.abc import Sequence

_ASCII, _SHORT, _LONG, _UNDEFINED = 2, 3, 4, 7
_HEAD: Final = b"MM\0*" + struct.pack(">I", 8)
"""Big-endian, as the comment's letters are in A1111's files: some readers take the one order for the other."""
_VERSION: Final = b"0232"
_SRGB: Final = 1
_ENTRY: Final = 12
_INLINE: Final = 4
"""Bytes that stand in the entry itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exif:
    """What a picture's Exif data say.

    Attributes:
        orientation: which side is up, 1 to 8; 1 is not written.
        software: that wrote the file; empty for nothing, likewise the next two.
        comment: with the eight bytes in front that name its encoding.
        maker_note: whatever the writer likes.
    """

    orientation: int = 1
    software: str = ""
    comment: bytes = b""
    maker_note: bytes = b""

    def to_bytes(self) -> bytes:
        """Return it as a TIFF file without a picture; empty where it says nothing."""
        if self == Exif():
            return b""
        own = self._own_directory()
        fields = [
            *_known(ExifTags.Base.Orientation, _SHORT, self.orientation.to_bytes(2, "big"), self.orientation != 1),
            *_known(ExifTags.Base.Software, _ASCII, self.software.encode("ascii", "replace") + b"\0", self.software),
        ]
        if not own:
            return _HEAD + _directory(fields, len(_HEAD))
        place = len(_HEAD) + len(_directory([*fields, _Field(ExifTags.IFD.Exif, _LONG, bytes(4))], 0))
        fields.append(_Field(ExifTags.IFD.Exif, _LONG, struct.pack(">I", place)))
        return _HEAD + _directory(fields, len(_HEAD)) + _directory(own, place)

    def _own_directory(self) -> list[_Field]:
        if not (self.comment or self.maker_note):
            return []
        return [
            _Field(ExifTags.Base.ExifVersion, _UNDEFINED, _VERSION),
            *_known(ExifTags.Base.MakerNote, _UNDEFINED, self.maker_note, self.maker_note),
            *_known(ExifTags.Base.UserComment, _UNDEFINED, self.comment, self.comment),
            _Field(ExifTags.Base.ColorSpace, _SHORT, _SRGB.to_bytes(2, "big")),
        ]


@dataclass(frozen=True, slots=True)
class _Field:
    tag: int
    kind: int
    content: bytes


def _known(tag: int, kind: int, content: bytes, is_said: object) -> list[_Field]:
    return [_Field(tag, kind, content)] if is_said else []


def _directory(fields: Sequence[_Field], start: int) -> bytes:
    """Return a directory and its contents, both in the order of the fields, which is that of their numbers.

    Args:
        fields: what is in it.
        start: its place in the file.
    """
    place = start + 2 + _ENTRY * len(fields) + 4
    entries, contents = b"", b""
    for field in fields:
        count = len(field.content) // {_SHORT: 2, _LONG: 4}.get(field.kind, 1)
        value = field.content.ljust(_INLINE, b"\0")
        if len(field.content) > _INLINE:
            value = struct.pack(">I", place + len(contents))
            # Each begins at an even place.
            contents += field.content + bytes(len(field.content) % 2)
        entries += struct.pack(">HHI", field.tag, field.kind, count) + value
    return struct.pack(">H", len(fields)) + entries + bytes(4) + contents
