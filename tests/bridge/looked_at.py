"""Pictures of the history as files, to be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.domain.metadata import Metadata
from studio.domain.picture import Picture
from studio.services.pictures import write_png
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.services.history_entry import Entry


def grey(value: int, width: int = 64, height: int = 32) -> NDArray[np.uint8]:
    """Return (H, W, 3) uint8 of one grey."""
    return np.full((height, width, 3), value, np.uint8)


def entry_at(
    folder: Path, number: int, pixels: NDArray[np.uint8] | None = None, prompt: str = "", seed: int | None = None
) -> Entry:
    """Return an entry whose file is there where it has pixels, and is missing where it has none."""
    request = text_request(prompt or f"picture {number}", seed=number if seed is None else seed)
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    if pixels is not None:
        metadata = metadata.model_copy(update={"width": pixels.shape[1], "height": pixels.shape[0]})
        write_png(folder / f"{number}.png", Picture(pixels), metadata)
    return entry_of(number, folder / f"{number}.png", metadata)
