"""Values out of foreign texts, taken only as far as they make sense here. Nothing found is ever run or fetched."""

from __future__ import annotations

import json
import math
import re
from typing import TYPE_CHECKING, Any, Final

from studio.domain.geometry import Size
from studio.domain.picture import MAX_SIDE
from studio.domain.request import MAX_GUIDANCE, MAX_STEPS

if TYPE_CHECKING:
    from collections.abc import Iterable

LONGEST_JSON: Final = 2**21
"""Characters that are parsed; a prompt of 100,000 emoji takes 1.2 million."""
_MOST_PARTS: Final = 2**17
"""Brackets that are parsed: ``[{},{},...`` unpacks to thirty times its length, all else to half of that."""
LONGEST_VALUE: Final = 2_000
"""Characters of one of the other settings; the picture itself still has all of them."""
MOST_OTHERS: Final = 200
"""Other settings that are kept."""
_MOST_SEED: Final = 2**63 - 1
"""What a column of the index holds. ComfyUI draws seeds up to 2^64; one beyond this is told in words only."""
_SHA256: Final = re.compile(r"[0-9a-f]{10,64}")
_WEIGHTS: Final = (".safetensors", ".ckpt", ".pt", ".pth", ".bin", ".sft", ".gguf")
"""Ends of the names of files with weights."""


def is_sensible(text: str) -> bool:
    """Tell whether a text is short and plain enough to be parsed as JSON, whoever wrote it."""
    return len(text) <= LONGEST_JSON and text.count("{") + text.count("[") <= _MOST_PARTS


def json_object(text: str) -> dict[str, Any]:
    """Return a JSON object; empty where the text is none, or damaged, or longer or deeper than is sensible."""
    if not text.lstrip().startswith("{") or not is_sensible(text):
        return {}
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def object_of(value: object) -> dict[str, Any]:
    """Return a part of parsed JSON where it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def list_of(value: object) -> list[Any]:
    """Return a part of parsed JSON where it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def text_of(value: object) -> str:
    """Return a text, as it stands; empty where it is none."""
    return value if isinstance(value, str) else ""


def whole(value: object, least: int, most: int) -> int | None:
    """Return a whole number, written as a number or as digits, where it lies within these bounds."""
    match value:
        case bool():
            return None
        case int():
            found = value
        case float() if value.is_integer():
            found = int(value)
        case str() if re.fullmatch(r"\s*\d{1,20}\s*", value):
            found = int(value)
        case _:
            return None
    return found if least <= found <= most else None


def number(value: object, most: float, least: float = 0) -> float | None:
    """Return a finite number, written as a number or as digits, where it lies within these bounds."""
    if isinstance(value, str):
        value = float(value) if re.fullmatch(r"\s*-?\d{1,9}(\.\d{0,20})?(e[-+]?\d{1,3})?\s*", value) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    # A whole number may be longer than any float.
    return float(value) if least <= value <= most and math.isfinite(value) else None


def steps_of(value: object) -> int | None:
    """Return denoising steps."""
    return whole(value, 1, MAX_STEPS)


def seed_of(value: object) -> int | None:
    """Return a seed; below 0 it would mean any."""
    return whole(value, 0, _MOST_SEED)


def guidance_of(value: object) -> float | None:
    """Return classifier-free guidance."""
    return number(value, MAX_GUIDANCE)


def strength_of(value: object) -> float | None:
    """Return denoising strength, above 0 to 1."""
    return number(value, 1) or None


def size_of(width: object, height: object) -> Size | None:
    """Return a picture's size in pixels."""
    across, down = whole(width, 1, MAX_SIDE), whole(height, 1, MAX_SIDE)
    return None if across is None or down is None else Size(across, down)


def sha256_of(value: object) -> str:
    """Return the hex SHA-256 of a file or the first ten or more digits of it; empty for hashes of other kinds."""
    text = text_of(value).strip().lower()
    return text if _SHA256.fullmatch(text) else ""


def name_of(value: object) -> str:
    """Return the name of a model from its file's: without folders of any system, and without a weights file's end."""
    name = re.split(r"[\\/]", text_of(value).strip())[-1]
    end = next((end for end in _WEIGHTS if name.lower().endswith(end)), "")
    return name[: len(name) - len(end)]


def others_of(pairs: Iterable[tuple[str, object]]) -> tuple[tuple[str, str], ...]:
    """Return further settings in words, those that say something, in their order."""
    said = ((title, worded(value)) for title, value in pairs)
    return tuple((title, words) for title, words in said if words)[:MOST_OTHERS]


def worded(value: object) -> str:
    """Return a value in words, cut where it is endless; empty for nothing."""
    match value:
        case None | "" | [] | {}:
            return ""
        case str():
            return value[:LONGEST_VALUE]
        case bool():
            return "yes" if value else "no"
        case int() | float():
            return f"{value:g}" if isinstance(value, float) else str(value)
        case _:
            return as_json(value)[:LONGEST_VALUE]


def as_json(value: object) -> str:
    """Return a part of parsed JSON as it may have been written; empty where it is too deep.

    What was deep enough to be parsed may be too deep to be written from where that is done.
    """
    try:
        return json.dumps(value, ensure_ascii=False)
    except RecursionError:
        return ""


def titled(key: str) -> str:
    """Return the title of a setting that a program calls by a key, such as ``refiner_switch``."""
    return key.replace("_", " ").strip().capitalize()
