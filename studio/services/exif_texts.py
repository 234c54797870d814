"""Texts in Exif data, out of a file nobody can trust: each of its two directories is read once, whatever it points to.

Source: Exif 2.32 (CIPA DC-008), 4.6; TIFF 6.0, section 2. Pillow reads Exif data as well, but warns of damage where it
should say nothing, and follows what it is told.
"""

from __future__ import annotations

import io
import re
import struct
from typing import TYPE_CHECKING, BinaryIO, Final

from studio.domain.dialects.a1111 import has_settings
from studio.domain.dialects.fooocus import SCHEME_KEY, SCHEMES
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.services.picture_decoding import MAKER_MARK

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMENT_KEY: Final = "UserComment"
"""Of a photo's comment that does not say how it was painted."""
_HEAD: Final = b"Exif\0\0"
_USER_COMMENT, _MAKER_NOTE, _EXIF_DIRECTORY = 0x9286, 0x927C, 0x8769
_MOST_ENTRIES: Final = 256
_MOST_BYTES: Final = 2**22
"""Of all values of a file that is TIFF itself."""
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 6: 1, 7: 1}
"""Bytes an item, by the number of the type: those that texts and pointers have."""
_ASCII: Final = 2
_UNICODE: Final = b"UNICODE\0"
_CODES: Final = {b"ASCII\0\0\0": "utf-8", b"JIS\0\0\0\0\0": "iso2022_jp", bytes(8): "utf-8"}
"""How a UserComment says that it is written; many write UTF-8 and say ASCII."""
_KEYED: Final = re.compile(r"([A-Za-z_]{1,40}):(\{.*\})", re.DOTALL)
"""ComfyUI's ``key:{...}``, in the places for a camera's maker and model: ``comfy_api/latest/_ui.py``."""


def exif_texts(source: bytes | BinaryIO) -> dict[str, str]:
    """Return texts by key: a comment that says how the picture was painted as ``parameters``; none where it is damaged.

    Args:
        source: the data, with or without the head that a JPEG puts before it; or a file that is TIFF itself.
    """
    is_whole = isinstance(source, bytes)
    file = io.BytesIO(source.removeprefix(_HEAD)) if is_whole else source
    # Any number of values may point to one place, and each would be read anew: honest ones share no byte.
    room = len(source) if is_whole else _MOST_BYTES
    texts: dict[str, str] = {}
    for tag, kind, value in _values(file, room):
        if tag == _USER_COMMENT:
            texts = said_in(comment_of(value)) | texts
        elif tag == _MAKER_NOTE:
            texts |= _maker(value)
        elif kind == _ASCII and (keyed := _KEYED.fullmatch(_plain(value))):
            texts.setdefault(keyed[1], keyed[2])
    return texts


def said_in(comment: str) -> dict[str, str]:
    """Return a photo's comment by its key: only one that says how the picture was painted is ``parameters``."""
    text = comment.strip("\0 ")  # they fill the place up
    is_said = has_settings(text) or text.lstrip().startswith("{")
    return {PARAMETERS_KEY if is_said else COMMENT_KEY: text} if text else {}


def comment_of(raw: bytes) -> str:
    """Return the text of a UserComment, whichever way it is written and in whichever order its bytes are."""
    head, rest = raw[:8], raw[8:]
    if head == _UNICODE:
        return rest.decode(_order(rest), "replace").removeprefix("\ufeff")
    return rest.decode(_CODES[head], "replace") if head in _CODES else _plain(raw.lstrip(b"\0"))


def _order(raw: bytes) -> str:
    """Return how UTF-16 is written: A1111 has the high byte first whatever the file's order is, others follow it.

    Signs of ASCII, which every text with settings has many of, have a high byte of zero.
    """
    if raw[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        return "utf-16-le" if raw[0] == 0xFF else "utf-16-be"
    return "utf-16-le" if raw[1::2].count(0) > raw[::2].count(0) else "utf-16-be"


def _plain(raw: bytes) -> str:
    raw = raw.rstrip(b"\0")
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _maker(value: bytes) -> dict[str, str]:
    if value.startswith(MAKER_MARK):
        return {OWN_KEY: value.removeprefix(MAKER_MARK).rstrip(b"\0").decode("ascii", "replace")}
    scheme = value[:20].rstrip(b"\0").decode("ascii", "replace")
    return {SCHEME_KEY: scheme} if scheme in SCHEMES else {}


def _values(file: BinaryIO, room: int) -> Iterator[tuple[int, int, bytes]]:
    """Yield tag, type and bytes of what may be a text, from the file's first directory and its Exif directory.

    Args:
        file: anybody's.
        room: bytes of all values together that are read.
    """
    head = _read(file, 0, 8)
    order = {b"II": "<", b"MM": ">"}.get(head[:2])
    if order is None or len(head) < 8:
        return
    directories = [struct.unpack_from(order + "I", head, 4)[0]]
    for place in directories:  # the second is found in the first
        for tag, kind, value in _entries(file, place, order, room):
            room -= len(value)
            if tag == _EXIF_DIRECTORY and len(directories) == 1 and len(value) == 4:
                directories.append(struct.unpack(order + "I", value)[0])
            elif kind in {_ASCII, 1, 7}:
                yield tag, kind, value


def _entries(file: BinaryIO, place: int, order: str, room: int) -> Iterator[tuple[int, int, bytes]]:
    head = _read(file, place, 2)
    count = min(struct.unpack(order + "H", head)[0], _MOST_ENTRIES) if len(head) == 2 else 0
    table = _read(file, place + 2, 12 * count)
    for entry in range(len(table) // 12):
        tag, kind, items = struct.unpack_from(order + "HHI", table, 12 * entry)
        size = items * _SIZES.get(kind, 0)
        inside = table[12 * entry + 8 : 12 * entry + 12]
        if size <= len(inside):
            yield tag, kind, inside[:size]
        elif size <= room:
            room -= size
            yield tag, kind, _read(file, struct.unpack(order + "I", inside)[0], size)


def _read(file: BinaryIO, place: int, size: int) -> bytes:
    file.seek(place)
    return file.read(size)
