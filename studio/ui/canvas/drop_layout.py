"""How the places to drop a picture share the room there is."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF

from studio.ui.theme.tokens import SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QRect

EDGE: Final = 6 * SPACE
GAP: Final = 3 * SPACE
HEADING: Final = 12 * SPACE
"""Height of the line that names what is dragged."""
_LEAST_WIDTH: Final = 200
"""A place narrower than this is laid below its neighbour."""
_STRIP_SHARE: Final = 0.24
_STRIP_HEIGHTS: Final = (64.0, 128.0)


class DropZone(Enum):
    """What is done with a dropped picture."""

    NEW_LAYER = "new layer"
    IMAGE_TO_IMAGE = "image to image"
    SETTINGS = "settings"
    DOCUMENT = "document"


def zone_areas(room: QRect, zones: Sequence[DropZone]) -> dict[DropZone, QRectF]:
    """Return where each place lies, in device-independent pixels.

    The settings lie in a strip of their own at the foot: a file's are known a moment after the others are shown, and no
    place must slip away from under the pointer.
    """
    inner = QRectF(room).adjusted(EDGE, HEADING + EDGE, -EDGE, -EDGE)
    areas: dict[DropZone, QRectF] = {}
    side_by_side = [zone for zone in zones if zone is not DropZone.SETTINGS]
    if DropZone.SETTINGS in zones:
        least, most = _STRIP_HEIGHTS
        height = min(max(least, inner.height() * _STRIP_SHARE), most)
        areas[DropZone.SETTINGS] = QRectF(inner.left(), inner.bottom() - height, inner.width(), height)
        inner.setBottom(inner.bottom() - height - GAP)
    count = max(1, len(side_by_side))
    is_wide = (inner.width() - (count - 1) * GAP) / count >= _LEAST_WIDTH
    for number, zone in enumerate(side_by_side):
        areas[zone] = _part(inner, number, count, is_wide=is_wide)
    return areas


def nearest(areas: dict[DropZone, QRectF], point: QPointF) -> DropZone | None:
    """Return the place under a point, or the nearest one: there is no gap that would swallow a drop."""
    return min(areas, key=lambda zone: _distance(areas[zone], point), default=None)


def _part(room: QRectF, number: int, count: int, *, is_wide: bool) -> QRectF:
    if is_wide:
        width = (room.width() - (count - 1) * GAP) / count
        return QRectF(room.left() + number * (width + GAP), room.top(), width, room.height())
    height = (room.height() - (count - 1) * GAP) / count
    return QRectF(room.left(), room.top() + number * (height + GAP), room.width(), height)


def _distance(area: QRectF, point: QPointF) -> float:
    """Return the distance of a point from an area, squared; 0 inside."""
    across = max(area.left() - point.x(), 0.0, point.x() - area.right())
    down = max(area.top() - point.y(), 0.0, point.y() - area.bottom())
    return across * across + down * down
