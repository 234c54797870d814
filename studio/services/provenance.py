"""What is known of pixels that leave the canvas: how they were painted, and of what."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.origins import makings_of
from studio.domain.dialect import Dialect
from studio.domain.disclosure import Disclosure, ExportPrivacy
from studio.domain.errors import StudioError
from studio.domain.metadata import OWN_KEY
from studio.domain.picture import Picture
from studio.domain.source_type import SourceType, source_type_of
from studio.domain.xmp import Xmp

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.metadata import Metadata
    from studio.services.history_entry import Entry
    from studio.services.metadata_reading import Reading

_UNNAMED: Final = "AI"
"""Program of a picture that says that a model made it, and no more."""
_LONGEST_KEY: Final = 80
"""PNG's limit for the key of a text."""
_log = logging.getLogger("sfumato.provenance")


@dataclass(frozen=True, slots=True, eq=False)
class Cut:
    """Pixels that leave the canvas.

    Attributes:
        pixels: (H, W, 4) uint8, straight alpha.
        state: the canvas that they were taken from.
        area: of the document's plane.
        layer: the only one they were taken from; None for all layers as they are seen.
    """

    pixels: NDArray[np.uint8]
    state: CanvasState
    area: Rect
    layer: Layer | None = None

    @property
    def source(self) -> CanvasState:
        """The canvas with nothing but what was taken."""
        if self.layer is None:
            return self.state
        alone = replace(self.layer, visible=True, opacity=1.0)
        return replace(self.state, layers=(alone,), active=alone.id)


@dataclass(frozen=True, slots=True)
class Provenance:
    """Asks the history. Safe on any thread: each question opens the index for itself.

    Attributes:
        database: the history's index.
        pictures: folder of its pictures.
    """

    database: Path
    pictures: Path

    def of(self, pixels: NDArray[np.uint8]) -> Metadata | None:
        """Return the metadata of the picture that has exactly these pixels.

        Args:
            pixels: (H, W, 4) uint8, straight alpha.

        Returns:
            None where no picture of the history has them, where they are not opaque, or where nobody can be asked.
        """
        entry = self._entry(pixels)
        return None if entry is None else entry.metadata

    def file_of(self, sha256: str) -> Path | None:
        """Return the file of the picture whose raw RGB pixels have this hash; None where the history has none."""
        entry = self._known((sha256,)).get(sha256)
        return None if entry is None or entry.is_missing else entry.path

    def disclosure(self, cut: Cut, privacy: ExportPrivacy) -> Disclosure:
        """Return what the file of these pixels may tell."""
        if (entry := self._entry(cut.pixels)) is not None and (known := _told_by(entry, privacy)) is not None:
            return known
        return self.of_canvas(cut.source, cut.area, privacy)

    def of_canvas(self, state: CanvasState, area: Rect, privacy: ExportPrivacy) -> Disclosure:
        """Return what may be told of a part of the canvas by what lies there, whatever its pixels have become."""
        makings = makings_of(state, area)
        known = self._known(makings.origins)
        models = dict.fromkeys(entry.found.model for entry in known.values() if entry.found.model)
        return Disclosure(
            privacy=privacy,
            source_type=_source_type(state, makings.origins, known, has_own=makings.has_own_pixels),
            models=tuple(models),
            pictures=makings.origins,
        )

    def _entry(self, pixels: NDArray[np.uint8]) -> Entry | None:
        """Return the picture of the history that has exactly these pixels."""
        if (pixels[..., 3] < 255).any():
            return None
        sha256 = Picture(np.ascontiguousarray(pixels[..., :3])).sha256
        return self._known((sha256,)).get(sha256)

    def _known(self, hashes: Iterable[str]) -> dict[str, Entry]:
        """Return, by the hash of their pixels, the pictures of the history."""
        from studio.services.history import History  # noqa: PLC0415 - the window starts without it

        found: dict[str, Entry] = {}
        if not self.database.is_file():
            return found
        try:
            history = History(self.database, self.pictures)
            try:
                for sha256 in hashes:
                    if (entry := history.of_pixels(sha256)) is not None:
                        found[sha256] = entry
            finally:
                history.close()
        except StudioError as error:
            _log.warning("the history could not be asked about a picture: %s", error)
        return found


def disclosure_of(entry: Entry, reading: Reading, privacy: ExportPrivacy) -> Disclosure:
    """Return what may be told of a picture of the history, by the index and by what its file says.

    Args:
        entry: the picture.
        reading: of its file.
        privacy: how much may be told.
    """
    if entry.metadata is not None:
        known = Disclosure.of(entry.metadata, privacy)
        return known if entry.picture_sha256 == entry.metadata.picture_sha256 else known.changed()
    dialect = entry.found.dialect
    made = SourceType.GENERATED if dialect is not Dialect.NONE else None
    return Disclosure(
        privacy=privacy,
        source_type=Xmp.read(reading.xmp or b"").source_type or made,
        models=(entry.found.model,) if entry.found.model else (),
        program=_UNNAMED if dialect is Dialect.NONE else dialect.title,
        # Content Credentials that the copy cannot have go on in its own, as those of the picture it was made of.
        pictures=(entry.picture_sha256,) if reading.has_credentials else (),
        foreign=tuple(_foreign(reading)),
    )


def _told_by(entry: Entry, privacy: ExportPrivacy) -> Disclosure | None:
    """Return what is known of a picture by its entry and its file; None where the file is gone."""
    if entry.metadata is not None:
        return Disclosure.of(entry.metadata, privacy)
    from studio.services.metadata_reading import read_file  # noqa: PLC0415 - knows all dialects; as above

    try:
        return disclosure_of(entry, read_file(entry.path), privacy)
    except StudioError as error:
        _log.warning("what a picture's file says is lost: %s", error)
        return None


def _foreign(reading: Reading) -> Iterator[tuple[str, str]]:
    """Yield the texts of another program that a file can hold; what stood between the pixels stands there still."""
    for key, text in {} if reading.is_hidden else reading.texts.items():
        if key != OWN_KEY and 0 < len(key) < _LONGEST_KEY and key.isascii() and "\0" not in key + text:
            yield key, text


def _source_type(
    state: CanvasState, origins: tuple[str, ...], known: dict[str, Entry], *, has_own: bool
) -> SourceType | None:
    """Return what to call a part of the canvas; None where it holds what nobody can speak for, such as a photo."""
    wholly = {origin for layer in state.layers if not layer.has_own_pixels for origin in layer.origins}
    told = {sha256 for sha256, entry in known.items() if entry.found.dialect is not Dialect.NONE}
    if any(origin in wholly | told for origin in origins):
        return source_type_of(has_generated=True, has_own=has_own)
    is_by_hand = not origins and all(layer.is_painted for layer in state.layers if not layer.pixels.is_empty)
    return SourceType.BY_HAND if is_by_hand and has_own else None
