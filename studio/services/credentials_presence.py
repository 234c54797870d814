"""Whether a picture's file holds Content Credentials, told by its outline: no pixel is read and no library loaded."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from pathlib import Path

HEAD_SIZE: Final = 32
"""Bytes of a file that say of which kind it is."""
_MOST_PARTS: Final = 100_000
"""Parts of a file that are looked at; a damaged or malicious one may claim any number."""
_AVIF_BOX: Final = bytes.fromhex("d8fec3d61b0e483c92975828877ec481")
"""Id of the box for them: C2PA Technical Specification 2.2, appendix A.5."""
_JPEG_STAND_ALONE: Final = {0x01, *range(0xD0, 0xD9)}
"""Second bytes of markers without a length: TEM, RST0 to RST7, SOI."""


def has_credentials(source: Path | bytes) -> bool:
    """Tell whether a PNG, JPEG, WebP or AVIF holds Content Credentials, whatever they are worth.

    Args:
        source: the file, or all of its bytes.

    Raises:
        OSError: the file cannot be read. A damaged one holds none.
    """
    with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
        match media_type(file.read(HEAD_SIZE)):
            case "image/png":
                return _in_png(file)
            case "image/jpeg":
                return _in_jpeg(file)
            case "image/webp":
                return _in_webp(file)
            case "image/avif":
                return _in_avif(file)
            case _:
                return False


def media_type(head: bytes) -> str | None:
    """Return the type of a picture that may hold Content Credentials by its first `HEAD_SIZE` bytes, or None."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head[4:8] == b"ftyp" and b"avi" in head[8:HEAD_SIZE]:  # avif or avis, first or among those it goes with
        return "image/avif"
    if head[:6] in {b"GIF87a", b"GIF89a"}:
        return "image/gif"
    return "image/tiff" if head[:4] in {b"II*\0", b"MM\0*"} else None


def _in_png(file: BinaryIO) -> bool:
    file.seek(8)
    for _ in range(_MOST_PARTS):
        head = file.read(8)
        if len(head) < 8 or head[4:] == b"IEND":
            return False
        if head[4:] == b"caBX":
            return True
        file.seek(int.from_bytes(head[:4]) + 4, io.SEEK_CUR)
    return False


def _in_jpeg(file: BinaryIO) -> bool:
    file.seek(2)
    for _ in range(_MOST_PARTS):
        marker = file.read(2)
        if len(marker) < 2 or marker[0] != 0xFF or marker[1] in {0xD9, 0xDA}:  # the end, or the pixels
            return False
        if marker[1] in _JPEG_STAND_ALONE:
            continue
        if marker[1] == 0xFF:  # one of any number of bytes that may stand before a marker
            file.seek(-1, io.SEEK_CUR)
            continue
        head = file.read(4)
        if marker[1] == 0xEB and head[2:] == b"JP":
            return True
        file.seek(int.from_bytes(head[:2]) - len(head), io.SEEK_CUR)
    return False


def _in_webp(file: BinaryIO) -> bool:
    file.seek(12)
    for _ in range(_MOST_PARTS):
        head = file.read(8)
        if len(head) < 8:
            return False
        if head[:4] == b"C2PA":
            return True
        size = int.from_bytes(head[4:], "little")
        file.seek(size + size % 2, io.SEEK_CUR)
    return False


def _in_avif(file: BinaryIO) -> bool:
    file.seek(0)
    for _ in range(_MOST_PARTS):
        head = file.read(8)
        if len(head) < 8:
            return False
        size, began = int.from_bytes(head[:4]), 8
        if size == 1:  # the size proper follows
            size, began = int.from_bytes(file.read(8)), 16
        if head[4:] == b"uuid" and file.read(16) == _AVIF_BOX:
            return True
        began += 16 if head[4:] == b"uuid" else 0
        if size < began or size >= 1 << 63:  # 0: it goes on to the end
            return False
        file.seek(size - began, io.SEEK_CUR)
    return False
