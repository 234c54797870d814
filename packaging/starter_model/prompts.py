"""The evaluation's fixed prompts, which no training caption may equal."""

import json
from dataclasses import dataclass
from pathlib import Path

from starter_model.captions import Style, normalised

PROMPTS_FILE = Path(__file__).parent / "prompts.json"


@dataclass(frozen=True)
class Prompt:
    """One prompt and what a picture of it must show.

    Attributes:
        text: The prompt.
        thing: Name of the thing.
        style: How it is drawn.
        background: A key of `captions.COLOURS`, or "gradient".
    """

    text: str
    thing: str
    style: Style
    background: str


def load_prompts(path: Path = PROMPTS_FILE) -> tuple[Prompt, ...]:
    """Read the prompts in their order, which gives each its seed."""
    rows: list[dict[str, str]] = json.loads(path.read_text(encoding="utf-8"))
    return tuple(Prompt(row["prompt"], row["thing"], Style(row["style"]), row["background"]) for row in rows)


def held_out_captions() -> frozenset[str]:
    """Return the prompts as the tokenizer sees them, for captions to keep clear of."""
    return frozenset(normalised(prompt.text) for prompt in load_prompts())
