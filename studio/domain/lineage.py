"""Where a picture comes from: the pictures it was made of, named by the hash of their pixels."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class EdgeKind(Enum):
    """How one picture became another; the value is written into files."""

    IMAGE_TO_IMAGE = "image-to-image"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"
    VARIATION = "variation"
    UPSCALE = "upscale"
    IMPORT = "import"
    FORK = "fork"

    @property
    def title(self) -> str:
        """What people call it."""
        return self.value.replace("-", " ").capitalize()


@dataclass(frozen=True, slots=True)
class Parent:
    """A picture that another one was made of.

    Attributes:
        sha256: hex SHA-256 of its raw RGB pixels, as `studio.domain.picture.Picture.sha256`: it holds wherever the
            file is moved, and whatever happens to the index.
        kind: what was done to it.
        mask_sha256: of the raw bytes of the mask that said where, if there was one.
    """

    sha256: str
    kind: EdgeKind
    mask_sha256: str | None = None
