"""The kinds of what a generation frame asks for, and by how much it continues a picture. Imports nothing slow."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from studio.domain.errors import InvalidSetting


class FrameKind(Enum):
    """What is made of a frame."""

    TEXT = "text"
    IMAGE = "image"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"

    @property
    def title(self) -> str:
        """Name for people."""
        return _TITLES[self]

    @property
    def strength(self) -> float | None:
        """Denoising strength to begin with; None where there is none."""
        return _STRENGTHS[self]


_TITLES: Final = {
    FrameKind.TEXT: "Text to image",
    FrameKind.IMAGE: "Image to image",
    FrameKind.INPAINT: "Inpaint",
    FrameKind.OUTPAINT: "Outpaint",
}
_STRENGTHS: Final = {
    FrameKind.TEXT: None,
    FrameKind.IMAGE: 0.75,  # what A1111 starts with
    FrameKind.INPAINT: 1.0,
    FrameKind.OUTPAINT: 0.7,  # `framing.ramped` has the figures; the starter model still repeats things faintly
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """By how much to continue a picture on each side, in pixels, 0 and more, and somewhere more than 0."""

    left: int = 0
    right: int = 0
    top: int = 0
    bottom: int = 0

    def __post_init__(self) -> None:
        sides = (self.left, self.right, self.top, self.bottom)
        if min(sides) < 0 or not any(sides):
            raise InvalidSetting(
                f"A picture cannot be continued by {', '.join(map(str, sides))} pixels",
                "each side takes 0 or more, and one of them must take more",
                "Say for example left=128,right=128",
            )
