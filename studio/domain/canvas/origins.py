"""What a part of the canvas was made of: the pictures that are seen there, and whether anything is anybody's own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, assert_never

import numpy as np

from studio.domain.canvas.blend import BlendMode
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.request import ImageToImage, Inpaint, TextToImage

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.request import GenerationRequest


@dataclass(frozen=True, slots=True)
class Makings:
    """What a part of the canvas was made of.

    Attributes:
        origins: hex SHA-256 of the pictures that may be seen there, sorted.
        has_own_pixels: whether anything that no model painted may be seen there, as far as anybody knows.
    """

    origins: tuple[str, ...] = ()
    has_own_pixels: bool = False


def makings_of(state: CanvasState, area: Rect) -> Makings:
    """Return what a rectangle of the document's plane was made of; 1 to 50 ms, on any thread.

    Args:
        state: the document.
        area: in its coordinates.
    """
    layers = list(_seen(state, area))
    origins = sorted({origin for layer in layers for origin in layer.origins})
    return Makings(tuple(origins), any(layer.has_own_pixels for layer in layers))


def with_makings(request: GenerationRequest, makings: Makings) -> GenerationRequest:
    """Return the request with the pictures that it is painted from.

    Args:
        request: that was made of a part of the canvas, or of a file.
        makings: of that part.
    """
    match request:
        case TextToImage():
            return request
        case ImageToImage():
            kind, mask = EdgeKind.IMAGE_TO_IMAGE, None
        case Inpaint():
            kind = EdgeKind.OUTPAINT if request.continues else EdgeKind.INPAINT
            mask = request.mask.sha256
        case _:
            assert_never(request)
    image = request.image.sha256
    # A picture that is seen as it was painted holds those that it was painted over.
    origins = (image,) if image in makings.origins else makings.origins
    parents = tuple(Parent(origin, kind, mask) for origin in origins)
    return replace(request, parents=parents, has_own_pixels=makings.has_own_pixels)


def has_own_pixels(state: CanvasState, area: Rect | None = None) -> bool:
    """Tell whether anything that no model painted may be seen, as far as anybody knows.

    Args:
        state: the document.
        area: in its coordinates; None for all of it.
    """
    return makings_of(state, state.bounds if area is None else area).has_own_pixels


def _seen(state: CanvasState, area: Rect) -> Iterator[Layer]:
    """Yield the layers of which any pixel can be seen in a rectangle, the highest first."""
    is_open = np.ones((area.height, area.width), np.bool_)
    for layer in reversed(state.layers):
        there = layer.reach.intersected(area)
        if not layer.visible or layer.opacity == 0 or there.is_empty:
            continue
        alpha = layer.read(there)[..., 3]
        below = is_open[there.within(area)]
        if (below & (alpha > 0)).any():
            yield layer
        if layer.opacity == 1 and layer.blend is BlendMode.NORMAL:
            below &= alpha < 255
