"""The way of the brush: a smooth curve through all points that the hand reported, and the even steps along it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CHORD: Final = 2.0
"""Pixels: curves are walked along in straight pieces of about this length."""
_MOST_CHORDS: Final = 512


class Touch(NamedTuple):
    """A point with the pressure that it was touched with.

    Attributes:
        x: in document pixels.
        y: likewise.
        pressure: 0 to 1.
    """

    x: float
    y: float
    pressure: float = 1.0


class StrokePath:
    """Leads from one point to the next.

    The curve is made of parabolas: each begins and ends half way between two points and bends towards the point in
    between, so that it has no corner, stays within the hull of the points, and is at most half a step behind the hand.
    Touches lie at even distance along it, however the hand's way was cut into events.
    """

    def __init__(self, start: Touch, spacing: Callable[[float], float], lag: float = 0.0) -> None:
        """Begin.

        Args:
            start: the first point, which is touched.
            spacing: pixels from a touch of some pressure to the next.
            lag: pixels by which the line follows the hand later and calmer; 0 for at once.
        """
        self._spacing = spacing
        self._lag = lag
        self._hand = start
        self._point = start
        self._reached = start
        self._until_next = spacing(start.pressure)

    def to(self, hand: Touch) -> Iterator[Touch]:
        """Yield what is touched as the hand goes on to a point."""
        for point in self._calmed(hand):
            yield from self._on_to(point)

    def end(self) -> Iterator[Touch]:
        """Yield what is touched up to the very point where the hand is."""
        yield from self._on_to(self._hand)
        yield from self._curve(self._reached, _between(self._reached, self._point, 0.5), self._point)

    def _calmed(self, hand: Touch) -> Iterator[Touch]:
        """Follow the hand by d p / d s = (hand - p) / lag along its way s, which does not depend on its events."""
        way = math.dist(self._hand[:2], hand[:2])
        start, self._hand = self._hand, hand
        if self._lag <= 0:
            yield hand
            return
        pieces = min(64, max(1, math.ceil(4 * way / self._lag)))
        follow = 1 - math.exp(-way / pieces / self._lag)
        point = self._point
        for piece in range(1, pieces + 1):
            point = _between(point, _between(start, hand, piece / pieces), follow)
            yield point

    def _on_to(self, point: Touch) -> Iterator[Touch]:
        if point[:2] == self._point[:2]:
            return
        half = _between(self._point, point, 0.5)
        yield from self._curve(self._reached, self._point, half)
        self._reached, self._point = half, point

    def _curve(self, start: Touch, bend: Touch, end: Touch) -> Iterator[Touch]:
        length = math.dist(start[:2], bend[:2]) + math.dist(bend[:2], end[:2])
        pieces = min(_MOST_CHORDS, max(1, math.ceil(length / _CHORD)))
        last = start
        for piece in range(1, pieces + 1):
            t = piece / pieces
            point = _between(_between(start, bend, t), _between(bend, end, t), t)
            yield from self._walk(last, point)
            last = point

    def _walk(self, start: Touch, end: Touch) -> Iterator[Touch]:
        length = math.dist(start[:2], end[:2])
        walked = 0.0
        while self._until_next <= length - walked:
            walked += self._until_next
            touch = _between(start, end, walked / length)
            yield touch
            self._until_next = self._spacing(touch.pressure)
        self._until_next -= length - walked


def _between(one: Touch, other: Touch, share: float) -> Touch:
    return Touch(
        one.x + (other.x - one.x) * share,
        one.y + (other.y - one.y) * share,
        one.pressure + (other.pressure - one.pressure) * share,
    )
