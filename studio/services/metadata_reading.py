"""What a picture's file says of how it was made, whoever wrote it: read without decoding a pixel, from any file.

Nothing found is run or fetched, and what is damaged, too long or made to do harm is left out and said so.
"""

from __future__ import annotations

import io
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain import dialects
from studio.domain.dialect import Dialect
from studio.domain.dialects.own import metadata_of
from studio.domain.errors import UnreadablePicture
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.xmp import Xmp
from studio.services.credentials_presence import has_credentials
from studio.services.exif_texts import exif_texts, said_in
from studio.services.picture_decoding import XMP_KEY, opened, require_file
from studio.services.sidecars import sidecar_of
from studio.services.stealth import hidden_text
from studio.services.told_pieces import MAX_BYTES, PNG_HEAD, TOO_LONG, Pieces, pieces_of
from studio.services.xmp_segments import packets_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PIL import Image

    from studio.domain.found_settings import FoundSettings
    from studio.domain.metadata import Metadata

_EXIF_HEAD: Final = b"Exif\0\0"
_LONGEST_PACKET: Final = 2**21
"""Bytes of XMP that are taken apart; our JSON with a prompt of 100,000 emoji takes 1.2 million."""
_MOST_MARKS: Final = 2**16
"""Elements and attributes in it: in memory each takes a hundred bytes and more."""
_TIFF_HEADS: Final = (b"II*\0", b"MM\0*")


@dataclass(frozen=True, slots=True)
class Told:
    """What is written in a file.

    Attributes:
        texts: by key, as a PNG holds them; a photo's comment, where it has settings in it, as ``parameters``.
        xmp: the packet; empty where there is none.
        notes: what could not be read, in sentences.
    """

    texts: Mapping[str, str] = field(default_factory=dict[str, str])
    xmp: bytes = b""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """What is known of a picture.

    Attributes:
        texts: what its file says by key; those between its pixels or in a file beside it where there are no others.
        found: how it was made; None where nothing says it.
        own: all of that, where Sfumato painted it; None elsewhere, and where that cannot be read any more.
        xmp: the XMP packet; None where there is none.
        has_credentials: whether it carries Content Credentials, whatever they are worth.
        sidecar: the file beside it that says what it does not say itself.
        is_hidden: whether the texts stood between its pixels.
        notes: what could not be read, in sentences.
    """

    texts: Mapping[str, str]
    found: FoundSettings | None
    own: Metadata | None
    xmp: bytes | None
    has_credentials: bool
    sidecar: Path | None = None
    is_hidden: bool = False
    notes: tuple[str, ...] = ()

    @property
    def dialect(self) -> Dialect:
        """How it was written down."""
        return Dialect.NONE if self.found is None else self.found.dialect


def read_file(source: Path | bytes, name: str = "", *, pixels: bool = True, beside: bool = True) -> Reading:
    """Read what a picture's file says. Takes a millisecond, but where nothing is said and its pixels are searched.

    Args:
        source: the file, or what would be in one.
        name: what a message calls it; the path where empty.
        pixels: whether to look between the pixels of a PNG that says nothing else; decodes it.
        beside: whether to look for a file beside one that says nothing itself.

    Raises:
        UnreadablePicture: no picture, or a file that cannot be reached. A damaged picture is read as far as it goes.
    """
    name = name or (str(source) if isinstance(source, Path) else "Picture")
    told = told_in(source, name)
    texts, found, sidecar, is_hidden = told.texts, dialects.read(told.texts), None, False
    # What decodes the pixels would take in texts of any length first.
    is_searched = found is None and pixels and TOO_LONG not in told.notes
    if is_searched and (text := _between_pixels(source, name)):
        hidden = {**texts, PARAMETERS_KEY: text}
        found = dialects.read(hidden)
        texts, is_hidden = (hidden, True) if found is not None else (texts, False)
    if found is None and beside and isinstance(source, Path) and (pair := sidecar_of(source)) is not None:
        sidecar, texts = pair[0], {**pair[1], **texts}
        found = dialects.read(texts)
    return Reading(
        texts=texts,
        found=found,
        own=metadata_of(texts),
        xmp=told.xmp or None,
        has_credentials=_has_credentials(source),
        sidecar=sidecar,
        is_hidden=is_hidden,
        notes=told.notes,
    )


def told_in(source: Path | bytes, name: str) -> Told:
    """Return what is written in a picture's file; `read_file` says the rest.

    Raises:
        UnreadablePicture: likewise.
    """
    try:
        if isinstance(source, Path):
            require_file(source, f"The picture {name} cannot be read")
        with io.BytesIO(source) if isinstance(source, bytes) else source.open("rb") as file:
            if (pieces := pieces_of(file)) is not None:
                return _told(pieces)
            file.seek(0)
            if file.read(4) in _TIFF_HEADS:
                return Told(exif_texts(file))
    except OSError:
        pass  # told in words by what opens pictures
    with opened(source, name) as image:
        exif, xmp, comment = (_bytes(image, key) for key in ("exif", "xmp", "comment"))
        texts = said_in(comment.decode("utf-8", "replace")) | exif_texts(exif)
        return Told(texts, xmp if _is_sensible(xmp) else b"")


def _bytes(image: Image.Image, key: str) -> bytes:
    """Return what Pillow found beside the pixels, where it is of a sensible length."""
    value = image.info.get(key, b"")
    return value if isinstance(value, bytes) and len(value) <= MAX_BYTES else b""


def _told(pieces: Pieces) -> Told:
    """Return what pieces say. A PNG's own texts go before those in its Exif data."""
    texts: dict[str, str] = {}
    exif: dict[str, str] = {}
    segments: list[bytes] = []
    xmp = b""
    for name, content in tuple(pieces.found):
        match name:
            case b"tEXt" | b"zTXt" | b"iTXt" | b"comf":
                key, text, utf8 = _png_text(name, content, pieces)
                if key == XMP_KEY:
                    xmp = utf8
                elif text is not None:
                    texts.setdefault(key, text)
            case b"XMP ":
                xmp = content
            case b"\xfe":
                exif = said_in(content.decode("utf-8", "replace")) | exif
            case b"\xe1" if not content.startswith(_EXIF_HEAD):
                segments.append(content)
            case _:
                exif = exif_texts(content) | exif
    xmp, own = (xmp, "") if not segments else _in_segments(segments)
    if own:
        exif.setdefault(OWN_KEY, own)
    return Told(exif | texts, xmp if _is_sensible(xmp) else b"", tuple(pieces.notes))


def _png_text(name: bytes, content: bytes, pieces: Pieces) -> tuple[str, str | None, bytes]:
    """Return a PNG's text by its key, and in bytes; None where it is damaged or too long.

    Source: https://www.w3.org/TR/png-3/#11textinfo.
    """
    key, _, rest = content.partition(b"\0")
    encoding = "latin-1"
    is_packed = name == b"zTXt"
    if name == b"iTXt":
        encoding, is_packed = "utf-8", rest[:1] == b"\1"
        # Its language, and its key in that language, end in NUL.
        rest = rest[:2] + rest[2:].partition(b"\0")[2].partition(b"\0")[2]
    if name in {b"zTXt", b"iTXt"}:
        rest = rest[1 if name == b"zTXt" else 2 :]
    raw = pieces.unpacked(rest) if is_packed else rest
    return key.decode("latin-1"), None if raw is None else raw.decode(encoding, "replace"), raw or b""


def _in_segments(segments: list[bytes]) -> tuple[bytes, str]:
    """Return the XMP packet of a JPEG, and our JSON out of the further one, where all else had no room for it."""
    packet, further = packets_of(segments)
    return packet, Xmp.read(further).own_json if _is_sensible(further) else ""


def _is_sensible(packet: bytes) -> bool:
    """Tell whether XMP is short and plain enough to be taken apart, whoever wrote it."""
    marks = packet.count(b"<") + packet.count(b'="') + packet.count(b"='")
    return len(packet) <= _LONGEST_PACKET and marks <= _MOST_MARKS


def _between_pixels(source: Path | bytes, name: str) -> str | None:
    """Return the text between the pixels of a PNG; None for other pictures, and for one that cannot be decoded."""
    with suppress(UnreadablePicture):
        if _head(source).startswith(PNG_HEAD):
            return hidden_text(source, name)
    return None


def _has_credentials(source: Path | bytes) -> bool:
    with suppress(OSError):  # another program may take the file away meanwhile
        return has_credentials(source)
    return False


def _head(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source[: len(PNG_HEAD)]
    with suppress(OSError), source.open("rb") as file:
        return file.read(len(PNG_HEAD))
    return b""
