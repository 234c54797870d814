"""Training time: how much of it is spent, and the learning rate that follows from it.

By the wall clock and not by steps, because other work on the machine decides how many steps a minute holds.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta


def minutes_until(clock: str, now: datetime | None = None) -> float:
    """Return the minutes from now to the next time the clock shows `clock` ("HH:MM", local time)."""
    start = datetime.now().astimezone() if now is None else now
    hour, minute = (int(part) for part in clock.split(":"))
    end = start.replace(hour=hour, minute=minute, second=0, microsecond=0)
    if end <= start:
        end += timedelta(days=1)
    return (end - start).total_seconds() / 60


@dataclass(frozen=True)
class Budget:
    """A stretch of training time that may be interrupted and resumed.

    Attributes:
        spent_before: Seconds trained before this start.
        total: Seconds to train in all.
        started: `time.monotonic()` at this start.
    """

    spent_before: float
    total: float
    started: float

    @classmethod
    def start(cls, minutes: float, spent_before: float = 0.0) -> "Budget":
        """Start the clock with `minutes` more to train."""
        return cls(spent_before, spent_before + minutes * 60, time.monotonic())

    @property
    def spent(self) -> float:
        """Seconds trained so far, earlier starts included."""
        return self.spent_before + time.monotonic() - self.started

    @property
    def fraction(self) -> float:
        """Share of the time that is spent; 1 and more: stop."""
        return self.spent / self.total if self.total > 0 else 1.0


def rate(peak: float, step: int, fraction: float, decay: float, warm_up: int = 100) -> float:
    """Return the learning rate: linear warm-up, constant, linear to 1 % over the last `decay` of the time."""
    rising = min(1.0, (step + 1) / warm_up)
    falling = min(1.0, max(0.0, 1.0 - fraction) / decay)
    return peak * rising * (0.01 + 0.99 * falling)
