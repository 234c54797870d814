"""A ComfyUI graph: what each node is fed with, and the ways back through it."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialects.values import text_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

MOST_NODES: Final = 10_000
"""Nodes that are looked at; the largest graphs that people make have some hundreds."""
_MOST_HOPS: Final = 32
"""Nodes that hand one number or text on to each other."""
_HANDED_ON: Final = ("value", "int", "float", "number", "string", "text", "seed", "noise_seed", "prompt")
"""Inputs of nodes that do nothing but give a value, the likeliest first."""


@dataclass(frozen=True, slots=True)
class Link:
    """Where an input comes from.

    Attributes:
        source: id of the node.
        output: which of its outputs, from 0.
    """

    source: str
    output: int


@dataclass(frozen=True, slots=True, eq=False)
class Node:
    """One node.

    Attributes:
        id: unique in its graph.
        kind: ``class_type``; of a node that is not installed here it says nothing.
        inputs: by name, as parsed JSON: values, and links as ``[id, output]``.
    """

    id: str
    kind: str
    inputs: Mapping[str, Any]

    def links(self) -> Iterator[tuple[str, Link]]:
        """Yield the inputs that come from other nodes."""
        for name, value in self.inputs.items():
            if (link := link_of(value)) is not None:
                yield name, link


class Graph:
    """The nodes by id. Every walk meets each node once, so a graph that bites its own tail ends all the same."""

    def __init__(self, nodes: Mapping[str, Node]) -> None:
        self.nodes = nodes

    @classmethod
    def of_prompt(cls, found: Mapping[str, Any]) -> Graph:
        """Return the graph that ComfyUI ran: ``{id: {"class_type": ..., "inputs": {...}}}``."""
        nodes: dict[str, Node] = {}
        for key, value in islice(found.items(), MOST_NODES):
            if isinstance(value, dict) and isinstance(inputs := value.get("inputs"), dict):
                nodes[key] = Node(key, text_of(value.get("class_type")), inputs)
        return cls(nodes)

    def source(self, node: Node, name: str) -> Node | None:
        """Return the node that feeds an input; None where a value stands there, or nothing."""
        link = link_of(node.inputs.get(name))
        return None if link is None else self.nodes.get(link.source)

    def value(self, node: Node, name: str) -> object:
        """Return an input's value, also where other nodes hand it on; None where nothing tells it."""
        value = node.inputs.get(name)
        for _ in range(_MOST_HOPS):
            link = link_of(value)
            if link is None:
                return value
            if (giver := self.nodes.get(link.source)) is None:
                return None
            # A node that only passes something on, such as a reroute, has one input.
            names = [key for key in (name, *_HANDED_ON) if key in giver.inputs] or list(giver.inputs)[:1]
            if not names:
                return None
            value = giver.inputs[names[0]]
        return None

    def upstream(self, start: Node, follows: Callable[[Node, str], bool]) -> Iterator[Node]:
        """Yield a node and all those that feed it, nearest first.

        Args:
            start: the node.
            follows: whether to go on through an input of a node, by its name.
        """
        met, waiting = {start.id}, deque([start])
        while waiting:
            node = waiting.popleft()
            yield node
            for name, link in node.links():
                source = self.nodes.get(link.source)
                if source is not None and source.id not in met and follows(node, name):
                    met.add(source.id)
                    waiting.append(source)


def link_of(value: object) -> Link | None:
    """Return the link that an input is; None where it is a value."""
    match value:
        case [str() | int() as source, int() as output] if not isinstance(source, bool):
            return Link(str(source), output)
        case _:
            return None
