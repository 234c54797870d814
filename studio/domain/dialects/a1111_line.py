"""A1111's line of settings: ``Key: value, Key: value``."""

from __future__ import annotations

import json
import re
from typing import Final

_KEY: Final = re.compile(r"\w[\w \-/]+$")
_SPACE: Final = re.compile(r"\s*")
_QUOTED: Final = re.compile(r'("(?:\\.|[^\\"])+")\s*(?:,|$)')
"""``re_param`` in A1111's ``modules/infotext_utils.py`` takes a line apart by one expression, in a time that grows with
the square of a line's length; these give the same pieces in a time that grows with the length.
"""
_LONGEST_KEY: Final = 60
_LONGEST_LINE: Final = 100_000
"""Characters of settings that are read; more is no settings."""
_MOST_SETTINGS: Final = 500
_MOST_JSON: Final = 8
"""Values in bare JSON that are looked for in one line; each may take as long as the line is."""


def settings_of(line: str) -> list[tuple[str, str]]:
    """Return the settings of a line in their order; none where it is too long to be settings.

    A value that holds a comma, a colon or a line's end is quoted as JSON; what Civitai writes is JSON without quotes.
    """
    pairs: list[tuple[str, str]] = []
    place, tries = 0, _MOST_JSON
    if len(line) > _LONGEST_LINE:
        return []
    while (colon := line.find(":", place)) >= 0 and len(pairs) < _MOST_SETTINGS:
        key = _KEY.search(line, max(place, colon - _LONGEST_KEY), colon)
        if key is None:
            place = colon + 1
            continue
        start = colon + 1 + len(_SPACE.match(line, colon + 1)[0])  # pyright: ignore[reportOptionalSubscript] - matches
        if line.startswith(("{", "["), start) and tries:
            tries -= 1
            value, place = _bare_json(line, start)
        else:
            value, place = _value(line, start)
        pairs.append((key[0].strip(), value))
    return pairs


def _value(line: str, start: int) -> tuple[str, int]:
    """Return the value that begins at a place, and where the next setting begins."""
    if quoted := _QUOTED.match(line, start):
        return _unquoted(quoted[1]), quoted.end()
    end = line.find(",", start)
    end = len(line) if end < 0 else end
    return line[start:end].strip(), end + 1


def _bare_json(line: str, start: int) -> tuple[str, int]:
    """Likewise, for a value that looks like JSON."""
    try:
        _, end = json.JSONDecoder().raw_decode(line, start)
    except (ValueError, RecursionError):
        return _value(line, start)
    return line[start:end], line.find(",", end) + 1 or len(line)


def _unquoted(value: str) -> str:
    try:
        return str(json.loads(value))
    except ValueError:
        return value
