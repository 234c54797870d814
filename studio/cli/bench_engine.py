"""Measurements of the engine: beside the stock pipeline, in its process, with the starter model and at full size."""

from __future__ import annotations

import os
import time
from statistics import median
from typing import TYPE_CHECKING, Final

from studio.cli.bench_figures import Figure, Unit
from studio.domain.cancel import CancelToken
from studio.domain.request import Sampling, TextToImage
from studio.services.engine_bench import measure_cancel, measure_overhead, measure_ready
from studio.services.engine_environment import child_environment
from studio.services.engine_process import EngineProcess

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.cli.bench_ground import Ground
    from studio.domain.events import Event
    from studio.domain.ports import Engine
    from studio.domain.request import ModelRef

FEW_STEPS: Final = 6
FULL_SIDE: Final = 512
FULL_STEPS: Final = 3
_PICTURES: Final = 5


def measure_process(ground: Ground) -> Sequence[Figure]:
    """Start the engine's process, paint the first picture after launch, then further ones."""
    ready = EngineProcess(cache_folder=ground.engine_cache)
    try:
        ready_s = measure_ready(ready)
    finally:
        ready.close()
    engine = EngineProcess(cache_folder=ground.engine_cache)
    try:
        first_s = _paint(engine, ground.request())
        later_s = median(_paint(engine, ground.request(seed=seed)) for seed in range(_PICTURES))
        few_s = median(_paint(engine, ground.request(FEW_STEPS, seed)) for seed in range(_PICTURES))
        cancel_s = measure_cancel(engine, ground.request())
    finally:
        engine.close()
    steps, name = ground.request().sampling.steps, ground.model.title
    return [
        Figure("engine process ready after launch", ready_s, Unit.SECONDS, 5),
        Figure(f"{name}, {steps} steps, first picture after launch", first_s, Unit.SECONDS, 10),
        Figure(f"{name}, {steps} steps, later pictures", later_s, Unit.SECONDS, 5),
        Figure(f"{name}, {FEW_STEPS} steps", few_s, Unit.SECONDS, 1.5),
        Figure(f"cancel to Cancelled, {name}", cancel_s * 1000, Unit.MILLISECONDS, 100),
    ]


def measure_child(ground: Ground) -> Sequence[Figure]:
    """Paint in turn in this process and in a child process."""
    from studio.engine.diffusers_engine import DiffusersEngine

    here = DiffusersEngine(cache_folder=ground.engine_cache)
    child = EngineProcess(cache_folder=ground.engine_cache)
    try:
        overhead = measure_overhead(here, child, ground.request(FEW_STEPS))
    finally:
        child.close()
        here.close()
    return [Figure("child-process engine against in-thread, a picture", overhead.extra_s * 1000, Unit.MILLISECONDS, 30)]


def measure_stock(ground: Ground) -> Sequence[Figure]:
    """Paint in turn with the engine and the stock pipeline, with the small model."""
    return _against_stock(ground, ground.model.ref, ground.model.title, ground.model.native_side, 10, 9)


def measure_stock_full(ground: Ground) -> Sequence[Figure]:
    """Likewise with the model of full size."""
    return _against_stock(ground, ground.full_size, "SD 1.5 size", FULL_SIDE, FULL_STEPS, 3)


def measure_environment(ground: Ground) -> Sequence[Figure]:
    """Compare the engine in its process's environment with the stock pipeline in a plain process."""
    from studio.engine.benchmarks import measure_alone

    told, model = ground.description, ground.full_size
    ours = measure_alone("engine", model, told, child_environment(os.environ), FULL_STEPS, FULL_SIDE, 2)
    plain = measure_alone("stock", model, told, {}, FULL_STEPS, FULL_SIDE, 2)
    return [
        Figure(
            "engine process against a plain process, SD 1.5 size, step", ours.step_s / plain.step_s, Unit.RATIO, 0.92
        ),
        Figure("likewise, KL decode", ours.decode_s / plain.decode_s, Unit.RATIO, 0.7),
    ]


def measure_float32(ground: Ground) -> Sequence[Figure]:
    """Compare the engine with diffusers' default, float32."""
    from studio.engine.benchmarks import measure_against_float32

    found = measure_against_float32(ground.full_size, 2, FULL_SIDE, 1)
    return [
        Figure(
            f"faster than diffusers' default float32, SD 1.5 size ({ground.description.dtype})",
            1 / found.picture,
            Unit.RATIO,
            3,
            at_least=True,
        )
    ]


def measure_previews(ground: Ground) -> Sequence[Figure]:
    """Tell what previews take of the time of denoising."""
    from studio.engine.benchmarks import measure_preview

    found = measure_preview(ground.full_size, FULL_STEPS, FULL_SIDE)
    return [Figure("preview cost, share of a step, SD 1.5 size", found.share * 100, Unit.PERCENT, 2)]


def measure_cancel_full(ground: Ground) -> Sequence[Figure]:
    """Cancel in the middle of a step of the model of full size."""
    engine = EngineProcess(cache_folder=ground.engine_cache)
    request = TextToImage(
        model=ground.full_size,
        prompt="a red fox",
        sampling=Sampling(steps=20, guidance_scale=5.0, seed=1),
        width=FULL_SIDE,
        height=FULL_SIDE,
    )
    try:
        cancel_s = measure_cancel(engine, request, 3)
    finally:
        engine.close()
    return [Figure("cancel to Cancelled, SD 1.5 size", cancel_s * 1000, Unit.MILLISECONDS, 1000)]


def _against_stock(ground: Ground, model: ModelRef, name: str, side: int, steps: int, rounds: int) -> Sequence[Figure]:
    from studio.engine.benchmarks import measure_against_stock, measure_alone

    found = measure_against_stock(model, steps, side, rounds)
    ours = measure_alone("engine", model, ground.description, {}, steps, side, 1)
    stock = measure_alone("stock", model, ground.description, {}, steps, side, 1)
    return [
        Figure(f"engine against the stock pipeline, {name}, time", found.picture, Unit.RATIO, 1.02),
        Figure(f"likewise, {name}, peak memory", ours.peak_bytes / stock.peak_bytes, Unit.RATIO, 1.1),
    ]


def _paint(engine: Engine, request: TextToImage) -> float:
    began = time.perf_counter()
    engine.generate(request, _ignore, CancelToken())
    return time.perf_counter() - began


def _ignore(_: Event) -> None:
    """Take an event."""
