"""Words out of files that anybody may have made, as a terminal may be given them."""

from __future__ import annotations

import json
from typing import Final

_KEPT: Final = frozenset("\n\t\u200c\u200d")
"""Not printable, and harmless: line ends, tabs, and what joins letters and emoji or keeps them apart."""


def plain(text: str) -> str:
    """Return a text without what steers a terminal, or turns the order of its letters around."""
    return "".join(mark for mark in text if mark.isprintable() or mark in _KEPT)


def json_text(value: object) -> str:
    """Return JSON for people and programs: letters as they are, all that is not printable escaped."""
    text = json.dumps(value, indent=2, ensure_ascii=False)
    return "".join(mark if mark.isprintable() or mark == "\n" else _escaped(mark) for mark in text)


def _escaped(mark: str) -> str:
    return json.dumps(mark)[1:-1]
