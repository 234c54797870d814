"""OpenRaster files that are none, damaged, or made to do harm are refused in words, and a full disk costs nothing."""

import io
import json
import os
import subprocess
import sys
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import FIRST_FRAME, CanvasState
from studio.domain.errors import NewerData, UnreadablePicture
from studio.domain.geometry import Rect
from studio.services.canvas_document import StoredDocument
from studio.services.files import partial_files
from studio.services.openraster import OpenRasterWriter
from studio.services.openraster_reading import read_openraster
from tests.domain.canvas.states import first_state, noise
from tests.services.test_openraster import content_of, foreign, members, packed

BOMB = """<!DOCTYPE image [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>"""


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is no OpenRaster document"),
        (b"no zip", "It is no OpenRaster document"),
        (packed({"a.txt": b"a"}), "It is no OpenRaster document"),
        (packed({"mimetype": b"application/x-krita", "maindoc.xml": b""}), "Save it as OpenRaster in Krita"),
        (packed({"mimetype": b"image/openraster"}), "It is no OpenRaster document"),
        (packed({"stack.xml": b"<image"}), "The order of its layers is damaged"),
        (packed({"stack.xml": b"<stack/>"}), "It has no stack of layers"),
        (packed({"stack.xml": b"<image>" + b"<a>" * 100_000}), "The order of its layers is damaged"),
        (packed({"stack.xml": b"<image><stack>" + b"<stack>" * 99 + b"</stack>" * 100 + b"</image>"}), "64 deep"),
        (packed({"stack.xml": BOMB.encode() + b"<image>&b;</image>"}), "document type"),
        (packed({"stack.xml": b'<image><stack><layer src="../x"/></stack></image>'}), "points outside the file"),
        (packed({"stack.xml": b'<image><stack><layer src="/etc/passwd"/></stack></image>'}), "points outside the file"),
        (packed({"stack.xml": b'<image><stack><layer src="a.png"/></stack></image>'}), "is missing in it"),
        (packed({"stack.xml": b'<image><stack><layer src="a"/></stack></image>', "a": b"<html>"}), "is a web page"),
        (packed({"stack.xml": bytes(20 * 2**20)}), "unpacks to 20 MiB"),
    ],
)
def test_what_is_no_document_is_refused_in_words(content: bytes, why: str) -> None:
    with pytest.raises(UnreadablePicture, match="(?i)" + why):
        read_openraster(content)


def test_more_layers_than_anybody_has_are_refused() -> None:
    stack = "<stack>" + '<layer src="data/red.png"/>' * 10_001 + "</stack>"
    with pytest.raises(UnreadablePicture, match="more than 10000 layers"):
        foreign(stack)


def test_one_picture_that_is_shown_a_thousand_times_does_not_fill_the_memory() -> None:
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "PNG")
    stack = "<stack>" + '<layer src="big.png"/>' * 14 + "</stack>"
    with pytest.raises(UnreadablePicture, match="1073 million pixels"):
        foreign(stack, {"big.png": buffer.getvalue()})


def test_a_picture_of_another_kind_does_not_fill_the_memory_either() -> None:
    buffer = io.BytesIO()
    Image.new("1", (9000, 9000)).save(buffer, "TIFF", compression="group4")
    stack = "<stack>" + '<layer src="big.tiff"/>' * 14 + "</stack>"
    with pytest.raises(UnreadablePicture, match="1073 million pixels"):
        foreign(stack, {"big.tiff": buffer.getvalue()})


def test_a_frame_that_no_memory_holds_is_left_out() -> None:
    files = members(content_of(first_state()))
    extra = json.loads(files["sfumato/document.json"])
    extra["frame"] = [0, 0, 2**20, 2**20]
    opened = read_openraster(packed(files | {"sfumato/document.json": json.dumps(extra).encode()}))
    assert opened.document.state.frame == FIRST_FRAME
    assert "damaged" in opened.notes[0]


def test_a_file_that_lies_about_a_size_is_refused() -> None:
    content = bytearray(packed({"stack.xml": bytes(20 * 2**20)}))
    at = content.rindex(b"PK\x01\x02") + 24  # the unpacked size in the directory
    content[at : at + 4] = (100).to_bytes(4, "little")
    with pytest.raises(UnreadablePicture, match="damaged"):
        read_openraster(bytes(content))


def test_a_file_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match="No such file"):
        read_openraster(tmp_path / "gone.ora")
    with pytest.raises(UnreadablePicture, match="Is a directory"):
        read_openraster(tmp_path)


def test_a_document_of_a_newer_sfumato_is_not_half_read() -> None:
    files = members(content_of(first_state()))
    extra = json.loads(files["sfumato/document.json"]) | {"version": 2, "layers": "quite different"}
    with pytest.raises(NewerData, match="Update Sfumato"):
        read_openraster(packed(files | {"sfumato/document.json": json.dumps(extra).encode()}))


@pytest.mark.parametrize("extra", [b"", b"{", b"[]", b"[" * 100_000, b'{"version": 1}', b'{"version": "x"}'])
def test_damaged_settings_do_not_cost_the_layers(extra: bytes) -> None:
    files = members(content_of(first_state()))
    opened = read_openraster(packed(files | {"sfumato/document.json": extra}))
    assert len(opened.document.state.layers) == 3
    assert opened.notes == ("The mask, the frame and the settings in the file are damaged and were left out.",)


@cache
def sample() -> bytes:
    small = CanvasState(
        (Layer(name="a", pixels=plane_of(noise(Rect(0, 0, 9, 9), 1))),), mask=plane_of(noise(Rect(0, 0, 9, 9), 1, 1))
    )
    return content_of(replace(small, frame=Rect(0, 0, 16, 16)))


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4), st.floats(0, 1)
)
def test_damaged_bytes_are_refused_or_read(changes: list[tuple[float, int]], cut: float) -> None:
    content = bytearray(sample())
    for place, value in changes:
        content[int(place * len(content))] = value
    with suppress(UnreadablePicture, NewerData):
        read_openraster(bytes(content[: max(1, int(len(content) * (1 - cut**8)))]))


@pytest.mark.skipif(os.name == "nt", reason="the limit on a file's size is POSIX's")
def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "fox.ora"
    OpenRasterWriter().write(path, StoredDocument(first_state()))
    before = path.read_bytes()
    program = f"""
import resource, signal
from pathlib import Path
from studio.domain.errors import UnwritablePlace
from studio.services.canvas_document import StoredDocument
from studio.services.openraster import OpenRasterWriter
from tests.domain.canvas.states import first_state
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    OpenRasterWriter().write(Path({str(path)!r}), StoredDocument(first_state()))
except UnwritablePlace as error:
    print(error.what)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == f"Nothing can be written to {path}\n"
    assert path.read_bytes() == before
    assert partial_files(tmp_path) == []
