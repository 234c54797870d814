"""What NovelAI writes: texts named Software, Description and Comment; the last is JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
from studio.domain.dialects.sampler_names import understood
from studio.domain.dialects.values import (
    guidance_of,
    json_object,
    list_of,
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

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

COMMENT_KEY: Final = "Comment"
_SOURCE: Final = re.compile(r"(?P<model>.+?)\s+(?P<digest>[0-9A-F]{8})")
"""``NovelAI Diffusion V4.5 4BDE2A90``: the model and a hash of NovelAI's own kind."""
_TAKEN: Final = frozenset(
    {
        *("prompt", "uc", "steps", "scale", "seed", "width", "height", "sampler", "noise_schedule", "strength"),
        *("v4_prompt", "v4_negative_prompt", "signed_hash", "request_type", "reference_image_multiple"),
    }
)
"""Keys that have a field of their own, or that hold signatures and pictures."""


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings; None where NovelAI did not write them.

    Source: the names as A1111's ``modules/images.py`` reads them; version 4 has its prompts in parts as well.
    """
    said = json_object(texts.get(COMMENT_KEY, ""))
    if not said or not ("uc" in said or "v4_prompt" in said or texts.get("Software") == "NovelAI"):
        return None
    sampler_name, schedule_name = text_of(said.get("sampler")), text_of(said.get("noise_schedule"))
    sampler, schedule = understood(sampler_name, schedule_name)
    source = _SOURCE.fullmatch(texts.get("Source", "")[:200].strip())
    is_from_picture = "img2img" in text_of(said.get("request_type")).lower() or "image" in said
    return FoundSettings(
        prompt=_words(said, "v4_prompt", text_of(said.get("prompt")) or texts.get("Description", "").strip()),
        negative_prompt=_words(said, "v4_negative_prompt", text_of(said.get("uc"))),
        steps=steps_of(said.get("steps")),
        guidance_scale=guidance_of(said.get("scale")),
        seed=seed_of(said.get("seed")),
        size=size_of(said.get("width"), said.get("height")),
        sampler=sampler,
        schedule=schedule,
        strength=strength_of(said.get("strength")) if is_from_picture else None,
        model=source["model"] if source else texts.get("Source", "")[:200].strip(),
        sampler_name=sampler_name,
        schedule_name=schedule_name,
        dialect=Dialect.NOVELAI,
        others=others_of(
            [
                ("Model hash", source["digest"] if source else ""),
                *((titled(key), value) for key, value in said.items() if key not in _TAKEN and value is not False),
            ]
        ),
    )


def _words(said: dict[str, Any], key: str, plain: str) -> str:
    """Return a prompt with those of its characters, each on a line of its own."""
    caption = object_of(object_of(said.get(key)).get("caption"))
    whole = text_of(caption.get("base_caption")) or plain
    return "\n".join([whole, *_characters(caption)]).strip()


def _characters(caption: dict[str, Any]) -> Iterator[str]:
    for one in map(object_of, list_of(caption.get("char_captions"))[:100]):
        if words := text_of(one.get("char_caption")).strip():
            yield words
