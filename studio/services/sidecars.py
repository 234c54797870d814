"""Files beside a picture that say how it was painted: A1111's text, and JSON of Fooocus and FastSD CPU."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from studio.domain.dialects import fooocus, swarmui
from studio.domain.dialects.a1111 import has_settings
from studio.domain.dialects.fastsd import MARK, PLACE_KEY, SETTINGS_KEY
from studio.domain.dialects.unfolding import unfolded
from studio.domain.dialects.values import LONGEST_JSON, json_object
from studio.domain.metadata import PARAMETERS_KEY

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_NUMBERED: Final = re.compile(r"(?P<job>.+)-(?P<number>\d{1,4})")
"""FastSD CPU calls the pictures of a job after it, and counts from 1."""


def sidecar_of(picture: Path) -> tuple[Path, dict[str, str]] | None:
    """Return the file beside a picture that says how it was painted, and its texts by key; None where there is none.

    A text beside a picture may as well be its caption, for training: one without settings says nothing.
    """
    for path in _candidates(picture):
        if (text := _content(path)) is not None and (texts := _texts(text, picture)):
            return path, texts
    return None


def _candidates(picture: Path) -> Iterator[Path]:
    yield picture.with_suffix(".txt")
    yield picture.with_suffix(".json")
    yield picture.with_name(f"{picture.name}.json")
    if numbered := _NUMBERED.fullmatch(picture.stem):
        yield picture.with_name(f"{numbered['job']}.json")


def _content(path: Path) -> str | None:
    """Return a file's text; None where there is none, where it is too long, or where it is no file at all."""
    try:
        if not path.is_file() or path.stat().st_size > LONGEST_JSON:
            return None
        return path.read_text("utf-8-sig", "replace")
    except (OSError, ValueError):
        return None


def _texts(text: str, picture: Path) -> dict[str, str]:
    """Return the texts of a file beside a picture by key, as far as they say how one was painted."""
    found = json_object(text)
    if MARK in found:
        numbered = _NUMBERED.fullmatch(picture.stem)
        return {SETTINGS_KEY: text, PLACE_KEY: str(int(numbered["number"]) - 1) if numbered else ""}
    texts = {PARAMETERS_KEY: text}
    if not found:
        return texts if has_settings(text) else {}
    return texts if fooocus.read(texts) or swarmui.read(texts) or unfolded(texts) else {}
