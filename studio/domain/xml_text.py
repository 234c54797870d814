"""What XML 1.0 can hold as text, and what not even escaped: https://www.w3.org/TR/xml/#charsets."""

from __future__ import annotations

import re
from functools import cache


def is_storable(text: str) -> bool:
    """Tell whether XML can hold every character of a text."""
    return _others().search(text) is None


def storable(text: str) -> str:
    """Return the text with U+FFFD for each character that XML cannot hold."""
    return _others().sub("\ufffd", text)


@cache
def _others() -> re.Pattern[str]:
    # Made when it is needed: that takes five milliseconds, which the window's start need not wait for.
    return re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
