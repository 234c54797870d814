"""How the days of the history are called, and which of them share a heading."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

_DAY: Final = timedelta(days=1)
_MONTH: Final = len("2026-11")
NO_DAY: Final = "No date"


@dataclass(frozen=True, slots=True)
class DayRun:
    """Days that share a heading.

    Attributes:
        newest: the first of them that is shown, ``YYYY-MM-DD``; anything else has no date.
        oldest: the last of them.
        count: pictures in all.
    """

    newest: str
    oldest: str
    count: int


def each_day(days: Iterable[tuple[str, int]]) -> tuple[DayRun, ...]:
    """Return days with a heading for each."""
    return tuple(DayRun(day, day, count) for day, count in days)


def few_headings(days: Iterable[tuple[str, int]], most: int, today: date) -> tuple[DayRun, ...]:
    """Return days of which those of one month share a heading as long as their pictures fit into one line.

    What a search finds would otherwise be a column with hardly anything beside it. Today and yesterday stay alone.

    Args:
        days: each with the number of its pictures, the newest first.
        most: pictures of a line.
        today: for the user.
    """
    alone = {today.isoformat(), (today - _DAY).isoformat()}
    runs: list[DayRun] = []
    for day, count in days:
        before = runs[-1] if runs else None
        if (
            before is not None
            and before.count + count <= most
            and before.newest[:_MONTH] == day[:_MONTH]
            and not alone & {before.newest, day}
        ):
            runs[-1] = DayRun(before.newest, day, before.count + count)
        else:
            runs.append(DayRun(day, day, count))
    return tuple(runs)


def run_title(run: DayRun, today: date) -> str:
    """Return days as people say them: ``Today``, ``Monday 23 November 2026``, ``16 - 20 November 2026``.

    Args:
        run: the days.
        today: for the user.
    """
    newest, oldest = _date_of(run.newest), _date_of(run.oldest)
    if newest is None or oldest is None:
        return NO_DAY
    if newest == today:
        return "Today"
    if newest == today - _DAY:
        return "Yesterday"
    if newest != oldest:
        return f"{oldest.day} \u2013 {newest.day} {newest:%B %Y}"
    return f"{newest:%A} {newest.day} {newest:%B %Y}"


def _date_of(day: str) -> date | None:
    try:
        return date.fromisoformat(day)
    except ValueError:
        return None
