"""Over https the certificate must be the name's, although the connection goes to an address that was judged before."""

from __future__ import annotations

import asyncio
import shutil
import ssl
import subprocess
from typing import TYPE_CHECKING

import pytest

from studio.domain.errors import DownloadFailed
from studio.services.downloads import fetch_picture
from studio.services.network import Network
from tests.web import Page, Web, redirect, served

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl is not installed")

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)


async def here(host: str, port: int) -> tuple[str, ...]:
    """Know every host as this machine; the first address is one where nobody listens."""
    assert host.endswith(".example")
    assert port
    return ("::1", "127.0.0.1")


NETWORK = Network(here, lambda _: True, lambda *_: None)


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    """A certificate of pictures.example, with its key, that signs itself."""
    path = tmp_path / "pictures.pem"
    subject = ["-subj", "/CN=pictures.example", "-addext", "subjectAltName=DNS:pictures.example"]
    kind = ["-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2"]
    places = ["-keyout", str(path), "-out", str(tmp_path / "certificate.pem")]
    subprocess.run(["openssl", "req", *kind, *subject, *places], check=True, capture_output=True)
    path.write_text(path.read_text() + (tmp_path / "certificate.pem").read_text())
    return path


@pytest.fixture
def names() -> list[str | None]:
    """The names that the server was asked for in the handshake."""
    return []


@pytest.fixture
def web(loopback: str, certificate: Path, names: list[str | None]) -> Iterator[Web]:
    assert loopback
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate)
    tls.sni_callback = lambda _socket, name, _context: names.append(name)
    with served(tls) as web:
        yield web


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate.with_name("certificate.pem")))


def fetch(web: Web, path: str, host: str = "pictures.example") -> bytes:
    return asyncio.run(fetch_picture(f"https://{host}:{web.port}{path}", lambda *_: None, NETWORK))


@pytest.mark.usefixtures("trusted")
def test_the_certificate_is_the_names_and_a_dead_address_is_passed_by(web: Web, names: list[str | None]) -> None:
    web.put("/p", Page(PNG))
    assert fetch(web, "/p") == PNG
    assert set(names) == {"pictures.example"}
    assert web.asked[0][1]["Host"] == f"pictures.example:{web.port}"


@pytest.mark.usefixtures("trusted")
def test_the_certificate_of_another_name_is_refused(web: Web) -> None:
    with pytest.raises(DownloadFailed, match=r"other\.example failed.*CERTIFICATE_VERIFY_FAILED"):
        fetch(web, "/p", "other.example")
    assert web.asked == []


def test_a_certificate_that_nobody_trusts_is_refused(web: Web) -> None:
    with pytest.raises(DownloadFailed, match="CERTIFICATE_VERIFY_FAILED"):
        fetch(web, "/p")


@pytest.mark.usefixtures("trusted")
def test_encryption_is_not_given_up_on_the_way(web: Web) -> None:
    web.put("/a", redirect(f"http://pictures.example:{web.port}/p"))
    with pytest.raises(DownloadFailed, match="sends on to a link without encryption"):
        fetch(web, "/a")
