"""The settings that a picture carries: ours, or those in the text that A1111 and most other programs write."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from pydantic import TypeAdapter, ValidationError

from studio.domain.dialect import Dialect
from studio.domain.errors import StudioError, UnreadablePicture
from studio.domain.geometry import Size
from studio.domain.lora import LoraUse  # noqa: TC001 - the adapter below reads the annotation
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY, Metadata
from studio.domain.picture import MAX_SIDE
from studio.domain.request import MAX_GUIDANCE, MAX_SEED, MAX_STEPS
from studio.domain.samplers import Sampler, Schedule

if TYPE_CHECKING:
    from collections.abc import Mapping

_SETTING: Final = re.compile(r'\s*(\w[\w \-/]+):\s*("(?:\\.|[^\\"])+"|[^,]*)(?:,|$)')
"""``Key: value`` of the last line; ``re_param`` in A1111's ``modules/infotext_utils.py``."""
_LEAST_SETTINGS: Final = 3
"""A last line with fewer of them belongs to the prompt, as A1111 reads it."""
_NEGATIVE: Final = "Negative prompt:"
_LONGEST_LINE: Final = 20_000
"""Characters of settings that are read; more is no settings, and would take long to look through."""


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
    def of_texts(cls, texts: Mapping[str, str]) -> FoundSettings | None:
        """Return what a file's texts say: ours first, which is complete; None where they say nothing."""
        if OWN_KEY in texts:
            try:
                return cls.of_metadata(Metadata.from_json(texts[OWN_KEY]))
            except StudioError:
                pass  # damaged, or of a newer Sfumato: the other text says most of it
        return cls.of_parameters(texts[PARAMETERS_KEY]) if PARAMETERS_KEY in texts else None

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
        return _JSON.dump_json(self).decode()

    @classmethod
    def from_json(cls, text: str) -> FoundSettings:
        """Return what `to_json` wrote.

        Raises:
            UnreadablePicture: it is damaged.
        """
        try:
            return _JSON.validate_json(text)
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
            "Size": "" if self.size is None else f"{self.size.width} x {self.size.height}",
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

    @classmethod
    def of_parameters(cls, text: str) -> FoundSettings:
        """Return the settings of A1111's text: prompt, ``Negative prompt:`` where there is one, a line of settings.

        Source: ``parse_generation_parameters`` in A1111's ``modules/infotext_utils.py``.
        """
        lines = text.strip().split("\n")
        pairs = _SETTING.findall(lines[-1]) if len(lines[-1]) <= _LONGEST_LINE else []
        has_settings = len(pairs) >= _LEAST_SETTINGS
        said = {key.strip(): _unquoted(value.strip()) for key, value in pairs} if has_settings else {}
        words = "\n".join(lines[:-1] if has_settings else lines)
        prompt, _, negative = f"\n{words}".partition(f"\n{_NEGATIVE}")
        return cls(
            prompt=prompt.strip(),
            negative_prompt=negative.strip(),
            steps=_whole(said.get("Steps"), 1, MAX_STEPS),
            guidance_scale=_number(said.get("CFG scale"), MAX_GUIDANCE),
            seed=_whole(said.get("Seed"), 0, MAX_SEED),
            size=_size(said.get("Size")),
            sampler=next((one for one in Sampler if one.title == said.get("Sampler")), None),
            schedule=next((one for one in Schedule if one.title == said.get("Schedule type")), None),
            dialect=Dialect.A1111,
        )


_JSON: Final = TypeAdapter(FoundSettings)


def _unquoted(value: str) -> str:
    if not value.startswith('"'):
        return value
    try:
        return str(json.loads(value))
    except ValueError:
        return value


def _whole(text: str | None, least: int, most: int) -> int | None:
    value = int(text) if text is not None and re.fullmatch(r"\d{1,20}", text) else None
    return value if value is not None and least <= value <= most else None


def _number(text: str | None, most: float) -> float | None:
    value = float(text) if text is not None and re.fullmatch(r"\d{1,6}(\.\d{1,9})?", text) else None
    return value if value is not None and value <= most else None


def _size(text: str | None) -> Size | None:
    found = re.fullmatch(r"(\d{1,6})x(\d{1,6})", text or "")
    if found is None:
        return None
    width, height = int(found[1]), int(found[2])
    return Size(width, height) if 1 <= width <= MAX_SIDE and 1 <= height <= MAX_SIDE else None
