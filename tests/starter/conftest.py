"""A pack of three coloured shapes in every style, and a text encoder's vocabulary learnt from it."""

import io
import json
from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from transformers import CLIPTokenizer

from starter_model.captions import Style
from starter_model.pack import Pack
from starter_model.things import Thing
from starter_model.vocabulary import build_tokenizer, caption_words, phrases

SHAPES = {"disc": "red", "square": "green", "bar": "blue"}
THINGS = tuple(Thing(name, name, colour, (f"{name} thing",)) for name, colour in SHAPES.items())
EDGE = 64


def _shape(name: str, colour: str) -> bytes:
    image = Image.new("RGBA", (EDGE, EDGE), (0, 0, 0, 0))
    pen = ImageDraw.Draw(image)
    match name:
        case "disc":
            pen.ellipse((4, 4, 60, 60), fill=colour)
        case "square":
            pen.rectangle((4, 4, 60, 60), fill=colour)
        case _:
            pen.rectangle((24, 4, 40, 60), fill=colour)
    file = io.BytesIO()
    image.save(file, "PNG")
    return file.getvalue()


@pytest.fixture(scope="session")
def pack_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write the pack as the recipe's first stage writes it."""
    folder = tmp_path_factory.mktemp("pack")
    items: list[tuple[int, str, int, int]] = []
    raw = b""
    for number, (name, colour) in enumerate(SHAPES.items()):
        picture = _shape(name, colour)
        for style in Style:
            items.append((number, style.value, len(raw), len(picture)))
            raw += picture
    concepts = [{"hex": "0", "name": name, "syn": [f"{name} thing"], "group": 0, "sub": 0} for name in SHAPES]
    index = {"size": EDGE, "concepts": concepts, "items": items}
    (folder / "pack.json").write_text(json.dumps(index), encoding="utf-8")
    (folder / "pack.bin").write_bytes(raw)
    return folder


@pytest.fixture(scope="session")
def pack(pack_folder: Path) -> Pack:
    """Open the pack."""
    return Pack(pack_folder)


@pytest.fixture(scope="session")
def tokenizer(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> CLIPTokenizer:
    """Learn a vocabulary from the pack's captions."""
    spoken = phrases(pack, THINGS, 200, frozenset(), seed=1)
    return build_tokenizer([*spoken, *caption_words() * 5], tmp_path_factory.mktemp("tokenizer"), 900)
