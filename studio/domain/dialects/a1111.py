"""The text that A1111 writes, and after it Forge, SD.Next, Krita, Fooocus, Civitai and most others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.dialect import Dialect
from studio.domain.dialects.a1111_line import settings_of
from studio.domain.dialects.a1111_models import loras_of, model_hash_of, model_of
from studio.domain.dialects.sampler_names import understood
from studio.domain.dialects.values import (
    guidance_of,
    json_object,
    name_of,
    others_of,
    seed_of,
    size_of,
    steps_of,
    strength_of,
)
from studio.domain.found_settings import FoundSettings
from studio.domain.metadata import PARAMETERS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_LEAST_SETTINGS: Final = 3
"""A last line with fewer of them belongs to the prompt, as A1111 reads it."""
_MOST_BELOW: Final = 20
"""Lines that extensions append below the settings."""
_NEGATIVE: Final = "Negative prompt:"
_SECOND_PASS: Final = "Hires upscale"
_TAKEN: Final = frozenset(
    {
        *("Steps", "Sampler", "Schedule type", "Scheduler", "CFG scale", "Size", "Model", "Model hash", "VAE"),
        *("Lora hashes", "Lora weights", "Hashes", "Civitai resources"),
    }
)
"""Settings that have a field of their own."""


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings; None where there is no such text, or where it is JSON, which others write under its key."""
    text = texts.get(PARAMETERS_KEY, "").strip()
    return None if not text or json_object(text) else of_text(text)


def has_settings(text: str) -> bool:
    """Tell whether a text holds a line of settings, and not just words about the picture."""
    return bool(_parted(text)[1])


def of_text(text: str) -> FoundSettings:
    """Return the settings of such a text: prompt, ``Negative prompt:`` where there is one, a line of settings.

    Weights and LoRA tags stay in the prompt as they are written.
    Source: ``parse_generation_parameters`` in A1111's ``modules/infotext_utils.py``.
    """
    words, said = _parted(text)
    prompt, _, negative = f"\n{words}".partition(f"\n{_NEGATIVE}")
    sampler_name, schedule_name = said.get("Sampler", ""), said.get("Schedule type", said.get("Scheduler", ""))
    sampler, schedule = understood(sampler_name, schedule_name)
    width, _, height = said.get("Size", "").partition("x")
    return FoundSettings(
        prompt=prompt.strip(),
        negative_prompt=negative.strip(),
        steps=steps_of(said.get("Steps")),
        guidance_scale=guidance_of(said.get("CFG scale")),
        seed=seed_of(said.get("Seed")),
        size=size_of(width, height),
        sampler=sampler,
        schedule=schedule,
        # With hires fix it is the strength of the second pass; the picture itself began from noise.
        strength=None if _SECOND_PASS in said else strength_of(said.get("Denoising strength")),
        model=model_of(said),
        model_hash=model_hash_of(said),
        sampler_name=sampler_name,
        schedule_name=schedule_name,
        vae=name_of(said.get("VAE")),
        loras=loras_of(prompt, said),
        dialect=Dialect.A1111,
        others=others_of(_left(said)),
    )


def _left(said: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yield what has no field of its own, or not one that can hold it."""
    for key, value in said.items():
        match key:
            case "Denoising strength":
                if _SECOND_PASS in said:
                    yield "Hires denoising strength", value
            case "Seed":
                if seed_of(value) is None:
                    yield key, value
            case _ if key not in _TAKEN:
                yield key, value
            case _:
                pass


def _parted(text: str) -> tuple[str, dict[str, str]]:
    """Return the words of a text, and its settings by name.

    They are its last line, or, where extensions appended further ones, one that begins as A1111's does.
    """
    lines = text.strip().split("\n")
    if len(pairs := settings_of(lines[-1])) >= _LEAST_SETTINGS:
        return "\n".join(lines[:-1]), _mended(lines[-1], dict(pairs))
    for place in range(len(lines) - 2, max(len(lines) - 2 - _MOST_BELOW, -1), -1):
        if lines[place].startswith("Steps: ") and len(pairs := settings_of(lines[place])) >= _LEAST_SETTINGS:
            below = "\n".join(lines[place + 1 :])
            return "\n".join(lines[:place]), _mended(lines[place], dict(pairs)) | {"Below the settings": below}
    return "\n".join(lines), {}


def _mended(line: str, said: dict[str, str]) -> dict[str, str]:
    """Return the settings without what Civitai adds to those of FLUX, where it means nothing.

    Source: ``parse_generation_parameters`` in Forge's ``modules/infotext_utils.py``.
    """
    if "Civitai" not in line or "FLUX" not in line:
        return said
    mended = {key: value for key, value in said.items() if key != "Clip skip" and value != "Undefined"}
    if guidance := mended.pop("CFG scale", ""):
        mended |= {"CFG scale": "1", "Distilled CFG Scale": guidance}
    return mended
