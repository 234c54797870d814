"""How long the event loop lets things wait: the gaps between the ticks of a fast timer."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import Final

from PySide6.QtCore import QObject, Qt, QTimer

TICK_MS: Final = 5


@dataclass(frozen=True, slots=True)
class Stalls:
    """Gaps between two ticks, in milliseconds; a loop that has nothing else to do shows about 5 everywhere.

    Attributes:
        ticks: how many were seen.
        p50_ms: median gap.
        p99_ms: 99th percentile.
        max_ms: longest gap.
    """

    ticks: int
    p50_ms: float
    p99_ms: float
    max_ms: float


class StallMeter(QObject):
    """Measures between `start` and `stop`. Lives on the thread whose loop it measures."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._moments_s: list[float] = []
        self._timer = QTimer(self, interval=TICK_MS, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        """Begin anew."""
        self._moments_s = [time.perf_counter()]
        self._timer.start()

    def stop(self) -> Stalls:
        """Stop and return what was seen; a stall that still lasts counts."""
        self._timer.stop()
        self._tick()
        gaps = sorted(
            1000 * (after - before) for before, after in zip(self._moments_s, self._moments_s[1:], strict=False)
        )
        return Stalls(len(gaps), _quantile(gaps, 0.5), _quantile(gaps, 0.99), gaps[-1])

    def _tick(self) -> None:
        self._moments_s.append(time.perf_counter())


def _quantile(ordered: list[float], share: float) -> float:
    """Return the smallest value that at least this share of the values does not exceed (nearest rank)."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
