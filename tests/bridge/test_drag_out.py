"""What is dragged out is a real PNG file that still knows how it was made."""

from __future__ import annotations

import os
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtGui import QImage

from studio.bridge.drag_out import DragOut, file_name, history_data
from studio.bridge.dropped import Files, HistoryDrop, read_mime
from studio.domain.errors import InvalidRequest
from studio.domain.metadata import Metadata
from studio.services.pictures import png_bytes, png_texts
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PySide6.QtCore import QMimeData
    from PySide6.QtWidgets import QApplication

METADATA = Metadata.of(text_request("a red fox"), image_of(text_request("a red fox")), CONDITIONS, minutes_past_noon(1))


def png() -> bytes:
    return png_bytes(image_of(text_request("a red fox")).picture, METADATA.text_chunks())


def pixels() -> QImage:
    image = QImage(6, 5, QImage.Format.Format_RGB888)
    image.fill(0x804020)
    return image


@pytest.fixture
def drag_out(qapp: QApplication, tmp_path: Path) -> Iterator[DragOut]:
    assert qapp
    made = DragOut(tmp_path / "cache" / "drags")
    yield made
    made.close()


def files(mime: QMimeData) -> tuple[Path, ...]:
    taken = read_mime(mime)
    assert isinstance(taken, Files)
    return taken.paths


def test_a_picture_arrives_as_a_png_file_with_its_metadata(drag_out: DragOut) -> None:
    mime = drag_out.picture("a red fox / 3d", pixels(), png)
    (path,) = files(mime)
    assert path.name == "a red fox 3d.png"
    assert png_texts(path) == METADATA.text_chunks()
    assert bytes(mime.data("image/png").data()) == path.read_bytes()
    assert QImage(mime.imageData()).size() == pixels().size()
    assert set(mime.formats()) == {"text/uri-list", "image/png", "application/x-qt-image"}
    assert not mime.hasFormat("text/html")
    assert bytes(mime.data("text/html").data()) == b""


def test_the_file_is_made_elsewhere_and_only_once(drag_out: DragOut) -> None:
    threads: list[str] = []

    def made() -> bytes:
        threads.append(threading.current_thread().name)
        return png()

    mime = drag_out.picture("x", pixels(), made)
    assert files(mime) == files(mime)
    assert mime.data("image/png") == mime.data("image/png")
    assert [name.rpartition("_")[0] for name in threads] == ["sfumato drag"]


def test_two_pictures_of_one_name_are_two_files(drag_out: DragOut) -> None:
    (first,), (second,) = (files(drag_out.picture("fox", pixels(), png)) for _ in range(2))
    assert first != second
    assert first.name == second.name == "fox.png"


def test_nothing_is_written_before_a_drag_and_nothing_is_left_after_the_session(
    drag_out: DragOut, tmp_path: Path
) -> None:
    assert not (tmp_path / "cache").exists()
    (path,) = files(drag_out.picture("fox", pixels(), png))
    other = DragOut(tmp_path / "cache" / "drags")
    (others,) = files(other.picture("fox", pixels(), png))
    drag_out.close()
    assert not path.exists()
    assert others.exists()
    other.close()
    assert list((tmp_path / "cache" / "drags").iterdir()) == []
    drag_out.close()


def test_what_a_crash_left_is_deleted_and_another_windows_files_are_not(drag_out: DragOut, tmp_path: Path) -> None:
    left, another = (tmp_path / "cache" / "drags" / name for name in ("drag-left", "drag-another"))
    for folder in (left, another):
        (folder / "tmp").mkdir(parents=True)
        (folder / "tmp" / "fox.png").write_bytes(png())
    eight_days_ago = time.time() - 8 * 24 * 3600
    os.utime(left, (eight_days_ago, eight_days_ago))
    files(drag_out.picture("fox", pixels(), png))
    assert not left.exists()
    assert (another / "tmp" / "fox.png").exists()


@pytest.mark.parametrize("blocked", ["picture", "folder"])
def test_a_picture_that_cannot_be_written_is_dragged_as_pixels(
    qapp: QApplication, tmp_path: Path, blocked: str, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse() -> bytes:
        raise InvalidRequest("An empty picture cannot be used")

    assert qapp
    (tmp_path / "file").touch()
    drag_out = DragOut(tmp_path / "file" if blocked == "folder" else tmp_path)
    mime = drag_out.picture("fox", pixels(), refuse if blocked == "picture" else png)
    assert not mime.urls()
    assert QImage(mime.imageData()).size() == pixels().size()
    assert "could not be dragged out" in caplog.text
    drag_out.close()


def test_a_picture_of_the_history_is_its_own_file(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp
    path = tmp_path / "a füchslein #1.png"
    path.write_bytes(png())
    mime = history_data([entry_of(7, path, METADATA)])
    assert read_mime(mime) == HistoryDrop((7,))
    assert [Path(url.toLocalFile()) for url in mime.urls()] == [path]
    assert bytes(mime.data("image/png").data()) == png()
    assert QImage(mime.imageData()).width() == METADATA.width
    # To another program, which does not know our own form.
    assert {"text/uri-list", "image/png", "application/x-qt-image"} < set(mime.formats())
    path.unlink()
    assert bytes(mime.data("image/png").data()) == b""


def test_several_pictures_are_files_only(qapp: QApplication, tmp_path: Path) -> None:
    assert qapp
    mime = history_data([entry_of(number, tmp_path / f"{number}.png", METADATA) for number in (3, 9)])
    assert read_mime(mime) == HistoryDrop((3, 9))
    assert [Path(url.toLocalFile()).name for url in mime.urls()] == ["3.png", "9.png"]
    assert not mime.hasFormat("image/png")
    assert not mime.hasImage()


@given(st.text())
def test_every_title_makes_a_name(title: str) -> None:
    name = file_name(title)
    assert name.endswith(".png")
    assert 4 < len(name) <= 64
    assert not set(name) & set('<>:"/\\|?*\n\0')
    assert not name.startswith((".", " "))


@pytest.mark.parametrize(
    ("title", "name"),
    [("", "picture.png"), ("../..", "picture.png"), (" a  red\tfox. ", "a red fox.png"), ("日本", "日本.png")],
)
def test_titles_become_names(title: str, name: str) -> None:
    assert file_name(title) == name
