"""What a picture's file says beside its pixels: written into PNG, JPEG and WebP, and taken out again.

A PNG has texts by key: ``parameters``, ``sfumato`` and the XMP packet. A JPEG and a WebP have Exif data, with A1111's
text as ``UserComment`` and our JSON as ``MakerNote``, and the packet beside them.

All Exif data of a JPEG must fit into one segment of 64 kB, which a long prompt does not. Our JSON then goes into a
further XMP packet, as ``sfumato:metadata``: of all that may stand in a JPEG, XMP alone has a standard way to go on in
further segments, and other programs keep it. A1111's text is left out where it has no room even alone.
"""

from __future__ import annotations

import io
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Final, assert_never

from PIL import ExifTags, Image

from studio import __version__
from studio.domain.disclosure import UNKNOWN, Disclosure
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.picture_kind import PictureKind
from studio.domain.xmp import Xmp
from studio.services.exif import Exif
from studio.services.picture_decoding import DAMAGES, MAKER_MARK, XMP_KEY
from studio.services.picture_parts import Part, extended_webp, file_of, parts_of, reporting_damage
from studio.services.xmp_segments import segments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_PROGRAM: Final = f"Sfumato {__version__}"
_MAX_EXIF: Final = 65_533 - 6
"""Bytes of Exif data that fit into a JPEG's one segment, beside its own name."""
_TURNED: Final = range(2, 9)
"""Orientations other than upright: Exif 2.32, 4.6.4."""
_EXIF_HEAD: Final = b"Exif\0\0"
_APP0, _APP1 = b"\xe0", b"\xe1"
_JFIF: Final = 12
"""Bytes of that segment before the size of its thumbnail, which may show more than the picture does."""
_UNICODE, _ASCII = b"UNICODE\0", b"ASCII\0\0\0"
"""How a UserComment is written: Exif 2.32, 4.6.5; A1111 writes big-endian UTF-16."""


def told(content: bytes, kind: PictureKind, disclosure: Disclosure = UNKNOWN) -> bytes:
    """Return a picture's file that says exactly this, and nothing that it said before; its pixels stay as they are.

    Args:
        content: the file.
        kind: of it.
        disclosure: what to tell.

    Raises:
        UnreadablePicture: the file is damaged.
    """
    with reporting_damage():
        return file_of(_told_parts(content, kind, disclosure), kind)


def _told_parts(content: bytes, kind: PictureKind, disclosure: Disclosure) -> list[Part]:
    parts = parts_of(content, kind)
    seen = [part for part in parts if part.is_seen]
    side = _orientation(content) if len(seen) < len(parts) else 1
    texts, xmp = disclosure.texts, disclosure.xmp
    match kind:
        case PictureKind.PNG:
            spoken = [*_png_texts(texts, xmp), *_parts(b"eXIf", Exif(orientation=side).to_bytes())]
            return [seen[0], *spoken, *seen[1:]]
        case PictureKind.JPEG:
            bare = [_without_thumbnail(part) for part in seen]
            head = bare[:1] if bare[0].name == _APP0 else []
            return [*head, *_jpeg_texts(texts, xmp, side), *bare[len(head) :]]
        case PictureKind.WEBP:
            exif, packet = _exif(texts, side).to_bytes(), b"" if xmp.is_empty else xmp.to_packet()
            if exif or packet or seen[0].name == b"VP8X":
                seen = extended_webp(seen, has_exif=bool(exif), has_xmp=bool(packet))
            return [*seen, *_parts(b"EXIF", exif), *_parts(b"XMP ", packet)]
        case _:
            assert_never(kind)


def _without_thumbnail(part: Part) -> Part:
    return replace(part, content=part.content[:_JFIF] + bytes(2)) if part.name == _APP0 else part


def _png_texts(texts: Mapping[str, str], xmp: Xmp) -> Iterator[Part]:
    for key, text in texts.items():
        # Half a surrogate pair, which a clipboard can hold, has no place in UTF-8; the picture must not be lost for it.
        whole = text.encode(errors="replace").decode()
        try:
            yield Part(b"tEXt", key.encode("latin-1") + b"\0" + whole.encode("latin-1"))
        except UnicodeEncodeError:
            yield _international(key, whole.encode())
    if not xmp.is_empty:
        yield _international(XMP_KEY, xmp.to_packet())


def _international(key: str, utf8: bytes) -> Part:
    """Return a PNG's text in UTF-8: not compressed, of no language."""
    return Part(b"iTXt", key.encode("latin-1") + b"\0\0\0\0\0" + utf8)


def _jpeg_texts(texts: Mapping[str, str], xmp: Xmp, side: int) -> Iterator[Part]:
    exif, further = _exif(texts, side).to_bytes(), Xmp()
    if len(exif) > _MAX_EXIF:
        exif = _short_exif(texts[PARAMETERS_KEY], side)
        further = Xmp(own_json=_short_json(texts[OWN_KEY])) if OWN_KEY in texts else Xmp()
    yield from _parts(_APP1, _EXIF_HEAD + exif if exif else b"")
    for segment in segments_of(xmp, further):
        yield Part(_APP1, segment)


def _exif(texts: Mapping[str, str], side: int) -> Exif:
    """Return Exif data with the texts: A1111's where it writes it and most programs look, our JSON as maker's note.

    For other programs' texts of other kinds, such as ComfyUI's graphs, it has no place.
    """
    if PARAMETERS_KEY not in texts:
        return Exif(orientation=side)
    note = MAKER_MARK + texts[OWN_KEY].encode("ascii") if OWN_KEY in texts else b""
    program = _PROGRAM if OWN_KEY in texts else ""
    return Exif(orientation=side, software=program, comment=_comment(texts[PARAMETERS_KEY]), maker_note=note)


def _short_exif(parameters: str, side: int) -> bytes:
    """Return Exif data with A1111's text alone: one byte a letter where two have no room, or none of it."""
    ascii_comment = _ASCII + parameters.encode("ascii") if parameters.isascii() else b""
    for comment in (_comment(parameters), ascii_comment):
        if len(content := Exif(orientation=side, software=_PROGRAM, comment=comment).to_bytes()) <= _MAX_EXIF:
            return content
    return Exif(orientation=side, software=_PROGRAM).to_bytes()


def _short_json(text: str) -> str:
    """Return our JSON with letters as they are, which takes a third of the room, where XML can hold them all."""
    plain = json.dumps(json.loads(text), ensure_ascii=False)
    return plain if Xmp.can_hold(plain) else text


def _comment(text: str) -> bytes:
    return _UNICODE + text.encode("utf-16-be", "replace")


def _parts(name: bytes, content: bytes) -> list[Part]:
    return [Part(name, content)] if content else []


def _orientation(content: bytes) -> int:
    """Return which side of the file's picture is up: 1 where it stands upright, or does not say."""
    try:
        with Image.open(io.BytesIO(content)) as image:
            side = image.getexif().get(ExifTags.Base.Orientation)
    except DAMAGES:
        return 1
    return side if isinstance(side, int) and side in _TURNED else 1
