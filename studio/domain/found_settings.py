"""The settings that a picture carries, whoever wrote them down: `studio.domain.dialects` reads them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pydantic import ValidationError

from studio.domain.dialect import Dialect
from studio.domain.errors import UnreadablePicture
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse  # noqa: TC001 - the adapter below reads the annotation
from studio.domain.samplers import Sampler, Schedule  # noqa: TC001 - likewise

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from studio.domain.metadata import Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundSettings:
    """What a picture says of how it was painted; None where it says nothing, or nothing that can be used.

    Attributes:
        prompt: what to paint.
        negative_prompt: what to avoid.
        steps: denoising steps.
        guidance_scale: classifier-free guidance.
        seed: of this very picture.
        size: of the picture as it was painted.
        sampler: one that is known here.
        schedule: likewise.
        strength: denoising strength, above 0 to 1.
        model: name of it, as the picture says; empty where it says nothing; likewise the next four.
        model_hash: hex SHA-256, or its first digits.
        sampler_name: as the picture says, also where it is not known here.
        schedule_name: likewise.
        vae: name of the autoencoder.
        loras: that took part.
        dialect: how it was written down.
        others: what else is said, by name, in the picture's own words.
    """

    prompt: str
    negative_prompt: str = ""
    steps: int | None = None
    guidance_scale: float | None = None
    seed: int | None = None
    size: Size | None = None
    sampler: Sampler | None = None
    schedule: Schedule | None = None
    strength: float | None = None
    model: str = ""
    model_hash: str = ""
    sampler_name: str = ""
    schedule_name: str = ""
    vae: str = ""
    loras: tuple[LoraUse, ...] = ()
    dialect: Dialect = Dialect.NONE
    others: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of_metadata(cls, metadata: Metadata) -> FoundSettings:
        """Return the settings of our own metadata."""
        return cls(
            prompt=metadata.prompt,
            negative_prompt=metadata.negative_prompt,
            steps=metadata.steps,
            guidance_scale=metadata.guidance_scale,
            seed=metadata.seed,
            size=Size(metadata.width, metadata.height),
            sampler=metadata.sampler,
            schedule=metadata.schedule,
            strength=metadata.strength,
            model=metadata.model,
            model_hash=metadata.model_hash,
            sampler_name=metadata.sampler.title if metadata.sampler else "",
            schedule_name=metadata.schedule.title if metadata.schedule else "",
            vae=metadata.vae,
            loras=metadata.loras,
            dialect=Dialect.SFUMATO,
        )

    def to_json(self) -> str:
        """Return it as one line, for the index."""
        return _json().dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> FoundSettings:
        """Return what `to_json` wrote.

        Raises:
            UnreadablePicture: it is damaged.
        """
        try:
            return _json().validate_json(text)
        except ValidationError as error:
            why = str(error.errors()[0]["msg"])
            raise UnreadablePicture("The picture's data is damaged", why, "Read the picture again") from error

    def described(self) -> dict[str, str]:
        """Return all settings by title, in words and in the order in which people look for them."""
        plain = {
            "Prompt": self.prompt,
            "Negative prompt": self.negative_prompt,
            "Model": self.model,
            "Model hash": self.model_hash[:10],
            "Size": "" if self.size is None else f"{self.size.width} \u00d7 {self.size.height}",
            "Steps": "" if self.steps is None else str(self.steps),
            "Guidance scale": "" if self.guidance_scale is None else f"{self.guidance_scale:g}",
            "Sampler": self.sampler_name,
            "Schedule": self.schedule_name,
            "Seed": "" if self.seed is None else str(self.seed),
            "Denoising strength": "" if self.strength is None else f"{self.strength:g}",
            "VAE": self.vae,
            "LoRAs": ", ".join(f"{lora.name} {lora.weight:g}" for lora in self.loras),
        }
        return {title: value for title, value in (*plain.items(), *self.others) if value}


@cache
def _json() -> TypeAdapter[FoundSettings]:
    from pydantic import TypeAdapter  # noqa: PLC0415 - built with the first picture: the window's start need not wait for it

    return TypeAdapter(FoundSettings)
