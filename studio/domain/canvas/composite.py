"""What is seen of layers that lie on each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from studio.domain.canvas.blend import blended, faded

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.geometry import Rect


def flatten(layers: Iterable[Layer], rect: Rect) -> NDArray[np.uint8]:
    """Return what a rectangle of the plane shows.

    Args:
        layers: the lowest first; hidden ones are passed over.
        rect: in the document's coordinates.

    Returns:
        (H, W, 4) uint8, premultiplied; transparent where nothing is painted.
    """
    out = np.zeros((max(0, rect.height), max(0, rect.width), 4), np.uint8)
    is_clear = True
    for layer in layers:
        area = layer.reach.intersected(rect)
        if layer.visible and layer.opacity > 0 and not area.is_empty:
            rows, columns = area.within(rect)
            above = faded(layer.read(area), layer.opacity)
            # Over nothing every mode shows the source alone.
            out[rows, columns] = above if is_clear else blended(out[rows, columns], above, layer.blend)
            is_clear = False
    return out
