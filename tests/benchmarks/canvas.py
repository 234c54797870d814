"""How quick the canvas is: ``python -m tests.benchmarks.canvas`` prints a table of medians and 95th percentiles.

The document has 4096 x 4096 pixels and four full layers: an opaque one, two half-transparent ones and one to paint on.
The view has 1920 x 1080 pixels of the screen and is shown without one (``QT_QPA_PLATFORM=offscreen``, unless that is
set to another platform): Qt's raster painter does the same work there, and only the copy to the screen is missing.
The last two columns are the processor's time, which other programs on the machine do not lengthen.

* *stroke*: a pointer event goes in by ``QApplication.sendEvent``; the time ends when every paint event that
  it caused has been handled, so tool, command, compositing and painting are in it. A 200 px brush of hardness 0 runs
  along a curve, 12 screen pixels from event to event.
* *pan*, *zoom*, *turn*: the same for one step of the view, over a document that was seen before.
* *all of it with care*: what is painted once, 0.12 s after the view was last moved: while it moves, pixels are skipped.
* *first sight*: from opening the document until nothing is missing; the window answers between two steps of that.
* *memory*: of the process, before and after an empty document with a frame of 4096 x 4096 is opened and painted once.
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
import psutil
from PySide6.QtCore import QCoreApplication, QEvent, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import NO_PIXELS, plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.tools import TOOLS
from studio.ui import theme
from studio.ui.canvas import CanvasView

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

SIDE: Final = 4096
VIEW: Final = (1920, 1080)
EVENTS: Final = 120
STEPS: Final = 30
MIB: Final = 2**20
T = TypeVar("T")


@dataclass(frozen=True)
class Figures:
    """What one kind of step took.

    Attributes:
        title: what was done.
        steps: milliseconds of each step, and of the processor's time.
    """

    title: str
    steps: tuple[tuple[float, float], ...]

    def __str__(self) -> str:
        columns = (np.percentile(column, [50, 95]) for column in zip(*self.steps, strict=True))
        return f"{self.title:<34}" + "".join(f"{figure:>9.1f}" for figure in np.concatenate(list(columns)))


class Bench:
    """A canvas on which things are measured."""

    def __init__(self, state: CanvasState) -> None:
        self.store = CanvasStore(state)
        self.tools = ToolBox(TOOLS)
        self.view = CanvasView(self.store, self.tools)
        self.view.resize(*VIEW)
        self.view.show()

    def first_sight(self) -> Figures:
        """Wait until all of the document is seen."""
        return Figures("first sight of all of it", self._timed(lambda _: self.settle(), (0,)))

    def settle(self) -> None:
        """Let the view rest: all tiles made, and painted with care."""
        while not self.view.is_finished:
            QCoreApplication.processEvents()

    def stroke(self, title: str) -> Figures:
        """Draw with a soft brush of 200 px."""
        self.tools.choose("brush")
        for name, value in (("size", 200.0), ("hardness", 0.0)):
            self.tools.set_value(name, value)
        points = [QPointF(240 + 12 * i, 540 + 300 * np.sin(i / 12)) for i in range(EVENTS)]
        self._send(QEvent.Type.MouseButtonPress, points[0])
        taken = self._timed(lambda at: self._send(QEvent.Type.MouseMove, at), points[1:])
        self._send(QEvent.Type.MouseButtonRelease, points[-1])
        return Figures(title, taken)

    def paint_all(self) -> None:
        """Let everything be painted anew, as after the view has come to rest or the theme was changed."""
        QApplication.sendEvent(self.view, QEvent(QEvent.Type.PaletteChange))

    def steps(self, title: str, step: Callable[[int], object]) -> Figures:
        """Move the view step by step."""
        self.settle()
        return Figures(title, self._timed(step, range(STEPS)))

    def _timed(self, do: Callable[[T], object], things: Iterable[T]) -> tuple[tuple[float, float], ...]:
        taken: list[tuple[float, float]] = []
        for thing in things:
            start, own = time.perf_counter(), time.process_time()
            do(thing)
            QCoreApplication.sendPostedEvents()
            taken.append(((time.perf_counter() - start) * 1000, (time.process_time() - own) * 1000))
        return tuple(taken)

    def _send(self, kind: QEvent.Type, at: QPointF) -> None:
        left, none = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton
        button = none if kind == QEvent.Type.MouseMove else left
        held = none if kind == QEvent.Type.MouseButtonRelease else left
        event = QMouseEvent(kind, at, self.view.mapToGlobal(at), button, held, Qt.KeyboardModifier.NoModifier)
        QApplication.sendEvent(self.view, event)


def document() -> CanvasState:
    """Return four full layers."""
    dice = np.random.default_rng(7)
    coarse = dice.integers(0, 256, (SIDE // 16, SIDE // 16, 4), np.uint8)
    layers: list[Layer] = []
    for index, name in enumerate(("Ground", "Light", "Shade", "Paint")):
        straight = np.roll(coarse, index * 7, 0).repeat(16, 0).repeat(16, 1)
        if index == 0:
            straight[..., 3] = 255
        layers.append(Layer(name=name, id=name, pixels=plane_of(premultiplied(straight))))
    return CanvasState(layers=tuple(layers), active="Paint", frame=Rect(0, 0, SIDE, SIDE))


def empty() -> CanvasState:
    """Return an empty layer, and a frame of the same size."""
    return CanvasState(
        layers=(Layer(name="Paint", id="Paint", pixels=NO_PIXELS),), active="Paint", frame=Rect(0, 0, SIDE, SIDE)
    )


def memory() -> float:
    """Return what the process takes, in MiB."""
    return psutil.Process().memory_info().rss / MIB


def measured() -> Iterable[Figures]:
    """Yield each figure as it is measured."""
    bench = Bench(document())
    yield bench.first_sight()
    for zoom in (0.25, 1.0, 3.0):
        bench.view.zoom_to(zoom)
        bench.settle()
        yield bench.stroke(f"stroke, 200 px soft, at {zoom:.0%}")
    navigation = bench.view.navigation
    for zoom in (0.3, 0.7, 1.0, 4.0):
        navigation.zoom_to(zoom)
        for way in (0, 1):
            # Back and forth, so that the way is known.
            bench.steps("", lambda _, way=way: navigation.move(QPointF(30 * (1 - 2 * way), 18 * (1 - 2 * way))))
        yield bench.steps(f"pan at {zoom:.0%}", lambda _: navigation.move(QPointF(30, 18)))
    navigation.zoom_to(0.3)
    yield bench.steps("zoom in from 30 %", lambda _: navigation.zoom_by(1.05))
    yield bench.steps("zoom out again", lambda _: navigation.zoom_by(1 / 1.05))
    yield bench.steps("turn at 30 %", lambda _: navigation.turn_by(3))
    navigation.straighten()
    for zoom in (0.3, 0.7, 1.0):
        navigation.zoom_to(zoom)
        yield bench.steps(f"all of it with care at {zoom:.0%}", lambda _: bench.paint_all())
    bench.store.close()
    bench.view.close()
    bench.view.deleteLater()


def say(line: object) -> None:
    """Print a line."""
    print(line, flush=True)  # noqa: T201  # a table is asked for


def main() -> int:
    """Print the table."""
    app = QApplication(sys.argv)
    theme.apply(app, "dark")
    before = memory()
    bench = Bench(empty())
    bench.view.open()
    bench.settle()
    grown = memory() - before
    bench.view.close()
    say(f"{'milliseconds':<34}{'median':>9}{'95 %':>9}{'cpu':>9}{'95 %':>9}")
    for figures in measured():
        say(figures)
    say(f"memory of an empty document of 4096 x 4096: {grown:.0f} MiB; of all of this: {memory():.0f} MiB")
    return 0


if __name__ == "__main__":
    sys.exit(main())
