"""Whatever was dropped arrives as pictures, or one sentence says why not."""

from __future__ import annotations

import io
import os
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image
from PySide6.QtGui import QImage

from studio.bridge.arrivals import Arrivals
from studio.bridge.background import Background
from studio.bridge.dropped import Files, HistoryDrop, Link, PictureData, PictureImage
from studio.bridge.history_model import HistoryModel
from studio.domain.metadata import Metadata
from studio.services.pictures import png_bytes
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS
from tests.web import Page, Web, served

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.bridge.dropped import Dropped
    from studio.domain.errors import StudioError
    from studio.services.picture_import import ImportedPicture

REQUEST = text_request("a red fox")
METADATA = Metadata.of(REQUEST, image_of(REQUEST), CONDITIONS, minutes_past_noon(1))
PNG = png_bytes(image_of(REQUEST).picture, METADATA.text_chunks())
HTML = b"<!DOCTYPE html><html><body>Please log in</body></html>"


class Desk:
    """Arrivals and what they said."""

    def __init__(self, qtbot: QtBot, reader: Background) -> None:
        self.history = HistoryModel()
        self.arrivals = Arrivals(reader, self.history)
        self.pictures: list[tuple[object, tuple[ImportedPicture, ...]]] = []
        self.errors: list[StudioError] = []
        self.progress: list[tuple[str, int, int]] = []
        self._qtbot = qtbot
        self.arrivals.arrived.connect(self._note)
        self.arrivals.failed.connect(self.errors.append)
        self.arrivals.fetching.connect(self._note_progress)

    def _note(self, purpose: object, pictures: tuple[ImportedPicture, ...]) -> None:
        self.pictures.append((purpose, pictures))

    def _note_progress(self, *progress: object) -> None:
        self.progress.append(progress)  # pyright: ignore[reportArgumentType]  # as the signal declares it

    def take(self, what: Dropped) -> tuple[ImportedPicture, ...]:
        """Wait until something has arrived, and return it."""
        self.arrivals.take(what, "layer")
        self._qtbot.waitUntil(lambda: bool(self.pictures))
        purpose, pictures = self.pictures.pop()
        assert purpose == "layer"
        return pictures

    def refuse(self, what: Dropped) -> StudioError:
        """Wait until something has failed, and return how."""
        self.arrivals.take(what, "layer")
        self._qtbot.waitUntil(lambda: bool(self.errors))
        assert self.pictures == []
        (error,) = self.errors
        assert error.what
        assert error.why
        assert error.remedy
        return error


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    reader = Background("reader")
    desk = Desk(qtbot, reader)
    yield desk
    desk.arrivals.close()
    reader.close()


@pytest.fixture
def web(loopback: str) -> Iterator[Web]:
    assert loopback
    with served() as web:
        yield web


def test_files_arrive_together_in_their_order_with_what_they_say(desk: Desk, tmp_path: Path) -> None:
    paths = tuple(tmp_path / name for name in ("b fox.png", "ä.png"))
    for path in paths:
        path.write_bytes(PNG)
    pictures = desk.take(Files(paths))
    assert [picture.name for picture in pictures] == ["b fox", "ä"]
    assert pictures[0].metadata == METADATA
    assert np.array_equal(pictures[0].pixels[..., :3], image_of(REQUEST).picture.pixels)


def test_one_bad_file_does_not_keep_the_others(desk: Desk, qtbot: QtBot, tmp_path: Path) -> None:
    (tmp_path / "good.png").write_bytes(PNG)
    pictures = desk.take(Files((tmp_path / "gone.png", tmp_path / "good.png")))
    assert [picture.name for picture in pictures] == ["good"]
    qtbot.waitUntil(lambda: bool(desk.errors))
    assert desk.errors[0].what == "1 of 2 pictures cannot be read"
    assert "gone.png" in desk.errors[0].why


def test_a_picture_of_the_history_is_read_from_its_file(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "7.png").write_bytes(PNG)
    desk.history.reset([entry_of(7, tmp_path / "7.png", METADATA)])
    (picture,) = desk.take(HistoryDrop((7,)))
    assert picture.metadata == METADATA
    assert "not in the history any more" in desk.refuse(HistoryDrop((8,))).what


def test_data_keeps_what_it_says_and_gets_a_name(desk: Desk) -> None:
    (picture,) = desk.take(PictureData(PNG, "a fox.png"))
    assert (picture.name, picture.metadata) == ("a fox", METADATA)
    (picture,) = desk.take(PictureData(PNG))
    assert picture.name == "Picture"


def test_pixels_alone_keep_their_transparency(desk: Desk) -> None:
    image = QImage(3, 2, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(0)
    image.setPixelColor(1, 0, "#80ff8000")
    (picture,) = desk.take(PictureImage(image, "x.png"))
    assert picture.pixels.shape == (2, 3, 4)
    assert picture.pixels[0, 1, 3] == 0x80
    assert picture.pixels[1, 2].tolist() == [0, 0, 0, 0]
    assert abs(int(picture.pixels[0, 1, 1]) - 0x80) <= 1


def test_a_link_is_fetched_with_a_progress(desk: Desk, qtbot: QtBot, web: Web) -> None:
    url = web.put("/a%20fox.png", Page(PNG))
    with qtbot.waitSignal(desk.arrivals.fetch_ended):
        (picture,) = desk.take(Link(url))
    assert (picture.name, picture.metadata) == ("a fox", METADATA)
    assert desk.progress[-1] == (url, len(PNG), len(PNG))


def test_links_keep_their_purposes(desk: Desk, qtbot: QtBot, web: Web) -> None:
    good = web.put("/good.png", Page(PNG))
    for purpose, url in enumerate((good, web.url("/gone.png"), good)):
        desk.arrivals.take(Link(url), purpose)
    qtbot.waitUntil(lambda: len(desk.pictures) == 2 and len(desk.errors) == 1)
    assert [purpose for purpose, _ in desk.pictures] == [0, 2]


def test_a_cancelled_link_does_not_arrive_and_the_next_one_does(desk: Desk, qtbot: QtBot, web: Web) -> None:
    held = threading.Event()
    url = web.put("/slow.png", Page(PNG + bytes(200_000), held=held))
    desk.arrivals.take(Link(url), "first")
    qtbot.waitUntil(lambda: bool(desk.progress))
    desk.arrivals.cancel()
    # Before the first one has noticed.
    assert desk.take(Link(web.put("/next.png", Page(PNG))))[0].name == "next"
    held.set()
    desk.arrivals.take(Link(url), "again")
    with qtbot.waitSignal(desk.arrivals.fetch_ended):
        desk.arrivals.cancel()
    assert (desk.pictures, desk.errors) == ([], [])


def huge() -> bytes:
    """Return the head of a picture of 60000 x 60000 pixels."""
    buffer = io.BytesIO()
    Image.new("1", (8, 8)).save(buffer, "BMP")
    head = bytearray(buffer.getvalue())
    head[18:26] = (60_000).to_bytes(4, "little") * 2
    return bytes(head)


@pytest.mark.parametrize(
    "content",
    [b"", HTML, b"no picture at all", PNG[: len(PNG) // 2], huge()],
    ids=["0 bytes", "a web page", "text", "truncated", "60000 x 60000"],
)
def test_a_bad_file_is_told_in_one_clear_sentence(desk: Desk, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(content)
    assert "picture.png" in desk.refuse(Files((path,))).what


@pytest.mark.parametrize("content", [HTML, PNG[: len(PNG) // 2], huge()], ids=["a web page", "truncated", "huge"])
def test_bad_data_is_told_in_one_clear_sentence(desk: Desk, content: bytes) -> None:
    assert desk.refuse(PictureData(content, "picture.png")).what


def test_a_folder_a_vanished_file_and_a_closed_one_are_told(desk: Desk, tmp_path: Path) -> None:
    assert str(tmp_path) in desk.refuse(Files((tmp_path,))).what
    desk.errors.clear()
    assert "gone.png" in desk.refuse(Files((tmp_path / "gone.png",))).what


@contextmanager
def as_somebody() -> Generator[None]:
    """Be nobody where the tests run as root, who may read everything."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.skipif(os.name == "nt", reason="permissions are another matter on Windows")
def test_a_file_that_may_not_be_read_is_told(desk: Desk, tmp_path: Path) -> None:
    path = tmp_path / "secret.png"
    path.write_bytes(PNG)
    desk.take(Files((path,)))
    path.chmod(0)
    with as_somebody():
        error = desk.refuse(Files((path,)))
    assert "secret.png" in error.what
    assert error.why == "you may not read it"


def test_a_web_page_behind_a_link_is_told(desk: Desk, web: Web) -> None:
    assert "leads to no picture" in desk.refuse(Link(web.put("/fox.png", Page(HTML)))).what
