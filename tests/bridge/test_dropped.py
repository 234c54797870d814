"""Whatever form another program offers a picture in, the best one is taken."""

from __future__ import annotations

import base64
import os
import socket
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from studio.bridge.dropped import (
    HISTORY_MIME,
    Files,
    HistoryDrop,
    Link,
    Offer,
    PictureData,
    PictureImage,
    clipboard_data,
    glance,
    history_ids,
    read_mime,
)
from studio.domain.errors import UnreadablePicture

if TYPE_CHECKING:
    from collections.abc import Mapping

WEB = "https://pictures.example/a%20fox.png?size=2"
PAGE = "https://pictures.example/gallery/17"
MARKUP = f'<meta charset="utf-8"><a href="{PAGE}"><img alt="x" src="{WEB}"></a>'


def offered(forms: Mapping[str, bytes | str]) -> QMimeData:
    mime = QMimeData()
    for kind, data in forms.items():
        mime.setData(kind, QByteArray(data.encode() if isinstance(data, str) else data))
    return mime


def painted() -> QImage:
    image = QImage(5, 4, QImage.Format.Format_RGB32)
    image.fill(0xFF8040)
    return image


ALL = {
    HISTORY_MIME: "7\n3",
    "text/uri-list": f"file:///tmp/a.png\r\n{WEB}\r\n",
    "image/png": b"png",
    "image/bmp": b"bmp",
    "text/html": MARKUP,
    "text/x-moz-url": f"{WEB}\nA fox".encode("utf-16-le"),
    "text/plain": WEB,
}


def test_forms_are_taken_in_their_order() -> None:
    forms = dict(ALL)
    assert read_mime(offered(forms)) == HistoryDrop((7, 3))
    del forms[HISTORY_MIME]
    assert read_mime(offered(forms)) == Files((Path("/tmp/a.png"),))
    forms["text/uri-list"] = f"# from the browser\r\n{WEB}\r\n"
    assert read_mime(offered(forms)) == PictureData(b"png", "a fox.png")
    del forms["image/png"]
    assert read_mime(offered(forms)) == PictureData(b"bmp", "a fox.png")
    del forms["image/bmp"]
    with_pixels = offered(forms)
    with_pixels.setImageData(painted())
    taken = read_mime(with_pixels)
    assert isinstance(taken, PictureImage)
    assert (taken.image.size(), taken.name) == (painted().size(), "a fox.png")
    for last in ("text/uri-list", "text/html", "text/x-moz-url", "text/plain"):
        assert read_mime(offered(forms)) == Link(WEB)
        del forms[last]
    with pytest.raises(UnreadablePicture):
        read_mime(offered(forms))


@pytest.mark.parametrize("kind", ["text/uri-list", "text/html", "text/x-moz-url", "text/plain"])
def test_each_form_of_a_link_is_enough(kind: str) -> None:
    assert read_mime(offered({kind: ALL[kind]} | ({kind: WEB} if kind == "text/uri-list" else {}))) == Link(WEB)


def test_a_picture_that_is_itself_a_link_brings_the_picture_and_not_the_page() -> None:
    assert read_mime(offered({"text/uri-list": PAGE, "text/html": MARKUP})) == Link(WEB)
    nameless = "https://pictures.example/render?id=17"
    markup = MARKUP.replace(WEB, nameless)
    assert read_mime(offered({"text/uri-list": PAGE, "text/html": markup})) == Link(nameless)
    assert read_mime(offered({"text/uri-list": PAGE})) == Link(PAGE)


def test_an_empty_form_is_passed_over() -> None:
    assert read_mime(offered({"image/png": b"", "image/jpeg": b"jpeg"})) == PictureData(b"jpeg")


def test_a_data_link_is_a_link_without_a_name() -> None:
    url = "data:image/png;base64," + base64.b64encode(b"png").decode()
    for kind in ("text/uri-list", "text/plain"):
        assert read_mime(offered({kind: url})) == Link(url)
    assert read_mime(offered({"text/html": f"<img src='{url}'>"})) == Link(url)
    assert Link(url).name == ""
    assert glance(offered({"text/plain": url})) == Offer("Picture", Link(url))


@pytest.mark.parametrize(
    "forms",
    [
        {"text/plain": "a red fox in the snow"},
        {"text/plain": f"look at {WEB}"},
        {"text/plain": "file:///etc/passwd"},
        {"text/plain": "javascript:alert(1)"},
        {"text/plain": "https://["},
        {"text/plain": "http://"},
        {"text/html": "<img src='file:///etc/passwd'><img src='blob:x'><img src><b>"},
        {"text/uri-list": "blob:https://pictures.example/1\r\nftp://pictures.example/a.png"},
        {"text/uri-list": "file://elsewhere/tmp/a.png"},
        {"text/uri-list": "file:///tmp/a%00.png"},
        {"text/uri-list": "#file:///tmp/a.png"},
        {HISTORY_MIME: "x -1 " + "9" * 40},
        {"application/pdf": b"%PDF"},
        {},
    ],
)
def test_what_is_no_picture_is_refused_in_one_sentence_each(forms: dict[str, bytes | str]) -> None:
    assert glance(offered(forms)) is None
    with pytest.raises(UnreadablePicture) as caught:
        read_mime(offered(forms))
    assert caught.value.what == "There is no picture in what was dropped or pasted"
    assert caught.value.why
    assert caught.value.remedy


@settings(max_examples=60)
@given(st.lists(st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1), min_size=1))
def test_files_keep_their_names_as_qt_and_python_write_them(names: list[str]) -> None:
    paths = tuple(Path("/tmp") / name for name in names if name not in {".", ".."})
    if not paths:
        return
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    assert read_mime(mime) == Files(paths)
    assert read_mime(offered({"text/uri-list": "\r\n".join(path.as_uri() for path in paths)})) == Files(paths)


@pytest.mark.skipif(os.name == "nt", reason="names are text on Windows")
@settings(max_examples=60)
@given(st.binary(min_size=1).filter(lambda name: not {0, ord("/")} & set(name) and name not in {b".", b".."}))
def test_a_name_may_be_any_bytes(name: bytes) -> None:
    path = Path(os.fsdecode(b"/tmp/" + name))
    assert read_mime(offered({"text/uri-list": path.as_uri()})) == Files((path,))


@settings(max_examples=60)
@given(st.sampled_from(["text/uri-list", "text/html", "text/plain", "text/x-moz-url"]), st.binary(max_size=40))
def test_no_bytes_do_more_than_be_refused(kind: str, noise: bytes) -> None:
    for start in (b"", b"https://", b"file:///", b"<img src='https://["):
        mime = offered({kind: start + noise})
        offer = glance(mime)
        try:
            taken = read_mime(mime)
        except UnreadablePicture:
            assert offer is None
        else:
            assert offer is not None
            assert offer.what == taken


@pytest.mark.parametrize("host", ["", "localhost", "LOCALHOST", socket.gethostname()])
def test_a_file_of_this_machine_by_any_of_its_names(host: str) -> None:
    uri = f"FILE://{host}/tmp/nicht%20gro%C3%9F/#1?.png"
    assert read_mime(offered({"text/uri-list": uri})) == Files((Path("/tmp/nicht groß/#1?.png"),))


def test_a_document_is_known_by_its_name() -> None:
    assert Files((Path("/tmp/a.ORA"),)).document == Path("/tmp/a.ORA")
    assert Files((Path("/tmp/a.psd"),)).document == Path("/tmp/a.psd")
    assert Files((Path("/tmp/a.png"),)).document is None
    assert Files((Path("/tmp/a.ora"), Path("/tmp/b.ora"))).document is None


@pytest.mark.parametrize(
    ("forms", "title"),
    [
        ({"text/uri-list": "file:///tmp/a%20fox.png"}, "a fox.png"),
        ({"text/uri-list": "file:///tmp/a.png\r\nfile:///tmp/b.png"}, "2 files"),
        ({HISTORY_MIME: "7"}, "Picture of the history"),
        ({HISTORY_MIME: "7\n8"}, "2 pictures of the history"),
        ({"text/uri-list": WEB}, "a fox.png from pictures.example"),
        ({"image/png": b"x", "text/uri-list": WEB}, "a fox.png from pictures.example"),
        ({"image/png": b"x"}, "Picture"),
    ],
)
def test_a_glance_names_what_is_dragged(forms: dict[str, bytes | str], title: str) -> None:
    offer = glance(offered(forms))
    assert offer is not None
    assert offer.title == title


def test_what_goes_to_the_clipboard_comes_back_with_its_metadata() -> None:
    mime = clipboard_data(painted(), b"png with texts")
    assert read_mime(mime) == PictureData(b"png with texts")
    assert QImage(mime.imageData()).size() == painted().size()


@settings(max_examples=30)
@given(st.lists(st.integers(0, 2**63 - 1), min_size=1))
def test_history_entries_come_back(ids: list[int]) -> None:
    mime = QMimeData()
    mime.setData(HISTORY_MIME, history_ids(ids))
    assert read_mime(mime) == HistoryDrop(tuple(ids))
