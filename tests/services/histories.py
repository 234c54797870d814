"""A history to try things on, and pictures to put into it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PIL import Image, PngImagePlugin

from studio.domain.events import GeneratedImage
from studio.domain.metadata import PARAMETERS_KEY
from studio.domain.picture import Picture
from studio.domain.request import ImageToImage
from tests.bridge.requests import MODEL, image_of, minutes_past_noon, noisy_picture, text_request
from tests.fakes import CONDITIONS, scripted_pixels

if TYPE_CHECKING:
    from pathlib import Path

    from studio.domain.lineage import Parent
    from studio.services.history import History
    from studio.services.history_entry import Entry

A1111 = "a fox, 狐\nNegative prompt: mud\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 3, Size: 8x8, Model: old"


def add(history: History, minute: int = 0, prompt: str = "a red fox, 3d", parents: tuple[Parent, ...] = ()) -> Entry:
    """Keep a picture that was painted at some minute past noon, from words alone."""
    request = replace(text_request(prompt, seed=minute), parents=parents)
    return history.add(request, image_of(request), CONDITIONS, minutes_past_noon(minute), seconds=1.5)


def picture_of(minute: int, prompt: str = "a red fox, 3d") -> Picture:
    """Return the picture that `add` keeps."""
    return image_of(text_request(prompt, seed=minute)).picture


def add_from(history: History, picture: Picture, minute: int, parents: tuple[Parent, ...] = ()) -> Entry:
    """Keep a picture that was painted from another one."""
    sampling = text_request(seed=minute).sampling
    request = ImageToImage(
        model=MODEL, prompt="at night", sampling=sampling, image=picture, strength=0.6, parents=parents
    )
    image = GeneratedImage(Picture(scripted_pixels(request, minute)), minute, 0)
    return history.add(request, image, CONDITIONS, minutes_past_noon(minute))


def write_foreign(path: Path, text: str = A1111, side: int = 8) -> Path:
    """Write a picture of another program."""
    path.parent.mkdir(parents=True, exist_ok=True)
    info = PngImagePlugin.PngInfo()
    if text:
        info.add_text(PARAMETERS_KEY, text)
    Image.fromarray(noisy_picture(side, side).pixels).save(path, pnginfo=info)
    return path
