"""The words of a ComfyUI graph: from a sampler back through the conditioning to the text encoders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

    from studio.domain.dialects.comfyui_graph import Graph, Node

_NO_WORDS: Final = frozenset(
    {
        *("clip", "model", "vae", "control_net", "image", "images", "pixels", "mask", "latent", "latent_image"),
        *("samples", "style_model", "clip_vision", "clip_vision_output", "noise", "sampler", "sigmas"),
        # What an encoder's text is put together from is read with it.
        *("text", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "llama", "prompt"),
        *("positive_prompt", "negative_prompt"),
    }
)
"""Inputs that no words come in by."""
_TEXTS: Final = ("text", "text_g", "text_l", "clip_l", "clip_g", "t5xxl", "llama", "prompt")
"""Inputs of text encoders, ComfyUI's own and others'."""
_PARTS: Final = ("string_a", "string_b", "text_a", "text_b", "text_c", "text1", "text2", "value", "string")
"""Inputs of nodes that put texts together."""
_MOST_TEXT: Final = 200_000
_MOST_NODES: Final = 1_000
"""Nodes between a sampler and its text encoders."""
_MOST_HOPS: Final = 100
"""Nodes that put one text together."""


def prompt_of(graph: Graph, sampler: Node, side: str) -> str:
    """Return what a sampler was told to paint or to avoid.

    Several encoders of one prompt and several prompts that are combined stand on lines of their own, each once.

    Args:
        graph: the graph.
        sampler: the node.
        side: ``positive`` or ``negative``.
    """
    found: dict[str, None] = {}
    for node in _conditioning(graph, sampler, side):
        found |= dict.fromkeys(text for text in _texts(graph, node, side) if text)
    return "\n".join(found)[:_MOST_TEXT]


def distilled_guidance(graph: Graph, sampler: Node) -> object:
    """Return the guidance that a distilled model, such as FLUX, is told in its conditioning; None without one."""
    values = (graph.value(node, "guidance") for node in _conditioning(graph, sampler, "positive"))
    return next((value for value in values if isinstance(value, int | float)), None)


def _conditioning(graph: Graph, sampler: Node, side: str) -> Iterator[Node]:
    """Yield the nodes that a prompt passes on its way; nothing where it is made to mean nothing."""
    other = "negative" if side == "positive" else "positive"
    # A sampler of an extension may get both prompts by one input, under any name.
    start = graph.source(sampler, side) or graph.source(sampler, "guider") or sampler
    comes_with_the_other = start is sampler and other not in sampler.inputs
    if side == "negative" and not (side in sampler.inputs or side in start.inputs or comes_with_the_other):
        return  # a guider with one prompt only

    def follows(node: Node, name: str) -> bool:
        return name not in _NO_WORDS and name != other and node.kind != "ConditioningZeroOut"

    for place, node in enumerate(graph.upstream(start, follows)):
        if place >= _MOST_NODES:
            return
        yield node


def _texts(graph: Graph, node: Node, side: str) -> Iterator[str]:
    """Yield the words of one text encoder; of one for both sides those of this side."""
    for name in (*_TEXTS, side, f"{side}_prompt"):
        value, source = node.inputs.get(name), graph.source(node, name)
        if isinstance(value, str):
            yield value.strip()
        elif name != side and source is not None:  # by that name come prompts that are encoded already
            yield _joined(graph, source, set()).strip()


def _joined(graph: Graph, node: Node, met: set[str]) -> str:
    """Return the text that a node gives, put together by it and any nodes before it; each of them once.

    Args:
        graph: the graph.
        node: the last of them.
        met: ids of those that have given theirs.
    """
    if node.id in met or len(met) >= _MOST_HOPS:
        return ""
    met.add(node.id)
    delimiter = node.inputs.get("delimiter")
    parts = []
    for name in [name for name in (*_PARTS, *_TEXTS) if name in node.inputs] or list(node.inputs)[:1]:
        value, source = node.inputs[name], graph.source(node, name)
        parts.append(_joined(graph, source, met) if source else value if isinstance(value, str) else "")
    return (delimiter if isinstance(delimiter, str) else " ").join(filter(None, parts))
