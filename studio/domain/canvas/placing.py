"""Where pictures from outside go on the canvas."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image

from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.commands import AddLayer, SetFrame
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.geometry import Aspect, Rect, Size, size_for, snap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.canvas.commands import Command
    from studio.domain.canvas.layer import Origin
    from studio.domain.canvas.state import CanvasState

_COMFORTABLE: Final = 1.6
"""A picture of up to so many times the model's own area keeps its size; a larger one is reduced to that area, for
models paint their own size best, and repeat themselves in much larger ones."""
_LONGEST: Final = 16.0
"""Width for one pixel of height, or the other way round, beyond which nothing can be painted; the rest is squeezed."""


@dataclass(frozen=True, slots=True, eq=False)
class PlaceLayers:
    """Put pictures on layers of their own, in the middle of the frame, as large as they are.

    Attributes:
        layers: the first one goes lowest; each where its own middle is the origin's.
        title: what the edit is called.
    """

    layers: tuple[Layer, ...]
    title: str = "Add picture"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the pictures above the active layer, the last one active."""
        for layer in self.layers:
            state = AddLayer(layer, above=state.active).applied(state)
        return state


@dataclass(frozen=True, slots=True, eq=False)
class FillFrame:
    """Make a picture the frame's content, to paint from.

    Attributes:
        layer: the picture, its upper left corner at the frame's.
        frame: of its size.
        title: what the edit is called.
    """

    layer: Layer
    frame: Rect
    title: str = "Picture into frame"

    def applied(self, state: CanvasState) -> CanvasState:
        """Return the state with the picture on top, and the frame around it."""
        steps: tuple[Command, ...] = (AddLayer(self.layer), SetFrame(self.frame))
        for step in steps:
            state = step.applied(state)
        return state


def centred_layer(name: str, pixels: NDArray[np.uint8], frame: Rect, *origins: Origin) -> Layer:
    """Return a layer with a picture, (H, W, 4) uint8 straight RGBA, in the middle of the frame.

    Args:
        name: of the layer.
        pixels: the picture.
        frame: in whose middle.
        origins: what picture it is, where that is known.
    """
    height, width = pixels.shape[:2]
    place = (frame.x + (frame.width - width) // 2, frame.y + (frame.height - height) // 2)
    return Layer(name=name, pixels=plane_of(premultiplied(pixels)), offset=place).of(*origins)


def frame_filling(
    name: str, pixels: NDArray[np.uint8], frame: Rect, multiple: int, side: int, *origins: Origin
) -> FillFrame:
    """Return the edit that makes a picture the frame's content.

    Takes a moment for large pictures: not for the main thread.

    Args:
        name: of the layer.
        pixels: (H, W, 4) uint8, straight RGBA.
        frame: its upper left corner stays.
        multiple: what the model wants width and height to be multiples of.
        side: of the square the model paints best, in pixels.
        origins: what picture it is, where that is known.
    """
    height, width = pixels.shape[:2]
    size = paintable(Size(width, height), multiple, side)
    if size != Size(width, height):
        # Premultiplied, else the colours of invisible pixels bleed into the edges.
        image = Image.fromarray(premultiplied(pixels), "RGBa")
        scaled = np.asarray(image.resize((size.width, size.height), Image.Resampling.LANCZOS))
        content = np.minimum(scaled, scaled[..., 3:])
    else:
        content = premultiplied(pixels)
    area = Rect(frame.x, frame.y, size.width, size.height)
    return FillFrame(Layer(name=name, pixels=plane_of(content), offset=(area.x, area.y)).of(*origins), area)


def frame_in(area: Rect, size: Size, multiple: int, side: int) -> Rect:
    """Return a frame for a picture that came without one: around all of it, or in its middle.

    Args:
        area: the picture.
        size: of the frame where the picture is not of a size that the model paints well.
        multiple: what the model wants width and height to be multiples of.
        side: of the square the model paints best, in pixels.
    """
    if paintable(area.size, multiple, side) == area.size:
        return area
    return Rect(
        area.x + (area.width - size.width) // 2, area.y + (area.height - size.height) // 2, size.width, size.height
    )


def paintable(size: Size, multiple: int, side: int) -> Size:
    """Return the size near this one that a model can paint from: its own where that is comfortable, else reduced."""
    area = size.width * size.height
    if side * side / _COMFORTABLE**2 <= area <= side * side * _COMFORTABLE:
        return Size(snap(size.width, multiple), snap(size.height, multiple))
    ratio = min(_LONGEST, max(1 / _LONGEST, size.width / size.height))
    return size_for(Aspect("", ratio), side, multiple)
