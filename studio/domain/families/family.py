"""What a model family is: data that the loader, the panels and the tests read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.domain.request import Task


@dataclass(frozen=True, slots=True)
class Family:
    """A family of models that one set of diffusers pipelines runs.

    Attributes:
        id: short name for files.
        title: name for people.
        pipelines: diffusers class for each task the family can do, as text.
        default_steps: denoising steps when nothing else is asked for.
        default_guidance: classifier-free guidance scale, likewise.
        default_side: side of the default square picture in pixels, where the model itself does not say.
        components: parts that a folder of this family must have.
        denoiser: which of the components is called once a step.
    """

    id: str
    title: str
    pipelines: Mapping[Task, str]
    default_steps: int
    default_guidance: float
    default_side: int
    components: tuple[str, ...]
    denoiser: str
