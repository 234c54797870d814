"""The things the starter model is trained to draw: what people will try first, by name, colour and other words."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

THINGS_FILE = Path(__file__).parent / "things.json"


class _Row(TypedDict):
    name: str
    concept: str
    colour: str
    also: list[str]


@dataclass(frozen=True)
class Thing:
    """One thing to draw.

    Attributes:
        name: What the captions call it.
        concept: The name of its picture in the training pack.
        colour: The colour word that fits the picture as it is, or "".
        also: Other words for it.
    """

    name: str
    concept: str
    colour: str
    also: tuple[str, ...]


def load_things(path: Path = THINGS_FILE) -> tuple[Thing, ...]:
    """Read the list of things, in the order that gives each its number."""
    rows: list[_Row] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Thing(row["name"], row["concept"], row["colour"], tuple(row["also"])) for row in rows)
