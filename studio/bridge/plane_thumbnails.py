"""Small pictures of layers and masks, drawn a few milliseconds at a time and only where something has changed."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from time import perf_counter
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QImage

from studio.domain.canvas.plane import NO_PIXELS, TILE, Plane

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

SIDE: Final = 96
"""Most pixels of a thumbnail's longer side are about twice this: sharp at 48 points on a screen of 200 %."""
BUDGET_S: Final = 0.003
"""What is drawn in one go: a small part of the 16 ms between two frames, so that a brush stroke never waits for it."""
PAUSE_S: Final = 0.2
"""Between two thumbnails of one name: a view that shows the new one asks for the next at once, all through a stroke."""
_BREATH_MS: Final = 8
_SAMPLES: Final = 4
"""Of larger blocks only so many rows and columns are averaged: 60 in place of 250 microseconds a tile."""


@dataclass(slots=True)
class Sketch:
    """One thumbnail in the making.

    Attributes:
        plane: what is being looked at.
        factor: how many pixels of the plane one of the sketch stands for, on each side; a power of two.
        pieces: by column and row, the tile that was looked at, and what it became: (n, n) or (n, n, 4) uint8.
    """

    plane: Plane | None = None
    factor: int = 0
    pieces: dict[tuple[int, int], tuple[NDArray[np.uint8], NDArray[np.uint8]]] = field(default_factory=dict)

    def follow(self, plane: Plane, deadline: float) -> bool:
        """Look at new tiles until a time of `perf_counter`, at one at least; return whether all are done."""
        if plane is not self.plane:
            self.plane = plane
            self._drop_old(plane)
        for at, tile in plane.tiles.items():
            known = self.pieces.get(at)
            if known is None or known[0] is not tile:
                self.pieces[at] = tile, _reduced(tile, min(self.factor, TILE))
                if perf_counter() > deadline:
                    return self._is_whole(plane)
        return True

    def _drop_old(self, plane: Plane) -> None:
        factor = _factor(plane)
        if factor != self.factor:
            self.factor = factor
            self.pieces.clear()
        for at in self.pieces.keys() - plane.tiles.keys():
            del self.pieces[at]

    def _is_whole(self, plane: Plane) -> bool:
        return all(at in self.pieces and self.pieces[at][0] is tile for at, tile in plane.tiles.items())

    def image(self) -> QImage:
        """Return the thumbnail, cut to what is painted; a null image where nothing is."""
        if not self.pieces:
            return QImage()
        corners = np.array(list(self.pieces)) * TILE // self.factor
        origin = corners.min(0)
        width, height = corners.max(0) - origin + max(1, TILE // self.factor)
        channels = next(iter(self.pieces.values()))[1].shape[2:]
        whole = np.zeros((height, width, *channels), np.uint8)
        for (x, y), (_, piece) in zip(corners - origin, self.pieces.values(), strict=True):
            target = whole[y : y + piece.shape[0], x : x + piece.shape[1]]
            # Of tiles so far from each other that several fall on one pixel, the brightest is kept.
            np.maximum(target, piece, out=target)
        return _image_of(_cut(whole))


@dataclass(frozen=True, slots=True)
class _Drawn:
    """A thumbnail that is there.

    Attributes:
        plane: what it shows.
        image: a null image where nothing is painted.
        at: when it was drawn, by `perf_counter`.
    """

    plane: Plane
    image: QImage
    at: float


class PlaneThumbnails(QObject):
    """Draws and keeps a thumbnail for each plane that is asked for by name.

    Signals:
        drawn: the name whose thumbnail is new.
    """

    drawn = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._asked: dict[str, Plane] = {}
        self._sketches: dict[str, Sketch] = {}
        self._kept: dict[str, _Drawn] = {}
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._draw)

    @property
    def is_drawing(self) -> bool:
        """Whether a thumbnail that was asked for is not there yet."""
        return bool(self._asked)

    def of(self, name: str, plane: Plane) -> QImage | None:
        """Return the latest thumbnail, None where there is none yet; `drawn` follows where it is out of date."""
        kept = self._kept.get(name)
        if kept is None or kept.plane is not plane:
            self._asked[name] = plane
            pause = 0.0 if kept is None else max(0.0, kept.at + PAUSE_S - perf_counter())
            if not self._timer.isActive() or self._timer.remainingTime() > 1000 * pause:
                self._timer.start(round(1000 * pause))
        return kept.image if kept is not None else None

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget all others."""
        wanted = set(names)
        for table in (self._asked, self._sketches, self._kept):
            for name in table.keys() - wanted:
                del table[name]

    def _draw(self) -> None:
        deadline = perf_counter() + BUDGET_S
        for name, plane in list(self._asked.items()):
            sketch = self._sketches.setdefault(name, Sketch())
            if not sketch.follow(plane, deadline):
                self._timer.start(_BREATH_MS)
                return
            del self._asked[name]
            self._kept[name] = _Drawn(plane, sketch.image(), perf_counter())
            self.drawn.emit(name)


def _factor(plane: Plane) -> int:
    if len(plane.tiles) <= 4:
        area = plane.bounds
        longest = max(area.width, area.height)
    else:
        # The same as `tile_bounds`, in a tenth of its time.
        longest = TILE * max(max(places) + 1 - min(places) for places in zip(*plane.tiles, strict=True))
    return 1 << max(0, math.floor(math.log2(max(1, longest / SIDE))))


def _reduced(tile: NDArray[np.uint8], factor: int) -> NDArray[np.uint8]:
    """Return a tile with blocks of ``factor`` pixels a side averaged."""
    step = max(1, factor // _SAMPLES)
    count = factor // step
    sampled = tile[step // 2 :: step, step // 2 :: step].astype(np.uint16)
    total = np.zeros((sampled.shape[0] // count, sampled.shape[1] // count, *tile.shape[2:]), np.uint16)
    for row in range(count):
        for column in range(count):
            total += sampled[row::count, column::count]
    return (total // (count * count)).astype(np.uint8)


def _cut(whole: NDArray[np.uint8]) -> NDArray[np.uint8]:
    marked = np.any(whole, axis=2) if whole.ndim == 3 else whole > 0
    rows, columns = np.flatnonzero(np.any(marked, axis=1)), np.flatnonzero(np.any(marked, axis=0))
    return whole[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1] if rows.size else whole[:0, :0]


def _image_of(pixels: NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    if not height:
        return QImage()
    is_colour = pixels.ndim == 3 and pixels.shape[2] == NO_PIXELS.channels
    kind = QImage.Format.Format_RGBA8888_Premultiplied if is_colour else QImage.Format.Format_Grayscale8
    rows = np.ascontiguousarray(pixels)
    # The copy has memory of its own: numpy's may go away first.
    return QImage(rows.data, width, height, rows.strides[0], kind).copy()
