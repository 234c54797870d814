"""Scaled, turned and flipped pixels, always from the pixels as they were painted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.domain.canvas.plane import Plane


@dataclass(frozen=True, slots=True)
class Placement:
    """Where a rectangle of pixels lies, and how.

    Attributes:
        x: of its middle, in document pixels.
        y: likewise.
        scale_x: of its width; negative where it is flipped.
        scale_y: of its height.
        angle: in degrees, clockwise as seen, after scaling.
    """

    x: float
    y: float
    scale_x: float = 1.0
    scale_y: float = 1.0
    angle: float = 0.0


@dataclass(frozen=True, slots=True, eq=False)
class Transformed:
    """A layer's pixels after a transformation, and where they come from.

    Attributes:
        layer_id: whose.
        result: the layer's pixels now, which tell whether this still holds.
        offset: where the layer's origin lies now.
        original: the pixels before any transformation.
        placement: how the original's bounds lie on the document's plane.
    """

    layer_id: str
    result: Plane
    offset: tuple[int, int]
    original: Plane
    placement: Placement
