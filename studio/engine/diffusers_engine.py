"""The engine on diffusers: load, condition, denoise, decode.

The stock pipelines paint, so pixels equal theirs bit for bit; this page hands them what a request says and watches.
"""

from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, assert_never

import torch

from studio.domain.cancel import JobCancelled
from studio.domain.errors import InvalidSetting, OutOfMemory
from studio.domain.events import (
    Cancelled,
    Conditions,
    Failed,
    Finished,
    GeneratedImage,
    Painted,
    Phase,
    Result,
    Started,
    Terminal,
)
from studio.domain.geometry import Size
from studio.domain.inpainting import PLAIN
from studio.domain.picture import Picture
from studio.domain.ports import EngineDescription, Memory
from studio.domain.request import ImageToImage, Inpaint, TextToImage
from studio.engine.crop import crop_of
from studio.engine.denoise import Denoising, Telling
from studio.engine.device import choose, memory_of, particulars
from studio.engine.differential import Differential
from studio.engine.failures import as_studio_error
from studio.engine.inpainting import composite, finished, patch_of
from studio.engine.library import quiet, versions
from studio.engine.model_cache import LoadedModel, ModelCache, give_memory_back
from studio.engine.pixels import to_pil, to_pixels
from studio.engine.schedulers import make_scheduler

if TYPE_CHECKING:
    from pathlib import Path

    from studio.domain.cancel import CancelToken
    from studio.domain.errors import StudioError
    from studio.domain.events import Emit
    from studio.domain.request import GenerationRequest, ModelRef
    from studio.engine.crop import Crop


class DiffusersEngine:
    """Implements `studio.domain.ports.Engine` in the calling thread."""

    def __init__(
        self, device: str = "auto", dtype: str = "auto", cache_folder: Path | None = None, layout: str = "auto"
    ) -> None:
        """Choose device, number type and memory layout; no model is loaded yet.

        Args:
            device: ``auto``, ``cpu``, ``cuda``, ``mps`` or ``xpu``.
            dtype: ``auto``, ``float32``, ``bfloat16`` or ``float16``.
            cache_folder: keeps what was measured; None keeps nothing.
            layout: ``auto``, ``contiguous`` or ``channels-last``: of convolutions' memory, where the number type is
                named as well.

        Raises:
            DeviceUnavailable: the device asked for is not there.
            InvalidSetting: there is no such device or number type.
        """
        self._compute = choose(device, dtype, cache_folder, layout)
        self._models = ModelCache(self._compute, cache_folder)

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        """Paint the request's pictures, one after the other.

        Raises:
            StudioError: what was emitted in `Failed`.
            JobCancelled: after `Cancelled` was emitted.
        """
        emit(Started(request.job_id))
        last = self._attempt(request, emit, cancel)
        emit(last)
        match last:
            case Finished(result=result):
                return result
            case Failed(error=error):
                raise error
            case Cancelled():
                raise JobCancelled
            case _:
                assert_never(last)

    def load(self, model: ModelRef) -> None:
        """Make the model ready, so that the next job starts at once.

        Raises:
            ModelError: no such model, or a broken one.
            OutOfMemory: it does not fit.
        """
        try:
            self._models.get(model, check=_go_on, loading=_go_on)
            return
        except Exception as error:  # noqa: BLE001 - the boundary to the libraries: whatever it is becomes a StudioError
            failure = as_studio_error(error).with_traceback(None)
        self._recover(failure)
        raise failure

    def unload(self) -> None:
        """Give the model's memory back."""
        self._models.drop()

    def memory(self) -> Memory:
        """Return what is used now."""
        return memory_of(self._compute.device)

    def describe(self) -> EngineDescription:
        """Return device, dtype and why."""
        compute = self._compute
        return EngineDescription(
            device=compute.device,
            device_name=compute.name,
            dtype=compute.dtype,
            channels_last=compute.channels_last,
            threads=torch.get_num_threads(),
            reason=compute.reason,
            versions=versions(),
        )

    def close(self) -> None:
        """End the engine; nothing of it stays behind. A second call does nothing."""
        self._models.drop()

    def _attempt(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Terminal:
        try:
            return Finished(request.job_id, self._paint(request, emit, cancel))
        except JobCancelled:
            return Cancelled(request.job_id)
        except Exception as error:  # noqa: BLE001 - the boundary to the libraries: whatever it is becomes a StudioError
            # Without its traceback, whose frames hold the tensors of the failed job.
            failure = as_studio_error(error).with_traceback(None)
        self._recover(failure)
        return Failed(request.job_id, failure)

    def _recover(self, failure: StudioError) -> None:
        if isinstance(failure, OutOfMemory):
            give_memory_back(self._compute)

    def _paint(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        begun = time.perf_counter()
        steps = steps_of(request)
        tellings = [Telling(request.job_id, index, request.count, steps, emit) for index in range(request.count)]
        cancel.raise_if_cancelled()
        model = self._models.get(
            request.model, check=cancel.raise_if_cancelled, loading=lambda: tellings[0].progress(Phase.LOADING)
        )
        crop = crop_for(request, model)
        model.check(request.task, crop.size if crop else Size(request.width, request.height))
        conditions = self._conditions(model)
        images: list[GeneratedImage] = []
        denoising_s = 0.0
        for telling in tellings:
            area = crop.area if crop and crop.area.size != Size(request.width, request.height) else None
            denoising = Denoising(replace(telling, area=area), model.previews, cancel)
            with quiet():
                images.append(paint_one(request, model, denoising, telling.index, crop))
            denoising_s += denoising.seconds
            cancel.raise_if_cancelled()
            emit(Painted(request.job_id, images[-1], conditions))
        per_step = denoising_s / (steps * request.count)
        return Result(tuple(images), time.perf_counter() - begun, per_step, conditions)

    def _conditions(self, model: LoadedModel) -> Conditions:
        device = f"{self._compute.device} ({self._compute.name})"
        hashes = model.hashes
        told = versions() | particulars(self._compute)
        return Conditions(device, self._compute.dtype, hashes.model, told, hashes.vae)


def paint_one(
    request: GenerationRequest, model: LoadedModel, denoising: Denoising, index: int, crop: Crop | None = None
) -> GeneratedImage:
    """Paint one picture of a request; of an inpaint, the crop, or all of it as the stock pipeline does."""
    pipeline = model.pipeline(request.task)
    pipeline.scheduler = make_scheduler(model.own_scheduler(request.task), request.sampling)
    seed = request.sampling.seed + index
    if crop is not None and isinstance(request, Inpaint):
        patch = patch_of(request, crop, model.latent, seed)
        arguments = pipeline_arguments(replace(request, image=patch.image, mask=patch.mask), seed)
        painted = to_pixels(denoising.run(pipeline, arguments, Differential(patch.change)))
        return GeneratedImage(Picture(finished(request, patch, painted)), seed, index)
    pixels = to_pixels(denoising.run(pipeline, pipeline_arguments(request, seed)))
    if isinstance(request, Inpaint):
        pixels = composite(request.image, pixels, request.mask)
    return GeneratedImage(Picture(pixels), seed, index)


def crop_for(request: GenerationRequest, model: LoadedModel) -> Crop | None:
    """Return the part of an inpaint that is painted, or None where the stock pipeline does the whole request."""
    if not isinstance(request, Inpaint) or request.method == PLAIN:
        return None
    return crop_of(request, model.native_side, model.multiple)


def pipeline_arguments(request: GenerationRequest, seed: int) -> dict[str, Any]:
    """Return what the stock pipeline of the request's task is called with; the noise comes from the CPU."""
    arguments: dict[str, Any] = {
        "prompt": as_text(request.prompt),
        "negative_prompt": as_text(request.negative_prompt),
        "num_inference_steps": request.sampling.steps,
        "guidance_scale": request.sampling.guidance_scale,
        "generator": torch.Generator("cpu").manual_seed(seed),
    }
    match request:
        case TextToImage():
            return arguments | {"width": request.width, "height": request.height}
        case ImageToImage():
            return arguments | {"image": to_pil(request.image), "strength": request.strength}
        case Inpaint():
            size = {"width": request.width, "height": request.height}
            pictures = {"image": to_pil(request.image), "mask_image": to_pil(request.mask)}
            return arguments | size | pictures | {"strength": request.strength}
        case _:
            assert_never(request)


def as_text(words: str) -> str:
    """Return words as a tokenizer takes them: half a surrogate pair, which a clipboard can hold, is a question mark."""
    return words.encode(errors="replace").decode()


def steps_of(request: GenerationRequest) -> int:
    """Return how many denoising steps each picture takes: with strength, only the last part of them.

    Raises:
        InvalidSetting: nothing is left to do at this strength.
    """
    asked = request.sampling.steps
    if isinstance(request, TextToImage):
        return asked
    # As the stock pipelines' get_timesteps.
    steps = min(int(asked * request.strength), asked)
    if steps < 1:
        raise InvalidSetting(
            f"{asked} steps at denoising strength {request.strength:g} leave nothing to do",
            "that share of the steps is less than one",
            f"Take at least {int(1 / request.strength) + 1} steps, or a higher strength",
        )
    return steps


def _go_on() -> None:
    """Nobody waits for a job here, and nobody can cancel it."""
