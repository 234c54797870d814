"""The model, its LoRAs and its autoencoder in a ComfyUI graph: from a sampler back to the loaders."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.domain.dialects.values import name_of, number, object_of
from studio.domain.lora import LoraUse

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.dialects.comfyui_graph import Graph, Node

_MODEL_NAMES: Final = ("ckpt_name", "unet_name", "base_ckpt_name", "model_name", "model_path")
"""Inputs of loaders, ComfyUI's own and others'."""
_SIDEWAYS: Final = frozenset(
    {
        *("positive", "negative", "conditioning", "latent_image", "latent", "latents", "samples", "image", "images"),
        *("pixels", "mask", "vae", "control_net", "sampler", "sigmas", "noise", "style_model", "clip", "text"),
    }
)
"""Inputs that lead away from the model."""
_NUMBERED: Final = re.compile(r"lora_(?:name_)?(\d{1,2})(?:_name)?")
_MOST_LORAS: Final = 100
_MOST_WEIGHT: Final = 1000.0


def model_of(graph: Graph, sampler: Node) -> str:
    """Return the name of the model that a sampler works with; empty where no loader says one."""
    for node in _way_back(graph, sampler):
        values = [graph.value(node, name) for name in _MODEL_NAMES if name in node.inputs]
        # Some loaders call it as samplers call the model that comes by a link.
        values.append(node.inputs.get("model"))
        if found := next(filter(None, map(name_of, values)), ""):
            return found
    return ""


def loras_of(graph: Graph, sampler: Node) -> tuple[LoraUse, ...]:
    """Return the LoRAs between a sampler and its model, in the order in which they were put on."""
    found = [use for node in _way_back(graph, sampler) for use in reversed(list(_loras(graph, node)))]
    return tuple(reversed(found[:_MOST_LORAS]))


def vae_of(graph: Graph) -> str:
    """Return the name of the autoencoder; empty where it is the model's own."""
    for node in graph.nodes.values():
        if "samples" in node.inputs and (loader := graph.source(node, "vae")) is not None:
            value = graph.value(loader, "vae_name")
            if isinstance(value, str):
                return name_of(value)
    return ""


def _way_back(graph: Graph, sampler: Node) -> Iterator[Node]:
    return graph.upstream(sampler, lambda _, name: name not in _SIDEWAYS)


def _loras(graph: Graph, node: Node) -> Iterator[LoraUse]:
    """Yield the LoRAs of one node: ComfyUI's loaders have one, those of extensions a numbered list."""
    if use := _use(graph.value(node, "lora_name"), graph.value(node, "strength_model")):
        yield use
    for key, value in node.inputs.items():
        if not (numbered := _NUMBERED.fullmatch(key)):
            continue
        if entry := object_of(value):
            weight = entry.get("strength")
            use = _use(entry.get("lora"), weight) if entry.get("on") is not False else None
        else:
            place = numbered[1]
            names = (f"strength_{place}", f"lora_wt_{place}", f"model_str_{place}", f"model_weight_{place}")
            use = _use(value, next((node.inputs[name] for name in names if name in node.inputs), None))
        if use:
            yield use


def _use(name: object, weight: object) -> LoraUse | None:
    plain, share = name_of(name), number(weight, _MOST_WEIGHT, -_MOST_WEIGHT)
    # At 0 it is there and does nothing.
    return None if plain in {"", "None"} or share == 0 else LoraUse(plain, 1.0 if share is None else share)
