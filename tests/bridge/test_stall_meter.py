"""The meter sees what stalls the event loop, and only that."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer

from studio.bridge.stall_meter import TICK_MS, StallMeter

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot


def be_busy(seconds: float) -> None:
    """Keep the event loop from running, as slow code would."""
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        pass


def test_a_stall_is_the_longest_gap(qtbot: QtBot) -> None:
    meter = StallMeter()
    done: list[None] = []
    meter.start()
    QTimer.singleShot(20, lambda: be_busy(0.15))
    QTimer.singleShot(300, lambda: done.append(None))
    qtbot.waitUntil(lambda: bool(done))
    stalls = meter.stop()
    assert stalls.max_ms >= 145
    assert stalls.ticks > 5
    assert stalls.p50_ms <= stalls.p99_ms <= stalls.max_ms
    assert stalls.p50_ms >= TICK_MS / 2


def test_a_stall_that_still_lasts_counts(qtbot: QtBot) -> None:
    assert qtbot
    meter = StallMeter()
    meter.start()
    be_busy(0.05)
    assert meter.stop().max_ms >= 49


def test_every_measurement_begins_anew(qtbot: QtBot) -> None:
    assert qtbot
    meter = StallMeter()
    meter.start()
    be_busy(0.05)
    meter.stop()
    meter.start()
    assert meter.stop().ticks == 1
