"""One sheet of the document."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from uuid import uuid4

from studio.domain.canvas.blend import BlendMode
from studio.domain.canvas.plane import NO_PIXELS, Plane

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from studio.domain.geometry import Rect


def new_layer_id() -> str:
    """Return a fresh id for a layer: 32 hex digits."""
    return uuid4().hex


@dataclass(frozen=True, slots=True)
class Origin:
    """A picture that is laid on a layer.

    Attributes:
        sha256: hex SHA-256 of its raw RGB pixels, as `studio.domain.lineage.Parent.sha256`.
        is_generated: whether a model painted all of it, as far as anybody knows.
    """

    sha256: str
    is_generated: bool = True


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layer:
    """A raster layer. It is as large as what is painted on it.

    Attributes:
        name: for people.
        pixels: premultiplied RGBA in the layer's own coordinates.
        offset: where the layer's origin lies on the document's plane: x, y in pixels.
        visible: whether it is seen.
        opacity: 0 to 1.
        blend: how it meets what lies below.
        locked: whether its pixels may not be changed.
        origins: hex SHA-256 of the pictures that were laid on it and may still be seen, as `Origin.sha256`.
        is_painted: whether anything was done on it by hand, or laid on it that no model painted.
        id: never shown.
    """

    name: str
    pixels: Plane = NO_PIXELS
    offset: tuple[int, int] = (0, 0)
    visible: bool = True
    opacity: float = 1.0
    blend: BlendMode = BlendMode.NORMAL
    locked: bool = False
    origins: frozenset[str] = frozenset()
    is_painted: bool = False
    id: str = field(default_factory=new_layer_id)

    @property
    def has_own_pixels(self) -> bool:
        """Whether anything is on it that no model painted, as far as anybody knows: what came without a word is own."""
        return not self.pixels.is_empty and (self.is_painted or not self.origins)

    @property
    def bounds(self) -> Rect:
        """The smallest rectangle of the document's plane around what is painted."""
        return self.pixels.bounds.moved(*self.offset)

    @property
    def reach(self) -> Rect:
        """A rectangle of the document's plane outside which nothing is painted: quick, and up to a tile too large."""
        return self.pixels.tile_bounds.moved(*self.offset)

    def read(self, rect: Rect) -> NDArray[np.uint8]:
        """Return a copy of the pixels in a rectangle of the document's plane: (H, W, 4) uint8, premultiplied."""
        return self.pixels.read(rect.moved(-self.offset[0], -self.offset[1]))

    def written(self, rect: Rect, pixels: NDArray[np.uint8]) -> Layer:
        """Return the layer with a rectangle of the document's plane replaced; pixels as `read` returns them."""
        own = rect.moved(-self.offset[0], -self.offset[1])
        return replace(self, pixels=self.pixels.written(own, pixels))

    def painted(self, rect: Rect, pixels: NDArray[np.uint8]) -> Layer:
        """Return the layer with a rectangle replaced by what somebody painted; otherwise as `written`."""
        return replace(self.written(rect, pixels), is_painted=True)

    def of(self, *origins: Origin) -> Layer:
        """Return the layer as one that shows these pictures and nothing else."""
        is_painted = not all(origin.is_generated for origin in origins)
        return replace(self, origins=frozenset(origin.sha256 for origin in origins), is_painted=is_painted)

    def with_origin(self, origin: Origin) -> Layer:
        """Return the layer as one that shows this picture beside what it shows already."""
        is_painted = self.has_own_pixels or not origin.is_generated
        return replace(self, origins=self.origins | {origin.sha256}, is_painted=is_painted)

    def joined(self, other: Layer) -> Layer:
        """Return the layer as one that shows what another one does beside its own."""
        is_painted = self.has_own_pixels or other.has_own_pixels
        return replace(self, origins=self.origins | other.origins, is_painted=is_painted)

    def without_pixels(self) -> Layer:
        """Return all but the pixels."""
        return replace(self, pixels=NO_PIXELS)

    def is_alike(self, other: Layer) -> bool:
        """Tell whether everything but the pixels is the same."""
        return _properties(self) == _properties(other)


def _properties(layer: Layer) -> tuple[object, ...]:
    seen = layer.offset, layer.visible, layer.opacity, layer.blend
    return layer.id, layer.name, *seen, layer.locked, layer.origins, layer.is_painted
