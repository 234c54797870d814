"""Requests for tiny models, and the stock pipelines that the engine is compared with."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from studio.domain.families import STABLE_DIFFUSION
from studio.domain.picture import Mask, Picture
from studio.domain.request import (
    GenerationRequest,
    ImageToImage,
    Inpaint,
    ModelRef,
    Sampling,
    Task,
    TextToImage,
)
from studio.engine.diffusers_engine import pipeline_arguments
from studio.engine.library import quiet
from tests.tiny_models import Tiny, tiny_model

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

SIDE = 64


def ref(kind: Tiny = Tiny.TINY_F8) -> ModelRef:
    """Return a tiny model."""
    return ModelRef(kind.value, tiny_model(kind))


def noise(side: int = SIDE) -> Picture:
    """Return a picture of colour noise."""
    return Picture(np.random.default_rng(3).integers(0, 256, (side, side, 3), np.uint8))


def left_half(side: int = SIDE) -> Mask:
    """Return a mask over the left half."""
    alpha = np.zeros((side, side), np.uint8)
    alpha[:, : side // 2] = 255
    return Mask(alpha)


def sampling(steps: int = 4, guidance: float = 3.0, seed: int = 5) -> Sampling:
    """Return a short walk."""
    return Sampling(steps=steps, guidance_scale=guidance, seed=seed)


def words(model: ModelRef | None = None, how: Sampling | None = None, count: int = 1, side: int = SIDE) -> TextToImage:
    """Return a request for pictures of a cat."""
    return TextToImage(
        model=model or ref(),
        prompt="a red cat",
        negative_prompt="fox",
        sampling=how or sampling(),
        width=side,
        height=side,
        count=count,
    )


def request(task: Task, model: ModelRef, how: Sampling) -> GenerationRequest:
    """Return a request for a task."""
    match task:
        case Task.TEXT_TO_IMAGE:
            return words(model, how)
        case Task.IMAGE_TO_IMAGE:
            return ImageToImage(model=model, prompt="a cat", sampling=how, image=noise(), strength=0.6)
        case Task.INPAINT | Task.OUTPAINT:
            return Inpaint(
                model=model,
                prompt="a cat",
                sampling=how,
                image=noise(),
                mask=left_half(),
                strength=0.8,
                continues=task is Task.OUTPAINT,
            )


def stock_pixels(
    wanted: GenerationRequest,
    scheduler: tuple[str, dict[str, object]] | None = None,
    dtype: torch.dtype = torch.float32,
    channels_last: bool = False,
) -> NDArray[np.uint8]:
    """Return what the stock pipeline paints, (H, W, 3) uint8, called as its documentation says."""
    with quiet():
        pipeline = stock_pipeline(wanted.model.folder, wanted.task, dtype)
        if channels_last:
            pipeline.unet.to(memory_format=torch.channels_last)
            pipeline.vae.to(memory_format=torch.channels_last)
        if scheduler is not None:
            name, options = scheduler
            kind: Any = getattr(importlib.import_module("diffusers"), name)
            pipeline.scheduler = kind.from_config(pipeline.scheduler.config, **options)
        arguments = pipeline_arguments(wanted, wanted.sampling.seed)
        return np.asarray(pipeline(**arguments, output_type="pil").images[0])


def stock_pipeline(folder: Path, task: Task, dtype: torch.dtype) -> Any:  # noqa: ANN401 - diffusers is untyped
    """Return the stock pipeline as its documentation opens it."""
    kind: Any = getattr(importlib.import_module("diffusers"), STABLE_DIFFUSION.pipelines[task])
    pipeline = kind.from_pretrained(str(folder), torch_dtype=dtype, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    if task.has_mask and pipeline.unet.config.in_channels not in {4, 9}:
        # The stock pipeline refuses other widths by this number alone.
        pipeline.unet.register_to_config(in_channels=4)
    return pipeline
