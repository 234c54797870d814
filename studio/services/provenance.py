"""What is known of pixels that leave the canvas: how they were painted, as long as not one of them was changed."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from studio.domain.errors import StudioError
from studio.domain.picture import Picture
from studio.services.history import History

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.domain.metadata import Metadata

_log = logging.getLogger("sfumato.provenance")


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
        if (pixels[..., 3] < 255).any() or not self.database.is_file():
            return None
        sha256 = Picture(np.ascontiguousarray(pixels[..., :3])).sha256
        try:
            history = History(self.database, self.pictures)
            try:
                entry = history.of_pixels(sha256)
            finally:
                history.close()
        except StudioError as error:
            _log.warning("the history could not be asked about a picture: %s", error)
            return None
        return None if entry is None else entry.metadata
