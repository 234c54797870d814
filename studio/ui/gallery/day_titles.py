"""How a day is called."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

_DAY: Final = timedelta(days=1)
NO_DAY: Final = "No date"


def day_title(day: str, today: date) -> str:
    """Return a day as people say it: ``Today``, ``Yesterday``, ``Monday 23 November 2026``.

    Args:
        day: ``YYYY-MM-DD``; anything else has no date.
        today: for the user.
    """
    try:
        when = date.fromisoformat(day)
    except ValueError:
        return NO_DAY
    if when == today:
        return "Today"
    if when == today - _DAY:
        return "Yesterday"
    return f"{when:%A} {when.day} {when:%B %Y}"
