"""Soft inpainting: a mask's grey level says for how much of the way a latent is painted.

Differential Diffusion: Giving Each Pixel Its Strength, E. Levin, O. Fried 2023, https://arxiv.org/abs/2306.00950,
algorithm 1: until its turn comes, a latent is replaced after each step by the original's with the noise of that step.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import torch

if TYPE_CHECKING:
    from collections.abc import Generator

    import numpy as np
    from numpy.typing import NDArray


class Differential:
    """Holds latents back until their turn comes. Serves denoisers that read a mask and those that do not."""

    def __init__(self, change: NDArray[np.float32]) -> None:
        """Take the map of changes.

        Args:
            change: (h, w), of latent size; the share of the steps that each latent is painted for, 0 to 1.
        """
        self._change = torch.tensor(change)[None, None]
        self._noise: torch.Tensor | None = None
        self._originals: torch.Tensor | None = None

    @contextmanager
    def attached(self, pipeline: Any) -> Generator[None]:  # noqa: ANN401 - diffusers is untyped
        """Listen at ``prepare_latents`` of the stock inpainting pipeline: it alone knows its noise and its originals.

        The walk begins at the originals under that noise, at full strength too, so that there as well it begins at
        what the fill is, as far as the first noise level lets it through.
        """
        prepare = pipeline.prepare_latents

        def keeping(*arguments: object, **options: object) -> tuple[torch.Tensor, ...]:
            wants_originals = bool(options.get("return_image_latents"))
            options |= {"is_strength_max": False, "return_noise": True, "return_image_latents": True}
            latents, noise, originals = prepare(*arguments, **options)
            self._noise, self._originals = noise, originals
            return (latents, noise, originals) if wants_originals else (latents, noise)

        pipeline.prepare_latents = keeping
        try:
            yield
        finally:
            del pipeline.prepare_latents
            self._noise = self._originals = None

    def held_back(self, pipeline: Any, done: int, latents: torch.Tensor) -> torch.Tensor:  # noqa: ANN401 - diffusers is untyped
        """Return the latents to go on with.

        Args:
            pipeline: that is walking.
            done: calls of the denoiser so far, 1 to its ``num_timesteps``.
            latents: (1, C, h, w) after the last of them.
        """
        if self._noise is None or self._originals is None:
            return latents
        total = pipeline.num_timesteps
        originals = self._originals
        if done < total:
            level = pipeline.scheduler.timesteps[-total:][done : done + 1]
            originals = pipeline.scheduler.add_noise(originals, self._noise, level.cpu())
        # A latent whose turn comes with the next step begins it at its original, too.
        waits = self._change.to(latents.device) <= 1 - done / total
        return torch.where(waits, originals.to(latents.dtype), latents)
