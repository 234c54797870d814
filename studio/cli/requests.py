"""From options to a request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.errors import InvalidSize
from studio.domain.geometry import Size
from studio.domain.request import GenerationRequest, ImageToImage, Inpaint, Sampling, TextToImage, random_seed
from studio.services.pictures import read_mask, read_picture, scaled_mask, scaled_picture

if TYPE_CHECKING:
    import argparse

    from studio.domain.model import ModelInfo

_STRENGTH: Final = 0.75
"""What A1111 starts image to image with."""


def request_of(options: argparse.Namespace, model: ModelInfo) -> GenerationRequest:
    """Return what the options ask for; what they leave open is the model's own.

    Raises:
        InvalidRequest: a number out of range, or a size that does not fit model or mask.
        UnreadablePicture: a file that is no picture.
    """
    size = Size(*options.size) if options.size else None
    request = _without_picture(options, model, size) if options.init is None else _with_picture(options, model, size)
    model.check_size(request.width, request.height)
    return request


def _without_picture(options: argparse.Namespace, model: ModelInfo, size: Size | None) -> TextToImage:
    size = size or Size(model.native_side, model.native_side)
    return TextToImage(
        model=model.ref,
        prompt=options.prompt,
        negative_prompt=options.negative,
        sampling=_sampling(options, model),
        width=size.width,
        height=size.height,
        count=options.count,
    )


def _with_picture(options: argparse.Namespace, model: ModelInfo, size: Size | None) -> ImageToImage | Inpaint:
    image = read_picture(Path(options.init).expanduser())
    mask = read_mask(Path(options.mask).expanduser()) if options.mask else None
    if mask is not None and mask.alpha.shape != image.pixels.shape[:2]:
        height, width = mask.alpha.shape
        raise InvalidSize(
            f"The mask is {width}x{height} and the picture {image.width}x{image.height}",
            "a mask says for every pixel of its picture whether it may change",
            "Use a mask of the picture's size",
        )
    if size is not None:
        model.check_size(size.width, size.height)
        image, mask = scaled_picture(image, size), scaled_mask(mask, size) if mask else None
    if mask is None:
        return ImageToImage(
            model=model.ref,
            prompt=options.prompt,
            negative_prompt=options.negative,
            sampling=_sampling(options, model),
            image=image,
            strength=_STRENGTH if options.strength is None else options.strength,
            count=options.count,
        )
    return Inpaint(
        model=model.ref,
        prompt=options.prompt,
        negative_prompt=options.negative,
        sampling=_sampling(options, model),
        image=image,
        mask=mask,
        strength=1.0 if options.strength is None else options.strength,
        count=options.count,
    )


def _sampling(options: argparse.Namespace, model: ModelInfo) -> Sampling:
    return Sampling(
        steps=model.default_steps if options.steps is None else options.steps,
        guidance_scale=model.default_guidance if options.guidance is None else options.guidance,
        seed=random_seed() if options.seed is None else options.seed,
        sampler=options.sampler,
        schedule=options.schedule,
    )
