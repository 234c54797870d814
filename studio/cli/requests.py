"""From options to a request."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image

from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.origins import Makings, with_makings
from studio.domain.errors import InvalidSetting, InvalidSize
from studio.domain.framing import Frame, FrameKind, FrameSettings, grown, kind_of, request_of
from studio.domain.geometry import Rect, Size
from studio.domain.inpainting import Inpainting
from studio.domain.picture import Picture
from studio.domain.request import Inpaint, Sampling, random_seed
from studio.services.picture_import import import_picture
from studio.services.pictures import read_mask, scaled_mask, scaled_picture

if TYPE_CHECKING:
    import argparse

    from numpy.typing import NDArray

    from studio.domain.events import Preview
    from studio.domain.model import ModelInfo
    from studio.domain.picture import Mask
    from studio.domain.request import GenerationRequest


def asked_request(options: argparse.Namespace, model: ModelInfo) -> GenerationRequest:
    """Return what the options ask for; what they leave open is the model's own.

    Raises:
        InvalidRequest: a number out of range, or a size that does not fit model or mask.
        UnreadablePicture: a file that is no picture.
    """
    size = Size(*options.size) if options.size else None
    frame = Frame(size or Size(model.native_side, model.native_side))
    makings = Makings()
    if options.init is not None:
        picture = import_picture(Path(options.init).expanduser())
        frame = _with_picture(picture.pixels, options, model, size)
        makings = Makings((picture.origin.sha256,), not picture.origin.is_generated)
    forced = FrameKind.OUTPAINT if options.outpaint else options.kind
    kind = kind_of(frame.coverage, frame.has_mask, forced)
    request = request_of(kind, frame, _settings(options, model))
    if not (isinstance(request, Inpaint) and request.method.padding is not None):
        # A part that is cut out is painted in a size of its own.
        model.check_size(request.width, request.height)
    return with_makings(request, makings)


def previewed(request: GenerationRequest, preview: Preview) -> Picture:
    """Return the request's picture as a preview foretells it: under the mask where there is one."""
    if not isinstance(request, Inpaint):
        return scaled_picture(preview.picture, Size(request.width, request.height))
    whole = Rect(0, 0, request.width, request.height)
    rows, columns = (preview.area or whole).within(whole)
    shown = scaled_picture(preview.picture, (preview.area or whole).size).pixels.astype(np.float32)
    out = request.image.pixels.copy()
    share = request.mask.alpha[rows, columns, None].astype(np.float32) / np.float32(255)
    out[rows, columns] = np.rint(out[rows, columns] + (shown - out[rows, columns]) * share)
    return Picture(out)


def _with_picture(pixels: NDArray[np.uint8], options: argparse.Namespace, model: ModelInfo, size: Size | None) -> Frame:
    mask = read_mask(Path(options.mask).expanduser()) if options.mask else None
    own = Size(pixels.shape[1], pixels.shape[0])
    _check_mask(mask, own)
    if size is not None:
        model.check_size(size.width, size.height)
        pixels, mask = _scaled(pixels, size), scaled_mask(mask, size) if mask else None
    frame = Frame(size or own, premultiplied(pixels), None if mask is None else mask.alpha)
    return grown(frame, options.outpaint) if options.outpaint else frame


def _check_mask(mask: Mask | None, size: Size) -> None:
    if mask is None:
        return
    if mask.alpha.shape != (size.height, size.width):
        height, width = mask.alpha.shape
        raise InvalidSize(
            f"The mask is {width}x{height} and the picture {size}",
            "a mask says for every pixel of its picture whether it may change",
            "Use a mask of the picture's size",
        )
    if not mask.alpha.any():
        # The window has no mask then, and would paint the whole picture.
        raise InvalidSetting("The mask is empty", "nothing is marked to be painted anew", "Make a part of it white")


def _scaled(pixels: NDArray[np.uint8], size: Size) -> NDArray[np.uint8]:
    """Return (H, W, 4) uint8 of straight alpha in another size; transparent colours do not bleed into others."""
    return np.asarray(Image.fromarray(pixels).resize((size.width, size.height), Image.Resampling.LANCZOS))


def _settings(options: argparse.Namespace, model: ModelInfo) -> FrameSettings:
    return FrameSettings(
        model=model.ref,
        prompt=options.prompt,
        negative_prompt=options.negative,
        sampling=_sampling(options, model),
        count=options.count,
        strength=options.strength,
        method=Inpainting(
            padding=options.padding,
            fill=options.fill,
            soft=not options.hard,
            edge=options.edge,
            match_colour=not options.own_colours,
        ),
    )


def _sampling(options: argparse.Namespace, model: ModelInfo) -> Sampling:
    return Sampling(
        steps=model.default_steps if options.steps is None else options.steps,
        guidance_scale=model.default_guidance if options.guidance is None else options.guidance,
        seed=random_seed() if options.seed is None else options.seed,
        sampler=options.sampler,
        schedule=options.schedule,
    )
