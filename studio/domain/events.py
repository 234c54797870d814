"""What the engine says while it paints: a closed union.

Each event names its job. A job has one `Started`, any number of `Progress`, `Preview` and `Painted`, and **exactly
one** of `Finished`, `Failed` and `Cancelled`, after which nothing more comes.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.domain.errors import StudioError
    from studio.domain.geometry import Rect
    from studio.domain.picture import Picture


class Phase(Enum):
    """What the engine is doing; the value is written into messages between processes."""

    STARTING = "starting"
    LOADING = "loading"
    ENCODING = "encoding"
    DENOISING = "denoising"
    DECODING = "decoding"


@dataclass(frozen=True, slots=True)
class GeneratedImage:
    """One finished picture.

    Attributes:
        picture: its pixels.
        seed: repeats exactly this picture.
        index: 0-based place in its job.
    """

    picture: Picture
    seed: int
    index: int


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a picture's exact pixels depend on beside its request.

    Attributes:
        device: e.g. ``cpu``, ``cuda``; with the processor's name.
        dtype: of the denoiser, e.g. ``bfloat16``.
        model_hash: hex SHA-256 over the model's weight files, or empty when it was not computed.
        versions: of the libraries that matter, e.g. ``{"torch": "2.13.0+cpu"}``, and what else the last bits depend on:
            ``layout`` of the memory, ``threads``, ``kernels``.
        vae_hash: hex SHA-256 over the autoencoder's weight files, or empty when it was not computed.
    """

    device: str
    dtype: str
    model_hash: str
    versions: dict[str, str]
    vae_hash: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """A finished job.

    Attributes:
        images: one for each picture asked for.
        seconds: from the start of the job to the last pixel, model loading included.
        seconds_per_step: mean over all denoising steps of the job.
        conditions: what the pixels depend on beside the request.
    """

    images: tuple[GeneratedImage, ...]
    seconds: float
    seconds_per_step: float
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Started:
    """The engine took the job."""

    job_id: str


@dataclass(frozen=True, slots=True)
class Progress:
    """How far the job is.

    Attributes:
        phase: what is being done.
        step: finished denoising steps of this picture, 0 to ``steps``.
        steps: denoising steps this picture takes (fewer than asked for when the strength is below 1).
        index: 0-based picture of the job.
        count: pictures of the job.
        seconds_per_step: mean of this picture so far; 0 before the first step.
    """

    job_id: str
    phase: Phase
    step: int
    steps: int
    index: int
    count: int
    seconds_per_step: float


@dataclass(frozen=True, slots=True)
class Preview:
    """The engine's estimate of the finished picture.

    Attributes:
        picture: RGB of latent size (a linear map) or up to full size (a tiny decoder); to be scaled up.
        step: the denoising step it was made after, 1-based.
        index: 0-based picture of the job.
        area: the part of the request's picture that it shows, in that picture's pixels; None for all of it.
    """

    job_id: str
    picture: Picture
    step: int
    index: int
    area: Rect | None = None


@dataclass(frozen=True, slots=True)
class Painted:
    """One picture of the job is done; more may follow. It stays valid if the job is cancelled afterwards."""

    job_id: str
    image: GeneratedImage
    conditions: Conditions


@dataclass(frozen=True, slots=True)
class Finished:
    """Terminal: every picture is painted."""

    job_id: str
    result: Result


@dataclass(frozen=True, slots=True)
class Failed:
    """Terminal: the job could not be done."""

    job_id: str
    error: StudioError


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Terminal: the user stopped the job."""

    job_id: str


Terminal = Finished | Failed | Cancelled
Event = Started | Progress | Preview | Painted | Finished | Failed | Cancelled
Emit = Callable[[Event], None]
"""Receives events on the engine's thread; must return quickly and must not raise."""
