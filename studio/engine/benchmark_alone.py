"""One painter in a process of its own: its peak of memory, and its times under a given environment.

``python -m studio.engine.benchmark_alone PAINTER FOLDER DTYPE LAYOUT SIDE STEPS ROUNDS`` is started by `measure_alone`.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Literal

import psutil

from studio.domain.errors import EngineFailed
from studio.domain.request import ModelRef
from studio.engine.benchmark_runs import EnginePainter, StockPainter, benchmark_request
from studio.engine.device import DTYPES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from studio.domain.ports import EngineDescription


@dataclass(frozen=True, slots=True)
class Alone:
    """What one process took.

    Attributes:
        peak_bytes: the most resident memory it ever had.
        picture_s: median seconds of a picture, the first one left out.
        step_s: likewise of a denoising step.
        decode_s: likewise of the decoding.
    """

    peak_bytes: int
    picture_s: float
    step_s: float
    decode_s: float


def measure_alone(
    painter: Literal["engine", "stock"],
    model: ModelRef,
    told: EngineDescription,
    environment: Mapping[str, str],
    steps: int = 4,
    side: int = 512,
    rounds: int = 3,
) -> Alone:
    """Return what a painter takes in a fresh process.

    Args:
        painter: the engine, or the stock pipeline.
        model: what it paints with.
        told: in whose number type and layout.
        environment: on top of this process's own, e.g. malloc's settings.
        steps: of each picture.
        side: of each picture, in pixels.
        rounds: pictures that count, after a first one that does not.

    Raises:
        EngineFailed: the process failed.
    """
    layout = "channels-last" if told.channels_last else "contiguous"
    numbers = [str(value) for value in (side, steps, rounds)]
    words = [painter, str(model.folder), told.dtype, layout, *numbers]
    root = Path(__file__).parents[2]
    path = os.pathsep.join([str(root), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-m", "studio.engine.benchmark_alone", *words],
        env={**os.environ, **environment, "PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise EngineFailed("The benchmark's process failed", done.stderr.strip()[-500:], "Try again")
    return Alone(**json.loads(done.stdout.strip().splitlines()[-1]))


def main(arguments: Sequence[str]) -> int:
    """Paint, print the figures as JSON, return the exit code."""
    painter, folder, dtype, layout, side, steps, rounds = arguments
    request = benchmark_request(ModelRef("benchmark", Path(folder)), int(steps), int(side))
    channels_last = layout == "channels-last"
    one = (
        EnginePainter(request, dtype=dtype)
        if painter == "engine"
        else StockPainter(request, DTYPES[dtype], channels_last)
    )
    runs = [one.run() for _ in range(1 + int(rounds))][1:]
    figures = Alone(
        _peak_bytes(),
        median(run.total_s for run in runs),
        median(run.step_s for run in runs),
        median(run.decode_s for run in runs),
    )
    sys.stdout.write(json.dumps(asdict(figures)) + "\n")
    return 0


def _peak_bytes() -> int:
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text("ascii", errors="replace").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    memory = psutil.Process().memory_info()
    # Windows tells the peak; elsewhere what is held at the end is close to it.
    return int(getattr(memory, "peak_wset", memory.rss))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
