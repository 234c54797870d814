"""Real drags between two programs, and a real clipboard."""

from __future__ import annotations

import base64
import hashlib
import io
import json
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from studio.domain.metadata import Metadata
from studio.services.pictures import png_bytes, png_texts
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.screen.xvfb import Program, Screen

pytestmark = pytest.mark.slow

WEB = "https://pictures.example/a%20fox.png"
METADATA = Metadata.of(text_request("a red fox"), image_of(text_request("a red fox")), CONDITIONS, minutes_past_noon(1))


def png(texts: Mapping[str, str]) -> bytes:
    return png_bytes(image_of(text_request("a red fox")).picture, texts)


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def painted(tmp_path: Path) -> Path:
    """A picture that knows how it was painted, under a name that is not plain."""
    path = tmp_path / "a red füchslein, 3d #1.png"
    path.write_bytes(png(METADATA.text_chunks()))
    return path


@pytest.fixture
def studio(screen: Screen, painted: Path, tmp_path: Path) -> Program:
    return screen.python("tests.screen.studio_side", painted, tmp_path / "drags")


def other(screen: Screen, forms: Mapping[str, bytes]) -> Program:
    packed = {kind: base64.b64encode(data).decode() for kind, data in forms.items()}
    return screen.python("tests.screen.other_side", json.dumps(packed))


def place(program: Program, name: str) -> tuple[int, int]:
    x, y = program.wait("ready")[name]
    return x, y


def drop_on(screen: Screen, source: Program, studio: Program, zone: str) -> None:
    """Carry what the source offers over the studio, wait until it shows the place, and let go there."""
    host = place(studio, "host")
    screen.carry(place(source, "source"), host)
    shown = studio.wait("shown", lambda line: zone in line["zones"])
    screen.move(host, tuple(shown["zones"][zone]))
    studio.wait("shown", lambda line: line["active"] == zone)
    screen.release()


@pytest.mark.parametrize("zone", ["NEW_LAYER", "IMAGE_TO_IMAGE", "SETTINGS"])
def test_a_file_of_another_program_goes_where_the_window_says(
    screen: Screen, studio: Program, painted: Path, zone: str
) -> None:
    source = other(screen, {"text/uri-list": painted.as_uri().encode() + b"\r\n"})
    drop_on(screen, source, studio, zone)
    assert studio.wait("shown", lambda line: line["title"] != "")["title"] == painted.name
    dropped = studio.wait("dropped")
    assert (dropped["zone"], dropped["what"]) == (zone, ["files", str(painted)])
    assert source.wait("dragged")["action"] == "CopyAction"


def test_several_files_arrive_in_their_order(screen: Screen, studio: Program, tmp_path: Path) -> None:
    paths = [tmp_path / name for name in ("b ä.png", "a.png", "日本.jpg")]
    source = other(screen, {"text/uri-list": "\r\n".join(path.as_uri() for path in paths).encode()})
    drop_on(screen, source, studio, "NEW_LAYER")
    assert studio.wait("dropped")["what"] == ["files", *map(str, paths)]


def test_a_picture_from_a_browser_arrives_as_its_data(screen: Screen, studio: Program) -> None:
    data = png({})
    forms = {"text/uri-list": WEB.encode(), "text/html": f"<img src='{WEB}'>".encode(), "image/png": data}
    drop_on(screen, other(screen, forms), studio, "IMAGE_TO_IMAGE")
    assert studio.wait("dropped")["what"] == ["data", sha(data), "a fox.png"]


def test_a_link_arrives_as_a_link(screen: Screen, studio: Program) -> None:
    forms = {"text/x-moz-url": f"{WEB}\nA fox".encode("utf-16-le"), "text/plain": WEB.encode()}
    drop_on(screen, other(screen, forms), studio, "NEW_LAYER")
    assert studio.wait("dropped")["what"] == ["link", WEB]


def test_a_drag_that_goes_elsewhere_changes_nothing(screen: Screen, studio: Program, painted: Path) -> None:
    source = other(screen, {"text/uri-list": painted.as_uri().encode()})
    start, host = place(source, "source"), place(studio, "host")
    screen.carry(start, host)
    studio.wait("shown", lambda line: line["active"] is not None)
    studio.forget()
    screen.move(host, start)
    studio.wait("shown", lambda line: line["active"] is None)
    screen.release()
    source.wait("dragged")
    assert [line for line in studio.said if line["event"] in {"dropped", "failed"}] == []


def test_a_layer_dragged_out_arrives_as_a_file_with_its_metadata(
    screen: Screen, studio: Program, painted: Path, tmp_path: Path
) -> None:
    target = other(screen, {})
    screen.carry(place(studio, "handle"), place(target, "target"))
    target.wait("entered")
    screen.release()
    received = target.wait("received")
    assert received["files"] == [["a layer of mine.png", sha(painted.read_bytes())]]
    assert received["png"] == sha(painted.read_bytes())
    assert received["image"] == [METADATA.width, METADATA.height]
    assert studio.wait("dragged")["action"] == "CopyAction"
    (file,) = (tmp_path / "drags").rglob("*.png")
    assert png_texts(file) == METADATA.text_chunks()
    studio.end()
    assert list((tmp_path / "drags").iterdir()) == []


def test_a_picture_of_the_history_is_dragged_out_as_its_own_file(
    screen: Screen, studio: Program, painted: Path
) -> None:
    target = other(screen, {})
    screen.carry(place(studio, "entry"), place(target, "target"))
    target.wait("entered")
    screen.release()
    received = target.wait("received")
    assert received["files"] == [[painted.name, sha(painted.read_bytes())]]
    assert received["png"] == sha(painted.read_bytes())
    assert [line for line in studio.said if line["event"] == "chosen"] == []


def test_a_picture_of_the_history_is_known_as_such_on_its_own_canvas(screen: Screen, studio: Program) -> None:
    start, host = place(studio, "entry"), place(studio, "host")
    screen.carry(start, host)
    shown = studio.wait("shown", lambda line: "SETTINGS" in line["zones"])
    screen.move(host, tuple(shown["zones"]["SETTINGS"]))
    studio.wait("shown", lambda line: line["active"] == "SETTINGS")
    screen.release()
    dropped = studio.wait("dropped")
    assert (dropped["zone"], dropped["what"]) == ("SETTINGS", ["history", "7"])


def bmp() -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", (5, 4), (200, 120, 40)).save(buffer, "BMP")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("kind", "data", "what"),
    [
        ("image/png", png(METADATA.text_chunks()), ["data", sha(png(METADATA.text_chunks())), ""]),
        ("image/bmp", bmp(), ["data", sha(bmp()), ""]),
        (
            "text/uri-list",
            b"file:///tmp/a%20%C3%A4.png\r\nfile:///tmp/b.png\r\n",
            ["files", "/tmp/a ä.png", "/tmp/b.png"],
        ),
        ("UTF8_STRING", WEB.encode(), ["link", WEB]),
    ],
)
def test_what_another_program_copied_is_pasted(
    screen: Screen, studio: Program, kind: str, data: bytes, what: list[str]
) -> None:
    screen.copy(kind, data)
    screen.click(*place(studio, "host"))
    screen.key("ctrl+v")
    dropped = studio.wait("dropped")
    assert (dropped["zone"], dropped["what"]) == ("NEW_LAYER", what)


def test_pasting_words_is_told(screen: Screen, studio: Program) -> None:
    screen.copy("UTF8_STRING", b"a red fox in the snow")
    screen.click(*place(studio, "host"))
    screen.key("ctrl+v")
    assert "There is no picture in what was dropped or pasted" in studio.wait("failed")["words"]


def test_what_was_copied_is_pasted_elsewhere_with_its_metadata(screen: Screen, studio: Program, painted: Path) -> None:
    screen.click(*place(studio, "host"))
    screen.key("ctrl+c")
    studio.wait("copied")
    assert screen.clipboard("image/png") == painted.read_bytes()
    bitmap = Image.open(io.BytesIO(screen.clipboard("image/bmp")))
    assert bitmap.size == (METADATA.width, METADATA.height)
