"""The training pack: pictures back to back in one file, and the index that names them."""

import io
import json
from pathlib import Path
from typing import TypedDict

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from starter_model.captions import Style
from starter_model.things import Thing


class _Concept(TypedDict):
    hex: str
    name: str
    syn: list[str]
    group: int
    sub: int


class _Index(TypedDict):
    size: int
    concepts: list[_Concept]
    items: list[tuple[int, str, int, int]]


class Pack:
    """Read-only access to the pictures.

    Attributes:
        size: Edge of every picture in pixels.
    """

    def __init__(self, folder: Path) -> None:
        index: _Index = json.loads((folder / "pack.json").read_text(encoding="utf-8"))
        self.size = index["size"]
        self._raw = (folder / "pack.bin").read_bytes()
        self._names = [concept["name"] for concept in index["concepts"]]
        self._words = [concept["syn"] for concept in index["concepts"]]
        self._places: dict[tuple[str, Style], tuple[int, int]] = {}
        for concept, style, start, length in index["items"]:
            if style in {member.value for member in Style}:
                self._places[self._names[concept], Style(style)] = (start, length)

    def phrases(self) -> list[str]:
        """Return every name and keyword of every concept, for the tokenizer and the text encoder."""
        return [word for name, words in zip(self._names, self._words, strict=True) for word in (name, *words)]

    def concepts(self) -> list[str]:
        """Return the names of the concepts that have a picture in every style."""
        return [name for name in dict.fromkeys(self._names) if all((name, style) in self._places for style in Style)]

    def picture(self, concept: str, style: Style) -> Image.Image:
        """Decode one picture: (size, size) RGBA, the thing centred with a 3 % margin.

        Raises:
            KeyError: The pack has no such concept in this style.
        """
        start, length = self._places[concept, style]
        return Image.open(io.BytesIO(self._raw[start : start + length])).convert("RGBA")


def missing(pack: Pack, things: tuple[Thing, ...]) -> list[str]:
    """Return the names of things the pack cannot show in every style."""
    known = set(pack.concepts())
    return [thing.name for thing in things if thing.concept not in known]


def to_array(image: Image.Image) -> NDArray[np.uint8]:
    """Return an image's pixels: (H, W, C) uint8."""
    return np.asarray(image, dtype=np.uint8)
