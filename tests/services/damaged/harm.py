"""Pictures made to take as much memory or time as they can; too large to be kept, they are made when asked for."""

from __future__ import annotations

import io
import json
import struct
import zlib
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from PIL import Image

from tests.domain.dialects.graphs import node
from tests.services.damaged.make import chunk, hidden, with_chunks, with_segments

if TYPE_CHECKING:
    from collections.abc import Callable

ATTRIBUTES: Final = " ".join(f"a{n}='1'" for n in range(100_000))
_MILLION: Final = 10**6


def text(content: str, key: str = "parameters") -> bytes:
    """Return a PNG with a text in UTF-8."""
    return with_chunks(chunk(b"iTXt", key.encode() + b"\0\0\0\0\0" + content.encode()))


def packed_many_times() -> bytes:
    """Return a PNG of 300 kB whose texts unpack to 300 MB."""
    return with_chunks(*[chunk(b"zTXt", b"a\0\0" + zlib.compress(bytes(_MILLION)))] * 300)


def chain(length: int, **more: dict[str, Any]) -> str:
    """Return a ComfyUI graph whose sampler is fed by a chain of this length, which never comes to a number."""
    nodes = {str(n): node("Reroute", value=[str(n + 1), 0], model=[str(n + 1), 0]) for n in range(length)}
    names = ("seed", "steps", "cfg", "sampler_name", "scheduler", "denoise", "positive", "negative", "model", "vae")
    sampler = node("KSampler", **{name: ["0", 0] for name in names}, latent_image=["0", 0], other=["0", 0])
    return json.dumps({"s": sampler, **nodes, "save": node("SaveImage", images=["s", 0]), **more})


def savers() -> dict[str, dict[str, Any]]:
    """Return nodes that save pictures which nothing samples, each behind the whole chain."""
    return {f"save{n}": node("SaveImage", images=["1", 0]) for n in range(500)}


def further_packets(whole: bytes) -> bytes:
    """Return a JPEG with this further XMP packet."""
    import hashlib  # noqa: PLC0415 - by which such a packet is named

    name = hashlib.md5(whole, usedforsecurity=False).hexdigest().upper().encode()
    rdf = b'xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:n="http://ns.adobe.com/xmp/note/"'
    packet = b"<r:RDF " + rdf + b'><r:Description n:HasExtendedXMP="' + name + b'"/></r:RDF>'
    segments = [(0xE1, b"http://ns.adobe.com/xap/1.0/\0" + packet)]
    for place in range(0, len(whole), 65_000):
        where = name + len(whole).to_bytes(4) + place.to_bytes(4)
        segments.append((0xE1, b"http://ns.adobe.com/xmp/extension/\0" + where + whole[place : place + 65_000]))
    return with_segments(*segments)


def large_and_silent() -> bytes:
    """Return a PNG of 8.4 million pixels, the largest that is searched for a text between them."""
    pixels = np.zeros((2896, 2896, 4), np.uint8)
    pixels[::7] = 255
    buffer = io.BytesIO()
    Image.fromarray(pixels).save(buffer, "PNG", compress_level=1)
    return buffer.getvalue()


def overlapping(size: int) -> bytes:
    """Return Exif data of about that many bytes whose 40 texts lie over each other, each with a key of its own."""
    words = b"a" * 40 + b":{" + b"x" * size + b"}"
    start = 8 + 2 + 12 * 40 + 4
    entries = [struct.pack("<HHII", 0x10F + n, 2, len(words) - n, start + n) for n in range(40)]
    return b"II*\0" + struct.pack("<IH", 8, 40) + b"".join(entries) + bytes(4) + words


HARMS: Final[dict[str, Callable[[], bytes]]] = {
    "packed-many-times": packed_many_times,
    "long": lambda: text("a" * 2**24),
    "one-emoji": lambda: text("\U0001f98a" + "a" * (2**22 - 100)),
    "json-of-objects": lambda: text('{"a":[' + "{}," * 600_000 + "{}]}", "prompt"),
    "json-of-lists": lambda: text('{"a":[' + "[]," * 131_000 + "[]]}", "prompt"),
    "json-of-keys": lambda: text("{" + ",".join(f'"{n}":{n}' for n in range(150_000)) + "}", "prompt"),
    "json-of-numbers": lambda: text('{"a":[' + "1.5," * 520_000 + "1]}", "invokeai_metadata"),
    "json-of-keys-in-parameters": lambda: text("{" + ",".join(f'"{n}":{n}' for n in range(150_000)) + "}"),
    "xmp-within-bounds": lambda: text("<a>" + "<a/>" * 32_000 + "</a>", "XML:com.adobe.xmp"),
    "xmp-of-attributes": lambda: text(
        "<a " + " ".join(f"a{n}='1'" for n in range(100_000)) + "/>", "XML:com.adobe.xmp"
    ),
    "xmp": lambda: text("<a>" + "<a/>" * (_MILLION - 10) + "</a>", "XML:com.adobe.xmp"),
    "further-packets": lambda: further_packets(b"<a>" + b"<a/>" * _MILLION + b"</a>"),
    "further-packets-within-bounds": lambda: further_packets(b"<a>" + b"<a/>" * 32_000 + b"a" * 2**20 + b"</a>"),
    "settings": lambda: text("a fox\n" + "ab: 1, " * 500_000),
    "settings-within-bounds": lambda: text("a fox\n" + "ab: 1, " * 14_000),
    "colons": lambda: text(":" * 90_000 + "\n" + "a:" * 40_000),
    "tags": lambda: text("<lora:" * 500_000 + "<lora:a:1>" * 50_000),
    "graph": lambda: text(chain(9_000), "prompt"),
    "graph-saved-often": lambda: text(chain(9_000, **savers()), "prompt"),
    "large-and-silent": large_and_silent,
    "hidden-bomb": lambda: hidden(zlib.compress(bytes(2**26), 9, wbits=31), side=800),
    "texts-over-each-other": lambda: with_chunks(chunk(b"eXIf", overlapping(2**22 - 2000))),
    "texts-over-each-other-often": lambda: with_chunks(*[chunk(b"eXIf", overlapping(2**17))] * 31),
    "tiff-of-texts-over-each-other": lambda: overlapping(2**22 - 2000),
    "many-chunks": lambda: b"\x89PNG\r\n\x1a\n" + bytes.fromhex("00000000 61624344 00000000") * _MILLION,
    "many-segments": lambda: b"\xff\xd8" + b"\xff\xe0\0\x02" * _MILLION,
}
