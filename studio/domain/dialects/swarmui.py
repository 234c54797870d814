"""What SwarmUI writes: one JSON object in the place of A1111's text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
from studio.domain.dialects.sampler_names import understood
from studio.domain.dialects.values import (
    guidance_of,
    json_object,
    list_of,
    name_of,
    number,
    object_of,
    others_of,
    seed_of,
    size_of,
    steps_of,
    strength_of,
    text_of,
    titled,
)
from studio.domain.found_settings import FoundSettings
from studio.domain.lora import LoraUse
from studio.domain.metadata import PARAMETERS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MARK: Final = "sui_image_params"
"""Is in every such JSON."""
_TAKEN: Final = frozenset(
    {
        *("prompt", "negativeprompt", "model", "seed", "steps", "cfgscale", "width", "height", "sampler", "scheduler"),
        *("vae", "automaticvae", "loras", "loraweights", "initimagecreativity", "aspectratio"),
    }
)
_MOST_LORAS: Final = 100
_MOST_WEIGHT: Final = 1000.0


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings; None where SwarmUI did not write them.

    Source: SwarmUI's ``docs/Image Metadata Format.md`` and ``src/Text2Image/T2IParamInput.cs``.
    """
    said = object_of(json_object(texts.get(PARAMETERS_KEY, "")).get(MARK))
    if not said:
        return None
    sampler_name, schedule_name = text_of(said.get("sampler")), text_of(said.get("scheduler"))
    sampler, schedule = understood(sampler_name, schedule_name)
    return FoundSettings(
        prompt=text_of(said.get("prompt")),
        negative_prompt=text_of(said.get("negativeprompt")),
        steps=steps_of(said.get("steps")),
        guidance_scale=guidance_of(said.get("cfgscale")),
        seed=seed_of(said.get("seed")),
        size=size_of(said.get("width"), said.get("height")),
        sampler=sampler,
        schedule=schedule,
        strength=strength_of(said.get("initimagecreativity")),
        model=name_of(said.get("model")),
        sampler_name=sampler_name,
        schedule_name=schedule_name,
        vae="" if said.get("automaticvae") in (True, "true") else name_of(said.get("vae")),
        loras=tuple(_loras(said))[:_MOST_LORAS],
        dialect=Dialect.SWARMUI,
        others=others_of((titled(key), value) for key, value in said.items() if key not in _TAKEN),
    )


def _loras(said: dict[str, Any]) -> Iterator[LoraUse]:
    weights = _listed(said.get("loraweights"))
    for place, name in enumerate(_listed(said.get("loras"))):
        weight = number(weights[place], _MOST_WEIGHT, -_MOST_WEIGHT) if place < len(weights) else None
        if plain := name_of(name):
            yield LoraUse(plain, 1.0 if weight is None else weight)


def _listed(value: object) -> list[object]:
    """Return a list, which may be a text with commas."""
    return list(value.split(",")) if isinstance(value, str) else list_of(value)
