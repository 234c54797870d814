"""The parts that a PNG, a JPEG and a WebP file is made of: what is told can be changed without touching a pixel.

Sources: PNG (https://www.w3.org/TR/png-3/), JPEG (ITU T.81, annex B), WebP (RFC 9649).
"""

from __future__ import annotations

import re
import struct
import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, assert_never

from studio.domain.errors import UnreadablePicture
from studio.domain.picture_kind import PictureKind

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator

PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
ICC_HEAD: Final = b"ICC_PROFILE\0"
SEEN: Final = frozenset(
    (
        *(b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sBIT", b"sRGB", b"bKGD", b"pHYs"),
        *(b"hIST", b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI"),
        *(b"VP8X", b"ICCP", b"ANIM", b"ANMF", b"ALPH", b"VP8 ", b"VP8L"),
    )
)
"""Chunks of a PNG and a WebP that decide how the picture is seen. All others say something about it."""
_NEXT_MARKER: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
_END: Final = 0xD9
_SCAN: Final = 0xDA
_APP0, _APP2, _APP14, _APP15 = 0xE0, 0xE2, 0xEE, 0xEF
_COMMENT: Final = 0xFE
_ALONE: Final = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers of a JPEG without content."""
_HAS_XMP, _HAS_EXIF, _HAS_ALPHA = 0x04, 0x08, 0x10


@dataclass(frozen=True, slots=True)
class Part:
    """A chunk of a PNG or a WebP, or a segment of a JPEG.

    Attributes:
        name: four letters; of a JPEG the marker's one byte.
        content: what is in it, without length and checksum; of a JPEG's scan all up to the next marker.
    """

    name: bytes
    content: bytes

    @property
    def is_seen(self) -> bool:
        """Whether it decides how the picture is seen, and does not just say something about it."""
        if len(self.name) == 4:
            return self.name in SEEN
        marker = self.name[0]
        if marker == _APP0:
            return self.content.startswith(b"JFIF\0")
        if marker == _APP2:
            return self.content.startswith(ICC_HEAD)
        return marker == _APP14 or not (_APP0 <= marker <= _APP15 or marker == _COMMENT)


@contextmanager
def reporting_damage() -> Generator[None]:
    """Say that a file is damaged where its parts are not what they claim to be.

    Raises:
        UnreadablePicture: one of them is not.
    """
    try:
        yield
    except (struct.error, IndexError) as error:
        raise UnreadablePicture("The picture cannot be copied", "its file is damaged", "Use another copy") from error


def parts_of(content: bytes, kind: PictureKind) -> list[Part]:
    """Return the parts of a file, in order. What follows the picture's end is none of them.

    Raises:
        struct.error: it is damaged; or an `IndexError`. `reporting_damage` puts both into words.
    """
    match kind:
        case PictureKind.PNG:
            return list(_png_parts(content))
        case PictureKind.JPEG:
            return list(_jpeg_parts(content))
        case PictureKind.WEBP:
            return list(_webp_parts(content))
        case _:
            assert_never(kind)


def file_of(parts: Iterable[Part], kind: PictureKind) -> bytes:
    """Return the file that these parts make."""
    match kind:
        case PictureKind.PNG:
            return PNG_HEAD + b"".join(png_chunk(part.name, part.content) for part in parts)
        case PictureKind.JPEG:
            return b"\xff\xd8" + b"".join(_jpeg_segment(part) for part in parts)
        case PictureKind.WEBP:
            body = b"WEBP" + b"".join(_webp_chunk(part) for part in parts)
            return b"RIFF" + struct.pack("<I", len(body)) + body
        case _:
            assert_never(kind)


def png_chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk with its length and its checksum."""
    return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))


def extended_webp(parts: list[Part], *, has_exif: bool, has_xmp: bool) -> list[Part]:
    """Return a WebP's parts with a ``VP8X`` in front that announces what there is beside the pixels."""
    first = parts[0]
    if first.name == b"VP8X":
        flags, rest = first.content[0] & ~(_HAS_XMP | _HAS_EXIF), first.content[1:]
        parts = parts[1:]
    else:
        width, height, flags = _simple_webp(first)
        rest = b"\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    flags |= (_HAS_EXIF if has_exif else 0) | (_HAS_XMP if has_xmp else 0)
    return [Part(b"VP8X", bytes((flags,)) + rest), *parts]


def _png_parts(content: bytes) -> Iterator[Part]:
    place = len(PNG_HEAD)
    while True:
        length, name = struct.unpack_from(">I4s", content, place)
        body = content[place + 8 : place + 8 + length]
        if len(body) < length:
            raise struct.error
        yield Part(name, body)
        place += 12 + length
        if name == b"IEND":
            return


def _jpeg_parts(content: bytes) -> Iterator[Part]:
    place = 2
    while True:
        # Any number of filling bytes may come before a marker.
        while content[place] == 0xFF and content[place + 1] == 0xFF:
            place += 1
        mark, marker = content[place], content[place + 1]
        if mark != 0xFF:
            raise struct.error
        name, place = content[place + 1 : place + 2], place + 2
        if marker in _ALONE or marker == _END:
            yield Part(name, b"")
            if marker == _END:
                return
            continue
        (length,) = struct.unpack_from(">H", content, place)
        end = place + length
        if marker == _SCAN:
            found = _NEXT_MARKER.search(content, end)
            # A file that was cut is shown as far as it goes.
            end = found.start() if found else len(content)
        if end > len(content) or length < 2:
            raise struct.error
        yield Part(name, content[place + 2 : end])
        place = end
        if place == len(content):
            return


def _webp_parts(content: bytes) -> Iterator[Part]:
    (size,) = struct.unpack_from("<I", content, 4)
    place, end = 12, min(len(content), 8 + size)
    while place < end:
        name, length = struct.unpack_from("<4sI", content, place)
        body = content[place + 8 : place + 8 + length]
        if len(body) < length:
            raise struct.error
        yield Part(name, body)
        place += 8 + length + length % 2


def _jpeg_segment(part: Part) -> bytes:
    marker = part.name[0]
    if marker in _ALONE or marker == _END:
        return b"\xff" + part.name
    if marker == _SCAN:
        # Its own length covers its head alone, not the pixels behind it.
        return b"\xff" + part.name + struct.pack(">H", _scan_head(part.content)) + part.content
    return b"\xff" + part.name + struct.pack(">H", 2 + len(part.content)) + part.content


def _scan_head(content: bytes) -> int:
    """Return the length of a scan's head: it names its components, two bytes each."""
    return 2 + 1 + 2 * content[0] + 3


def _webp_chunk(part: Part) -> bytes:
    return part.name + struct.pack("<I", len(part.content)) + part.content + bytes(len(part.content) % 2)


def _simple_webp(first: Part) -> tuple[int, int, int]:
    """Return width, height and flags of a WebP that is nothing but its pixels: RFC 9649, 2.5, 2.6; RFC 6386, 9.1."""
    if first.name == b"VP8L":
        (bits,) = struct.unpack_from("<I", first.content, 1)
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), _HAS_ALPHA if bits >> 28 & 1 else 0
    width, height = struct.unpack_from("<HH", first.content, 6)
    return width & 0x3FFF, height & 0x3FFF, 0
