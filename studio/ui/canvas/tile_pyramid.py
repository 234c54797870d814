"""What the document looks like, in tiles at halved sizes: made when first seen, and mended where it changed.

Level 0 shows one pixel for each of the document, level 1 one for 2 x 2, and so on. A tile of any level has the same
number of pixels. Every level is averaged from the one below it, so a document that is seen small has no noise.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from itertools import product
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from studio.domain.canvas.plane import TILE
from studio.domain.geometry import NOWHERE, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Argb = NDArray[np.uint32]

TOP_LEVEL: Final = 6
"""One pixel for 64 x 64: what 1 % needs."""
MEMORY: Final = 256 * 2**20
"""Bytes that tiles may take; beyond it those that were not seen for longest go."""
MENDED_AT_ONCE: Final = 512 * 512
"""A tile of which more pixels of the document changed than this is made anew instead."""

Key = tuple[int, int, int]
"""Level, column, row."""


class Source(Protocol):
    """What the pixels come from."""

    def effort(self, rect: Rect) -> int:
        """Return how many layers have pixels in a rectangle: 0: nothing is seen there."""
        ...

    def pixels(self, rect: Rect) -> Argb:
        """Return what a rectangle shows: (H, W) uint32, 0xAARRGGBB, premultiplied."""
        ...


@dataclass(slots=True, eq=False)
class _Tile:
    """Pixels of one tile.

    Attributes:
        pixels: (256, 256) uint32; None where nothing is seen.
        stale: in document pixels, where they do not hold any more.
    """

    pixels: Argb | None
    stale: Rect = NOWHERE

    @property
    def nbytes(self) -> int:
        """Memory it takes."""
        return 0 if self.pixels is None else self.pixels.nbytes


@dataclass(slots=True)
class Patience:
    """How much may still be done before the window must be painted.

    Attributes:
        effort: layers of tiles that may still be composited; each takes 0.2 to 1 ms.
    """

    effort: int

    @property
    def is_out(self) -> bool:
        """Whether the rest has to wait for the next time."""
        return self.effort <= 0


class TilePyramid:
    """Caches what a source shows."""

    def __init__(self, source: Source, memory: int = MEMORY) -> None:
        """Begin with nothing.

        Args:
            source: what the pixels come from.
            memory: bytes that tiles may take.
        """
        self._source, self._memory = source, memory
        self._tiles: dict[Key, _Tile] = {}
        self._taken = 0

    @property
    def nbytes(self) -> int:
        """Memory of all tiles."""
        return self._taken

    def forget(self) -> None:
        """Let go of everything: another document is shown."""
        self._tiles.clear()
        self._taken = 0

    def spoil(self, rect: Rect) -> None:
        """Note that a rectangle of the document looks different by now."""
        if rect.is_empty:
            return
        for level in range(TOP_LEVEL + 1):
            side = TILE << level
            columns = range(rect.x // side, -(-rect.right // side))
            rows = range(rect.y // side, -(-rect.bottom // side))
            for key in self._known(level, columns, rows):
                tile = self._tiles[key]
                tile.stale = tile.stale.united(area_of(key).intersected(rect))

    def region(self, level: int, rect: Rect, patience: Patience) -> tuple[Argb, list[Key]]:
        """Return what a rectangle shows at a level.

        Args:
            level: 0 to 6.
            rect: in pixels of that level.
            patience: how much may be composited now; what changed in tiles that are there is mended in any case.

        Returns:
            (H, W) uint32, 0xAARRGGBB, premultiplied; and the tiles that are not shown as they should be yet, but
            coarsely, or not at all: for `prepare`.
        """
        out = np.zeros((rect.height, rect.width), np.uint32)
        missing: list[Key] = []
        for key in keys_in(level, rect):
            tile = self._fresh(key, patience)
            area = place_of(key)
            both = area.intersected(rect)
            if tile is not None:
                if tile.pixels is not None:
                    out[both.within(rect)] = tile.pixels[both.within(area)]
            else:
                missing.append(key)
                if (coarse := self._coarse(key)) is not None:
                    out[both.within(rect)] = coarse[both.within(area)]
        self._make_room()
        return out, missing

    def prepare(self, key: Key, patience: Patience) -> bool:
        """Make a tile, or a part of what it is made from; return whether it is there."""
        is_there = self._fresh(key, patience) is not None
        self._make_room()
        return is_there

    def _known(self, level: int, columns: range, rows: range) -> list[Key]:
        """Return the tiles of a level that are there, by looking at whichever is less: the range or the tiles."""
        if len(columns) * len(rows) < len(self._tiles):
            wanted = ((level, column, row) for row in rows for column in columns)
            return [key for key in wanted if key in self._tiles]
        return [key for key in self._tiles if key[0] == level and key[1] in columns and key[2] in rows]

    def _fresh(self, key: Key, patience: Patience) -> _Tile | None:
        """Return a tile as it should be; None where that has to wait."""
        tile = self._tiles.pop(key, None)
        if tile is not None:
            # The order of the dictionary is that of the last use.
            self._tiles[key] = tile
            if tile.stale.is_empty or self._mend(key, tile):
                return tile
        if patience.is_out:
            return None
        made = self._made(key, patience)
        if made is not None:
            self._put(key, made)
        return made

    def _mend(self, key: Key, tile: _Tile) -> bool:
        """Composite anew what changed in a tile, where that is little."""
        level, step = key[0], 1 << key[0]
        stale = _widened(tile.stale, step)
        if stale.width * stale.height > MENDED_AT_ONCE:
            return False
        if tile.pixels is None:
            if self._source.effort(stale) == 0:
                tile.stale = NOWHERE
                return True
            tile.pixels = np.zeros((TILE, TILE), np.uint32)
            self._taken += tile.nbytes
        mended = reduce(lambda pixels, _: halved(pixels), range(level), self._source.pixels(stale))
        small = Rect(stale.x // step, stale.y // step, stale.width // step, stale.height // step)
        tile.pixels[small.within(place_of(key))] = mended
        tile.stale = NOWHERE
        return True

    def _made(self, key: Key, patience: Patience) -> _Tile | None:
        """Return a tile made from scratch; None where that has to wait."""
        area = area_of(key)
        effort = self._source.effort(area)
        if effort == 0:
            return _Tile(None)
        if key[0] == 0:
            patience.effort -= effort
            return _Tile(self._source.pixels(area))
        quarters = [self._fresh(child, patience) for child in children_of(key)]
        out = np.zeros((TILE, TILE), np.uint32)
        half = TILE // 2
        for (row, column), quarter in zip(product((0, half), repeat=2), quarters, strict=True):
            if quarter is None:
                return None
            if quarter.pixels is not None:
                out[row : row + half, column : column + half] = halved(quarter.pixels)
        return _Tile(out)

    def _put(self, key: Key, tile: _Tile) -> None:
        old = self._tiles.pop(key, None)
        self._tiles[key] = tile
        self._taken += tile.nbytes - (0 if old is None else old.nbytes)

    def _coarse(self, key: Key) -> Argb | None:
        """Return something to look at until a tile is made: the tile as it was, or enlarged from a higher level."""
        known = self._tiles.get(key)
        if known is not None:
            return known.pixels
        for up in range(1, TOP_LEVEL - key[0] + 1):
            parent = self._tiles.get((key[0] + up, key[1] >> up, key[2] >> up))
            if parent is not None and parent.pixels is not None:
                side = TILE >> up
                left, top = (key[1] * side) % TILE, (key[2] * side) % TILE
                part = parent.pixels[top : top + side, left : left + side]
                return part.repeat(1 << up, 0).repeat(1 << up, 1)
        return None

    def _make_room(self) -> None:
        while self._taken > self._memory and self._tiles:
            self._taken -= self._tiles.pop(next(iter(self._tiles))).nbytes


def level_for(zoom: float) -> int:
    """Return the level of which the painter reduces the pixels by less than half."""
    level = 0
    while level < TOP_LEVEL and zoom * (2 << level) <= 1:
        level += 1
    return level


def keys_in(level: int, rect: Rect) -> Iterator[Key]:
    """Yield every tile of a level that a rectangle, in pixels of that level, touches."""
    for row in range(rect.y // TILE, -(-rect.bottom // TILE)):
        for column in range(rect.x // TILE, -(-rect.right // TILE)):
            yield level, column, row


def children_of(key: Key) -> Iterator[Key]:
    """Yield the four tiles that one is averaged from, row by row."""
    level, column, row = key
    for down, right in product((0, 1), repeat=2):
        yield level - 1, 2 * column + right, 2 * row + down


def place_of(key: Key) -> Rect:
    """Return what a tile covers, in pixels of its level."""
    return Rect(key[1] * TILE, key[2] * TILE, TILE, TILE)


def area_of(key: Key) -> Rect:
    """Return what a tile covers, in pixels of the document."""
    side = TILE << key[0]
    return Rect(key[1] * side, key[2] * side, side, side)


def halved(pixels: Argb) -> Argb:
    """Return an image of half the size, each pixel the mean of four.

    Two of the four bytes of a pixel are summed at a time: four of them take 10 bits, and there is room for 16.
    """
    odd, two = np.uint32(0x00FF00FF), np.uint32(0x00020002)
    corners = (pixels[::2, ::2], pixels[::2, 1::2], pixels[1::2, ::2], pixels[1::2, 1::2])
    low = reduce(np.add, (corner & odd for corner in corners)) + two
    high = reduce(np.add, ((corner >> np.uint32(8)) & odd for corner in corners)) + two
    return ((low >> np.uint32(2)) & odd) | (((high >> np.uint32(2)) & odd) << np.uint32(8))


def _widened(rect: Rect, step: int) -> Rect:
    """Return the rectangle up to whole pixels of a level."""
    left, top = rect.x // step * step, rect.y // step * step
    return Rect.of_edges(left, top, -(-rect.right // step) * step, -(-rect.bottom // step) * step)
