"""A web server of a test's own, on this machine's own addresses."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from typing_extensions import override

if TYPE_CHECKING:
    import ssl
    from collections.abc import Generator
    from socket import socket


@dataclass(frozen=True)
class Page:
    """What the server answers.

    Attributes:
        body: sent as it is.
        kind: Content-Type; empty for none.
        status: of the answer.
        headers: beside Content-Type and Content-Length.
        length: Content-Length; None for the true one, empty for none.
        held: what the server waits for before the second half of the body.
    """

    body: bytes = b""
    kind: str = "image/png"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict[str, str])
    length: str | None = None
    held: threading.Event | None = None


def redirect(location: str, status: int = 302, headers: dict[str, str] | None = None) -> Page:
    """Return an answer that sends on."""
    return Page(status=status, headers={"Location": location, **(headers or {})})


class Web:
    """The server's pages by path, and what it was asked.

    Attributes:
        pages: path -> answer; every other path is not found.
        asked: request line and headers of each request, as they came.
        port: where it listens.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Page] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        self.port = 0

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        """Return the link to a page."""
        return f"http://{host}:{self.port}{path}"

    def put(self, path: str, page: Page, host: str = "127.0.0.1") -> str:
        """Serve a page and return its link."""
        self.pages[path] = page
        return self.url(path, host)


@contextmanager
def served(tls: ssl.SSLContext | None = None) -> Generator[Web]:
    """Serve on a free port until left, encrypted where a context is given; every request is through by then."""
    web = Web()
    with _Server(("127.0.0.1", 0), partial(_Handler, web)) as server:
        if tls is not None:
            # The handshake belongs to the request's own thread.
            server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
        web.port = server.server_port
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, name="web")
        thread.start()
        try:
            yield web
        finally:
            for page in web.pages.values():
                if page.held is not None:
                    page.held.set()
            server.shutdown()
            thread.join()


class _Server(ThreadingHTTPServer):
    # Threads that closing the server waits for.
    daemon_threads = False

    @override
    def handle_error(self, request: object, client_address: object) -> None:
        return  # a client that does not trust the certificate hangs up


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, web: Web, request: socket, client: tuple[str, int], server: ThreadingHTTPServer) -> None:
        self._web = web
        super().__init__(request, client, server)

    def do_GET(self) -> None:
        self._web.asked.append((self.requestline, dict(self.headers)))
        page = self._web.pages.get(self.path, Page(b"not here", "text/plain", 404))
        self.send_response(page.status)
        length = str(len(page.body)) if page.length is None else page.length
        for name, value in {"Content-Type": page.kind, "Content-Length": length, **page.headers}.items():
            if value:
                self.send_header(name, value)
        half = len(page.body) // 2 if page.held is not None else 0
        try:
            self.end_headers()
            self.wfile.write(page.body[:half])
            self.wfile.flush()
            if page.held is not None:
                page.held.wait(30)
            self.wfile.write(page.body[half:])
        except OSError:
            return  # the other side has hung up, as it may

    @override
    def log_message(self, format: str, *args: object) -> None:
        return
