"""XMP in a JPEG: a packet in one segment, and a further packet in as many as it needs where one has no room.

Source: XMP Specification Part 3, 1.1.3, https://github.com/adobe/XMP-Toolkit-SDK (docs).
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from studio.domain.xmp import MAX_PACKET, Xmp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PACKET_HEAD: Final = b"http://ns.adobe.com/xap/1.0/\0"
FURTHER_HEAD: Final = b"http://ns.adobe.com/xmp/extension/\0"
"""The further packet's name, its length and the place of the piece follow."""
_NAME_LENGTH: Final = 32
_PLACE: Final = struct.Struct(">II")
_LONGEST_PIECE: Final = 65_400
"""Bytes of the further packet in one segment; the specification's own number."""


def segments_of(xmp: Xmp, further: Xmp) -> Iterator[bytes]:
    """Yield the content of the ``APP1`` segments that say this.

    Args:
        xmp: what any program should find; less than 64 kB.
        further: what has no room beside it; empty for nothing.
    """
    content = b"" if further.is_empty else further.to_extension()
    name = _name_of(content) if content else ""
    whole = replace(xmp, extension=name)
    if not whole.is_empty:
        yield PACKET_HEAD + whole.to_packet()
    for place in range(0, len(content), _LONGEST_PIECE):
        where = name.encode() + _PLACE.pack(len(content), place)
        yield FURTHER_HEAD + where + content[place : place + _LONGEST_PIECE]


def packets_of(segments: Iterable[bytes]) -> tuple[bytes, bytes]:
    """Return the packet and the further packet, each empty where there is none that is whole.

    Args:
        segments: content of the ``APP1`` segments, in order; from a file nobody can trust.
    """
    packet = b""
    pieces: dict[bytes, dict[int, bytes]] = {}
    for segment in segments:
        if segment.startswith(PACKET_HEAD):
            packet = packet or segment.removeprefix(PACKET_HEAD)
        elif segment.startswith(FURTHER_HEAD):
            named = segment.removeprefix(FURTHER_HEAD)
            name, rest = named[:_NAME_LENGTH], named[_NAME_LENGTH:]
            if len(rest) > _PLACE.size:
                pieces.setdefault(name, {})[_PLACE.unpack_from(rest)[1]] = rest[_PLACE.size :]
    wanted = Xmp.read(packet).extension.encode("ascii", "replace")
    further = b"".join(piece for _, piece in sorted(pieces.get(wanted, {}).items()))
    is_whole = len(further) <= MAX_PACKET and _name_of(further).encode() == wanted
    return packet, further if is_whole else b""


def _name_of(further: bytes) -> str:
    """Return what the packet calls its further one: MD5 in capitals, which the specification asks for."""
    return hashlib.md5(further, usedforsecurity=False).hexdigest().upper()
