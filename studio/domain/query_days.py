"""Spans of days, as people write them: a day, a month, a year, or one that moves along with today."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

RECENT: Final = {"today": 1, "yesterday": 1, "week": 7, "month": 30, "year": 365}
"""How many days each of them has; all but yesterday end today."""
_DATE: Final = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")


@dataclass(frozen=True, slots=True)
class Days:
    """A span of days; made by `Days.of`.

    Attributes:
        text: a word of `RECENT`, or ``2026``, ``2026-10``, ``2026-10-05``.
    """

    text: str

    @classmethod
    def of(cls, text: str) -> Days | None:
        """Return the days that a text names, or None where it names none."""
        lower = text.lower()
        if lower in RECENT:
            return cls(lower)
        found = _DATE.fullmatch(text)
        if found is None:
            return None
        parts = [int(part) for part in found.groups() if part is not None]
        try:
            first = date(*[*parts, 1, 1][:3])
        except ValueError:
            return None
        return cls(first.isoformat()[: (4, 7, 10)[len(parts) - 1]])

    def span(self, today: date) -> tuple[str, str]:
        """Return the first and the last day as ``YYYY-MM-DD``.

        Args:
            today: for the user.
        """
        if self.text in RECENT:
            last = today - timedelta(days=self.text == "yesterday")
            return (last - timedelta(days=RECENT[self.text] - 1)).isoformat(), last.isoformat()
        match [int(part) for part in self.text.split("-")]:
            case [year]:
                return f"{year:04}-01-01", f"{year:04}-12-31"
            case [year, month]:
                return f"{year:04}-{month:02}-01", f"{year:04}-{month:02}-{calendar.monthrange(year, month)[1]:02}"
            case _:
                return self.text, self.text

    def __str__(self) -> str:
        return self.text
