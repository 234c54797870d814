"""What the engine costs beside the stock pipeline, for ``sfumato bench``: ratios, each measured in one run.

Times are taken in turn, so that a busy machine is fair to both, and medians are compared. What depends on a process's
start (malloc's environment, the peak of its memory) is measured by `benchmark_alone` in processes of their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import median
from typing import TYPE_CHECKING

import torch

from studio.domain.cancel import CancelToken
from studio.domain.events import Preview
from studio.engine.benchmark_alone import Alone, measure_alone
from studio.engine.benchmark_model import build_full_size
from studio.engine.benchmark_runs import EnginePainter, Painter, Run, StockPainter, benchmark_request
from studio.engine.denoise import Denoising, Telling
from studio.engine.device import DTYPES, choose
from studio.engine.diffusers_engine import paint_one
from studio.engine.library import quiet
from studio.engine.model_cache import LoadedModel, ModelCache

if TYPE_CHECKING:
    from studio.domain.events import Event
    from studio.domain.request import ModelRef, TextToImage

__all__ = [
    "Alone",
    "PreviewShare",
    "Ratio",
    "build_full_size",
    "measure_against_float32",
    "measure_against_stock",
    "measure_alone",
    "measure_preview",
]


@dataclass(frozen=True, slots=True)
class Ratio:
    """The engine beside the stock pipeline.

    Attributes:
        engine_s: median seconds of a picture by the engine.
        stock_s: likewise by the stock pipeline.
        picture: median over the rounds of engine / stock, for a whole picture.
        step: likewise for a denoising step.
        decode: likewise for the decoding.
    """

    engine_s: float
    stock_s: float
    picture: float
    step: float
    decode: float


@dataclass(frozen=True, slots=True)
class PreviewShare:
    """What previews cost.

    Attributes:
        frame_s: mean seconds of one frame.
        step_s: mean seconds of a denoising step.
        frames: shown in one picture.
        share: of the time of denoising that frames took, 0 to 1.
    """

    frame_s: float
    step_s: float
    frames: int
    share: float


def measure_against_stock(model: ModelRef, steps: int = 8, side: int = 512, rounds: int = 5) -> Ratio:
    """Return the engine against the stock pipeline in the engine's own number type and memory layout.

    Needs the model's memory twice.
    """
    request = benchmark_request(model, steps, side)
    engine = EnginePainter(request)
    told = engine.engine.describe()
    stock = StockPainter(request, DTYPES[told.dtype], told.channels_last, told.device)
    return _compare(engine, stock, rounds)


def measure_against_float32(model: ModelRef, steps: int = 2, side: int = 512, rounds: int = 1) -> Ratio:
    """Return the engine in the number type it chose against the stock pipeline's default: float32, contiguous."""
    request = benchmark_request(model, steps, side)
    engine = EnginePainter(request)
    return _compare(engine, StockPainter(request, torch.float32, False, engine.engine.describe().device), rounds)


def measure_preview(model: ModelRef, steps: int = 8, side: int = 512) -> PreviewShare:
    """Return what previews cost in a picture of this size, by the clock inside its denoising.

    Counted is what a frame takes: finding x0, colouring it, handing it over. Not counted is that each step leaves its
    three tensors where a frame can find them: a few microseconds.
    """
    request = benchmark_request(model, steps, side)
    models = ModelCache(choose("auto", "auto", None), None)
    loaded = models.get(model, check=_go_on, loading=_go_on)
    # The first picture warms up.
    _, (denoising, frames) = (_watched(request, loaded) for _ in range(2))
    models.drop()
    return PreviewShare(
        denoising.preview_seconds / max(1, frames),
        denoising.seconds / steps,
        frames,
        denoising.preview_seconds / denoising.seconds,
    )


def _watched(request: TextToImage, model: LoadedModel) -> tuple[Denoising, int]:
    """Paint, and return what was seen and how many frames were shown."""
    told: list[Event] = []
    telling = Telling(request.job_id, 0, request.count, request.sampling.steps, told.append)
    denoising = Denoising(telling, model.previews, CancelToken())
    with quiet():
        paint_one(request, model, denoising, 0)
    return denoising, sum(isinstance(event, Preview) for event in told)


def _go_on() -> None:
    """Nobody waits here, and nobody can cancel."""


def _compare(engine: EnginePainter, stock: Painter, rounds: int) -> Ratio:
    # The first pictures warm both up.
    for painter in (engine, stock):
        painter.run()
    pairs: list[tuple[Run, Run]] = []
    for number in range(rounds):
        # Whoever comes second finds warmer caches.
        if number % 2:
            second = stock.run()
            pairs.append((engine.run(), second))
        else:
            first = engine.run()
            pairs.append((first, stock.run()))
    engine.engine.close()
    return Ratio(
        median(ours.total_s for ours, _ in pairs),
        median(theirs.total_s for _, theirs in pairs),
        median(ours.total_s / theirs.total_s for ours, theirs in pairs),
        median(ours.step_s / theirs.step_s for ours, theirs in pairs),
        median(ours.decode_s / theirs.decode_s for ours, theirs in pairs),
    )
