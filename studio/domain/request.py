"""What to paint: a closed union of complete requests.

A request that exists is valid: its numbers are in range, its pictures fit its size. Whether its size fits the model is
known once the model is (`ModelInfo.check_size`).
"""

from __future__ import annotations

import math
import secrets
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final
from uuid import uuid4

from studio.domain.errors import InvalidSetting, InvalidSize
from studio.domain.inpainting import PLAIN, Inpainting
from studio.domain.picture import MAX_SIDE, Mask, Picture

if TYPE_CHECKING:
    from pathlib import Path

    from studio.domain.lineage import Parent
    from studio.domain.samplers import Sampler, Schedule

MAX_SEED: Final = 2**32 - 1
"""Largest seed that is drawn by chance: the range other programs use, so that seeds travel both ways."""
MAX_STEPS: Final = 1000
MAX_GUIDANCE: Final = 100.0
MAX_COUNT: Final = 100


class Task(Enum):
    """What a request asks for; the value is written into files."""

    TEXT_TO_IMAGE = "text-to-image"
    IMAGE_TO_IMAGE = "image-to-image"
    INPAINT = "inpaint"
    OUTPAINT = "outpaint"

    @property
    def has_mask(self) -> bool:
        """Whether a mask says where to paint."""
        return self in {Task.INPAINT, Task.OUTPAINT}


@dataclass(frozen=True, slots=True)
class ModelRef:
    """A model on this machine.

    Attributes:
        id: short name for people and files, e.g. ``starter``.
        folder: the diffusers folder.
    """

    id: str
    folder: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampling:
    """How to walk from noise to picture.

    Attributes:
        steps: denoising steps, 1 to 1000.
        guidance_scale: classifier-free guidance (https://arxiv.org/abs/2207.12598), 0 to 100; up to 1 it is off.
        seed: of the first picture, 0 to 2**63 - 102; picture ``i`` of a job has ``seed + i``.
        sampler: None for the model's own scheduler configuration, as the stock pipeline uses it.
        schedule: None for the sampler's own.
    """

    steps: int
    guidance_scale: float
    seed: int
    sampler: Sampler | None = None
    schedule: Schedule | None = None

    def __post_init__(self) -> None:
        _require(1 <= self.steps <= MAX_STEPS, "steps", self.steps, f"1 to {MAX_STEPS}")
        in_range = math.isfinite(self.guidance_scale) and 0 <= self.guidance_scale <= MAX_GUIDANCE
        _require(in_range, "guidance", self.guidance_scale, f"0 to {MAX_GUIDANCE:g}")
        _require(0 <= self.seed < 2**63 - MAX_COUNT, "seed", self.seed, "0 to 2^63 - 102")


def new_job_id() -> str:
    """Return a fresh id for a job: 32 hex digits."""
    return uuid4().hex


def random_seed() -> int:
    """Return a seed drawn by chance, 0 to 2**32 - 1."""
    return secrets.randbelow(MAX_SEED + 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class TextToImage:
    """Paint from words alone.

    Attributes:
        model: what paints.
        prompt: what to paint.
        negative_prompt: what to avoid.
        width: in pixels, a multiple of the model's extent multiple.
        height: likewise.
        count: number of pictures, 1 to 100, with seeds ``seed``, ``seed + 1``, ...
        sampling: how.
        parents: pictures of the history that take part, as far as they are known; not part of what is painted.
        has_own_pixels: whether pixels take part that no model painted, as far as anybody knows; likewise.
        job_id: names the job in every event; not part of what is painted.
    """

    model: ModelRef
    prompt: str
    sampling: Sampling
    width: int
    height: int
    negative_prompt: str = ""
    count: int = 1
    parents: tuple[Parent, ...] = field(default=(), compare=False)
    has_own_pixels: bool = field(default=False, compare=False)
    job_id: str = field(default_factory=new_job_id, compare=False)

    def __post_init__(self) -> None:
        _check_words(self.prompt, self.negative_prompt)
        _check_frame(self.width, self.height, self.count)

    @property
    def task(self) -> Task:
        """The kind of request."""
        return Task.TEXT_TO_IMAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class ImageToImage:
    """Paint from words and a picture.

    Attributes:
        image: where to start from; its size is the size of the result.
        strength: denoising strength, above 0 (almost the same picture) to 1 (almost nothing left of it).
        has_own_pixels: whether anything of the image was not painted by a model, as far as anybody knows; not part of
            what is painted.

    The other attributes are those of `TextToImage`.
    """

    model: ModelRef
    prompt: str
    sampling: Sampling
    image: Picture
    strength: float
    negative_prompt: str = ""
    count: int = 1
    parents: tuple[Parent, ...] = field(default=(), compare=False)
    has_own_pixels: bool = field(default=True, compare=False)
    job_id: str = field(default_factory=new_job_id, compare=False)

    def __post_init__(self) -> None:
        _check_words(self.prompt, self.negative_prompt)
        _check_frame(self.width, self.height, self.count)
        _check_strength(self.strength)

    @property
    def width(self) -> int:
        """Width of the picture in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Height of the picture in pixels."""
        return self.image.height

    @property
    def task(self) -> Task:
        """The kind of request."""
        return Task.IMAGE_TO_IMAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Inpaint:
    """Paint a part of a picture anew. Pixels where the mask is 0 stay bit-identical.

    Attributes:
        image: the whole picture.
        mask: of the same size; 255 is painted anew.
        strength: denoising strength inside the mask, above 0 to 1.
        method: how; left out, exactly as the stock pipeline.
        continues: whether the picture is being continued beyond its border: the mask covers what was no picture before.
            The pixels are the same either way; the task is named after it.
        has_own_pixels: as for `ImageToImage`.

    The other attributes are those of `TextToImage`.
    """

    model: ModelRef
    prompt: str
    sampling: Sampling
    image: Picture
    mask: Mask
    strength: float = 1.0
    method: Inpainting = PLAIN
    continues: bool = False
    negative_prompt: str = ""
    count: int = 1
    parents: tuple[Parent, ...] = field(default=(), compare=False)
    has_own_pixels: bool = field(default=True, compare=False)
    job_id: str = field(default_factory=new_job_id, compare=False)

    def __post_init__(self) -> None:
        _check_words(self.prompt, self.negative_prompt)
        _check_frame(self.width, self.height, self.count)
        _check_strength(self.strength)
        if self.mask.alpha.shape != self.image.pixels.shape[:2]:
            mask_height, mask_width = self.mask.alpha.shape
            raise InvalidSize(
                f"The mask is {mask_width}x{mask_height} and the picture {self.width}x{self.height}",
                "a mask says for every pixel of its picture whether it may change",
                "Use a mask of the picture's size",
            )
        if not self.mask.alpha.any():
            raise InvalidSetting("The mask is empty", "nothing is marked to be painted anew", "Paint a mask first")

    @property
    def width(self) -> int:
        """Width of the picture in pixels."""
        return self.image.width

    @property
    def height(self) -> int:
        """Height of the picture in pixels."""
        return self.image.height

    @property
    def task(self) -> Task:
        """The kind of request."""
        return Task.OUTPAINT if self.continues else Task.INPAINT


GenerationRequest = TextToImage | ImageToImage | Inpaint


def _check_words(prompt: str, negative_prompt: str) -> None:
    """Refuse a NUL: in a PNG's texts it ends the key, and in Exif data the text, so that no file keeps such words."""
    for name, text in (("prompt", prompt), ("negative prompt", negative_prompt)):
        if "\0" in text:
            raise InvalidSetting(
                f"The {name} holds a NUL character",
                "it is invisible, means nothing to a model, and no picture file can hold it",
                "Delete it, or type the words anew",
            )


def _check_frame(width: int, height: int, count: int) -> None:
    if not (1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE):
        raise InvalidSize(
            f"A picture of {width}x{height} cannot be painted",
            f"each side must be 1 to {MAX_SIDE} pixels",
            "Choose another size",
        )
    _require(1 <= count <= MAX_COUNT, "number of pictures", count, f"1 to {MAX_COUNT}")


def _check_strength(strength: float) -> None:
    _require(0 < strength <= 1, "denoising strength", strength, "above 0 and at most 1")


def _require(holds: bool, name: str, value: float, allowed: str) -> None:
    if not holds:
        raise InvalidSetting(f"{name.capitalize()} cannot be {value}", f"it must be {allowed}", "Choose another value")
