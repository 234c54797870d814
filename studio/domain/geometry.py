"""Sizes of pictures: rounding to what a model can paint, and presets of common shapes."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Size:
    """Width and height in pixels."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"


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
