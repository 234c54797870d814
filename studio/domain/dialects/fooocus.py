"""What Fooocus writes: JSON by its own scheme, or A1111's text."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
from studio.domain.dialects import a1111
from studio.domain.dialects.sampler_names import understood
from studio.domain.dialects.values import (
    guidance_of,
    json_object,
    list_of,
    name_of,
    number,
    others_of,
    seed_of,
    sha256_of,
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

SCHEME_KEY: Final = "fooocus_scheme"
SCHEMES: Final = ("fooocus", "a1111")
_MARKS: Final = {"base_model", "Base Model"}
"""One of them is in every JSON of Fooocus; the second in those of its log, which has titles for keys."""
_RESOLUTION: Final = re.compile(r"\(?\s*(\d{1,5})\s*[,x\u00d7*]\s*(\d{1,5})\s*\)?")
_COMBINED: Final = re.compile(r"lora_(?:combined_)?\d{1,3}")
_TAKEN: Final = frozenset(
    {
        *("prompt", "negative_prompt", "steps", "guidance_scale", "seed", "resolution", "sampler", "scheduler"),
        *("base_model", "base_model_hash", "vae", "loras", "full_prompt", "full_negative_prompt"),
        *("overwrite_strength",),
    }
)
"""Keys that have a field of their own, or that say the prompt once more with the words of its styles."""
_MOST_LORAS: Final = 100
_MOST_WEIGHT: Final = 1000.0


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings; None where nothing says that Fooocus wrote them."""
    text = texts.get(PARAMETERS_KEY, "")
    if (said := json_object(text)) and (said.keys() & _MARKS or texts.get(SCHEME_KEY) == "fooocus"):
        return _of_json(said)
    if text.strip() and texts.get(SCHEME_KEY) == "a1111":
        return replace(a1111.of_text(text), dialect=Dialect.FOOOCUS)
    return None


def _of_json(found: dict[str, Any]) -> FoundSettings:
    """Return the settings of Fooocus's own scheme.

    Source: ``FooocusMetadataParser`` in Fooocus's ``modules/meta_parser.py``.
    """
    said = {key.lower().replace(" ", "_"): value for key, value in found.items()}
    sampler_name, schedule_name = text_of(said.get("sampler")), text_of(said.get("scheduler"))
    sampler, schedule = understood(sampler_name, schedule_name)
    sides = _RESOLUTION.fullmatch(text_of(said.get("resolution")).strip())
    vae = name_of(said.get("vae"))
    return FoundSettings(
        prompt=text_of(said.get("prompt")),
        negative_prompt=text_of(said.get("negative_prompt")),
        steps=steps_of(said.get("steps")),
        guidance_scale=guidance_of(said.get("guidance_scale")),
        seed=seed_of(said.get("seed")),
        size=size_of(sides[1], sides[2]) if sides else None,
        sampler=sampler,
        schedule=schedule,
        strength=strength_of(said.get("overwrite_strength")),
        model=name_of(said.get("base_model")),
        model_hash=sha256_of(said.get("base_model_hash")),
        sampler_name=sampler_name,
        schedule_name=schedule_name,
        vae="" if vae.startswith("Default") else vae,
        loras=tuple(_loras(said))[:_MOST_LORAS],
        dialect=Dialect.FOOOCUS,
        others=others_of(
            (titled(key), value)
            for key, value in said.items()
            if key not in _TAKEN and not _COMBINED.fullmatch(key) and value != "None"
        ),
    )


def _loras(said: dict[str, Any]) -> Iterator[LoraUse]:
    """Yield the LoRAs: of ``loras: [[name, weight, hash]]``, else of ``lora_combined_1: "name : 0.5"`` and so on."""
    listed = [one for one in map(list_of, list_of(said.get("loras"))) if len(one) >= 2]
    for name, weight, *digest in listed:
        if use := _lora(name, weight, *digest[:1]):
            yield use
    for key, value in said.items():
        # Later versions say first whether it is switched on: "True : name : 0.5".
        parts = text_of(value).split(" : ")
        is_used = not listed and _COMBINED.fullmatch(key) and len(parts) >= 2 and parts[0] != "False"
        if is_used and (use := _lora(parts[-2], parts[-1])):
            yield use


def _lora(name: object, weight: object, digest: object = "") -> LoraUse | None:
    share, plain = number(weight, _MOST_WEIGHT, -_MOST_WEIGHT), name_of(name)
    if share is None or plain in {"", "None"}:
        return None
    return LoraUse(plain, share, sha256_of(digest))
