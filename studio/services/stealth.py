"""Texts between the pixels: in the lowest bits of alpha, or of red, green and blue, down one column after another.

Source: ``modules/stealth_infotext.py`` in Forge; NovelAI hides its texts the same way. Such a text survives where
programs throw a file's other texts away, as long as nothing touches a pixel.
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.services.picture_decoding import opened

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray
    from PIL import Image

_MARKS: Final = {
    "RGBA": {b"stealth_pnginfo": False, b"stealth_pngcomp": True},
    "RGB": {b"stealth_rgbinfo": False, b"stealth_rgbcomp": True},
}
"""How a text begins, by where it is, and whether it is packed by gzip."""
_MARK_BYTES: Final = 15
_LENGTH_BYTES: Final = 4
_MOST_BYTES: Final = 2**20
"""Of a text, packed and unpacked."""
_MOST_PIXELS: Final = 2**23
"""A larger picture is not searched: this one takes 32 MiB."""


def hidden_text(source: Path | bytes, name: str) -> str | None:
    """Return the text between the pixels of a picture; None where there is none. Decodes the picture.

    Args:
        source: the file, or what would be in one.
        name: what a message calls it.

    Raises:
        UnreadablePicture: no picture, or a damaged one.
    """
    with opened(source, name) as image:
        return text_between_pixels(image)


def text_between_pixels(image: Image.Image) -> str | None:
    """Likewise, of an opened picture that may not be decoded yet.

    Raises:
        Exception: one of `picture_decoding.DAMAGES`.
    """
    if image.format != "PNG" or image.mode not in _MARKS or image.width * image.height > _MOST_PIXELS:
        return None
    found = _mark_in(image)
    return None if found is None else _text(image, found[0], is_packed=found[1])


def is_marked(image: Image.Image) -> bool:
    """Tell whether a text begins between the pixels, of a picture of any size and format that may not be decoded yet.

    Nothing else is asked of it: of a picture that was cut, the rest of its text may still be there.

    Raises:
        Exception: one of `picture_decoding.DAMAGES`.
    """
    return image.mode in _MARKS and _mark_in(image) is not None


def _mark_in(image: Image.Image) -> tuple[slice, bool] | None:
    """Return the channels that a text begins in, and whether it is packed."""
    image.load()
    marks = _MARKS[image.mode] | (_MARKS["RGB"] if image.mode == "RGBA" else {})
    for mark, is_packed in marks.items():
        planes = slice(3, 4) if b"png" in mark else slice(0, 3)
        if _bytes(image, planes, 0, _MARK_BYTES) == mark:
            return planes, is_packed
    return None


def _text(image: Image.Image, planes: slice, *, is_packed: bool) -> str | None:
    length = int.from_bytes(_bytes(image, planes, _MARK_BYTES, _LENGTH_BYTES)) // 8
    start = _MARK_BYTES + _LENGTH_BYTES
    room = image.width * image.height * (planes.stop - planes.start) // 8 - start
    if not 0 < length <= min(room, _MOST_BYTES):
        return None
    content = _bytes(image, planes, start, length)
    if is_packed and (content := _unpacked(content)) is None:
        return None
    return content.decode("utf-8", "replace")


def _unpacked(packed: bytes) -> bytes | None:
    # 31: the window of 32 KiB, in gzip's frame.
    unpacker = zlib.decompressobj(31)
    try:
        content = unpacker.decompress(packed, _MOST_BYTES + 1)
    except zlib.error:
        return None
    return content if len(content) <= _MOST_BYTES else None


def _bytes(image: Image.Image, planes: slice, start: int, count: int) -> bytes:
    """Return bytes out of the lowest bits; only the columns that they are in are copied.

    Args:
        image: decoded.
        planes: which of its channels.
        start: bytes before these.
        count: of them.
    """
    bits_in_column = image.height * (planes.stop - planes.start)
    first, last = 8 * start // bits_in_column, -(-8 * (start + count) // bits_in_column)
    columns: NDArray[np.uint8] = np.asarray(image.crop((first, 0, min(last, image.width), image.height)), np.uint8)
    bits = (columns[:, :, planes] & 1).transpose(1, 0, 2).reshape(-1)
    skipped = 8 * start - first * bits_in_column
    return np.packbits(bits[skipped : skipped + 8 * count]).tobytes()
