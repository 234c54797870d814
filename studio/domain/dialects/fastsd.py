"""What FastSD CPU writes beside its pictures: one JSON object for a whole job."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
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
    whole,
)
from studio.domain.found_settings import FoundSettings
from studio.domain.lora import LoraUse
from studio.domain.samplers import Sampler

if TYPE_CHECKING:
    from collections.abc import Mapping

SETTINGS_KEY: Final = "fastsd"
"""Of the JSON among a picture's texts."""
PLACE_KEY: Final = "fastsd_place"
"""Of the picture's place in its job, from 0, as a number in digits: the end of its file's name."""
MARK: Final = "lcm_model_id"
"""Is in every such JSON."""
_TAKEN: Final = frozenset(
    {
        *("prompt", "negative_prompt", "inference_steps", "guidance_scale", "seed", "use_seed", "image_seeds"),
        *("image_width", "image_height", "strength", "lcm_model_id", "openvino_lcm_model_id", "lcm_lora"),
        *("use_lcm_lora", "use_openvino", "dirs", "gguf_model", "number_of_images", "rebuild_pipeline"),
    }
)


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings.

    Source: ``LCMDiffusionSetting`` and ``ImageSaver.save_images`` in FastSD CPU's ``src/backend``.
    """
    said = json_object(texts.get(SETTINGS_KEY, ""))
    if MARK not in said:
        return None
    lcm_lora = object_of(said.get("lcm_lora")) if said.get("use_lcm_lora") is True else {}
    is_from_picture = text_of(said.get("diffusion_task")) == "image_to_image"
    lora, model = text_of(lcm_lora.get("lcm_lora_id")), text_of(lcm_lora.get("base_model_id")) or _model(said)
    is_lcm = bool(lora) or "lcm" in model.lower()
    return FoundSettings(
        prompt=text_of(said.get("prompt")),
        negative_prompt=text_of(said.get("negative_prompt")),
        steps=steps_of(said.get("inference_steps")),
        guidance_scale=guidance_of(said.get("guidance_scale")),
        seed=_seed(said, texts.get(PLACE_KEY, "")),
        size=size_of(said.get("image_width"), said.get("image_height")),
        sampler=Sampler.LCM if is_lcm else None,
        strength=strength_of(said.get("strength")) if is_from_picture else None,
        model=model,
        sampler_name=Sampler.LCM.title if is_lcm else "",
        loras=(LoraUse(lora),) if lora else (),
        dialect=Dialect.FASTSD,
        others=others_of((titled(key), value) for key, value in said.items() if key not in _TAKEN and value),
    )


def _model(said: dict[str, Any]) -> str:
    return text_of(said.get("openvino_lcm_model_id" if said.get("use_openvino") is True else MARK))


def _seed(said: dict[str, Any], place: str) -> int | None:
    """Return the picture's own seed; the job's where it was given and the picture is the only one."""
    seeds, index = list_of(said.get("image_seeds")), whole(place, 0, 10_000)
    if index is not None and index < len(seeds):
        return seed_of(seeds[index])
    is_known = said.get("use_seed") is True and said.get("number_of_images") == 1
    return seed_of(said.get("seed")) if is_known else None
