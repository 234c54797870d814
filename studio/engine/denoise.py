"""One picture through a stock pipeline, watched: progress, previews, cancel, NaN."""

from __future__ import annotations

import time
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import nn

from studio.domain.events import Phase, Preview, Progress
from studio.engine.estimates import Estimate
from studio.engine.pixels import not_a_number
from studio.engine.previews import PreviewBudget

if TYPE_CHECKING:
    from collections.abc import Generator

    from studio.domain.cancel import CancelToken
    from studio.domain.events import Emit
    from studio.domain.geometry import Rect
    from studio.engine.differential import Differential
    from studio.engine.previews import PreviewMap


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells about one picture of a job.

    Attributes:
        job_id: the job's.
        index: 0-based picture of the job.
        count: pictures of the job.
        steps: denoising steps of each picture.
        emit: where to.
        area: the part of the request's picture that is painted; None for all of it.
    """

    job_id: str
    index: int
    count: int
    steps: int
    emit: Emit
    area: Rect | None = None

    def progress(self, phase: Phase, step: int = 0, seconds_per_step: float = 0.0) -> None:
        """Tell how far the picture is."""
        told = Progress(self.job_id, phase, step, self.steps, self.index, self.count, seconds_per_step)
        self.emit(told)


class Denoising:
    """Watches one run of a pipeline.

    Attributes:
        seconds: from the first call of the denoiser to the end of the last step.
        preview_seconds: of them, what previews took: finding x0, colouring it and handing it over.
    """

    def __init__(self, telling: Telling, previews: PreviewMap, cancel: CancelToken) -> None:
        self.seconds = 0.0
        self.preview_seconds = 0.0
        self._telling = telling
        self._previews = previews
        self._cancel = cancel
        self._budget: PreviewBudget | None = None
        self._begun = 0.0
        self._done = 0

    def run(
        self,
        pipeline: Any,  # noqa: ANN401 - diffusers is untyped
        arguments: dict[str, Any],
        differential: Differential | None = None,
    ) -> torch.Tensor:
        """Call the pipeline and return its picture, (1, 3, H, W), 0 to 1.

        Args:
            pipeline: to call.
            arguments: to call it with.
            differential: holds latents of an inpainting pipeline back.

        Raises:
            JobCancelled: the token said so. Nothing is decoded afterwards.
            NotANumber: the latents became NaN or infinite.
        """
        self._telling.progress(Phase.ENCODING)
        with ExitStack() as stack:
            parts = (pipeline.text_encoder, pipeline.unet, pipeline.vae)
            stack.enter_context(stopping(parts, self._cancel))
            stack.callback(pipeline.unet.register_forward_pre_hook(self._begin).remove)
            if differential is not None:
                stack.enter_context(differential.attached(pipeline))
            estimate = stack.enter_context(Estimate(pipeline.scheduler).captured())

            def step_done(_: object, place: int, __: object, tensors: dict[str, torch.Tensor]) -> dict[str, Any]:
                latents = tensors["latents"]
                self._step_done(place + 1, pipeline.num_timesteps, latents, estimate)
                return {} if differential is None else {"latents": differential.held_back(pipeline, place + 1, latents)}

            # Latents that a cancelled job leaves on a GPU are freed with the frame; nothing is offloaded by hooks.
            return pipeline(**arguments, output_type="pt", callback_on_step_end=step_done).images

    def _begin(self, *_: object) -> None:
        if self._budget is None:
            self._budget = PreviewBudget()
            self._begun = time.perf_counter()
            self._telling.progress(Phase.DENOISING)

    def _step_done(self, calls: int, total: int, latents: torch.Tensor, estimate: Estimate) -> None:
        """After a call of the denoiser; samplers of second order call it twice a step, and some once more in all."""
        is_last = calls == total
        if (is_last or latents.device.type == "cpu") and not bool(torch.isfinite(latents).all()):
            # On a GPU only once: looking at the values makes it wait.
            raise not_a_number("latents")
        self.seconds = time.perf_counter() - self._begun
        step = self._telling.steps if is_last else calls * self._telling.steps // total
        if step > self._done:
            self._done = step
            self._telling.progress(Phase.DENOISING, step, self.seconds / step)
            if not is_last:
                self._preview(step, latents, estimate)
        self._cancel.raise_if_cancelled()
        if is_last:
            self._telling.progress(Phase.DECODING, step, self.seconds / step)

    def _preview(self, step: int, latents: torch.Tensor, estimate: Estimate) -> None:
        if self._budget is None or not self._budget.allows_another():
            return
        if latents.device.type != "cpu":
            # The step itself is still being computed there; waiting for it is no cost of the preview.
            torch.accelerator.synchronize(latents.device)
        begun = time.perf_counter()
        clean = estimate.clean()
        if clean is not None:
            picture = self._previews.picture(clean)
            told = self._telling
            told.emit(Preview(told.job_id, picture, step, told.index, told.area))
        took = time.perf_counter() - begun
        self._budget.spend(took)
        self.preview_seconds += took


@contextmanager
def stopping(parts: tuple[nn.Module, ...], cancel: CancelToken) -> Generator[None]:
    """Make every block of these modules look at the token before it computes."""

    def look(*_: object) -> None:
        cancel.raise_if_cancelled()

    hooks = [block.register_forward_pre_hook(look) for part in parts for block in blocks_of(part)]
    try:
        yield
    finally:
        for hook in hooks:
            hook.remove()


def blocks_of(part: nn.Module) -> list[nn.Module]:
    """Return what a module calls one after the other: its layers, down to each residual block and attention."""
    rows = [row for row in part.modules() if isinstance(row, nn.ModuleList | nn.Sequential)]
    return list(dict.fromkeys(block for row in rows for block in row))
