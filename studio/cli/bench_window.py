"""Measurements of the window, from outside its process: the command line knows no Qt."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from statistics import median
from typing import TYPE_CHECKING, Final

import psutil

from studio.cli.bench_figures import Figure, Unit
from studio.domain.errors import EngineFailed
from studio.services.engine_environment import child_environment

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.cli.bench_ground import Ground

PAINTED: Final = "the window is painted"
"""What the window logs when its first frame is on its way to the screen."""
STARTS: Final = 5
PICTURES: Final = 20
_END_S: Final = 20


def measure_start(ground: Ground, starts: int = STARTS) -> Sequence[Figure]:
    """Start the command several times and wait for its first painted frame; the first start warms the file cache."""
    times = [_start_once(ground) for _ in range(starts + 1)][1:]
    return [Figure("command to first painted window", median(times), Unit.SECONDS, 0.6)]


def measure_event_loop(ground: Ground, pictures: int = PICTURES) -> Sequence[Figure]:
    """Let the window start its engine, load and paint, and look at the gaps of its event loop."""
    run = subprocess.run(
        [sys.executable, "-P", "-m", "studio.ui.window_benchmark", str(pictures)],
        env=_environment(ground),
        capture_output=True,
        text=True,
        check=False,
    )
    if run.returncode:
        raise EngineFailed("The window could not be measured", run.stderr.strip()[-500:], "Try sfumato doctor")
    seen = json.loads(run.stdout.splitlines()[-1])
    stalls = seen["stalls"]
    what = f"start, load, {seen['pictures']} pictures"
    return [
        Figure(f"event-loop gap, 99th percentile ({what})", stalls["p99_ms"], Unit.MILLISECONDS, 16),
        Figure(f"event-loop gap, longest ({what})", stalls["max_ms"], Unit.MILLISECONDS, 50),
        Figure("memory of the window's process", seen["memory_bytes"] / 1e6, Unit.MEGABYTES, 250),
    ]


def _start_once(ground: Ground) -> float:
    """Return the seconds from the command to the first frame; the window is closed again."""
    command = [sys.executable, "-P", "-m", "studio", "--verbose"]
    began = time.perf_counter()
    with subprocess.Popen(command, env=_environment(ground), stderr=subprocess.PIPE, text=True) as window:
        said: list[str] = []
        took = 0.0
        for line in window.stderr or ():
            said.append(line)
            if PAINTED in line:
                took = time.perf_counter() - began
                break
        # It would start its engine now, which the next start must not meet.
        _end(window)
    if not took:
        raise EngineFailed("The window did not open", "".join(said).strip()[-500:], "Try sfumato doctor")
    return took


def _end(window: subprocess.Popen[str]) -> None:
    window.terminate()
    try:
        window.communicate(timeout=_END_S)
    except subprocess.TimeoutExpired:
        for process in (*psutil.Process(window.pid).children(recursive=True), window):
            process.kill()
        window.communicate()


def _environment(ground: Ground) -> dict[str, str]:
    # The rest of the engine's environment is for its own process, which the window starts with it.
    root = child_environment(os.environ).get("PYTHONPATH", "")
    environment = {**os.environ, "PYTHONPATH": root, "SFUMATO_HOME": str(ground.folder / "home")}
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    return environment
