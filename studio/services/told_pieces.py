"""What a picture's file says beside its pixels, piece by piece: nothing is decoded, and no damage is a reason to stop.

Sources: PNG (https://www.w3.org/TR/png-3/), JPEG (ITU T.81, annex B), WebP (RFC 9649).
"""

from __future__ import annotations

import io
import zlib
from dataclasses import dataclass, field
from typing import BinaryIO, Final

MAX_BYTES: Final = 2**22
"""Of all texts of one file, unpacked. One emoji among Latin letters makes a text of them take 16 MiB."""
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
JPEG_HEAD: Final = b"\xff\xd8\xff"
_MOST_PIECES: Final = 100_000
"""Pieces of a file that are looked at; a malicious one may have any number."""
_PNG_TEXTS: Final = frozenset((b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"comf"))
"""ComfyUI writes the last into films; it is laid out as the first."""
_WEBP_TEXTS: Final = frozenset((b"EXIF", b"XMP "))
_JPEG_TEXTS: Final = frozenset((b"\xe1", b"\xfe"))
"""Markers of Exif data, XMP and comments."""
_JPEG_ALONE: Final = frozenset((0x01, *range(0xD0, 0xD9)))
"""Markers without a length: TEM, RST0 to RST7, SOI."""
_SCAN, _END = 0xDA, 0xD9
_CUT: Final = "The file ends too soon; what it may have said after that is lost."
_DAMAGED: Final = "A text in the file is damaged and was left out."
TOO_LONG: Final = "A text in the file is too long and was left out."


@dataclass(slots=True)
class Pieces:
    """What was found.

    Attributes:
        found: the pieces' names and contents in order: of a PNG and a WebP four letters, of a JPEG the marker's byte.
        notes: what could not be read, in sentences.
        room: bytes that may still be read.
    """

    found: list[tuple[bytes, bytes]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    room: int = MAX_BYTES

    def note(self, sentence: str) -> None:
        """Add a sentence, once."""
        if sentence not in self.notes:
            self.notes.append(sentence)

    def take(self, file: BinaryIO, name: bytes, size: int) -> bytes | None:
        """Read a piece's content; None where it is too long, or where the file ends."""
        if size > self.room:
            self.note(TOO_LONG)
            file.seek(size, io.SEEK_CUR)
            return None
        content = file.read(size)
        if len(content) < size:
            self.note(_CUT)
            return None
        self.room -= size
        self.found.append((name, content))
        return content

    def unpacked(self, packed: bytes) -> bytes | None:
        """Return what zlib packed; None where it is damaged, or too long to be a text."""
        unpacker = zlib.decompressobj()
        try:
            content = unpacker.decompress(packed, self.room + 1)
        except zlib.error:
            self.note(_DAMAGED)
            return None
        if len(content) > self.room:
            self.note(TOO_LONG)
            return None
        self.room -= len(content)
        return content


def pieces_of(file: BinaryIO) -> Pieces | None:
    """Return what a PNG, a JPEG or a WebP says; None for a file of another kind.

    Raises:
        OSError: the file cannot be read.
    """
    head = file.read(12)
    pieces = Pieces()
    if head.startswith(PNG_HEAD):
        _read_png(file, pieces)
    elif head.startswith(JPEG_HEAD):
        _read_jpeg(file, pieces)
    elif head[:4] == b"RIFF" and head[8:] == b"WEBP":
        _read_webp(file, pieces)
    else:
        return None
    return pieces


def _read_png(file: BinaryIO, pieces: Pieces) -> None:
    file.seek(len(PNG_HEAD))
    for _ in range(_MOST_PIECES):
        head = file.read(8)
        if len(head) < 8 or not head[4:].isalpha():
            pieces.note(_CUT)
            return
        name, size = head[4:], int.from_bytes(head[:4])
        if name == b"IEND":
            return
        if name not in _PNG_TEXTS:
            file.seek(size + 4, io.SEEK_CUR)
            continue
        content, checksum = pieces.take(file, name, size), file.read(4)
        # libpng, too, leaves such a text out and shows the picture.
        if content is not None and zlib.crc32(name + content) != int.from_bytes(checksum):
            pieces.found.pop()
            pieces.note(_DAMAGED)


def _read_jpeg(file: BinaryIO, pieces: Pieces) -> None:
    file.seek(2)
    for _ in range(_MOST_PIECES):
        mark = file.read(2)
        if len(mark) < 2 or mark[0] != 0xFF:
            pieces.note(_CUT)
            return
        marker = mark[1]
        if marker in {_SCAN, _END}:
            return
        if marker == 0xFF:  # any number of filling bytes may come before a marker
            file.seek(-1, io.SEEK_CUR)
        elif marker not in _JPEG_ALONE:
            size = int.from_bytes(file.read(2)) - 2
            if size < 0:
                pieces.note(_CUT)
                return
            if mark[1:] in _JPEG_TEXTS:
                pieces.take(file, mark[1:], size)
            else:
                file.seek(size, io.SEEK_CUR)


def _read_webp(file: BinaryIO, pieces: Pieces) -> None:
    for _ in range(_MOST_PIECES):
        head = file.read(8)
        if len(head) < 8:
            # Nothing marks the end.
            return
        name, size = head[:4], int.from_bytes(head[4:], "little")
        if name in _WEBP_TEXTS:
            pieces.take(file, name, size)
            size = size % 2
        else:
            size += size % 2
        file.seek(size, io.SEEK_CUR)
