"""What is known of pixels that leave the canvas: how they were painted, and of what."""

from __future__ import annotations

import logging
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from studio.domain.canvas.origins import makings_of
from studio.domain.dialect import Dialect
from studio.domain.disclosure import Disclosure, ExportPrivacy
from studio.domain.errors import StudioError
from studio.domain.picture import Picture
from studio.domain.source_type import SourceType, source_type_of
from studio.services.history import History

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.metadata import Metadata
    from studio.services.history_entry import Entry

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
        if (pixels[..., 3] < 255).any():
            return None
        sha256 = Picture(np.ascontiguousarray(pixels[..., :3])).sha256
        entry = self._known((sha256,)).get(sha256)
        return None if entry is None else entry.metadata

    def file_of(self, sha256: str) -> Path | None:
        """Return the file of the picture whose raw RGB pixels have this hash; None where the history has none."""
        entry = self._known((sha256,)).get(sha256)
        return None if entry is None or entry.is_missing else entry.path

    def disclosure(self, cut: Cut, privacy: ExportPrivacy) -> Disclosure:
        """Return what the file of these pixels may tell."""
        if (metadata := self.of(cut.pixels)) is not None:
            return Disclosure.of(metadata, privacy)
        source = cut.source
        makings = makings_of(source, cut.area)
        known = self._known(makings.origins)
        models = dict.fromkeys(entry.found.model for entry in known.values() if entry.found.model)
        return Disclosure(
            privacy=privacy,
            source_type=_source_type(source, makings.origins, known, has_own=makings.has_own_pixels),
            models=tuple(models),
            pictures=makings.origins,
        )

    def _known(self, hashes: Iterable[str]) -> dict[str, Entry]:
        """Return, by the hash of their pixels, the pictures of the history."""
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
