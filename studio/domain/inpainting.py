"""How to paint into a mask: what the model sees of the rest, what it starts from, how the result is laid in."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Final

from studio.domain.errors import InvalidSetting

MAX_PADDING: Final = 4096
MAX_EDGE: Final = 256
DEFAULT_PADDING: Final = 64
"""Context that holds a few of the things next to the mask at the sides that models are made for, 256 to 1024 pixels."""
DEFAULT_EDGE: Final = 12
"""One and a half latents of eight pixels, so that no edge of a latent shows."""


class Fill(Enum):
    """What lies under the mask before the noise; the value is the name on the command line and in files."""

    ORIGINAL = "original"
    BLURRED = "blurred"
    NOISE = "noise"

    @property
    def title(self) -> str:
        """Name for people."""
        return _TITLES[self]


_TITLES: Final = {Fill.ORIGINAL: "Original", Fill.BLURRED: "Blurred surroundings", Fill.NOISE: "Noise"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Inpainting:
    """How to paint into a mask; without arguments, what gives the best pictures.

    Attributes:
        padding: pixels around the mask that the model sees at least, 0 to 4096. That part is painted in the size that
            the model is made for, whatever the picture's. None: the whole picture in its own size.
        fill: what lies under the mask before the noise; it shows the more, the lower the denoising strength.
        soft: whether a grey level of the mask says for how much of the way its pixels are painted: 255 for all of it,
            64 for the last quarter. Otherwise a latent is painted as soon as any of its pixels is in the mask, and a
            grey level is the opacity of what was painted.
        edge: pixels inside the mask over which what was painted fades in, 0 to 256; fewer where the mask is narrow.
        match_colour: whether the fill takes on the colours of the pixels around it, where painting changed those.
    """

    padding: int | None = DEFAULT_PADDING
    fill: Fill = Fill.ORIGINAL
    soft: bool = True
    edge: int = DEFAULT_EDGE
    match_colour: bool = True

    def __post_init__(self) -> None:
        if self.padding is not None:
            _check("context padding", self.padding, MAX_PADDING)
        _check("soft edge", self.edge, MAX_EDGE)


def _check(name: str, value: int, highest: int) -> None:
    if not 0 <= value <= highest:
        raise InvalidSetting(
            f"The {name} cannot be {value}", f"it must be 0 to {highest} pixels", "Choose another value"
        )


BEST: Final = Inpainting()
"""What people start with."""
PLAIN: Final = Inpainting(padding=None, soft=False, edge=0, match_colour=False)
"""The stock pipeline's own way, bit for bit where the mask is 255: the whole picture, each latent painted or not."""
