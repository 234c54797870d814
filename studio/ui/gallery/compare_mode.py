"""The ways to look at two pictures."""

from __future__ import annotations

from enum import Enum


class CompareMode(Enum):
    """One of them; the value is its title."""

    SLIDER = "Slider"
    SIDE_BY_SIDE = "Side by side"
    DIFFERENCE = "Difference"

    @property
    def tip(self) -> str:
        """What it shows, and its key."""
        match self:
            case CompareMode.SLIDER:
                return "Both on one place, with a line between them to drag (1)"
            case CompareMode.SIDE_BY_SIDE:
                return "Both, zoomed and moved together (2)"
            case CompareMode.DIFFERENCE:
                return "Where they differ: the brighter, the more (3)"
