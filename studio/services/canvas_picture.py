"""The canvas as one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from studio.domain.canvas.blend import straight
from studio.domain.canvas.composite import flatten
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.canvas.state import CanvasState

_BAND: Final = 256
"""Rows that are flattened at once: blending takes 100 bytes a pixel."""


def shown(state: CanvasState, area: Rect) -> NDArray[np.uint8]:
    """Return what a rectangle of the document shows: (H, W, 4) uint8, straight alpha."""
    out = np.empty((area.height, area.width, 4), np.uint8)
    for top in range(0, area.height, _BAND):
        rows = Rect(area.x, area.y + top, area.width, min(_BAND, area.height - top))
        out[top : top + rows.height] = straight(flatten(state.layers, rows))
    return out
