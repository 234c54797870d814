"""Opening a file as a document, whatever kind of file it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.picture_decoding import require_file
from studio.services.picture_import import import_picture

if TYPE_CHECKING:
    from pathlib import Path

    from studio.services.signed_sources import SignedSources

DOCUMENT_SUFFIX: Final = ".ora"
"""Of the documents that are saved; all others are opened and exported."""
_PSD_SUFFIXES: Final = {".psd", ".psb"}


def read_document(path: Path, signed: SignedSources | None = None) -> OpenedDocument:
    """Read a file as a document; a flat picture becomes its only layer.

    Args:
        path: the file. Its first bytes say what it is, and the end of its name only where they do not.
        signed: keeps a flat picture that carries Content Credentials; None to let them go.

    Raises:
        UnreadablePicture: it is no document and no picture, a damaged one, or it cannot be reached.
        NewerData: a newer Sfumato wrote it.
    """
    try:
        require_file(path, f"The document {path} cannot be opened")
        head = _head(path)
    except OSError:
        head = b""  # who reads it in earnest says why it cannot be
    end = path.suffix.lower()
    if head == b"8BPS" or (end in _PSD_SUFFIXES and not head.startswith(b"PK")):
        from studio.services.layered_psd_reading import read_psd  # noqa: PLC0415 - loads psd-tools, an eighth of a second

        return read_psd(path)
    if head.startswith(b"PK") or end == DOCUMENT_SUFFIX:
        from studio.services.openraster_reading import read_openraster  # noqa: PLC0415 - not for the window's start

        return read_openraster(path)
    picture = import_picture(path)
    if signed is not None:
        signed.keep(path, picture)
    layer = picture.to_layer()
    height, width = picture.pixels.shape[:2]
    return OpenedDocument(
        StoredDocument(CanvasState((layer,), layer.id)), Rect(0, 0, width, height), False, picture.notes
    )


def _head(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)
