"""`sfumato bench`: measures this machine, each figure as a ratio or a time against its bar."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from typing import TYPE_CHECKING, Final, NoReturn

from studio import __version__
from studio.cli.bench_engine import (
    measure_cancel_full,
    measure_child,
    measure_environment,
    measure_float32,
    measure_previews,
    measure_process,
    measure_stock,
    measure_stock_full,
)
from studio.cli.bench_figures import Measurement
from studio.cli.bench_ground import Ground
from studio.cli.bench_window import measure_event_loop, measure_start
from studio.cli.interrupts import Interrupted, Interrupts
from studio.domain.errors import InvalidSetting

if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from studio.cli.bench_figures import Figure

MEASUREMENTS: Final = (
    Measurement("start", "starting the window", measure_start),
    Measurement("event-loop", "watching the event loop while the window paints", measure_event_loop),
    Measurement("process", "painting in the engine's process", measure_process),
    Measurement("child", "painting in this process and in a child", measure_child),
    Measurement("stock", "painting beside the stock pipeline", measure_stock),
    Measurement("stock-full", "painting beside the stock pipeline, SD 1.5 size", measure_stock_full, full_size=True),
    Measurement("environment", "painting beside a plain process, SD 1.5 size", measure_environment, full_size=True),
    Measurement("float32", "painting beside float32, SD 1.5 size", measure_float32, full_size=True),
    Measurement("previews", "timing previews, SD 1.5 size", measure_previews, full_size=True),
    Measurement("cancel", "cancelling, SD 1.5 size", measure_cancel_full, full_size=True),
)


def run(options: argparse.Namespace) -> int:
    """Measure and print; the exit code says whether the measurements could be made, not whether bars are met."""
    chosen = choose(options.only, quick=options.quick)
    figures: list[Figure] = []
    with Interrupts(_stop), Ground(options.model) as ground:
        for one in chosen:
            print(f"{one.title} ...", file=sys.stderr, flush=True)
            found = one.measure(ground)
            figures += found
            if not options.json:
                print("\n".join(map(str, found)), flush=True)
        if options.json:
            print(json.dumps(_report(ground, figures), indent=2))
    return 0


def _stop(_: Interrupted) -> NoReturn:
    # The folder of this run, with gigabytes in it, shall go away.
    raise KeyboardInterrupt


def choose(only: Sequence[str], *, quick: bool) -> list[Measurement]:
    """Return the measurements to make.

    Args:
        only: ids; empty for all of them.
        quick: leave out what needs the model of full size.

    Raises:
        InvalidSetting: there is no measurement of that name.
    """
    known = {one.id: one for one in MEASUREMENTS}
    if unknown := [name for name in only if name not in known]:
        raise InvalidSetting(
            f"There is no measurement called {unknown[0]}", f"there are {', '.join(known)}", "Choose one of these"
        )
    return [one for one in (known[name] for name in only or known) if not (quick and one.full_size)]


def _report(ground: Ground, figures: Sequence[Figure]) -> dict[str, object]:
    rows = [{**asdict(one), "unit": one.unit.value, "holds": one.holds} for one in figures]
    return {"sfumato": __version__, "engine": asdict(ground.description), "figures": rows}
