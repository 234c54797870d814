"""One model kept in memory, its components shared by the pipelines of its tasks."""

from __future__ import annotations

import ctypes
import gc
import sys
from typing import TYPE_CHECKING, Any, Final

import torch

from studio.domain.errors import BrokenModel, InvalidSize, UnsupportedTask
from studio.domain.geometry import Size, snap
from studio.engine.inpainting import as_stock_width
from studio.engine.library import library_class, quiet
from studio.engine.loader import ModelFolder, load_parts, open_folder
from studio.engine.model_hashes import ModelHashes, hashes_of
from studio.engine.previews import PreviewMap, preview_map

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.domain.request import ModelRef, Task
    from studio.engine.device import Compute

_SMALLEST_MULTIPLE: Final = 8
"""The stock pipelines take multiples of 8 only, however small their latents are."""


class LoadedModel:
    """A model ready to paint.

    Attributes:
        folder: where it came from.
        parts: its components by name, shared by all pipelines.
        previews: latents to colours.
        hashes: over its weights.
    """

    def __init__(
        self, folder: ModelFolder, parts: dict[str, Any], previews: PreviewMap, hashes: ModelHashes | None = None
    ) -> None:
        self.folder = folder
        self.parts = parts
        self.previews = previews
        self.hashes = hashes or ModelHashes()
        self._pipelines: dict[Task, Any] = {}
        self._own_schedulers: dict[Task, Any] = {}

    @property
    def denoiser(self) -> Any:  # noqa: ANN401 - diffusers is untyped
        """The component that is called once a step."""
        return self.parts[self.folder.family.denoiser]

    @property
    def latent(self) -> int:
        """Pixels that a latent is wide."""
        return pixels_a_latent(self.parts["vae"])

    @property
    def multiple(self) -> int:
        """Width and height must be multiples of this, in pixels."""
        return extent_multiple(self.parts["vae"])

    @property
    def native_side(self) -> int:
        """Side of the square picture that it is made for, in pixels."""
        side = self.denoiser.config.sample_size
        return side * self.latent if isinstance(side, int) and side > 0 else self.folder.family.default_side

    def check(self, task: Task, size: Size) -> None:
        """Check that this can be painted.

        Raises:
            UnsupportedTask: the model was trained for another task.
            InvalidSize: a side is no multiple of what the model can paint; names the nearest size that is.
        """
        name = self.folder.ref.id
        if task not in self.folder.family.pipelines or (reads_mask(self.parts) and not task.has_mask):
            raise UnsupportedTask(
                f'The model "{name}" cannot do {task.value}',
                "it was trained to paint into masks only" if reads_mask(self.parts) else "its family cannot",
                "Use another model",
            )
        multiple = self.multiple
        if size.width % multiple or size.height % multiple:
            near = Size(snap(size.width, multiple), snap(size.height, multiple))
            raise InvalidSize(
                f'A picture of {size} cannot be painted by the model "{name}"',
                f"width and height must be multiples of {multiple}",
                f"The nearest size is {near}",
            )

    def own_scheduler(self, task: Task) -> Any:  # noqa: ANN401 - diffusers is untyped
        """Return the model's own scheduler as the task's stock pipeline configures it."""
        self.pipeline(task)
        return self._own_schedulers[task]

    def pipeline(self, task: Task) -> Any:  # noqa: ANN401 - diffusers is untyped
        """Return the stock pipeline of a task, made at its first use."""
        if task not in self._pipelines:
            pipeline = self._make_pipeline(task)
            self._pipelines[task] = pipeline
            self._own_schedulers[task] = pipeline.scheduler
        return self._pipelines[task]

    def _make_pipeline(self, task: Task) -> Any:  # noqa: ANN401 - diffusers is untyped
        parts = dict(self.parts)
        if task.has_mask and not reads_mask(parts):
            parts["unet"] = as_stock_width(parts["unet"])
        own = parts["scheduler"]
        # A scheduler of its own: pipelines mend old configurations in place and jobs swap samplers.
        parts["scheduler"] = type(own).from_config(own.config)
        pipeline = library_class("diffusers", self.folder.family.pipelines[task])(
            **parts, safety_checker=None, feature_extractor=None, requires_safety_checker=False
        )
        pipeline.set_progress_bar_config(disable=True)
        return pipeline


class ModelCache:
    """Keeps the model last asked for."""

    def __init__(self, compute: Compute, cache_folder: Path | None) -> None:
        self._compute = compute
        self._cache_folder = cache_folder
        self._kept: LoadedModel | None = None

    def get(self, ref: ModelRef, check: Callable[[], None], loading: Callable[[], None]) -> LoadedModel:
        """Return the model, loading it when another one is kept or its files changed.

        Args:
            ref: which.
            check: called between components; may raise to stop.
            loading: called before anything is loaded, if it has to be.

        Raises:
            ModelError: no such model, or a broken one.
        """
        folder = open_folder(ref)
        if self._kept is not None and self._kept.folder.stamp == folder.stamp:
            return self._kept
        loading()
        if self._kept is not None:
            # Before the other one comes, so that never two are held.
            self.drop()
        with quiet():
            self._kept = self._load(folder, check)
        return self._kept

    def drop(self) -> None:
        """Give the kept model's memory back to the system."""
        self._kept = None
        give_memory_back(self._compute)

    def _load(self, folder: ModelFolder, check: Callable[[], None]) -> LoadedModel:
        parts = load_parts(folder, self._compute, check)
        vae = parts["vae"]
        _check_widths(folder, parts)
        check()
        file = None
        if self._cache_folder is not None:
            file = self._cache_folder / "previews" / f"{folder.fingerprint('vae')}.json"
        previews = preview_map(vae, pixels_a_latent(vae), file)
        return LoadedModel(folder, parts, previews, hashes_of(folder, self._cache_folder, check))


def give_memory_back(compute: Compute) -> None:
    """Free what nothing refers to any more, in Python, on the device and in the C library."""
    gc.collect()
    if compute.device == "cuda":
        torch.cuda.empty_cache()
    elif compute.device == "mps":
        torch.mps.empty_cache()
    elif compute.device == "xpu":
        torch.xpu.empty_cache()
    if sys.platform == "linux":
        # glibc keeps freed memory, all of it with the engine process's malloc settings; musl has no such call.
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def pixels_a_latent(vae: Any) -> int:  # noqa: ANN401 - diffusers is untyped
    """Return how many pixels wide a latent is: each level but the last halves the picture."""
    return 2 ** (len(vae.config.block_out_channels) - 1)


def extent_multiple(vae: Any) -> int:  # noqa: ANN401 - diffusers is untyped
    """Return what width and height must be multiples of, in pixels."""
    return max(_SMALLEST_MULTIPLE, pixels_a_latent(vae))


def reads_mask(parts: dict[str, Any]) -> bool:
    """Tell whether the denoiser reads a mask and the masked picture's latents beside its own."""
    return parts["unet"].config.in_channels == 2 * parts["vae"].config.latent_channels + 1


def _check_widths(folder: ModelFolder, parts: dict[str, Any]) -> None:
    denoiser, latents = parts["unet"].config, parts["vae"].config.latent_channels
    if denoiser.out_channels != latents or (denoiser.in_channels != latents and not reads_mask(parts)):
        raise BrokenModel(
            f"The model {folder.ref.folder} cannot be used",
            f"its unet/config.json reads {denoiser.in_channels} and writes {denoiser.out_channels} channels, and its "
            f"vae/config.json has {latents}",
            "Copy or download the model again",
        )
    if denoiser.cross_attention_dim != parts["text_encoder"].config.hidden_size:
        raise BrokenModel(
            f"The model {folder.ref.folder} cannot be used",
            f"its unet/config.json reads text {denoiser.cross_attention_dim} wide, and its text_encoder/config.json "
            f"writes {parts['text_encoder'].config.hidden_size}",
            "Copy or download the model again",
        )
