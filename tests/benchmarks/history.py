"""How quick the history is with many pictures: ``python -m tests.benchmarks.history [COUNT] [FOLDER]``.

100,000 small pictures are made, measured and deleted again; a folder that is named is kept and used the next time. The
bars are those of the window: what a person waits for. Each row says median and worst in milliseconds, and the
processor's time of the median, which other programs on the machine do not lengthen.

* *open and first page*: the index opened anew, in a warm file cache, and the newest 200 entries read.
* *search, a key*: from the text of the search field to the numbers of the first 200 pictures, for each key of several
  texts: with nothing remembered but the order of all pictures, typing on, and when that order has just changed.
* *all it finds*: numbers and days of all matches, which follows behind the window.
* *recover*: the start, when nobody has touched the files.
* *look-alike*: from pixels to the closest looks, those of all pictures at hand; and the first time, when they are read.
* *add*: the file, its row and its words on the disk.
* *memory*: of this process, with everything above in use.
"""

from __future__ import annotations

import sys
import tempfile
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import psutil

from studio.domain.events import Conditions, GeneratedImage
from studio.domain.looks import look_of
from studio.domain.picture import Picture
from studio.domain.query import Query
from studio.domain.query_parsing import parse
from studio.domain.request import ModelRef, Sampling, TextToImage
from studio.services.history import History
from tests.benchmarks.many_pictures import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studio.services.paths import Paths

COUNT: Final = 100_000
PAGE: Final = 200
TIMES: Final = 15
MIB: Final = 2**20
TYPED: Final = ("masterpiece", "a red fox", "misty harbour wa", "bacefi", "fox -blurry", "model:sdxl star:yes wolf")
"""Texts that are typed letter by letter: very common words, rare ones, several, filters."""
FILTERED: Final = ("star:yes", "size:>=64", "kind:inpaint", "dialect:a1111", "on:2026-10", "tag:keep ", "fox | wolf ")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one thing took.

    Attributes:
        title: what was done.
        taken: milliseconds each time, and of the processor.
        bar: milliseconds that it may take; None where nobody waits.
    """

    title: str
    taken: tuple[tuple[float, float], ...]
    bar: float | None = None

    def __str__(self) -> str:
        """One row of the table."""
        whole, own = (np.array(column) for column in zip(*self.taken, strict=True))
        bar = "" if self.bar is None else f"{self.bar:>7.0f}"
        return f"{self.title:<44}{np.median(whole):>9.2f}{whole.max():>9.2f}{np.median(own):>9.2f}{bar}"


def timed(
    do: Callable[[], object], before: Callable[[], object] = int, times: int = TIMES
) -> list[tuple[float, float]]:
    """Return how long something takes, each time after something that is not measured."""
    taken: list[tuple[float, float]] = []
    for _ in range(times):
        before()
        start, own = time.perf_counter(), time.thread_time()
        do()
        taken.append(((time.perf_counter() - start) * 1000, (time.thread_time() - own) * 1000))
    return taken


class Bench:
    """A history on which things are measured."""

    def __init__(self, paths: Paths) -> None:
        self._paths = paths
        self._history = History(paths.database, paths.pictures)
        self._number = 0

    def close(self) -> None:
        """Close it."""
        self._history.close()

    def rows(self) -> Iterable[Figures]:
        """Measure one thing after the other."""
        yield Figures("open and first page", tuple(timed(self._open)), 100)
        yield Figures("all numbers, the first time", tuple(timed(self._find_all, self._touch)), 60)
        yield Figures("all numbers again", tuple(timed(self._find_all)), 60)
        yield self._typed("search, a key", self._forget)
        yield self._typed("search, a key, typing on", int)
        yield self._typed("search, a key, after a new picture", self._touch)
        for text in FILTERED:
            query = parse(text)
            yield Figures(f"  {text}", tuple(timed(lambda q=query: self._first(q), self._forget)), 20)
        yield self._all_that_is_typed()
        yield Figures("names to look for", tuple(timed(self._history.search.vocabulary)))
        yield Figures("recover, nothing changed", tuple(timed(self._history.recover)), 50)
        yield from self._looks()
        yield Figures("add a picture of 512 x 512", tuple(timed(self._add, times=3 * TIMES)), 20)

    def _open(self) -> None:
        history = History(self._paths.database, self._paths.pictures)
        history.entries(history.search.first(Query(), PAGE).ids.tolist())
        history.close()

    def _find_all(self) -> None:
        self._history.search.find(Query())

    def _first(self, query: Query) -> None:
        self._history.search.first(query, PAGE)

    def _touch(self) -> None:
        """Change the index, so that nothing is remembered."""
        self._history.index.connection.execute("UPDATE picture SET is_missing = is_missing WHERE id = 1")

    def _forget(self) -> None:
        """Let nothing be remembered but the order."""
        self._touch()
        self._history.search.find(Query())

    def _typed(self, title: str, before: Callable[[], object]) -> Figures:
        taken: list[tuple[float, float]] = []
        for text in TYPED:
            for end in range(1, len(text) + 1):
                query = parse(text[:end])
                taken += timed(lambda q=query: self._first(q), before, times=1)
        return Figures(title, tuple(taken), 20)

    def _all_that_is_typed(self) -> Figures:
        queries = [parse(text[:end]) for text in TYPED for end in range(1, len(text) + 1)]
        taken = [one for q in queries for one in timed(lambda q=q: self._history.search.find(q), self._forget, times=1)]
        return Figures("all it finds", tuple(taken), 60)

    def _looks(self) -> Iterable[Figures]:
        dice = np.random.default_rng(1)
        pixels = dice.integers(0, 256, (512, 512, 3), np.uint8)
        looks = self._history.look_alikes
        yield Figures("look of 512 x 512 pixels", tuple(timed(lambda: look_of(pixels))))
        yield Figures("look-alike, the first time", tuple(timed(lambda: looks.candidates(1), self._touch)))
        yield Figures("look-alike", tuple(timed(lambda: looks.candidates(1))), 10)

    def _add(self) -> None:
        """Keep a picture as large and as smooth as models paint them."""
        self._number += 1
        coarse = np.random.default_rng(self._number).integers(0, 256, (16, 16, 3), np.uint8)
        image = GeneratedImage(Picture(coarse.repeat(32, 0).repeat(32, 1)), self._number, 0)
        sampling = Sampling(steps=20, guidance_scale=7.0, seed=self._number)
        request = TextToImage(
            model=ModelRef("starter", Path("starter")), prompt="a red fox", width=512, height=512, sampling=sampling
        )
        created = datetime.now(UTC) + timedelta(seconds=self._number)
        self._history.add(
            request, image, Conditions(device="cpu", dtype="float32", model_hash="", versions={}), created
        )


def main() -> None:
    """Print the table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    say = sys.stdout.write
    with tempfile.TemporaryDirectory(prefix="sfumato-history-", ignore_cleanup_errors=True) as temporary:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(temporary)
        start = time.perf_counter()
        paths = make(folder, count)
        say(f"{count} pictures made and entered: {time.perf_counter() - start:.0f} s\n")
        say(f"{'milliseconds':<44}{'median':>9}{'worst':>9}{'cpu':>9}{'bar':>7}\n")
        process = psutil.Process()
        before = process.memory_info().rss
        bench = Bench(paths)
        for row in bench.rows():
            say(f"{row}\n")
            sys.stdout.flush()
        say(f"{'memory, MiB more than before':<44}{(process.memory_info().rss - before) / MIB:>9.0f}\n")
        bench.close()


if __name__ == "__main__":
    main()
