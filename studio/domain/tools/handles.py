"""Boxes that are dragged by their sides and corners."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.domain.tools.tool import HANDLE_REACH, Cursor

if TYPE_CHECKING:
    from studio.domain.tools.tool import Point


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of any size, along the axes of whatever coordinates it is given in."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Grip:
    """Which part of a box is held.

    Attributes:
        x: -1 for the left side, 1 for the right one, 0 for neither.
        y: -1 for the upper side, 1 for the lower one, 0 for neither.
    """

    x: int
    y: int

    @property
    def is_middle(self) -> bool:
        """Whether the box is held as a whole."""
        return self.x == self.y == 0

    @property
    def cursor(self) -> Cursor:
        """What the pointer looks like there."""
        if self.is_middle:
            return Cursor.MOVE
        if self.x == 0:
            return Cursor.SIZE_VERTICAL
        if self.y == 0:
            return Cursor.SIZE_HORIZONTAL
        return Cursor.SIZE_DOWN if self.x == self.y else Cursor.SIZE_UP


GRIPS: Final = tuple(Grip(x, y) for y in (-1, 0, 1) for x in (-1, 0, 1) if (x, y) != (0, 0))
"""The eight handles, row by row."""


def grip_at(box: Box, x: float, y: float, view_zoom: float) -> Grip | None:
    """Return what a press at a point takes: a side along all of its length, a corner, the middle; None outside."""
    reach = HANDLE_REACH / view_zoom
    if not (box.left - reach <= x <= box.right + reach and box.top - reach <= y <= box.bottom + reach):
        return None
    return Grip(_side(box.left, box.right, x, reach), _side(box.top, box.bottom, y, reach))


def handle_points(box: Box) -> tuple[Point, ...]:
    """Return where the eight handles lie."""
    xs = {-1: box.left, 0: (box.left + box.right) / 2, 1: box.right}
    ys = {-1: box.top, 0: (box.top + box.bottom) / 2, 1: box.bottom}
    return tuple((xs[grip.x], ys[grip.y]) for grip in GRIPS)


def _side(low: float, high: float, at: float, reach: float) -> int:
    # A small box keeps half of itself to be held as a whole.
    inward = min(reach, (high - low) / 4)
    if at <= low + inward:
        return -1
    return 1 if at >= high - inward else 0
