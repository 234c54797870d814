"""What InvokeAI writes: one JSON object, since version 3; before that two older forms."""

from __future__ import annotations

import re
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
    sha256_of,
    size_of,
    steps_of,
    strength_of,
    text_of,
    titled,
)
from studio.domain.found_settings import FoundSettings
from studio.domain.lora import LoraUse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

METADATA_KEY: Final = "invokeai_metadata"
_OLD_KEY: Final = "sd-metadata"
_DREAM_KEY: Final = "Dream"
_TAKEN: Final = frozenset(
    {
        *("positive_prompt", "negative_prompt", "width", "height", "seed", "cfg_scale", "steps", "scheduler", "model"),
        *("loras", "strength", "vae", "canvas_v2_metadata", "ref_images"),
    }
)
"""Keys that have a field of their own, or that hold whole canvases."""
_MOST_LORAS: Final = 100
_MOST_WEIGHT: Final = 1000.0
_DREAM: Final = re.compile(r'^"(?P<prompt>.*)"(?P<options>[^"]*)$', re.DOTALL)
_OPTION: Final = re.compile(r"-([A-Za-z])\s*(\S{1,40})")
_NEGATIVE: Final = re.compile(r"\[([^\[\]]*)\]")
"""What is avoided stood in the prompt itself, in brackets."""
_MOST_DREAM: Final = 20_000


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings; of the three forms the newest that is there."""
    if said := json_object(texts.get(METADATA_KEY, "")):
        return _of_metadata(said)
    if said := object_of(json_object(texts.get(_OLD_KEY, "")).get("image")):
        return _of_old(said, json_object(texts[_OLD_KEY]))
    return _of_dream(texts.get(_DREAM_KEY, ""))


def _of_metadata(said: dict[str, Any]) -> FoundSettings:
    """Return the settings of today's form.

    Source: ``CoreMetadataInvocation`` in InvokeAI's ``app/invocations/metadata.py``.
    """
    model, scheduler = object_of(said.get("model")), text_of(said.get("scheduler"))
    sampler, schedule = understood(scheduler)
    return FoundSettings(
        prompt=text_of(said.get("positive_prompt")),
        negative_prompt=text_of(said.get("negative_prompt")),
        steps=steps_of(said.get("steps")),
        guidance_scale=guidance_of(said.get("cfg_scale")),
        seed=seed_of(said.get("seed")),
        size=size_of(said.get("width"), said.get("height")),
        sampler=sampler,
        schedule=schedule,
        strength=strength_of(said.get("strength")),
        model=_model_name(model),
        model_hash=sha256_of(text_of(model.get("hash")).removeprefix("sha256:")),
        sampler_name=scheduler,
        vae=_model_name(object_of(said.get("vae"))),
        loras=tuple(_loras(said))[:_MOST_LORAS],
        dialect=Dialect.INVOKEAI,
        others=others_of(_left(said, model)),
    )


def _left(said: dict[str, Any], model: dict[str, Any]) -> Iterator[tuple[str, object]]:
    """Yield what has no field of its own: InvokeAI hashes with BLAKE3, and allows any key."""
    digest = text_of(model.get("hash"))
    if not sha256_of(digest.removeprefix("sha256:")):
        yield "Model hash", digest
    for key, value in said.items():
        if key == "seed" and seed_of(value) is None:
            yield "Seed", value
        elif key not in _TAKEN:
            yield titled(key), _model_name(object_of(value)) or value


def _model_name(model: dict[str, Any]) -> str:
    """Return a model's name; version 3 called the key ``model_name``."""
    return text_of(model.get("name")) or text_of(model.get("model_name"))


def _loras(said: dict[str, Any]) -> Iterator[LoraUse]:
    for one in map(object_of, list_of(said.get("loras"))):
        model = object_of(one.get("model")) or object_of(one.get("lora"))
        weight = number(one.get("weight"), _MOST_WEIGHT, -_MOST_WEIGHT)
        if name := _model_name(model):
            yield LoraUse(name, 1.0 if weight is None else weight, sha256_of(model.get("hash")))


def _of_old(said: dict[str, Any], whole: dict[str, Any]) -> FoundSettings:
    """Return the settings of version 2, as published in its ``ldm/invoke/pngwriter.py``."""
    prompts = said.get("prompt")
    texts = [text_of(object_of(one).get("prompt")) for one in list_of(prompts)] if isinstance(prompts, list) else []
    words = " ".join(filter(None, texts)) or text_of(prompts)
    return _of_words(words, said, name_of(whole.get("model_weights")), sha256_of(whole.get("model_hash")))


def _of_dream(text: str) -> FoundSettings | None:
    """Return the settings of version 1, which wrote down its command: ``"a fox" -s 50 -S 42 -W 512 -H 512 -C 7.5``."""
    command = _DREAM.match(text) if len(text) <= _MOST_DREAM else None
    if command is None:
        return None
    options = dict(_OPTION.findall(command["options"]))
    names = {"s": "steps", "S": "seed", "W": "width", "H": "height", "C": "cfg_scale", "A": "sampler", "f": "strength"}
    return _of_words(command["prompt"], {names[key]: value for key, value in options.items() if key in names})


def _of_words(words: str, said: dict[str, Any], model: str = "", model_hash: str = "") -> FoundSettings:
    sampler_name = text_of(said.get("sampler"))
    sampler, schedule = understood(sampler_name)
    words = words[:_MOST_DREAM]
    return FoundSettings(
        prompt=" ".join(_NEGATIVE.sub("", words).split(" ")).strip(" ,"),
        negative_prompt=", ".join(part.strip() for part in _NEGATIVE.findall(words)),
        steps=steps_of(said.get("steps")),
        guidance_scale=guidance_of(said.get("cfg_scale")),
        seed=seed_of(said.get("seed")),
        size=size_of(said.get("width"), said.get("height")),
        sampler=sampler,
        schedule=schedule,
        strength=strength_of(said.get("strength")),
        model=model,
        model_hash=model_hash,
        sampler_name=sampler_name,
        dialect=Dialect.INVOKEAI,
    )
