"""Requests as the tests of queue, history and bridge need them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from studio.domain.events import GeneratedImage
from studio.domain.found_settings import FoundSettings
from studio.domain.picture import Picture
from studio.domain.request import ModelRef, Sampling, TextToImage
from studio.services.history_entry import Entry
from tests.fakes import scripted_pixels

if TYPE_CHECKING:
    from studio.domain.metadata import Metadata

MODEL = ModelRef("starter", Path("models/starter"))
NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def text_request(prompt: str = "a red fox, 3d", *, seed: int = 1, count: int = 1, steps: int = 3) -> TextToImage:
    """Return a small request with an id of its own."""
    sampling = Sampling(steps=steps, guidance_scale=5.0, seed=seed)
    return TextToImage(model=MODEL, prompt=prompt, width=64, height=32, sampling=sampling, count=count)


def image_of(request: TextToImage, index: int = 0) -> GeneratedImage:
    """Return the picture that the scripted engine paints for a request."""
    seed = request.sampling.seed + index
    return GeneratedImage(Picture(scripted_pixels(request, seed)), seed, index)


def noisy_picture(width: int, height: int) -> Picture:
    """Return a picture that compresses badly, as photographs do."""
    return Picture(np.random.default_rng(0).integers(0, 256, (height, width, 3), np.uint8))


def minutes_past_noon(minutes: int) -> datetime:
    """Return a moment of one and the same day."""
    return NOON + timedelta(minutes=minutes)


def entry_of(number: int, path: Path, metadata: Metadata) -> Entry:
    """Return what the history knows of a picture that was painted here."""
    return Entry(
        id=number,
        path=path,
        found=FoundSettings.of_metadata(metadata),
        picture_sha256=metadata.picture_sha256,
        width=metadata.width,
        height=metadata.height,
        created=metadata.created,
        day=f"{metadata.created.astimezone():%Y-%m-%d}",
        metadata=metadata,
    )
