"""Pictures of the history as they go out: their own files, or copies that tell less."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.disclosure import ExportPrivacy
from studio.domain.errors import UnreadablePicture
from studio.domain.picture_kind import PictureKind
from studio.services.export import FileOptions, picture_file
from studio.services.metadata_reading import read_file
from studio.services.picture_decoding import opened
from studio.services.picture_import import import_picture
from studio.services.picture_texts import told
from studio.services.provenance import disclosure_of
from studio.services.sealing import Seal, unsealed
from studio.services.stealth import is_marked

if TYPE_CHECKING:
    from studio.services.history_entry import Entry


@dataclass(frozen=True, slots=True)
class PictureCopy:
    """A file that goes out.

    Attributes:
        content: all of it.
        suffix: end of its name.
        notes: what went wrong with its seal, in sentences.
    """

    content: bytes
    suffix: str
    notes: tuple[str, ...] = ()


def copied(entry: Entry, privacy: ExportPrivacy, seal: Seal = unsealed) -> PictureCopy:
    """Return a picture of the history for others.

    A copy that may tell everything is the file as it is, byte for byte: with what other programs wrote into it, and
    with Content Credentials that are not broken. Any other one has the same pixels and says what it may. Not for the
    main thread.

    Args:
        entry: the picture.
        privacy: how much its file may tell.
        seal: puts Content Credentials into a copy that is not the file as it is.

    Raises:
        UnreadablePicture: its file is damaged, or gone.
    """
    try:
        content = entry.path.read_bytes()
    except OSError as error:
        why = error.strerror or str(error)
        what = f"The picture {entry.path} cannot be read"
        raise UnreadablePicture(what, why, "Look where its file has gone") from error
    if privacy is ExportPrivacy.FULL:
        return PictureCopy(content, entry.path.suffix)
    reading = read_file(content, entry.path.name, beside=False)
    disclosure = disclosure_of(entry, reading, privacy)
    kind = PictureKind.of_content(content)
    if kind is None or _hides_text(content, kind, entry.path.name):
        # A kind whose parts are not known here, or words between the pixels: it is written anew, without loss.
        kind = PictureKind.PNG
        sealed = picture_file(import_picture(content).pixels, kind, disclosure, FileOptions(seal=seal))
    else:
        sealed = seal(told(content, kind, disclosure), kind, disclosure)
    return PictureCopy(sealed.content, kind.suffixes[0], sealed.notes)


def copied_as(entry: Entry, kind: PictureKind | None, privacy: ExportPrivacy, options: FileOptions) -> PictureCopy:
    """Return a picture of the history for others as a file of a kind, signed where that is wanted.

    One that is of this kind already is what `copied` returns, and gets Content Credentials where it has none. Any other
    one is written anew from its pixels. Not for the main thread.

    Args:
        entry: the picture.
        kind: of the copy; None for its own.
        privacy: how much its file may tell.
        options: quality of a copy that is written anew, and the seal.

    Raises:
        UnreadablePicture: its file is damaged, or gone.
        UnwritablePlace: the kind has no room for such a picture.
    """
    made = copied(entry, privacy, options.seal)
    its_own = PictureKind.of_content(made.content)
    if kind is not None and its_own is not kind:
        # From the file itself: what can be told of its pixels is told once.
        reading = read_file(entry.path, beside=False)
        pixels = import_picture(entry.path).pixels
        sealed = picture_file(pixels, kind, disclosure_of(entry, reading, privacy), options)
        return PictureCopy(sealed.content, kind.suffixes[0], sealed.notes)
    if privacy is not ExportPrivacy.FULL or its_own is None:
        return made
    reading = read_file(made.content, entry.path.name, beside=False)
    if reading.has_credentials:
        return made
    sealed = options.seal(made.content, its_own, disclosure_of(entry, reading, privacy))
    return PictureCopy(sealed.content, made.suffix, sealed.notes)


def _hides_text(content: bytes, kind: PictureKind, name: str) -> bool:
    """Tell whether words stand between the pixels, also where the file says the same openly, as NovelAI's do.

    Raises:
        UnreadablePicture: the file is damaged, so that nobody can tell.
    """
    if kind is PictureKind.JPEG:
        return False  # no lowest bit outlives it
    with opened(content, name) as image:
        return is_marked(image)
