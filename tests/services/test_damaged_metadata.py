"""Damaged pictures, and those made to do harm, are read as far as they go: no crash, no hang, no memory full."""

from __future__ import annotations

import io
import json
import subprocess
import sys
import time
import warnings
from functools import cache
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.errors import StudioError
from studio.services.exif_texts import exif_texts
from studio.services.metadata_reading import Reading, read_file
from tests.services.damaged.harm import HARMS, overlapping
from tests.services.damaged.make import FOLDER, chunk, damaged, whole, with_chunks, with_exif

if TYPE_CHECKING:
    from pathlib import Path

FILES = sorted(path for path in FOLDER.iterdir() if path.suffix in {".png", ".jpg", ".webp"})
KINDS = ["PNG", "JPEG", "WEBP"]
undamaged = cache(whole)


def read(source: bytes | Path) -> Reading | None:
    """Read what can be read; anything else than a sentence about what cannot fails the test, warnings too."""
    with warnings.catch_warnings():
        # Pillow's remarks on damaged pixels, which are decoded where something may be hidden between them.
        warnings.filterwarnings("ignore", category=UserWarning, module="PIL")
        try:
            return read_file(source, "x")
        except StudioError:
            return None


# --- the files that are kept


def test_every_damaged_file_is_there() -> None:
    assert {path.name for path in FILES} == damaged().keys()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_damaged_file_is_read_as_far_as_it_goes(path: Path) -> None:
    start = time.process_time()
    reading = read(path)
    assert time.process_time() - start < 1
    assert reading is None or reading.found is None or reading.found.dialect is reading.dialect


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("wrong-checksum.png", "A text in the file is damaged and was left out."),
        ("huge-length.png", "A text in the file is too long and was left out."),
        ("bomb-ztxt.png", "A text in the file is too long and was left out."),
        ("bomb-xmp.png", "A text in the file is too long and was left out."),
        ("half-a-text.png", "A text in the file is damaged and was left out."),
        ("cut-7.png", "The file ends too soon; what it may have said after that is lost."),
        ("cut-1.jpg", "The file ends too soon; what it may have said after that is lost."),
        ("huge-length.webp", "A text in the file is too long and was left out."),
    ],
)
def test_what_was_left_out_is_said(name: str, says: str) -> None:
    reading = read(FOLDER / name)
    assert reading is not None
    assert reading.notes == (says,) or says in reading.notes


@pytest.mark.parametrize("name", ["exif-loop.jpg", "exif-outside.jpg", "xmp-laughs.jpg", "twice.png", "cut-7.webp"])
def test_damage_elsewhere_costs_nothing_of_what_is_whole(name: str) -> None:
    reading = read(FOLDER / name)
    assert reading is not None
    if name != "cut-7.webp":  # its Exif data stands behind its pixels
        assert reading.found is not None
        assert reading.found.seed == 3


# --- whatever comes


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=150)
@given(data=st.data())
def test_any_damage_is_survived(kind: str, data: st.DataObject) -> None:
    content = bytearray(undamaged(kind))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(content) - 1))
        match data.draw(st.sampled_from(["byte", "cut", "out", "in", "length"])):
            case "byte":
                content[place] = data.draw(st.integers(0, 255))
            case "cut":
                del content[max(place, 12) :]
            case "out":
                del content[place : place + data.draw(st.integers(1, 30))]
            case "in":
                content[place:place] = data.draw(st.binary(max_size=30))
            case _:
                content[place : place + 4] = data.draw(st.sampled_from([b"\xff" * 4, bytes(4), b"\x7f\xff\xff\xff"]))
        content = content or bytearray(b"x")
    read(bytes(content))


@given(st.sampled_from([b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF\0\0\0\0WEBP", b"II*\0"]), st.binary())
def test_any_bytes_are_survived(head: bytes, rest: bytes) -> None:
    read(head + rest)


CHUNKS = st.sampled_from([b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"comf", b"caBX"])


@given(st.lists(st.tuples(CHUNKS, st.sampled_from([b"", b"parameters\0", b"sfumato\0\0"]), st.binary()), max_size=5))
def test_any_chunks_of_a_png_are_survived(chunks: list[tuple[bytes, bytes, bytes]]) -> None:
    assert read(with_chunks(*(chunk(name, key + content) for name, key, content in chunks))) is not None


@given(st.sampled_from([b"II*\0\x08\0\0\0", b"MM\0*\0\0\0\x08"]), st.binary(max_size=200))
def test_any_exif_data_is_survived(head: bytes, rest: bytes) -> None:
    reading = read(with_exif(head + rest))
    assert reading is not None
    assert reading.found is not None, "the whole Exif data behind it"


@pytest.mark.parametrize("source", [overlapping(999), io.BytesIO(overlapping(2**21))])
def test_texts_that_lie_over_each_other_are_not_multiplied(source: bytes | io.BytesIO) -> None:
    texts = exif_texts(source)
    assert 1 <= len(texts) <= 2


# --- memory and time

CHILD = """
import io, json, os, resource, sys, time
from pathlib import Path
from PIL import Image
from studio.domain.errors import StudioError
from studio.services.metadata_reading import read_file
from tests.services.damaged.make import whole

for kind in ("PNG", "JPEG", "WEBP"):
    read_file(whole(kind), "x")
bare = io.BytesIO()
Image.new("RGBA", (8, 8)).save(bare, "PNG")
read_file(bare.getvalue(), "x")
for name in sys.argv[1:]:
    reader, writer = os.pipe()
    if not os.fork():
        before, start = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, time.process_time()
        try:
            read_file(Path(name))
        except StudioError:
            pass
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        os.write(writer, json.dumps([Path(name).name, grown / 1024, time.process_time() - start]).encode())
        os._exit(0)
    os.close(writer)
    os.wait()
    print(os.read(reader, 1000).decode())
    os.close(reader)
"""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="a forked process's own peak is Linux's to tell")
def test_nothing_takes_more_than_64_megabytes_or_long(tmp_path: Path) -> None:
    for name, make in HARMS.items():
        (tmp_path / name).write_bytes(make())
    paths = [*map(str, FILES), *(str(tmp_path / name) for name in HARMS)]
    child = subprocess.run([sys.executable, "-c", CHILD, *paths], capture_output=True, text=True, check=False)
    assert child.returncode == 0, child.stderr
    found = [json.loads(line) for line in child.stdout.splitlines()]
    assert len(found) == len(paths)
    assert [one for one in found if one[1] > 64 or one[2] > 3] == []
