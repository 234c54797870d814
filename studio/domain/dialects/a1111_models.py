"""The model and the LoRAs of A1111's text: its tags, its hashes, and what Civitai writes instead."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialects.values import json_object, name_of, number, object_of, sha256_of, text_of
from studio.domain.lora import LoraUse

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_TAG: Final = re.compile(r"<(?:lora|lyco):([^:<>]{1,300})((?::[^:<>]{0,40}){0,6})>")
"""``<lora:name:weight>``; source: ``re_extra_net`` in A1111's ``modules/extra_networks.py``."""
_MOST: Final = 100
"""LoRAs that are kept."""
_MOST_WEIGHT: Final = 1000.0
_LORA_KINDS: Final = {"lora", "lycoris", "locon", "dora"}


def loras_of(prompt: str, said: Mapping[str, str]) -> tuple[LoraUse, ...]:
    """Return the LoRAs of a picture: those with a tag in the prompt, then those that only the settings name.

    Args:
        prompt: as it was written.
        said: the settings by name.
    """
    hashes = _hashes(said)
    weights = _tagged(prompt) | dict(_weighted(said))
    for name, weight in _civitai_loras(said):
        weights.setdefault(name, weight)
    for name in hashes:
        weights.setdefault(name, 1.0)
    return tuple(LoraUse(name, weight, hashes.get(name, "")) for name, weight in weights.items())[:_MOST]


def model_of(said: Mapping[str, str]) -> str:
    """Return the model's name, by A1111's own setting or by Civitai's list."""
    if name := name_of(said.get("Model")):
        return name
    checkpoints = (one for one in _resources(said) if text_of(one.get("type")).lower() == "checkpoint")
    return next((_resource_name(one) for one in checkpoints), "")


def model_hash_of(said: Mapping[str, str]) -> str:
    """Return the model's hash; A1111's extension for Civitai says ``Hashes: {"model": ...}``."""
    return sha256_of(said.get("Model hash")) or sha256_of(json_object(said.get("Hashes", "")).get("model"))


def _tagged(prompt: str) -> dict[str, float]:
    """Return the weights by name of the tags; one without a weight has all of it."""
    found: dict[str, float] = {}
    for tag in _TAG.finditer(prompt):
        # The first is for the text encoder, or for all; each may be named.
        parts = [part.rpartition("=")[2] for part in tag[2].split(":")[1:]]
        weight = number(parts[0], _MOST_WEIGHT, -_MOST_WEIGHT) if parts else 1.0
        found[tag[1].strip()] = 1.0 if weight is None else weight
        if len(found) >= _MOST:
            break
    return found


def _weighted(said: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    """Yield what Fooocus says: ``Lora weights: "name: weight, name: weight"``."""
    for name, value in _listed(said.get("Lora weights", "")):
        if (weight := number(value, _MOST_WEIGHT, -_MOST_WEIGHT)) is not None:
            yield name, weight


def _hashes(said: Mapping[str, str]) -> dict[str, str]:
    """Return the LoRAs' hashes by name.

    A1111 hashes a LoRA's weights without their header; a hash is told as it was found, whatever it is of.
    """
    listed = {name: value.lower() for name, value in _listed(said.get("Lora hashes", ""))}
    in_json = json_object(said.get("Hashes", ""))
    more = {
        key.removeprefix("lora:"): text_of(value).lower() for key, value in in_json.items() if key.startswith("lora:")
    }
    return {name: value for name, value in (more | listed).items() if re.fullmatch(r"[0-9a-f]{4,64}", value)}


def _listed(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(",")[:_MOST]:
        name, colon, value = part.rpartition(":")
        if colon and name.strip():
            yield name.strip(), value.strip()


def _civitai_loras(said: Mapping[str, str]) -> Iterator[tuple[str, float]]:
    for one in _resources(said):
        if text_of(one.get("type")).lower() in _LORA_KINDS and (name := _resource_name(one)):
            weight = number(one.get("weight"), _MOST_WEIGHT, -_MOST_WEIGHT)
            yield name, 1.0 if weight is None else weight


def _resources(said: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return Civitai's list: objects with type, modelName, modelVersionName and weight."""
    if not (text := said.get("Civitai resources", "")).startswith("["):
        return []
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return []
    return [object_of(one) for one in found][:_MOST]


def _resource_name(one: Mapping[str, Any]) -> str:
    return text_of(one.get("modelName")) or text_of(one.get("modelVersionName")) or text_of(one.get("air"))
