"""A link brings one picture or one clear sentence, whatever a server does."""

from __future__ import annotations

import asyncio
import base64
import gzip
import io
import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from studio.domain.errors import DownloadFailed, StudioError
from studio.services import downloads
from studio.services.downloads import MAX_BYTES, fetch_picture
from studio.services.network import Network, is_public
from tests.web import Page, Web, redirect, served

if TYPE_CHECKING:
    from collections.abc import Iterator


def encoded(kind: str, size: tuple[int, int] = (8, 6)) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGB", size, (200, 120, 40)).save(buffer, kind)
    return buffer.getvalue()


PNG = encoded("PNG")
HTML = b"<!DOCTYPE html><html><head><title>A gallery</title></head><body>Please log in</body></html>"


async def looks_up(host: str, port: int) -> tuple[str, ...]:
    """Know three names: two of this machine and one whose server gives an address of the house."""
    names = {"pictures.example": "127.0.0.1", "rebound.example": "10.0.0.1"}
    if host in names or host.startswith(("127.", "10.")):
        return (names.get(host, host),)
    raise OSError(f"no host {host} at {port}")


def no_proxy(scheme: str, host: str) -> None:
    assert scheme in {"http", "https"}
    assert host


HOUSE = Network(looks_up, is_public, no_proxy)
"""A network in which the server of the tests is what it is: a machine of the house."""
WORLD = Network(looks_up, lambda address: address == "127.0.0.1", no_proxy)
"""A network in which the server of the tests is a public one, and every other machine is not."""


@pytest.fixture
def web(loopback: str) -> Iterator[Web]:
    assert loopback
    with served() as web:
        yield web


def fetch(url: str, network: Network = WORLD, heard: list[tuple[int, int]] | None = None) -> bytes:
    told = [] if heard is None else heard
    return asyncio.run(fetch_picture(url, lambda received, total: told.append((received, total)), network))


def refused(url: str, network: Network = WORLD) -> str:
    """Return the words with which a link is refused."""
    with pytest.raises(DownloadFailed) as caught:
        fetch(url, network)
    assert caught.value.remedy == "Save the picture in your browser and drop the file"
    return str(caught.value)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "PPM", "AVIF"])
def test_a_picture_comes_as_it_is(web: Web, kind: str) -> None:
    picture = encoded(kind)
    assert fetch(web.put("/p", Page(picture))) == picture


def test_what_was_received_is_told(web: Web) -> None:
    picture = encoded("BMP", (400, 400))
    heard: list[tuple[int, int]] = []
    assert fetch(web.put("/p.bmp", Page(picture, "image/bmp")), heard=heard) == picture
    assert heard[-1] == (len(picture), len(picture))
    assert len(heard) > 2
    assert heard == sorted(heard)
    fetch(web.put("/unknown", Page(picture, length="")), heard=heard)
    assert heard[-1] == (len(picture), -1)


def test_a_server_that_does_not_know_the_kind_is_believed_by_the_bytes(web: Web) -> None:
    for kind in ("", "application/octet-stream", "image/jpeg", "IMAGE/PNG; charset=x"):
        assert fetch(web.put("/p", Page(PNG, kind))) == PNG


def test_a_server_that_compresses_all_the_same_is_understood(web: Web) -> None:
    packed = Page(gzip.compress(PNG), headers={"Content-Encoding": "gzip"})
    assert fetch(web.put("/p", packed)) == PNG


@pytest.mark.parametrize(
    ("page", "words"),
    [
        (Page(HTML, "image/png"), "leads to no picture. Behind it is a web page"),
        (Page(HTML, "text/html; charset=utf-8"), "leads to no picture. Behind it is a web page"),
        (Page(b"<svg xmlns='http://www.w3.org/2000/svg'/>" * 9, "image/svg+xml"), "Behind it is something else"),
        (Page(b"", "image/png"), "Behind it is nothing"),
        (Page(b"{}" * 40, "application/json"), "Behind it is data of the kind application/json"),
        (Page(PNG, "video/mp4"), "Behind it is data of the kind video/mp4"),
        (Page(b"no", "text/plain", 404), "The server answers 404 Not Found"),
        (Page(PNG, status=206), "The server answers 206 Partial Content"),
        (Page(PNG, length=str(MAX_BYTES + 1)), "is too large. Sfumato fetches up to 64 MiB"),
        (Page(PNG, length=str(len(PNG) + 9)), "The connection to 127.0.0.1 failed"),
        (Page(b"no gzip" * 20, headers={"Content-Encoding": "gzip"}), "The connection to 127.0.0.1 failed"),
        (redirect(""), "The server answers 302 Found"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(web: Web, page: Page, words: str) -> None:
    assert words in refused(web.put("/picture.png?key=secret", page))


def test_no_message_shows_a_key(web: Web) -> None:
    message = refused(web.put("/picture.png?key=secret", Page(HTML)) + "#part")
    assert "/picture.png leads" in message
    assert "secret" not in message


def test_a_server_that_lies_about_the_size_is_stopped(web: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MAX_BYTES", 100_000)
    assert "is too large" in refused(web.put("/p", Page(PNG + bytes(200_000), length="")))
    bomb = Page(gzip.compress(PNG + bytes(10_000_000)), headers={"Content-Encoding": "gzip"})
    assert "is too large" in refused(web.put("/p", bomb))


def test_redirects_are_followed(web: Web) -> None:
    web.put("/p", Page(PNG))
    web.put("/c", redirect("p", 308))
    web.put("/b", redirect(web.url("/c", "pictures.example"), 303))
    assert fetch(web.put("/a", redirect("/b", 301))) == PNG
    assert [headers["Host"] for _, headers in web.asked] == [
        f"{host}:{web.port}" for host in ("127.0.0.1", "127.0.0.1", "pictures.example", "pictures.example")
    ]


def test_redirects_have_an_end(web: Web) -> None:
    for hop in range(6):
        web.put(f"/{hop}", redirect(f"/{hop + 1}"))
    web.put("/6", Page(PNG))
    assert "sent on more than 5 times" in refused(web.url("/0"))
    assert fetch(web.url("/1")) == PNG


@pytest.mark.parametrize(
    ("location", "words"),
    [
        ("file:///etc/passwd", "Links of the kind file: are not followed"),
        ("ftp://pictures.example/p.png", "Links of the kind ftp: are not followed"),
        ("data:image/png;base64,AAAA", "Links of the kind data: are not followed"),
        ("//10.0.0.1/p.png", "sends on to 10.0.0.1, a machine of your own network"),
        ("http://127.0.0.2/p.png", "sends on to 127.0.0.2, a machine of your own network"),
        ("http://rebound.example/p.png", "sends on to rebound.example, a machine of your own network"),
        ("http://anna:word@pictures.example/p.png", "It holds a name or a password"),
        ("http://nowhere.example/p.png", "There is no host nowhere.example"),
    ],
)
def test_a_redirect_plays_no_tricks(web: Web, location: str, words: str) -> None:
    assert words in refused(web.put("/p.png", redirect(location)))
    assert len(web.asked) == 1


def test_encryption_is_not_given_up_on_the_way() -> None:
    step = downloads._Step(downloads._parsed("https://pictures.example/a"))
    assert step.next("/b").url.scheme == "https"
    with pytest.raises(DownloadFailed, match="sends on to a link without encryption"):
        step.next("http://pictures.example/b")


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://rebound.example/p.png", "Rebound.example claims to be a machine of your own network"),
        ("http://nowhere.example/p.png", "There is no host nowhere.example"),
        ("file:///etc/passwd", "Links of the kind file: are not followed"),
        ("http://anna:word@pictures.example/p.png", "It holds a name or a password"),
        ("http://", "Links of the kind http"),
        ("http://a:b:c/", "It is no link"),
        ("javascript:alert(1)", "Links of the kind javascript"),
    ],
)
def test_a_link_plays_no_tricks(url: str, words: str) -> None:
    message = refused(url)
    assert words in message
    assert "word@" not in message


def test_a_machine_of_the_house_is_asked_when_the_link_names_it(web: Web) -> None:
    assert fetch(web.put("/p", Page(PNG)), HOUSE) == PNG
    assert "claims to be a machine of your own network" in refused(web.url("/p", "pictures.example"), HOUSE)


def test_no_cookie_and_no_credentials_are_sent(web: Web) -> None:
    web.put("/p", Page(PNG))
    fetch(web.put("/a", redirect("/p", 302, {"Set-Cookie": "id=1; Path=/"})))
    assert len(web.asked) == 2
    for _, headers in web.asked:
        assert not {"cookie", "authorization", "referer"} & {name.lower() for name in headers}
        assert headers["User-Agent"].startswith("Sfumato/")


def test_a_proxy_is_used_where_the_system_names_one(web: Web) -> None:
    # Who asks a proxy names the whole link.
    web.put("http://far.example/p.png", Page(PNG))
    web.put("http://far.example/house.png", redirect("http://nas/p.png"))
    network = Network(looks_up, is_public, lambda *_: web.url(""))
    assert fetch("http://far.example/p.png", network) == PNG
    assert "sends on to nas, a machine of your own network" in refused("http://far.example/house.png", network)
    assert "claims to be a machine of your own network" in refused("http://rebound.example/p.png", network)
    assert len(web.asked) == 2


def test_a_proxy_of_an_unknown_kind_is_not_passed_by() -> None:
    network = Network(looks_up, is_public, lambda *_: "socks5://127.0.0.1:9050")
    assert "a proxy of the kind socks5, which Sfumato cannot use" in refused("http://far.example/p.png", network)


@pytest.mark.usefixtures("loopback")
def test_a_server_that_is_not_there_is_told() -> None:
    with served() as web:
        url = web.url("/p")
    assert "The connection to 127.0.0.1 failed" in refused(url)


def test_a_fetch_can_be_cancelled_in_the_middle(web: Web) -> None:
    held = threading.Event()
    url = web.put("/p", Page(encoded("BMP", (500, 500)), held=held))

    async def cancel_at_the_first_bytes() -> None:
        began = asyncio.Event()
        task = asyncio.create_task(fetch_picture(url, lambda *_: began.set(), WORLD))
        await began.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(cancel_at_the_first_bytes())


@pytest.mark.parametrize(
    "url",
    [
        "data:image/png;base64," + base64.b64encode(PNG).decode(),
        "DATA:image/png;charset=x;BASE64,%20" + base64.b64encode(PNG).decode().replace("+", "%2B") + "\n",
        "data:image/bmp," + "".join(f"%{byte:02x}" for byte in encoded("BMP", (2, 2))),
    ],
)
def test_a_data_link_is_decoded_here(url: str) -> None:
    heard: list[tuple[int, int]] = []
    data = fetch(url, heard=heard)
    assert data in {PNG, encoded("BMP", (2, 2))}
    assert heard == [(len(data), len(data))]


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("data:,hello", "data of the kind unknown"),
        ("data:text/html,<p>", "Behind it is a web page"),
        ("data:image/png", "data of the kind image/png"),
        ("data:image/png;base64,!!!", "Its data is damaged"),
        ("data:image/png;base64,PGh0bWw+", "Behind it is a web page"),
        ("data:image/png,", "Behind it is nothing"),
    ],
)
def test_a_data_link_without_a_picture_is_refused(url: str, words: str) -> None:
    assert words in refused(url)


def test_a_huge_data_link_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(downloads, "MAX_BYTES", 1000)
    packed = base64.b64encode(encoded("BMP", (100, 100))).decode()
    assert "is too large" in refused(f"data:image/bmp;base64,{packed}")
    assert "is too large" in refused(f"data:image/bmp;base64,{packed[:2000]}")


@settings(max_examples=50)
@given(
    # Without digits and colons: an address of this machine that is written openly may be connected to.
    st.text(st.characters(exclude_categories=["Nd"], exclude_characters=":"), max_size=30),
    st.sampled_from(["", "http://", "data:image/png;base64,", "https://["]),
)
def test_no_text_does_more_than_be_refused(text: str, start: str) -> None:
    with pytest.raises(StudioError):
        fetch(start + text, Network(looks_up, is_public, no_proxy))
