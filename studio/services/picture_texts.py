"""What a picture's file says beside its pixels: written into PNG, JPEG and WebP, and taken out again.

A PNG has texts by key: ``parameters``, ``sfumato`` and the XMP packet. A JPEG and a WebP have Exif data, with A1111's
text as ``UserComment`` and our JSON as ``MakerNote``, and the packet beside them.

All Exif data of a JPEG must fit into one segment of 64 kB, which a long prompt does not. Our JSON then goes into a
further XMP packet, as ``sfumato:metadata``: of all that may stand in a JPEG, XMP alone has a standard way to go on in
further segments, and other programs keep it. A1111's text is left out where it has no room even alone.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Final, assert_never

from PIL import ExifTags, Image

from studio import __version__
from studio.domain.disclosure import UNKNOWN, Disclosure
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.picture_kind import PictureKind
from studio.domain.xmp import Xmp
from studio.services.picture_decoding import DAMAGES, MAKER_MARK, XMP_KEY
from studio.services.picture_parts import Part, extended_webp, file_of, parts_of
from studio.services.xmp_segments import segments_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MAX_EXIF: Final = 65_533
"""Bytes of Exif data that fit into a JPEG's one segment."""
_TURNED: Final = range(2, 9)
"""Orientations other than upright: Exif 2.32, 4.6.4."""
_EXIF_HEAD: Final = b"Exif\0\0"
_APP0, _APP1 = b"\xe0", b"\xe1"
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
    parts = parts_of(content, kind)
    upright = _upright(content) if any(not part.is_seen for part in parts) else Image.Exif()
    seen = [part for part in parts if part.is_seen]
    texts, xmp = disclosure.texts, disclosure.xmp
    match kind:
        case PictureKind.PNG:
            spoken = [*_png_texts(texts, xmp), *_parts(b"eXIf", _bare(upright))]
            parts = [seen[0], *spoken, *seen[1:]]
        case PictureKind.JPEG:
            begins = 1 if seen[0].name == _APP0 else 0
            parts = [*seen[:begins], *_jpeg_texts(texts, xmp, upright), *seen[begins:]]
        case PictureKind.WEBP:
            exif, packet = _bare(_exif(texts, upright)), b"" if xmp.is_empty else xmp.to_packet()
            if exif or packet:
                seen = extended_webp(seen, has_exif=bool(exif), has_xmp=bool(packet))
            parts = [*seen, *_parts(b"EXIF", exif), *_parts(b"XMP ", packet)]
        case _:
            assert_never(kind)
    return file_of(parts, kind)


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


def _jpeg_texts(texts: Mapping[str, str], xmp: Xmp, upright: Image.Exif) -> Iterator[Part]:
    exif, further = _exif(texts, upright), Xmp()
    if len(exif) > _MAX_EXIF:
        exif, further = _short_exif(texts[PARAMETERS_KEY], upright), Xmp(own_json=texts[OWN_KEY])
    segments = segments_of(xmp, further)
    yield from (Part(_APP1, segment) for segment in (*([exif] if exif else ()), *segments))


def _exif(texts: Mapping[str, str], upright: Image.Exif) -> bytes:
    """Return Exif data with the texts: A1111's where it writes it and most programs look, our JSON as maker's note."""
    if not texts:
        return upright.tobytes() if len(upright) else b""
    comment = _UNICODE + texts[PARAMETERS_KEY].encode("utf-16-be", "replace")
    note = MAKER_MARK + texts[OWN_KEY].encode("ascii")
    return _exif_of(upright, {ExifTags.Base.UserComment: comment, ExifTags.Base.MakerNote: note})


def _short_exif(parameters: str, upright: Image.Exif) -> bytes:
    """Return Exif data with A1111's text alone: one byte a letter where two have no room, or none of it."""
    comments = [_UNICODE + parameters.encode("utf-16-be", "replace")]
    if parameters.isascii():
        comments.append(_ASCII + parameters.encode("ascii"))
    for comment in comments:
        if len(content := _exif_of(upright, {ExifTags.Base.UserComment: comment})) <= _MAX_EXIF:
            return content
    return _exif_of(upright, {})


def _exif_of(upright: Image.Exif, tags: dict[int, bytes]) -> bytes:
    exif = Image.Exif()
    exif.update(upright)
    exif[ExifTags.Base.Software] = f"Sfumato {__version__}"
    exif.get_ifd(ExifTags.IFD.Exif).update(tags)
    return exif.tobytes()


def _bare(exif: Image.Exif | bytes) -> bytes:
    """Return Exif data without the head that only a JPEG has; empty where there is none."""
    content = exif if isinstance(exif, bytes) else exif.tobytes() if len(exif) else b""
    return content.removeprefix(_EXIF_HEAD)


def _parts(name: bytes, exif: bytes) -> list[Part]:
    return [Part(name, exif)] if exif else []


def _upright(content: bytes) -> Image.Exif:
    """Return Exif data that says which side of the file's picture is up, and nothing else."""
    kept = Image.Exif()
    try:
        with Image.open(io.BytesIO(content)) as image:
            side = image.getexif().get(ExifTags.Base.Orientation)
    except DAMAGES:
        return kept
    if isinstance(side, int) and side in _TURNED:
        kept[ExifTags.Base.Orientation] = side
    return kept
