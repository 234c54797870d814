"""Sizes of pictures, presets of common shapes, and rectangles of whole pixels."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle of whole pixels on the unbounded plane; x grows to the right and y downwards.

    Attributes:
        x: of the left column that belongs to it.
        y: of the top row that belongs to it.
        width: in pixels; 0 and less: nothing.
        height: likewise.
    """

    x: int
    y: int
    width: int
    height: int

    @classmethod
    def of_edges(cls, left: int, top: int, right: int, bottom: int) -> Rect:
        """Return the rectangle from one column and row up to, and without, another; empty where they cross."""
        return cls(left, top, max(0, right - left), max(0, bottom - top))

    @classmethod
    def around(cls, left: float, top: float, right: float, bottom: float) -> Rect:
        """Return the smallest rectangle that covers an area."""
        return cls.of_edges(math.floor(left), math.floor(top), math.ceil(right), math.ceil(bottom))

    @property
    def right(self) -> int:
        """The first column beyond it."""
        return self.x + self.width

    @property
    def bottom(self) -> int:
        """The first row beyond it."""
        return self.y + self.height

    @property
    def is_empty(self) -> bool:
        """Whether no pixel belongs to it."""
        return self.width <= 0 or self.height <= 0

    @property
    def size(self) -> Size:
        """Width and height."""
        return Size(self.width, self.height)

    def moved(self, dx: int, dy: int) -> Rect:
        """Return the rectangle shifted."""
        return Rect(self.x + dx, self.y + dy, self.width, self.height)

    def grown(self, by: int) -> Rect:
        """Return the rectangle with so many more pixels on every side, or fewer where negative."""
        return Rect.of_edges(self.x - by, self.y - by, self.right + by, self.bottom + by)

    def intersected(self, other: Rect) -> Rect:
        """Return what both cover."""
        left, top = max(self.x, other.x), max(self.y, other.y)
        return Rect.of_edges(left, top, min(self.right, other.right), min(self.bottom, other.bottom))

    def united(self, other: Rect) -> Rect:
        """Return the smallest rectangle around both; an empty one adds nothing."""
        if self.is_empty:
            return other
        if other.is_empty:
            return self
        left, top = min(self.x, other.x), min(self.y, other.y)
        return Rect.of_edges(left, top, max(self.right, other.right), max(self.bottom, other.bottom))

    def covers(self, other: Rect) -> bool:
        """Tell whether every pixel of another rectangle belongs to it."""
        return self.intersected(other) == other if not other.is_empty else True

    def contains(self, x: float, y: float) -> bool:
        """Tell whether a point lies on it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def within(self, outer: Rect) -> tuple[slice, slice]:
        """Return the rows and columns that it takes in an array that shows ``outer``."""
        return (
            slice(self.y - outer.y, self.bottom - outer.y),
            slice(self.x - outer.x, self.right - outer.x),
        )


NOWHERE: Final = Rect(0, 0, 0, 0)
"""The rectangle without a pixel."""


@dataclass(frozen=True, slots=True)
class Aspect:
    """A shape of picture: ``title`` for people, ``ratio`` = width / height."""

    title: str
    ratio: float


ASPECTS = (
    Aspect("1:1", 1.0),
    Aspect("4:3", 4 / 3),
    Aspect("3:2", 3 / 2),
    Aspect("16:9", 16 / 9),
    Aspect("3:4", 3 / 4),
    Aspect("2:3", 2 / 3),
    Aspect("9:16", 9 / 16),
)


def snap(value: float, multiple: int) -> int:
    """Return the positive multiple of ``multiple`` nearest to ``value``."""
    return max(multiple, round(value / multiple) * multiple)


def size_for(aspect: Aspect, side: int, multiple: int) -> Size:
    """Return the size of this shape with about the area of a square of ``side`` pixels, snapped to ``multiple``."""
    root = aspect.ratio**0.5
    return Size(snap(side * root, multiple), snap(side / root, multiple))
