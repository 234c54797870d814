"""How quick the gallery is with 100,000 pictures: ``python -m tests.benchmarks.gallery [COUNT] [--keep FOLDER]``.

The gallery is shown without a screen (``QT_QPA_PLATFORM=offscreen``, unless that is set to another platform) over a
real history, which `tests.benchmarks.many_pictures` makes and which is deleted afterwards. For each figure the median
and the worst are printed, in milliseconds, beside what is asked for; *own* is the median of the main thread's processor
time, which other programs on the machine do not lengthen.

* *opened and first page painted*: from showing the room, with the index opened already as in a running window, until a
  paint event has painted every cell on the screen from its entry. Thumbnails come after that.
* *thumbnails after opening*: until no cell on the screen is without its thumbnail, all of them made before.
* *frame at a far place*: the scroll bar is set to a place that was never seen, and everything is painted.
* *thumbnails there*: from that moment until no cell on the screen is without its thumbnail.
* *frame of a smooth scroll*: 40 pixels further, the part of the window that is new is painted.
* *a key in the search*: from the key to the paint event that shows the first page of what is found; ten keys a second.
* *memory*: resident memory of the process with the gallery, after all of that, less that of a session without it.
"""

from __future__ import annotations

import argparse
import os
import select
import shutil
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.bridge.session import Session
from studio.ui import theme
from studio.ui.gallery.gallery_room import GalleryRoom
from tests.benchmarks.many_pictures import make
from tests.fakes import ScriptedEngine

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.services.paths import Paths

SIZES: Final = (QSize(1280, 800), QSize(3840, 2160))
JUMPS: Final = 40
STEPS: Final = 120
QUERIES: Final = ("fox", "red fox", "masterpiece", "golden heron watercolour", "model:sdxl star:yes", "-fox")
PATIENCE_S: Final = 20.0
GLANCE_S: Final = 0.0002
KEY_S: Final = 0.1
"""From one key to the next: 120 words a minute."""
MIB: Final = 2**20


@dataclass(frozen=True)
class Moment:
    """When something began, in seconds.

    Attributes:
        wall: of the clock.
        own: of the main thread's processor time.
    """

    wall: float = field(default_factory=time.perf_counter)
    own: float = field(default_factory=time.thread_time)


@dataclass
class Figure:
    """What one thing took.

    Attributes:
        title: what was done.
        most_ms: what is asked for.
        taken_ms: each time.
        own_ms: of the main thread, likewise.
    """

    title: str
    most_ms: float
    taken_ms: list[float] = field(default_factory=list[float])
    own_ms: list[float] = field(default_factory=list[float])

    def note(self, start: Moment) -> None:
        """Note the time since a moment."""
        self.taken_ms.append((time.perf_counter() - start.wall) * 1000)
        self.own_ms.append((time.thread_time() - start.own) * 1000)

    def __str__(self) -> str:
        figures = (statistics.median(self.taken_ms), max(self.taken_ms), statistics.median(self.own_ms))
        columns = "".join(f"{figure:>9.1f}" for figure in figures)
        return f"{self.title:<34}{columns}{self.most_ms:>9.0f}{len(self.taken_ms):>6}"


class Bench:
    """A gallery on which things are measured."""

    def __init__(self, paths: Paths, size: QSize) -> None:
        self.session = Session(paths, ScriptedEngine)
        self.session.history_model.refresh()
        self.wait_for(lambda: self.session.history_model.is_complete)
        self.before = psutil.Process().memory_info().rss
        self.room = GalleryRoom(self.session)
        self.room.resize(size)
        self.grid = self.room.grid

    def close(self) -> None:
        """End everything."""
        self.session.close()
        self.room.close()
        self.room.deleteLater()
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)

    def open(self, first: Figure, thumbnails: Figure) -> None:
        """Show the room."""
        start = Moment()
        self.room.show()
        self.wait_for(lambda: self.is_read)
        self.paint()
        first.note(start)
        self.wait_for(lambda: self.is_seen)
        thumbnails.note(start)
        self.wait_for(lambda: self.grid.history.is_complete)

    def jump(self, share: float, frame: Figure, thumbnails: Figure) -> None:
        """Scroll to a place that was never seen."""
        bar = self.grid.verticalScrollBar()
        start = Moment()
        bar.setValue(round(share * bar.maximum()))
        self.paint()
        frame.note(start)
        self.wait_for(lambda: self.is_seen)
        thumbnails.note(start)

    def step(self, frame: Figure) -> None:
        """Scroll a little further; what comes meanwhile is taken in before the next step."""
        start = Moment()
        self.grid.verticalScrollBar().setValue(self.grid.verticalOffset() + 40)
        self.paint()
        frame.note(start)
        QCoreApplication.processEvents()

    def type(self, letter: str, figure: Figure) -> None:
        """Press a key in the search."""
        serial = self.grid.history.serial
        answered = Answered(self)
        start = Moment()
        QTest.keyClicks(self.room.search.field, letter)
        if self.grid.history.serial != serial:
            self.wait_for(lambda: answered.is_there)
            self.paint()
            figure.note(start)
            rest = start.wall + KEY_S
            self.wait_for(lambda: self.grid.history.is_complete and time.perf_counter() > rest)
        answered.close()

    def paint(self) -> None:
        """Let what is to be painted be painted now."""
        QCoreApplication.sendPostedEvents()

    @property
    def is_read(self) -> bool:
        """Whether there are entries for all cells on the screen."""
        rows = self.grid.rows_seen()
        return bool(rows) and all(self.grid.history.entry_at(row) is not None for row in rows)

    @property
    def is_seen(self) -> bool:
        """Whether there are thumbnails for all of them."""
        side = round(self.grid.layout_of_cells.side * self.grid.devicePixelRatioF())
        images = (self.grid.history.thumbnail(row) for row in self.grid.rows_seen())
        return all(image is not None and image.width() == side for image in images)

    def wait_for(self, is_so: Callable[[], bool]) -> None:
        """Let the window live until something is so."""
        end = time.perf_counter() + PATIENCE_S
        while not is_so():
            if time.perf_counter() > end:
                message = "nothing came"
                raise TimeoutError(message)
            QCoreApplication.processEvents()
            # The threads that read want the interpreter, too.
            select.select([], [], [], GLANCE_S)


class Answered:
    """Notes that the list has answered a question."""

    def __init__(self, bench: Bench) -> None:
        self.is_there = False
        self._counted = bench.grid.history.counted
        self._counted.connect(self._note)

    def close(self) -> None:
        """Listen no more."""
        self._counted.disconnect(self._note)

    def _note(self) -> None:
        self.is_there = True


def measure(paths: Paths, size: QSize) -> None:
    """Measure at one size of the window and print it."""
    first, opened = Figure("opened and first page painted", 100), Figure("thumbnails after opening", 300)
    frame, there = Figure("frame at a far place", 16), Figure("thumbnails there", 200)
    step, key = Figure("frame of a smooth scroll", 16), Figure("a key in the search", 20)
    for _ in range(4):
        bench = Bench(paths, size)
        bench.open(first, opened)
        bench.close()
    bench = Bench(paths, size)
    bench.open(Figure("", 0), Figure("", 0))
    for share in np.random.default_rng(5).random(JUMPS).tolist():
        bench.jump(share, frame, there)
    for _ in range(STEPS):
        bench.step(step)
    for query in QUERIES:
        for letter in query:
            bench.type(letter, key)
        bench.room.search.write("")
        bench.wait_for(lambda: bench.grid.history.is_complete)
    bench.wait_for(lambda: bench.is_seen)
    memory = (psutil.Process().memory_info().rss - bench.before) / MIB
    bench.close()
    sys.stdout.write(
        f"\n{size.width()} x {size.height()}: {'median':>22}{'worst':>9}{'own':>9}{'at most':>9}{'times':>6}\n"
    )
    for figure in (first, opened, frame, there, step, key):
        sys.stdout.write(f"{figure}\n")
    sys.stdout.write(f"{'memory of the gallery, MiB':<34}{memory:>9.0f}{'':>18}{200:>9}\n")
    sys.stdout.flush()


def main() -> None:
    """Make the pictures, measure, and delete them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("count", nargs="?", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, help="make the pictures in this folder, or use those there, and keep them")
    options = parser.parse_args()
    folder = options.keep or Path(tempfile.mkdtemp(prefix="sfumato-gallery-"))
    try:
        paths = make(folder, options.count)
        app = QApplication.instance() or QApplication(["gallery"])
        assert isinstance(app, QApplication)
        theme.apply(app, "dark")
        for size in SIZES:
            measure(paths, size)
    finally:
        if options.keep is None:
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
