"""What was dropped or pasted, out of all the forms in which other programs offer it; and the same for giving away."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import unquote, unquote_to_bytes, urlsplit

from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from studio.domain.errors import StudioError, UnreadablePicture

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

HISTORY_MIME: Final = "application/x-sfumato-history"
"""Numbers of history entries in ASCII, one a line; only Sfumato itself offers it."""
PNG_MIME: Final = "image/png"
URI_LIST: Final = "text/uri-list"
_MOZILLA_LINK: Final = "text/x-moz-url"
"""Link and title on two lines, in UTF-16."""
_PICTURE_MIMES: Final = (
    PNG_MIME,
    "image/webp",
    "image/avif",
    "image/tiff",
    "image/bmp",
    "image/x-bmp",
    "image/x-ms-bmp",
    "image/jpeg",
    "image/gif",
)
"""Pictures as files, the most faithful first: programs that offer several have converted all but one."""
_PICTURE_SUFFIXES: Final = {".png", ".jpg", ".jpeg", ".webp", ".avif", ".gif", ".bmp", ".tif", ".tiff"}
_DOCUMENT_SUFFIXES: Final = {".ora", ".psd"}
_LINK: Final = re.compile(r"(https?://|data:image/)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Files:
    """Files or folders of this machine; they need not exist any more.

    Attributes:
        paths: at least one, in the order they were given.
    """

    paths: tuple[Path, ...]

    @property
    def document(self) -> Path | None:
        """The one file there is, where it is a layered document."""
        path = self.paths[0]
        return path if len(self.paths) == 1 and path.suffix.lower() in _DOCUMENT_SUFFIXES else None


@dataclass(frozen=True, slots=True)
class PictureData:
    """A picture file's bytes, as another program offered them.

    Attributes:
        data: not empty; of a format that Sfumato reads, says the other program.
        name: of the picture where it is known, else empty.
    """

    data: bytes
    name: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class PictureImage:
    """A picture that the platform's clipboard has as pixels only.

    Attributes:
        image: not null.
        name: of the picture where it is known, else empty.
    """

    image: QImage
    name: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """A link to a picture: http, https or ``data:image/``.

    Attributes:
        url: not fetched yet.
    """

    url: str

    @property
    def name(self) -> str:
        """Name of the file behind it, as far as the link tells; or empty."""
        return PurePosixPath(unquote(urlsplit(self.url).path)).name if self.url[:5].lower() != "data:" else ""


@dataclass(frozen=True, slots=True)
class HistoryDrop:
    """Pictures of Sfumato's own history.

    Attributes:
        entry_ids: at least one.
    """

    entry_ids: tuple[int, ...]


Dropped: TypeAlias = Files | PictureData | PictureImage | Link | HistoryDrop


@dataclass(frozen=True, slots=True)
class Offer:
    """What is dragged, as far as can be told before the button is released.

    Attributes:
        title: what to call it.
        what: it; None for a picture that is handed over only when it is dropped.
    """

    title: str
    what: Files | Link | HistoryDrop | None


def read_mime(mime: QMimeData) -> Dropped:
    """Return what was dropped or pasted: our own, files, then a picture's data, then a link to one.

    Raises:
        UnreadablePicture: nothing of it is a picture.
    """
    offer = _named(mime)
    if isinstance(offer, Files | HistoryDrop):
        return offer
    name = offer.name if offer is not None else ""
    for kind in _PICTURE_MIMES:
        if mime.hasFormat(kind) and (data := _bytes(mime, kind)):
            return PictureData(data, name)
    if mime.hasImage():
        image = QImage(mime.imageData())
        if not image.isNull():
            return PictureImage(image, name)
    if offer is not None:
        return offer
    raise _no_picture(mime)


def glance(mime: QMimeData) -> Offer | None:
    """Return what is being dragged without having the picture itself handed over, or None where it is no picture."""
    match _named(mime):
        case Files(paths) as files:
            return Offer(paths[0].name if len(paths) == 1 else f"{len(paths)} files", files)
        case HistoryDrop(ids) as drop:
            return Offer("Picture of the history" if len(ids) == 1 else f"{len(ids)} pictures of the history", drop)
        case Link(url) as link:
            host = urlsplit(url).hostname
            title = link.name or "Picture"
            return Offer(f"{title} from {host}" if host else title, link)
        case None:
            offered = mime.hasImage() or any(mime.hasFormat(kind) for kind in _PICTURE_MIMES)
            return Offer("Picture", None) if offered else None


def carries_settings(path: Path) -> bool:
    """Tell whether a picture's file says how it was painted. Reads the file; not for the main thread."""
    from studio.services.metadata_reading import read_file  # noqa: PLC0415 - knows all dialects; the start reads none

    try:
        return read_file(path).found is not None
    except StudioError:
        return False


def clipboard_data(image: QImage, png: bytes) -> QMimeData:
    """Return a picture for the clipboard or a drag.

    Args:
        image: its pixels, for programs and platforms that know no files.
        png: the same as a PNG file, whose metadata stays with it.
    """
    mime = QMimeData()
    mime.setImageData(image)
    mime.setData(PNG_MIME, QByteArray(png))
    return mime


def history_ids(entry_ids: Iterable[int]) -> QByteArray:
    """Return the numbers of history entries as `HISTORY_MIME` has them."""
    return QByteArray("\n".join(map(str, entry_ids)).encode())


def _named(mime: QMimeData) -> Files | HistoryDrop | Link | None:
    """Return what is told by name alone: our own, files, else the most likely link to a picture."""
    numbers = [int(line) for line in _bytes(mime, HISTORY_MIME).split() if line.isdigit() and len(line) < 20]
    if numbers:
        return HistoryDrop(tuple(numbers))
    if paths := tuple(path for line in _uris(mime) if (path := _local(line)) is not None):
        return Files(paths)
    links = list(_links(mime))
    # A picture that is itself a link to a page is offered as that page; its own link then stands in the markup.
    named = (url for url in links if url[:5].lower() == "data:" or _has_picture_name(url))
    shown = _shown(mime)
    url = next(named, None) or next(shown, None) or next(iter(links), None)
    return Link(url) if url is not None else None


def _links(mime: QMimeData) -> Iterator[str]:
    """Yield the links that are offered, those that other programs mean first."""
    candidates = [line.decode("utf-8", "replace") for line in _uris(mime)]
    candidates += _shown(mime)
    candidates += _bytes(mime, _MOZILLA_LINK).decode("utf-16-le", "replace").lstrip("\ufeff").splitlines()[:1]
    candidates.append(mime.text() if mime.hasText() else "")
    return (text.strip() for text in candidates if _is_link(text.strip()))


def _shown(mime: QMimeData) -> Iterator[str]:
    """Yield the links of the pictures that are shown in the markup."""
    from studio.bridge.markup import picture_links  # noqa: PLC0415 - a millisecond that the window's start need not wait for

    return (url for url in (picture_links(mime.html()) if mime.hasHtml() else ()) if _is_link(url))


def _is_link(text: str) -> bool:
    if not _LINK.fullmatch(text):
        return False
    try:
        return text[:5].lower() == "data:" or bool(urlsplit(text).hostname)
    except ValueError:  # brackets without an address in them
        return False


def _has_picture_name(url: str) -> bool:
    return PurePosixPath(unquote(urlsplit(url).path)).suffix.lower() in _PICTURE_SUFFIXES


def _uris(mime: QMimeData) -> list[bytes]:
    """Return the lines of a list of links, RFC 2483, without its comments."""
    lines = (line.strip() for line in _bytes(mime, URI_LIST).splitlines())
    return [line for line in lines if line and not line.startswith(b"#")]


def _local(uri: bytes) -> Path | None:
    """Return the file of a link, whatever bytes its name has; or None where it is not on this machine."""
    if uri[:7].lower() != b"file://":
        return None
    host, slash, rest = uri[7:].partition(b"/")
    name = unquote_to_bytes(rest)
    if b"\0" in name or host.decode("ascii", "replace").lower() not in {"", "localhost", socket.gethostname().lower()}:
        return None
    if os.name == "nt":
        return Path(QUrl.fromEncoded(QByteArray(uri)).toLocalFile())
    return Path(os.fsdecode(slash + name))


def _bytes(mime: QMimeData, kind: str) -> bytes:
    return bytes(mime.data(kind).data()) if mime.hasFormat(kind) else b""


def _no_picture(mime: QMimeData) -> UnreadablePicture:
    what = "There is no picture in what was dropped or pasted"
    why = "it is text" if mime.hasText() else f"it is {', '.join(mime.formats()[:3]) or 'nothing'}"
    return UnreadablePicture(what, why, "Use a picture, its file, or a link that leads to one")
