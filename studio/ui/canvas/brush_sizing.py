"""Changes size and hardness of the brush in the hand by keys and by dragging."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from PySide6.QtCore import QPointF

    from studio.bridge.tool_box import ToolBox

SIZE: Final = "size"
HARDNESS: Final = "hardness"
_STEP: Final = 1.1
"""What a press of a key multiplies the size by; small ones change by a pixel."""
_HARDER: Final = 10.0
"""Percent by which a press of a key changes the hardness."""
_DOUBLING: Final = 120.0
"""Device-independent pixels of dragging that double the size."""
_PERCENT: Final = 0.5
"""Percent of hardness for each device-independent pixel of dragging."""


class BrushSizing:
    """Sets the parameters ``size`` and ``hardness`` of the tool in the hand, where it has them."""

    def __init__(self, tool_box: ToolBox) -> None:
        self._tool_box = tool_box
        self._size = self._hardness = 0.0

    @property
    def is_possible(self) -> bool:
        """Whether the tool in the hand has a size."""
        return SIZE in self._tool_box.values.by_id

    @property
    def has_hardness(self) -> bool:
        """Whether it has a hardness."""
        return HARDNESS in self._tool_box.values.by_id

    def enlarge(self, *, is_up: bool) -> None:
        """Make the brush a little larger or smaller."""
        size = self._tool_box.values.number(SIZE)
        larger, smaller = max(size * _STEP, size + 1), min(size / _STEP, size - 1)
        self._tool_box.set_value(SIZE, larger if is_up else smaller)

    def harden(self, *, is_up: bool) -> None:
        """Make the brush a little harder or softer."""
        if self.has_hardness:
            by = _HARDER if is_up else -_HARDER
            self._tool_box.set_value(HARDNESS, self._tool_box.values.number(HARDNESS) + by)

    def begin_drag(self) -> None:
        """Remember what the brush is before it is dragged."""
        self._size = self._tool_box.values.number(SIZE)
        self._hardness = self._tool_box.values.number(HARDNESS) if self.has_hardness else 0.0

    def drag(self, way: QPointF) -> None:
        """Make the brush larger to the right, and harder upwards, from what it was at the beginning.

        Args:
            way: from where the drag began, in device-independent pixels.
        """
        self._tool_box.set_value(SIZE, self._size * 2 ** (way.x() / _DOUBLING))
        if self.has_hardness:
            self._tool_box.set_value(HARDNESS, self._hardness - way.y() * _PERCENT)
