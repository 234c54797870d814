"""The clean estimate x0 inside a denoising step, taken from where the step is computed."""

from __future__ import annotations

import functools
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Generator

    import torch


class Estimate:
    """What the last scheduler step saw; turned into x0 only when a preview is due."""

    def __init__(self, scheduler: Any) -> None:  # noqa: ANN401 - diffusers is untyped
        self._scheduler = scheduler
        self._output: torch.Tensor | None = None
        self._sample: torch.Tensor | None = None
        self._timestep: Any = 0  # Any: an int or a tensor, as the scheduler likes
        self._clean: torch.Tensor | None = None

    @contextmanager
    def captured(self) -> Generator[Estimate]:
        """Listen at ``scheduler.step``, which the pipelines call with what is needed and nobody else hands out."""
        step = self._scheduler.step

        @functools.wraps(step)  # the pipelines look at its signature
        def listening(output: torch.Tensor, timestep: object, sample: torch.Tensor, **options: object) -> Any:  # noqa: ANN401 - as the scheduler's own
            self._output, self._timestep, self._sample = output, timestep, sample
            done = step(output, timestep, sample, **options)
            # Most samplers with an estimate of their own return it second.
            self._clean = done[1] if isinstance(done, tuple) and len(done) > 1 else None
            return done

        self._scheduler.step = listening
        try:
            yield self
        finally:
            del self._scheduler.step
            self._output = self._sample = self._clean = None

    def clean(self) -> torch.Tensor | None:
        """Return x0 as of the last step, (1, C, h, w), or None before the first."""
        if self._clean is not None or self._output is None or self._sample is None:
            return self._clean
        alpha, sigma = self._levels()
        output, sample = self._output.float(), self._sample.float()
        match self._scheduler.config.prediction_type:
            case "epsilon":
                return (sample - sigma * output) / alpha
            case "v_prediction":  # https://arxiv.org/abs/2202.00512, appendix D
                return alpha * sample - sigma * output
            case _:
                return output

    def _levels(self) -> tuple[float, float]:
        """Return how much signal and noise the sample held, with alpha^2 + sigma^2 = 1."""
        if hasattr(self._scheduler, "_sigma_to_alpha_sigma_t"):
            # Multistep solvers count their steps; the count is one ahead after a step.
            index = min(max(self._scheduler.step_index - 1, 0), len(self._scheduler.sigmas) - 1)
            noise = float(self._scheduler.sigmas[index])
            alpha = 1 / (1 + noise**2) ** 0.5
            return alpha, noise * alpha
        cumulative = float(self._scheduler.alphas_cumprod[int(self._timestep)])
        return cumulative**0.5, (1 - cumulative) ** 0.5
