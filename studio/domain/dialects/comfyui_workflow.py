"""ComfyUI's editor graph, turned into the one that it runs, as far as it tells."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialects.comfyui_graph import MOST_NODES, Graph, Node
from studio.domain.dialects.values import list_of, object_of, text_of, whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_WIDGETS: Final = {
    "KSampler": ("seed", "steps", "cfg", "sampler_name", "scheduler", "denoise"),
    "KSamplerAdvanced": (
        *("add_noise", "noise_seed", "steps", "cfg", "sampler_name", "scheduler"),
        *("start_at_step", "end_at_step", "return_with_leftover_noise"),
    ),
    "KSamplerSelect": ("sampler_name",),
    "SamplerCustom": ("add_noise", "noise_seed", "cfg"),
    "BasicScheduler": ("scheduler", "steps", "denoise"),
    "RandomNoise": ("noise_seed",),
    "CFGGuider": ("cfg",),
    "FluxGuidance": ("guidance",),
    "CLIPTextEncode": ("text",),
    "CheckpointLoaderSimple": ("ckpt_name",),
    "UNETLoader": ("unet_name", "weight_dtype"),
    "VAELoader": ("vae_name",),
    "LoraLoader": ("lora_name", "strength_model", "strength_clip"),
    "LoraLoaderModelOnly": ("lora_name", "strength_model"),
    "EmptyLatentImage": ("width", "height", "batch_size"),
    "EmptySD3LatentImage": ("width", "height", "batch_size"),
    "PrimitiveNode": ("value",),
    "PrimitiveInt": ("value",),
    "PrimitiveFloat": ("value",),
    "PrimitiveString": ("value",),
    "PrimitiveStringMultiline": ("value",),
}
"""Names of the values that ComfyUI's own nodes hold, in their order; later editors name them in the file.

Source: ``INPUT_TYPES`` in ComfyUI's ``nodes.py`` and ``comfy_extras``.
"""
_SEEDS: Final = {"seed", "noise_seed"}
_AFTER_SEED: Final = {"fixed", "increment", "decrement", "randomize"}
"""What the editor puts after a seed, and no node knows."""
_SWITCHED_OFF: Final = {2, 4}
"""Modes of nodes that are muted or passed by."""
_NO_NODES: Final = {"Note", "MarkdownNote"}


def graph_of_workflow(found: Mapping[str, Any]) -> Graph:
    """Return the graph; nodes inside of subgraphs are not in it.

    Source: ``graphToPrompt`` in ComfyUI_frontend's ``src/utils/executionUtil.ts``.
    """
    links = dict(_links(found))
    nodes: dict[str, Node] = {}
    for one in map(object_of, list_of(found.get("nodes"))[:MOST_NODES]):
        key, kind = str(one.get("id")), text_of(one.get("type"))
        if kind in _NO_NODES:
            continue
        slots = [object_of(slot) for slot in list_of(one.get("inputs"))]
        is_off = whole(one.get("mode"), 0, 9) in _SWITCHED_OFF
        values = {} if is_off else _values(kind, slots, one.get("widgets_values"))
        linked = {text_of(slot.get("name")): links[link] for slot in slots if (link := str(slot.get("link"))) in links}
        nodes[key] = Node(key, "" if is_off else kind, values | linked)
    return Graph(nodes)


def _links(found: Mapping[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """Yield the links by id: lists of six, or objects in later files."""
    for one in list_of(found.get("links")):
        match one:
            case [key, source, int() as output, *_]:
                yield str(key), [str(source), output]
            case {"id": key, "origin_id": source, "origin_slot": int() as output}:
                yield str(key), [str(source), output]
            case _:
                pass


def _values(kind: str, slots: list[dict[str, Any]], values: object) -> dict[str, Any]:
    """Return a node's own values by name."""
    if isinstance(values, dict):
        return values
    named = tuple(text_of(object_of(slot.get("widget")).get("name")) for slot in slots if "widget" in slot)
    names = _WIDGETS.get(kind, named)
    waiting = list_of(values)[::-1]
    found: dict[str, Any] = {}
    for name in names:
        if not waiting:
            break
        found[name] = waiting.pop()
        if name in _SEEDS and waiting and isinstance(waiting[-1], str) and waiting[-1] in _AFTER_SEED:
            waiting.pop()
    return found
