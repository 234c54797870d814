"""What ComfyUI writes: the whole graph. The way back from the saved picture leads to what painted it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.dialect import Dialect
from studio.domain.dialects.comfyui_graph import Graph, Node
from studio.domain.dialects.comfyui_models import loras_of, model_of, vae_of
from studio.domain.dialects.comfyui_prompts import distilled_guidance, prompt_of
from studio.domain.dialects.comfyui_workflow import graph_of_workflow
from studio.domain.dialects.sampler_names import understood
from studio.domain.dialects.values import (
    guidance_of,
    json_object,
    others_of,
    seed_of,
    size_of,
    steps_of,
    strength_of,
    text_of,
)
from studio.domain.found_settings import FoundSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from studio.domain.geometry import Size

PROMPT_KEY: Final = "prompt"
WORKFLOW_KEY: Final = "workflow"
_NO_PICTURES: Final = frozenset(
    {
        *("model", "clip", "vae", "positive", "negative", "conditioning", "control_net", "guider", "sampler"),
        *("sigmas", "noise", "mask", "style_model", "clip_vision", "upscale_model", "text", "seed"),
    }
)
"""Inputs that no pixels or latents come in by."""
_NO_SAMPLING: Final = frozenset(
    {
        *("model", "clip", "vae", "positive", "negative", "conditioning", "control_net", "mask", "text"),
        *("latent_image", "latent", "latents", "samples", "image", "images", "pixels"),
    }
)
"""Inputs that say nothing about steps, seed and the like: what they say is of other things of that name."""
_SAMPLED: Final = frozenset(
    {
        *("latent_image", "latent", "latents", "samples", "positive", "guider", "model", "pipe", "basic_pipe"),
        *("image", "pixels", "text_embeds"),
    }
)
"""Inputs of which a sampler has one at least."""
_MOST_SAVED: Final = 20
"""Nodes that save or show a picture, of which the first that leads to a sampler counts."""


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings of the graph that ran; of the editor's where only that is there, or nothing samples in it."""
    for key, graph_of in ((PROMPT_KEY, Graph.of_prompt), (WORKFLOW_KEY, graph_of_workflow)):
        graph = graph_of(json_object(texts.get(key, "")))
        if passes := _passes(graph):
            return _settings(graph, passes)
    return None


def _passes(graph: Graph) -> list[Node]:
    """Return the samplers that a picture went through, the last first."""
    starts = _savers(graph)
    starts += [node for node in graph.nodes.values() if "Preview" in node.kind]
    for start in starts[:_MOST_SAVED]:
        nodes = graph.upstream(start, lambda _, name: name not in _NO_PICTURES)
        if found := [node for node in nodes if _is_sampler(node)]:
            return found
    return [node for node in graph.nodes.values() if _is_sampler(node)][:1]


def _savers(graph: Graph) -> list[Node]:
    return [node for node in graph.nodes.values() if "Save" in node.kind]


def _is_sampler(node: Node) -> bool:
    """Tell by what a node is fed with, so that samplers of any extension are known."""
    names = node.inputs.keys()
    if not names & _SAMPLED:
        return False  # such as one that holds settings for a sampler
    return {"steps", "sampler_name"} <= names or {"sampler", "sigmas"} <= names or {"steps", "cfg", "seed"} <= names


def _settings(graph: Graph, passes: list[Node]) -> FoundSettings:
    """Return the settings of the pass that began the picture; those after it refine or enlarge it."""
    first = passes[-1]
    sampler_name = text_of(_said(graph, first, "sampler_name"))
    schedule_name = text_of(_said(graph, first, "scheduler"))
    sampler, schedule = understood(sampler_name, schedule_name)
    seed = _said(graph, first, "seed", "noise_seed")
    strength = strength_of(_said(graph, first, "denoise"))
    return FoundSettings(
        prompt=prompt_of(graph, first, "positive"),
        negative_prompt=prompt_of(graph, first, "negative"),
        steps=steps_of(_said(graph, first, "steps")),
        guidance_scale=guidance_of(_said(graph, first, "cfg")),
        seed=seed_of(seed),
        size=_size(graph, first),
        sampler=sampler,
        schedule=schedule,
        strength=None if strength == 1 else strength,
        model=model_of(graph, first),
        sampler_name=sampler_name,
        schedule_name=schedule_name,
        vae=vae_of(graph),
        loras=loras_of(graph, first),
        dialect=Dialect.COMFYUI,
        others=others_of(
            [
                ("Seed", None if seed_of(seed) is not None else seed),
                ("Distilled guidance scale", distilled_guidance(graph, first)),
                *_later_passes(graph, passes[:-1]),
                # It does not say which of them this picture is.
                ("Pictures that the graph saves", saved if (saved := len(_savers(graph))) > 1 else None),
            ]
        ),
    )


def _later_passes(graph: Graph, passes: list[Node]) -> Iterator[tuple[str, object]]:
    """Yield how often, and how strongly, the picture was sampled again."""
    if passes:
        yield "Later passes", len(passes)
        yield "Steps of the last pass", _said(graph, passes[0], "steps")
        yield "Denoising strength of the last pass", _said(graph, passes[0], "denoise")


def _said(graph: Graph, sampler: Node, *names: str) -> object:
    """Return a value of a sampler, its own or that of the nodes for noise, guidance and schedule which feed it."""
    for node in graph.upstream(sampler, lambda _, name: name not in _NO_SAMPLING):
        for name in names:
            value = graph.value(node, name) if name in node.inputs else None
            if isinstance(value, str | int | float):
                return value
    return None


def _size(graph: Graph, sampler: Node) -> Size | None:
    """Return the size of the empty latents that a sampler began with."""
    for node in graph.upstream(sampler, lambda _, name: name not in _NO_PICTURES):
        if node is sampler or "width" not in node.inputs:
            continue
        if size := size_of(graph.value(node, "width"), graph.value(node, "height")):
            return size
    return None
