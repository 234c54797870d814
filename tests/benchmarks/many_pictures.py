"""A history of any length to measure on: ``python -m tests.benchmarks.many_pictures FOLDER [COUNT]``.

Every picture is a real PNG file of 64 x 64 pixels with metadata of its own; the index is made by what makes it after a
crash, `History.recover`. A tenth of the pictures carries the text of A1111 instead of ours.
"""

from __future__ import annotations

import os
import sqlite3
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.lora import LoraUse
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY, Metadata
from studio.domain.picture import Picture
from studio.domain.request import Task
from studio.domain.samplers import Sampler, Schedule
from studio.services.history import History
from studio.services.paths import Paths
from studio.services.pictures import png_bytes

if TYPE_CHECKING:
    from numpy.random import Generator

SIDE: Final = 64
LAST: Final = datetime(2026, 11, 20, 21, 0, tzinfo=UTC)
SPAN: Final = timedelta(days=550)
CHUNK: Final = 2000
MODELS: Final = ("starter", "sdxl-base", "sdxl-turbo", "dreamshaper-8", "flux-schnell", "juggernaut-xl", "pony", "sd15")
LORAS: Final = ("ink-lines", "watercolour", "soft-light", "old-film", "clay", "pixel-art", "neon", "paper-cut")
TAGS: Final = ("portrait", "keep", "client", "sketch", "print")
BOARDS: Final = ("Foxes", "Book cover", "Colour studies", "To show")
_ANIMALS: Final = "fox wolf bear owl heron carp moth hare lynx otter raven stag toad whale wren"
_PLACES: Final = "forest harbour desert attic canyon garden market meadow tundra village station lagoon"
_LOOKS: Final = "red blue golden misty ancient tiny giant sleeping dancing broken floating painted wooden"
_STYLES: Final = "watercolour oil gouache ink photograph engraving fresco woodcut pastel render 3d sketch"
_SYLLABLES: Final = "ba ce di fi gu ha je ki lo mu na pe qui ro su ta ve wi xo zu"


def make(folder: Path, count: int, seed: int = 7) -> Paths:
    """Return where a history of so many pictures lies; it is made where the folder has none.

    Args:
        folder: of all its data; as ``SFUMATO_HOME``.
        count: how many pictures.
        seed: of all that is drawn by chance.
    """
    paths = Paths.of_user({"SFUMATO_HOME": str(folder)})
    done = folder / f"made-{count}-{seed}"
    if done.exists():
        return paths
    write_files(paths.pictures, count, seed)
    enter(paths)
    done.touch()
    return paths


def write_files(pictures: Path, count: int, seed: int) -> None:
    """Write the files alone, on all processors."""
    for day in range(SPAN.days + 32):
        (pictures / f"{(LAST - timedelta(days=day)).astimezone():%Y-%m}").mkdir(parents=True, exist_ok=True)
    with ProcessPoolExecutor(os.cpu_count()) as workers:
        chunks = [range(first, min(first + CHUNK, count)) for first in range(0, count, CHUNK)]
        for written in [workers.submit(_write_chunk, pictures, chunk, count, seed) for chunk in chunks]:
            written.result()


def enter(paths: Paths) -> None:
    """Make the index of the files, and put some marks on it."""
    history = History(paths.database, paths.pictures)
    history.recover()
    history.close()
    # Marks in one go: what they cost one by one is measured elsewhere.
    connection = sqlite3.connect(paths.database)
    with connection:
        connection.execute("UPDATE picture SET is_starred = 1 WHERE id % 19 = 0")
        # Looking at each picture takes a millisecond; for the search any look is as good.
        connection.execute("UPDATE picture SET look = random() WHERE look IS NULL")
        for number, tag in enumerate(TAGS):
            connection.execute("UPDATE picture SET tags = ? WHERE id % 61 = ?", (tag, number))
        for number, name in enumerate(BOARDS, 1):
            connection.execute("INSERT INTO board (id, name, created) VALUES (?, ?, '')", (number, name))
            rows = "INSERT INTO board_picture SELECT ?, id FROM picture WHERE id % 97 = ?"
            connection.execute(rows, (number, number))
    connection.close()


def prompt_of(dice: Generator) -> str:
    """Return words as people write them: a few very common ones, and one of thousands."""
    look, other_look = dice.choice(_LOOKS.split(), 2)
    animal, place, style = (dice.choice(words.split()) for words in (_ANIMALS, _PLACES, _STYLES))
    rare = "".join(dice.choice(_SYLLABLES.split(), 3))
    return f"a {look} {animal} in a {other_look} {place}, {rare}, {style}, masterpiece, highly detailed"


def _write_chunk(pictures: Path, numbers: range, count: int, seed: int) -> None:
    for number in numbers:
        dice = np.random.default_rng((seed, number))
        picture = _picture(dice)
        metadata = _metadata(dice, picture, LAST - SPAN * (number / count))
        local = metadata.created.astimezone()
        path = pictures / f"{local:%Y-%m}" / f"{local:%Y%m%d-%H%M%S}-{number}.png"
        texts = {OWN_KEY: metadata.to_json(), PARAMETERS_KEY: metadata.to_parameters()}
        if number % 10 == 3:
            del texts[OWN_KEY]
        path.write_bytes(png_bytes(picture, texts))
        os.utime(path, (local.timestamp(), local.timestamp()))


def _picture(dice: Generator) -> Picture:
    coarse = Image.fromarray(dice.integers(0, 256, (5, 5, 3), np.uint8))
    return Picture(np.asarray(coarse.resize((SIDE, SIDE), Image.Resampling.BICUBIC)))


def _metadata(dice: Generator, picture: Picture, created: datetime) -> Metadata:
    model = str(MODELS[min(int(dice.exponential(1.6)), len(MODELS) - 1)])
    has_lora = dice.random() < 0.15
    return Metadata(
        created=created,
        task=Task.TEXT_TO_IMAGE if dice.random() < 0.7 else Task.INPAINT,
        prompt=prompt_of(dice),
        negative_prompt="blurry, low quality" if dice.random() < 0.6 else "",
        width=SIDE,
        height=SIDE,
        steps=20,
        guidance_scale=7.0,
        sampler=Sampler.EULER,
        schedule=Schedule.KARRAS,
        seed=int(dice.integers(2**32)),
        index=0,
        count=1,
        strength=None,
        image_sha256=None,
        mask_sha256=None,
        picture_sha256=picture.sha256,
        model=model,
        model_hash="",
        device="cpu",
        dtype="float32",
        versions={},
        loras=(LoraUse(str(dice.choice(LORAS)), 0.8),) if has_lora else (),
    )


def main() -> None:
    """Make the history that the command line asks for."""
    folder, count = Path(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 100_000
    start = time.perf_counter()
    make(folder, count)
    sys.stdout.write(f"{count} pictures in {folder}: {time.perf_counter() - start:.0f} s\n")


if __name__ == "__main__":
    main()
