"""Writes the damaged files of this folder: ``python -m tests.services.damaged.make``."""

from __future__ import annotations

import gzip
import io
import random
import struct
import zlib
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import ExifTags, Image, PngImagePlugin

if TYPE_CHECKING:
    from collections.abc import Iterator

FOLDER: Final = Path(__file__).parent
TEXT: Final = "a red fox, 狐\nNegative prompt: mud\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 24x16"
XMP: Final = (
    b'<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
    b'<rdf:Description rdf:about=""/></rdf:RDF></x:xmpmeta>'
)
PNG_HEAD: Final = b"\x89PNG\r\n\x1a\n"
SEED: Final = 7
_LAUGHS: Final = (
    b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "' + b"&a;" * 99 + b'"><!ENTITY c "' + b"&b;" * 99 + b'">]><x>&c;</x>'
)


def whole(kind: str) -> bytes:
    """Return an undamaged picture that says how it was painted, by Pillow's name of its kind."""
    pixels = np.random.default_rng(SEED).integers(0, 255, (16, 24, 3), np.uint8)
    buffer = io.BytesIO()
    if kind == "PNG":
        info = PngImagePlugin.PngInfo()
        info.add_text("parameters", TEXT)
        info.add_text("note", "packed " * 20, zip=True)
        info.add_itxt("XML:com.adobe.xmp", XMP.decode())
        Image.fromarray(pixels).save(buffer, kind, pnginfo=info)
    else:
        Image.fromarray(pixels).save(buffer, kind, exif=exif(), xmp=XMP)
    return buffer.getvalue()


def exif() -> Image.Exif:
    """Return Exif data with A1111's text."""
    found = Image.Exif()
    found[ExifTags.Base.Software] = "somebody's"
    found.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = b"UNICODE\0" + TEXT.encode("utf-16-be")
    return found


def chunk(name: bytes, content: bytes, *, size: int | None = None, checksum: int | None = None) -> bytes:
    """Return a PNG's chunk, with a length or a checksum that may be a lie."""
    size = len(content) if size is None else size
    checksum = zlib.crc32(name + content) if checksum is None else checksum
    return struct.pack(">I", size) + name + content + struct.pack(">I", checksum)


def with_chunks(*chunks: bytes) -> bytes:
    """Return a PNG of one pixel that has these chunks before its pixel."""
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return PNG_HEAD + head + b"".join(chunks) + chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND", b"")


def with_segments(*segments: tuple[int, bytes]) -> bytes:
    """Return a JPEG that has these segments, by the marker's byte, before its own."""
    joined = b"".join(b"\xff" + bytes((marker,)) + struct.pack(">H", 2 + len(each)) + each for marker, each in segments)
    return b"\xff\xd8" + joined + whole("JPEG")[2:]


def with_exif(data: bytes) -> bytes:
    """Return a JPEG with this Exif data before its own."""
    return with_segments((0xE1, b"Exif\0\0" + data))


def directory(*entries: tuple[int, int, int, int], after: int = 0) -> bytes:
    """Return a directory of Exif data: tag, type, count and value or place of each entry."""
    body = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    return struct.pack("<H", len(entries)) + body + struct.pack("<I", after)


def hidden(text: bytes, *, mark: bytes = b"stealth_pngcomp", bits: int | None = None, side: int = 128) -> bytes:
    """Return a PNG with a text in the lowest bits of its alpha channel, with a length that may be a lie."""
    content = mark + struct.pack(">I", 8 * len(text) if bits is None else bits) + text
    flags = np.unpackbits(np.frombuffer(content, np.uint8))
    pixels = np.full((side, side, 4), 255, np.uint8)
    alpha = np.full(side * side, 255, np.uint8)
    alpha[: len(flags)] = 254 + flags
    pixels[..., 3] = alpha.reshape(side, side).T
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG")
    return buffer.getvalue()


def damaged() -> dict[str, bytes]:
    """Return every file by its name."""
    return dict([*_cut_and_flipped(), *_pngs(), *_jpegs(), *_webps()])


def _cut_and_flipped() -> Iterator[tuple[str, bytes]]:
    dice = random.Random(SEED)
    for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("WEBP", "webp")):
        content = whole(kind)
        for share in (1, 3, 5, 7):
            yield f"cut-{share}.{suffix}", content[: len(content) * share // 8]
        for number in range(4):
            flipped = bytearray(content)
            for _ in range(6):
                flipped[dice.randrange(len(flipped))] ^= 1 << dice.randrange(8)
            yield f"flipped-{number}.{suffix}", bytes(flipped)
        yield f"twice.{suffix}", content + content
        yield f"nothing-but-its-head.{suffix}", content[:12]


def _pngs() -> Iterator[tuple[str, bytes]]:
    text = b"parameters\0" + TEXT.encode("latin-1", "replace")
    bomb = zlib.compress(bytes(2**25), 9)
    yield "wrong-checksum.png", with_chunks(chunk(b"tEXt", text, checksum=1))
    yield "huge-length.png", with_chunks(chunk(b"tEXt", text, size=2**31 - 1))
    yield "huge-length-of-pixels.png", with_chunks(chunk(b"IDAT", b"", size=2**32 - 1))
    yield "no-letters.png", with_chunks(chunk(b"\0\0\0\0", b""))
    yield "no-key.png", with_chunks(chunk(b"tEXt", b""), chunk(b"zTXt", b""), chunk(b"iTXt", b""), chunk(b"eXIf", b""))
    yield "half-a-text.png", with_chunks(chunk(b"iTXt", b"parameters\0\1"), chunk(b"zTXt", b"parameters\0\0no zlib"))
    yield "bomb-ztxt.png", with_chunks(chunk(b"zTXt", b"parameters\0\0" + bomb))
    yield "bomb-itxt.png", with_chunks(chunk(b"iTXt", b"parameters\0\1\0\0\0" + bomb))
    yield "bomb-xmp.png", with_chunks(chunk(b"iTXt", b"XML:com.adobe.xmp\0\1\0\0\0" + bomb))
    yield "many-chunks.png", with_chunks(*[chunk(b"tEXt", b"a\0b")] * 1000)
    yield "deep-json.png", with_chunks(chunk(b"tEXt", b"prompt\0" + b'{"a":' * 5000))
    yield "bomb-stealth.png", hidden(gzip.compress(bytes(2**22), 9, mtime=0), side=192)
    yield "stealth-length.png", hidden(b"a fox", bits=2**32 - 1)
    yield "stealth-cut.png", hidden(gzip.compress(TEXT.encode(), mtime=0)[:-20])
    yield "stealth-no-gzip.png", hidden(b"no gzip")


def _jpegs() -> Iterator[tuple[str, bytes]]:
    head = b"II*\0" + struct.pack("<I", 8)
    comment, pointer = 0x9286, 0x8769
    yield "exif-loop.jpg", with_exif(head + directory((pointer, 4, 1, 8), after=8))
    yield (
        "exif-two-loops.jpg",
        with_exif(head + directory((pointer, 4, 1, 26)) + directory((pointer, 4, 1, 8), after=8)),
    )
    yield "exif-outside.jpg", with_exif(head + directory((comment, 7, 100, 2**31), (pointer, 4, 1, 2**32 - 1)))
    yield "exif-huge.jpg", with_exif(head + directory((comment, 7, 2**32 - 1, 8), (comment, 99, 1, 0)))
    yield "exif-many.jpg", with_exif(head + struct.pack("<H", 65_535) + bytes(600))
    yield "exif-no-order.jpg", with_exif(b"XX*\0" + struct.pack("<I", 8))
    yield "exif-cut.jpg", with_exif(head)
    yield "no-length.jpg", b"\xff\xd8\xff\xfe\0\4a\0\xff\xe1"
    yield "length-zero.jpg", b"\xff\xd8\xff\xe1\0\0" + bytes(40)
    yield "fill.jpg", b"\xff\xd8" + b"\xff" * 2000 + bytes(1)
    yield "xmp-laughs.jpg", with_segments((0xE1, b"http://ns.adobe.com/xap/1.0/\0" + _LAUGHS))
    further = b"http://ns.adobe.com/xmp/extension/\0" + b"A" * 32
    yield (
        "xmp-pieces.jpg",
        with_segments(*((0xE1, further + struct.pack(">II", 2**32 - 1, n) + b"<") for n in range(99))),
    )
    yield "xmp-no-piece.jpg", with_segments((0xE1, further))


def _webps() -> Iterator[tuple[str, bytes]]:
    content = whole("WEBP")
    place = content.index(b"EXIF")
    yield "huge-length.webp", content[: place + 4] + b"\xff\xff\xff\xff" + content[place + 8 :]
    yield "huge-whole.webp", content[:4] + b"\xff\xff\xff\xff" + content[8:]
    yield "no-chunks.webp", content[:12] + bytes(40)


if __name__ == "__main__":
    for name, file in damaged().items():
        (FOLDER / name).write_bytes(file)
