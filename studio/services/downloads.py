"""Fetching one picture that a person dropped or pasted as a link, and nothing else that a link could be."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import TYPE_CHECKING, Final
from urllib.parse import unquote_to_bytes

import httpx2

from studio import __version__
from studio.domain.errors import DownloadFailed
from studio.services.aside import aside
from studio.services.network import Network, is_local_name

if TYPE_CHECKING:
    import ssl
    from collections.abc import AsyncGenerator, Callable
    from typing import TypeAlias

    Progress: TypeAlias = Callable[[int, int], object]
    """Called with the bytes received so far and the bytes in all, or -1 where the server does not say."""

MAX_BYTES: Final = 64 * 2**20
MAX_REDIRECTS: Final = 5
CONNECT_S: Final = 10.0
SILENCE_S: Final = 20.0
"""How long a server may say nothing."""
WHOLE_S: Final = 600.0
"""How long a fetch may take in all, however busily the server drips."""
_TRIED: Final = 3
"""Addresses of one host that are tried."""
_CHUNK: Final = 64 * 1024
_HEAD: Final = 32
"""Bytes that tell a picture from anything else."""

_MAGIC: Final = (
    re.compile(rb"\x89PNG\r\n\x1a\n|\xff\xd8\xff|GIF8[79]a|BM|II\*\0|MM\0\*|P[1-6]\s", re.DOTALL),
    re.compile(rb"RIFF....WEBP|....ftyp(avif|avis|mif1|msf1|heic|heix)", re.DOTALL),
)
"""The first bytes of the pictures that Sfumato reads, by each format's own specification."""
_PAGE: Final = re.compile(rb"(\xef\xbb\xbf)?\s*<(!doctype|html|head|body|\?xml|!--)", re.IGNORECASE)
_UNTYPED: Final = {"", "application/octet-stream", "binary/octet-stream"}
"""What servers say of files whose kind they do not know."""
_OTHERWISE: Final = "Save the picture in your browser and drop the file"


async def fetch_picture(url: str, progress: Progress, network: Network | None = None) -> bytes:
    """Return the bytes of the picture that a link leads to. Cancel the task to stop.

    Over http and https, and ``data:`` links are decoded here. Redirects are followed by hand: each one is a link of its
    own, never leads from https to http, nor from a public host to one of the house. A name is looked up once, its
    addresses are judged, and the connection goes to these very addresses, so a second answer of the name server changes
    nothing. No cookies, no credentials. What is not a picture by its own first bytes is refused.

    Args:
        url: the link.
        progress: told how far it is, on the event loop.
        network: how hosts are found; the real network where None.

    Raises:
        DownloadFailed: it leads to no picture, a too large one, or nowhere.
    """
    if url[:5].lower() == "data:":
        return _inline(url, progress)
    try:
        async with asyncio.timeout(WHOLE_S):
            return await _follow(_Step(_parsed(url)), progress, network or Network())
    except TimeoutError as error:
        raise _failed(url, f"it took longer than {WHOLE_S / 60:.0f} minutes") from error


@dataclass(frozen=True, slots=True)
class _Step:
    """One request on the way to the picture.

    Attributes:
        url: where it goes.
        was_public: whether any host on the way was a public one.
    """

    url: httpx2.URL
    was_public: bool = False

    def next(self, location: str) -> _Step:
        """Return the step a redirect leads to.

        Raises:
            DownloadFailed: one that must not be taken.
        """
        try:
            target = self.url.join(location)
        except (httpx2.InvalidURL, ValueError) as error:
            raise _failed(str(self.url), "the server sends on to a link that is none") from error
        _require_web(target)
        if self.url.scheme == "https" and target.scheme == "http":
            raise _failed(str(self.url), "the server sends on to a link without encryption")
        return replace(self, url=target)


async def _follow(step: _Step, progress: Progress, network: Network) -> bytes:
    context: ssl.SSLContext | None = None
    for _ in range(MAX_REDIRECTS + 1):
        step, addresses = await _judged(step, network)
        # Reading the system's certificates takes 30 to 200 ms.
        context = context or await aside("certificates", httpx2.create_ssl_context)
        async with _answer(step.url, addresses, network, context) as response:
            if not response.has_redirect_location:
                return await _body(step.url, response, progress)
            step = step.next(response.headers["location"])
    raise _failed(str(step.url), f"the server sent on more than {MAX_REDIRECTS} times")


async def _judged(step: _Step, network: Network) -> tuple[_Step, tuple[str, ...]]:
    """Return the step, knowing whether its host is public, and the host's addresses: none where only the proxy knows.

    Raises:
        DownloadFailed: a host that must not be asked, or none at all.
    """
    url, host = step.url, step.url.raw_host.decode("ascii")
    try:
        addresses = await network.look_up(host, url.port or _port(url))
    except OSError as error:
        if network.proxy(url.scheme, host) is None:
            raise _failed(str(url), f"there is no host {host}") from error
        addresses = ()
    is_local = is_local_name(host)
    is_public = all(map(network.is_public, addresses)) if addresses else not is_local
    if not is_public and step.was_public:
        raise _failed(str(url), f"a server on the internet sends on to {host}, a machine of your own network")
    if not is_public and not is_local:
        raise _failed(str(url), f"{host} claims to be a machine of your own network")
    return replace(step, was_public=step.was_public or is_public), addresses


@asynccontextmanager
async def _answer(
    url: httpx2.URL, addresses: tuple[str, ...], network: Network, context: ssl.SSLContext
) -> AsyncGenerator[httpx2.Response]:
    """Ask at the first of a host's addresses that answers. The client is for one link: no cookie outlives it."""
    proxy = network.proxy(url.scheme, url.host)
    if proxy is not None and not proxy.startswith(("http://", "https://")):
        kind = proxy.partition(":")[0]
        raise _failed(str(url), f"your system asks for a proxy of the kind {kind}, which Sfumato cannot use")
    targets = [url] if proxy is not None else [url.copy_with(host=address) for address in addresses[:_TRIED]]
    timeout = httpx2.Timeout(SILENCE_S, connect=CONNECT_S)
    headers = {"User-Agent": f"Sfumato/{__version__}", "Accept": "image/*,*/*;q=0.1", "Accept-Encoding": "identity"}
    async with httpx2.AsyncClient(
        verify=context, proxy=proxy, timeout=timeout, headers=headers, trust_env=False, follow_redirects=False
    ) as client:
        try:
            response = await _first_answer(client, url, targets)
        except (httpx2.HTTPError, httpx2.InvalidURL, ValueError) as error:
            raise _failed(str(url), _reason(error, url)) from error
        try:
            yield response
        finally:
            await response.aclose()


async def _first_answer(client: httpx2.AsyncClient, url: httpx2.URL, targets: list[httpx2.URL]) -> httpx2.Response:
    failure: httpx2.HTTPError = httpx2.ConnectError(f"{url.host} has no address")
    for target in targets:
        # The certificate must be the name's, wherever the name server said the name is.
        request = client.build_request(
            "GET",
            target,
            headers={"Host": url.netloc.decode("ascii")},
            extensions={"sni_hostname": url.raw_host.decode()},
        )
        try:
            return await client.send(request, stream=True)
        except (httpx2.ConnectError, httpx2.ConnectTimeout) as error:
            failure = error
    raise failure


async def _body(url: httpx2.URL, response: httpx2.Response, progress: Progress) -> bytes:
    if response.status_code != HTTPStatus.OK:
        raise _failed(str(url), f"the server answers {response.status_code} {response.reason_phrase}".rstrip())
    kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not kind.startswith("image/") and kind not in _UNTYPED:
        raise _no_picture(str(url), _kind_in_words(kind))
    total = int(length) if (length := response.headers.get("content-length", "")).isdecimal() else -1
    received = bytearray()
    _require_size(url, total)
    try:
        async for chunk in response.aiter_bytes(_CHUNK):
            had_head = len(received) >= _HEAD
            received += chunk
            _require_size(url, len(received))
            if not had_head and len(received) >= _HEAD:
                _require_picture(str(url), bytes(received[:_HEAD]))
            progress(len(received), total)
    except (httpx2.HTTPError, httpx2.StreamError) as error:
        raise _failed(str(url), _reason(error, url)) from error
    _require_picture(str(url), bytes(received[:_HEAD]))
    return bytes(received)


def _inline(url: str, progress: Progress) -> bytes:
    """Return the bytes of a ``data:`` link, RFC 2397.

    Raises:
        DownloadFailed: no picture, a damaged or a too large one.
    """
    head, comma, payload = url[5:].partition(",")
    kind, *options = head.lower().split(";")
    if not comma or not kind.startswith("image/"):
        raise _no_picture(url, _kind_in_words(kind))
    if len(payload) > MAX_BYTES * 3:
        raise _too_large(url)
    data = unquote_to_bytes(payload)
    if "base64" in (option.strip() for option in options):
        try:
            data = base64.b64decode(re.sub(rb"\s", b"", data), validate=True)
        except (binascii.Error, ValueError) as error:
            raise _failed(url, f"its data is damaged: {error}") from error
    if len(data) > MAX_BYTES:
        raise _too_large(url)
    _require_picture(url, data[:_HEAD])
    progress(len(data), len(data))
    return data


def _parsed(url: str) -> httpx2.URL:
    try:
        parsed = httpx2.URL(url.strip())
    except (httpx2.InvalidURL, ValueError) as error:
        raise _failed(url, "it is no link") from error
    _require_web(parsed)
    return parsed


def _require_web(url: httpx2.URL) -> None:
    if url.scheme not in {"http", "https"} or not url.host:
        raise _failed(str(url), f"links of the kind {url.scheme or 'none'}: are not followed, only http and https ones")
    if url.userinfo:
        raise _failed(str(url.copy_with(userinfo=b"")), "it holds a name or a password, which Sfumato does not send")


def _require_size(url: httpx2.URL, size: int) -> None:
    if size > MAX_BYTES:
        raise _too_large(str(url))


def _require_picture(url: str, head: bytes) -> None:
    if any(magic.match(head) for magic in _MAGIC):
        return
    raise _no_picture(url, "nothing" if not head else "a web page" if _PAGE.match(head) else "something else")


def _port(url: httpx2.URL) -> int:
    return 443 if url.scheme == "https" else 80


def _kind_in_words(kind: str) -> str:
    return "a web page" if kind in {"text/html", "application/xhtml+xml"} else f"data of the kind {kind or 'unknown'}"


def _reason(error: Exception, url: httpx2.URL) -> str:
    if isinstance(error, httpx2.TimeoutException):
        return f"{url.host} does not answer"
    return f"the connection to {url.host} failed: {error or type(error).__name__}"


def _no_picture(url: str, what: str) -> DownloadFailed:
    return DownloadFailed(f"The link {_short(url)} leads to no picture", f"behind it is {what}", _OTHERWISE)


def _too_large(url: str) -> DownloadFailed:
    limit = MAX_BYTES // 2**20
    return DownloadFailed(
        f"The picture at {_short(url)} is too large", f"Sfumato fetches up to {limit} MiB", _OTHERWISE
    )


def _failed(url: str, why: str) -> DownloadFailed:
    return DownloadFailed(f"The picture at {_short(url)} cannot be fetched", why, _OTHERWISE)


def _short(url: str) -> str:
    """Return a link as a message can show it: not long, and without its query, which may be a key."""
    if url[:5].lower() == "data:":
        return "data:"
    plain = re.split(r"[?#]", url, maxsplit=1)[0]
    return plain if len(plain) <= 80 else f"{plain[:60]}…{plain[-19:]}"
