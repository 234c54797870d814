"""One picture by the engine or by the stock pipeline, timed part by part."""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any, Protocol

import torch

from studio.domain.cancel import CancelToken
from studio.domain.events import Event, Phase, Progress
from studio.domain.families import STABLE_DIFFUSION
from studio.domain.request import ModelRef, Sampling, TextToImage
from studio.engine.diffusers_engine import DiffusersEngine, pipeline_arguments
from studio.engine.library import library_class, quiet


@dataclass(frozen=True, slots=True)
class Run:
    """Seconds of one picture, the model being loaded.

    Attributes:
        total_s: the whole picture.
        step_s: mean of a denoising step, without the first, which begins before it can be seen.
        decode_s: from the last step to the pixels.
    """

    total_s: float
    step_s: float
    decode_s: float


class Painter(Protocol):
    """Paints a picture and times it."""

    def run(self) -> Run:
        """Paint once."""
        ...


class _Clock:
    """Notes when steps end."""

    def __init__(self) -> None:
        self.begun = time.perf_counter()
        self.steps: list[float] = []

    def run(self) -> Run:
        ended = time.perf_counter()
        gaps = max(1, len(self.steps) - 1)
        step_s = (self.steps[-1] - self.steps[0]) / gaps
        return Run(ended - self.begun, step_s, ended - self.steps[-1])


class EnginePainter:
    """The engine as the program uses it, events and previews included."""

    def __init__(self, request: TextToImage, device: str = "auto", dtype: str = "auto") -> None:
        self.engine = DiffusersEngine(device, dtype)
        self.engine.load(request.model)
        self._request = request

    def run(self) -> Run:
        """Paint once."""
        clock = _Clock()

        def note(event: Event) -> None:
            match event:
                case Progress(phase=Phase.DENOISING, step=step) if step > 0:
                    clock.steps.append(time.perf_counter())
                case _:
                    pass

        self.engine.generate(self._request, note, CancelToken())
        return clock.run()


class StockPainter:
    """diffusers' pipeline as its documentation uses it."""

    def __init__(self, request: TextToImage, dtype: torch.dtype, channels_last: bool, device: str = "cpu") -> None:
        kind: Any = library_class("diffusers", STABLE_DIFFUSION.pipelines[request.task])  # Any: a class found by name
        with quiet():
            self._pipeline = kind.from_pretrained(
                str(request.model.folder), torch_dtype=dtype, local_files_only=True, use_safetensors=True
            ).to(device)
        if channels_last:
            self._pipeline.unet.to(memory_format=torch.channels_last)
            self._pipeline.vae.to(memory_format=torch.channels_last)
        self._pipeline.set_progress_bar_config(disable=True)
        self._request = request

    def run(self) -> Run:
        """Paint once."""
        clock = _Clock()

        def step_done(*_: object) -> dict[str, Any]:
            clock.steps.append(time.perf_counter())
            return {}

        with quiet():
            arguments = pipeline_arguments(self._request, self._request.sampling.seed)
            self._pipeline(**arguments, callback_on_step_end=step_done)
        return clock.run()


def benchmark_request(model: ModelRef, steps: int, side: int) -> TextToImage:
    """Return what benchmarks paint: a square with guidance, by the model's own sampler."""
    return TextToImage(
        model=model,
        prompt="a red fox",
        sampling=Sampling(steps=steps, guidance_scale=5.0, seed=1),
        width=side,
        height=side,
    )
