"""An unbounded raster that is never changed, only replaced: tiles that differ are new, all others are shared.

Because a tile is never written to again, a snapshot of a whole document costs a few references: undo, saving on another
thread and comparing two states all build on that.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.errors import InvalidEdit
from studio.domain.geometry import NOWHERE, Rect

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from numpy.typing import NDArray

TILE: Final = 256
"""Side of a tile in pixels; of RGBA it takes 256 KiB, which are copied in 10 to 20 microseconds."""

MOST_PIXELS: Final = 2**27
"""That are worked on at once: as RGBA 512 MiB."""

Coord = tuple[int, int]
"""Column and row of a tile; (0, 0) begins at the plane's origin, and both may be negative."""


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Pixels on an unbounded plane that are 0 wherever nothing was written.

    Attributes:
        channels: 4 for premultiplied RGBA, 1 for a mask.
        tiles: by column and row; (256, 256, 4) or (256, 256) uint8, read-only; a tile of zeros is left out.
    """

    channels: int
    tiles: Mapping[Coord, NDArray[np.uint8]]

    @property
    def is_empty(self) -> bool:
        """Whether every pixel is 0."""
        return not self.tiles

    @property
    def tile_bounds(self) -> Rect:
        """The rectangle around all tiles: quick, and up to a tile too large."""
        if not self.tiles:
            return NOWHERE
        columns, rows = zip(*self.tiles, strict=True)
        first, last = area_of((min(columns), min(rows))), area_of((max(columns), max(rows)))
        return Rect.of_edges(first.x, first.y, last.right, last.bottom)

    @property
    def bounds(self) -> Rect:
        """The smallest rectangle around every pixel that is not 0 in any channel."""
        if not self.tiles:
            return NOWHERE
        columns, rows = zip(*self.tiles, strict=True)
        edges = ({min(columns), max(columns)}, {min(rows), max(rows)})
        # Inner tiles cannot reach further than those at the edge do.
        outer = (at for at in self.tiles if at[0] in edges[0] or at[1] in edges[1])
        return reduce(
            Rect.united, (_content(self.tiles[at]).moved(at[0] * TILE, at[1] * TILE) for at in outer), NOWHERE
        )

    @property
    def nbytes(self) -> int:
        """Memory of all tiles, those that other planes share included."""
        return sum(tile.nbytes for tile in self.tiles.values())

    def read(self, rect: Rect) -> NDArray[np.uint8]:
        """Return a copy of the pixels in a rectangle: (H, W, 4) or (H, W) uint8."""
        out = np.zeros(self._shape(rect), np.uint8)
        for at in coords_in(rect):
            if (tile := self.tiles.get(at)) is not None:
                area = area_of(at)
                both = area.intersected(rect)
                out[both.within(rect)] = tile[both.within(area)]
        return out

    def written(self, rect: Rect, pixels: NDArray[np.uint8]) -> Plane:
        """Return the plane with a rectangle replaced.

        Args:
            rect: where.
            pixels: (H, W, 4) or (H, W) uint8 of the rectangle's size.

        Raises:
            ValueError: the pixels have another shape or type; a programming error.
        """
        if pixels.shape != self._shape(rect) or pixels.dtype != np.uint8:
            message = f"{pixels.shape} {pixels.dtype} cannot be written into {self._shape(rect)} uint8"
            raise ValueError(message)
        tiles = dict(self.tiles)
        for at in coords_in(rect):
            area = area_of(at)
            both = area.intersected(rect)
            old = tiles.get(at)
            tile = np.zeros(self._shape(area), np.uint8) if old is None else old.copy()
            tile[both.within(area)] = pixels[both.within(rect)]
            _put(tiles, at, tile)
        return Plane(self.channels, MappingProxyType(tiles))

    def with_tiles(self, changes: Mapping[Coord, NDArray[np.uint8]]) -> Plane:
        """Return the plane with whole tiles replaced, which must not be written to afterwards."""
        tiles = dict(self.tiles)
        for at, tile in changes.items():
            _put(tiles, at, tile)
        return Plane(self.channels, MappingProxyType(tiles))

    def equals(self, other: Plane) -> bool:
        """Tell whether every pixel is the same; shared tiles are not looked at."""
        if self.channels != other.channels or self.tiles.keys() != other.tiles.keys():
            return False
        pairs = ((tile, other.tiles[at]) for at, tile in self.tiles.items())
        return all(mine is theirs or np.array_equal(mine, theirs) for mine, theirs in pairs)

    def _shape(self, rect: Rect) -> tuple[int, ...]:
        size = (max(0, rect.height), max(0, rect.width))
        return size if self.channels == 1 else (*size, self.channels)


_NO_TILES: Final[Mapping[Coord, NDArray[np.uint8]]] = MappingProxyType({})
NO_PIXELS: Final = Plane(4, _NO_TILES)
"""A layer on which nothing is painted."""
NO_MASK: Final = Plane(1, _NO_TILES)
"""A mask, or a selection, of nothing."""


def plane_of(pixels: NDArray[np.uint8], x: int = 0, y: int = 0) -> Plane:
    """Return a plane that holds these pixels, (H, W, 4) premultiplied or (H, W) uint8, at a place, and 0 elsewhere."""
    empty = NO_MASK if pixels.ndim == 2 else NO_PIXELS
    return empty.written(Rect(x, y, pixels.shape[1], pixels.shape[0]), pixels)


def held(rect: Rect) -> Rect:
    """Return a rectangle again, all pixels of which can be held in memory at once.

    Raises:
        InvalidEdit: they cannot, as of one around two layers that lie far apart.
    """
    if rect.width * rect.height > MOST_PIXELS:
        raise InvalidEdit(
            "That is too large an area to work on",
            f"from end to end it has {rect.size} pixels, because parts of it lie far apart",
            "Move them together, or select a smaller part",
        )
    return rect


def coords_in(rect: Rect) -> Iterator[Coord]:
    """Yield column and row of every tile that a rectangle touches, row by row."""
    if rect.is_empty:
        return
    for row in range(rect.y // TILE, (rect.bottom - 1) // TILE + 1):
        for column in range(rect.x // TILE, (rect.right - 1) // TILE + 1):
            yield column, row


def area_of(at: Coord) -> Rect:
    """Return what a tile covers."""
    return Rect(at[0] * TILE, at[1] * TILE, TILE, TILE)


def _put(tiles: dict[Coord, NDArray[np.uint8]], at: Coord, tile: NDArray[np.uint8]) -> None:
    if tile.any():
        tile.setflags(write=False)
        tiles[at] = tile
    else:
        tiles.pop(at, None)


def _content(tile: NDArray[np.uint8]) -> Rect:
    marked = np.any(tile, axis=2) if tile.ndim == 3 else tile
    rows, columns = np.flatnonzero(np.any(marked, axis=1)), np.flatnonzero(np.any(marked, axis=0))
    return Rect.of_edges(int(columns[0]), int(rows[0]), int(columns[-1]) + 1, int(rows[-1]) + 1)
