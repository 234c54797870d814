"""`sfumato inspect`: what pictures say about themselves."""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.domain.errors import StudioError
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY, Metadata
from studio.services.pictures import png_texts, read_picture

if TYPE_CHECKING:
    import argparse


@dataclass(frozen=True, slots=True)
class Finding:
    """What one file says.

    Attributes:
        path: as the user gave it.
        parameters: the text that A1111 and others write; None without one.
        own: our JSON, whose layout a newer Sfumato may have changed, hence `Any`; None without one.
        unchanged: whether the pixels are those that were painted; None where that is not known.
        error: what could not be read; None if all could.
    """

    path: str
    parameters: str | None = None
    own: dict[str, Any] | None = None
    unchanged: bool | None = None
    error: StudioError | None = None


def run(options: argparse.Namespace) -> int:
    """Print the texts of every file; 1 if one of them could not be read."""
    findings = [_look(path) for path in options.files]
    if options.json:
        print(json.dumps([_as_json(one) for one in findings], indent=2, ensure_ascii=False))
    elif text := "\n\n".join(filter(None, map(_as_text, findings))):
        print(text)
    for one in findings:
        if one.error is not None:
            place = "" if one.path in one.error.what else f"{one.path}: "
            print(f"sfumato: {place}{one.error}", file=sys.stderr)
    return 1 if any(one.error for one in findings) else 0


def _look(path: str) -> Finding:
    try:
        texts = png_texts(Path(path))
    except StudioError as error:
        return Finding(path, error=error)
    parameters, own = texts.get(PARAMETERS_KEY), _object(texts.get(OWN_KEY))
    if OWN_KEY not in texts:
        return Finding(path, parameters)
    try:
        metadata = Metadata.from_json(texts[OWN_KEY])
        unchanged = read_picture(Path(path)).sha256 == metadata.picture_sha256
    except StudioError as error:
        return Finding(path, parameters, own, error=error)
    return Finding(path, parameters, own, unchanged)


def _object(text: str | None) -> dict[str, Any] | None:
    try:
        values = json.loads(text or "null")
    except (ValueError, RecursionError):
        return None
    return values if isinstance(values, dict) else None


def _as_json(one: Finding) -> dict[str, object]:
    found: dict[str, object] = {"path": one.path}
    found |= {"parameters": one.parameters, "sfumato": one.own, "unchanged": one.unchanged}
    return found if one.error is None else found | {"error": str(one.error)}


def _as_text(one: Finding) -> str:
    if one.parameters is None and one.own is None:
        return f"{one.path}: nothing about how it was painted" if one.error is None else ""
    parts = [one.path]
    if one.parameters is not None:
        parts.append(f"{PARAMETERS_KEY}:\n{one.parameters}")
    if one.own is not None:
        parts.append(f"{OWN_KEY}:\n{json.dumps(one.own, indent=2, ensure_ascii=False)}")
    if one.unchanged is not None:
        parts.append("The pixels are those that were painted." if one.unchanged else "The pixels were changed later.")
    return "\n\n".join(parts)
