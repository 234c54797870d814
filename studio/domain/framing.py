"""What the generation frame asks for: its content decides the task, and becomes the request's picture and mask.

The window and the command line both build their requests here, so that the same frame gives the same pixels in both.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING, Final, assert_never

import numpy as np

from studio.domain.canvas.blend import straight
from studio.domain.errors import InvalidRequest, InvalidSetting, InvalidSize
from studio.domain.frame_kind import FrameKind, Margins
from studio.domain.infill import spread
from studio.domain.inpainting import BEST, Inpainting
from studio.domain.picture import MAX_SIDE, Mask, Picture
from studio.domain.request import ImageToImage, Inpaint, TextToImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.geometry import Size
    from studio.domain.request import GenerationRequest, ModelRef, Sampling

OPAQUE: Final = 250
"""From this alpha on a pixel counts as opaque: rounding while layers are blended takes a level or two."""

_LEAST_CHANGE: Final = 0.3
"""How much of the way is painted at the border of what is continued."""
_RAMP_SHARE: Final = 4
"""The frame's shorter side, divided by how far from its border a hole is painted all the way."""


class Coverage(Enum):
    """How much of a frame is painted on."""

    NONE = "none"
    SOME = "some"
    ALL = "all"


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What lies in the generation frame.

    Attributes:
        size: of the frame in pixels.
        content: (H, W, 4) uint8, premultiplied RGBA, as `studio.domain.canvas.composite.flatten` returns it; None where
            nothing is painted.
        mask: (H, W) uint8, 255 is painted anew; None where nothing is masked.
    """

    size: Size
    content: NDArray[np.uint8] | None = None
    mask: NDArray[np.uint8] | None = None

    def __post_init__(self) -> None:
        shape = (self.size.height, self.size.width)
        if self.content is not None:
            _check_array("content", self.content, (*shape, 4))
        if self.mask is not None:
            _check_array("mask", self.mask, shape)

    @property
    def coverage(self) -> Coverage:
        """How much of it is painted on."""
        return Coverage.NONE if self.content is None else coverage_of(self.content[..., 3])

    @property
    def has_mask(self) -> bool:
        """Whether anything is to be painted anew."""
        return self.mask is not None and bool(self.mask.any())


@dataclass(frozen=True, slots=True, kw_only=True)
class FrameSettings:
    """What a request needs beside the frame.

    Attributes:
        model: what paints.
        prompt: what to paint.
        sampling: how to walk from noise to picture.
        negative_prompt: what to avoid.
        count: number of pictures.
        strength: denoising strength, above 0 to 1; None for the kind's own. Without a picture it says nothing.
        method: how to paint into a mask. Without a mask it says nothing.
    """

    model: ModelRef
    prompt: str
    sampling: Sampling
    negative_prompt: str = ""
    count: int = 1
    strength: float | None = None
    method: Inpainting = BEST


def coverage_of(alpha: NDArray[np.uint8]) -> Coverage:
    """Return how much is painted on.

    Args:
        alpha: uint8 of any shape with at least one pixel.
    """
    if int(alpha.min()) >= OPAQUE:
        return Coverage.ALL
    return Coverage.SOME if bool(alpha.any()) else Coverage.NONE


def possible_kinds(coverage: Coverage, has_mask: bool) -> frozenset[FrameKind]:
    """Return what can be made of a frame."""
    kinds = {FrameKind.TEXT}
    if coverage is not Coverage.NONE:
        kinds |= {FrameKind.IMAGE, FrameKind.INPAINT} if has_mask else {FrameKind.IMAGE}
    if coverage is Coverage.SOME:
        kinds.add(FrameKind.OUTPAINT)
    return frozenset(kinds)


def kind_of(coverage: Coverage, has_mask: bool, forced: FrameKind | None = None) -> FrameKind:
    """Return what the frame asks for.

    Args:
        coverage: how much of it is painted on.
        has_mask: whether anything in it is masked.
        forced: what the user asks for instead.

    Raises:
        InvalidSetting: that cannot be made of it.
    """
    if forced is not None:
        if forced not in possible_kinds(coverage, has_mask):
            raise _impossible(forced, coverage)
        return forced
    match coverage:
        case Coverage.NONE:
            return FrameKind.TEXT
        case Coverage.SOME:
            return FrameKind.OUTPAINT
        case Coverage.ALL:
            return FrameKind.INPAINT if has_mask else FrameKind.IMAGE
        case _:
            assert_never(coverage)


def request_of(kind: FrameKind, frame: Frame, settings: FrameSettings) -> GenerationRequest:
    """Return the complete request.

    Args:
        kind: as `kind_of` says.
        frame: what is there.
        settings: everything else.

    Raises:
        InvalidRequest: a number out of range, a size that cannot be, or a kind that cannot be made of this frame.
    """
    if kind is FrameKind.TEXT:
        return TextToImage(
            model=settings.model,
            prompt=settings.prompt,
            negative_prompt=settings.negative_prompt,
            sampling=settings.sampling,
            width=frame.size.width,
            height=frame.size.height,
            count=settings.count,
        )
    kind_of(frame.coverage, frame.has_mask, kind)
    if frame.content is None:
        raise _impossible(kind, Coverage.NONE)
    match kind:
        case FrameKind.IMAGE:
            return ImageToImage(
                model=settings.model,
                prompt=settings.prompt,
                negative_prompt=settings.negative_prompt,
                sampling=settings.sampling,
                image=on_white(frame.content),
                strength=_strength(kind, settings),
                count=settings.count,
            )
        case FrameKind.INPAINT | FrameKind.OUTPAINT:
            return _into_mask(kind, frame.content, frame.mask, settings)
        case _:
            assert_never(kind)


def _into_mask(
    kind: FrameKind, content: NDArray[np.uint8], mask: NDArray[np.uint8] | None, settings: FrameSettings
) -> Inpaint:
    image, hole = continued(content)
    beyond = ramped(hole.alpha) if settings.method.soft else hole.alpha
    masks = [one for one in (mask, beyond if kind is FrameKind.OUTPAINT else None) if one is not None]
    return Inpaint(
        model=settings.model,
        prompt=settings.prompt,
        negative_prompt=settings.negative_prompt,
        sampling=settings.sampling,
        image=image,
        mask=Mask(np.maximum.reduce(masks)),
        strength=_strength(kind, settings),
        method=settings.method,
        continues=kind is FrameKind.OUTPAINT,
        count=settings.count,
    )


def continued(content: NDArray[np.uint8]) -> tuple[Picture, Mask]:
    """Return an opaque picture whose edges run on into its transparent parts, and the mask of those parts.

    Args:
        content: (H, W, 4) uint8, premultiplied RGBA, not all transparent.

    Returns:
        Where a pixel is opaque, the picture is the content and the mask is 0; elsewhere the mask is what is missing of
        its alpha, and its colours are those of the nearest edge, the softer the further away.
    """
    alpha = np.where(content[..., 3] >= OPAQUE, np.uint8(255), content[..., 3])
    colours = straight(content)[..., :3]
    if bool((alpha == 255).all()):
        return Picture(colours), Mask(np.zeros_like(alpha))
    known = alpha.astype(np.float32) / np.float32(255)
    seeds = spread(colours.astype(np.float32), known)
    mixed = seeds + (colours - seeds) * known[..., None]
    return Picture(np.rint(mixed).astype(np.uint8)), Mask(255 - alpha)


def ramped(hole: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the mask of a hole, (H, W), lighter the further from its border: from three tenths to all of its level.

    Painted softly, the picture goes on as its edge does and becomes free on the way. Without this, a model begins
    things right at the border that the picture does not go on with. Six pictures of the starter model that nothing was
    tuned on, continued on both sides, 12 steps: the mean step in low frequencies across the twelve borders, in levels,
    had a median of 21.9 at strength 1 and 17.8 at 0.7 without the ramp, 11.8 and 3.9 (at most 8.5) with it. Steps 24
    pixels beside those borders had one of 14.
    """
    is_hole = hole > 0
    radius = max(1, min(hole.shape) // _RAMP_SHARE)
    share = _mean_around(is_hole, radius)
    while radius > 1 and share.max() < 0.99:  # a hole too narrow to get free of its border
        radius //= 2
        share = _mean_around(is_hole, radius)
    # On a straight border half of what is around belongs to the hole.
    level = (_LEAST_CHANGE + (1 - _LEAST_CHANGE) * (2 * share - 1)).clip(_LEAST_CHANGE, 1)
    return np.where(is_hole, np.minimum(hole, np.rint(255 * level)), 0).astype(np.uint8)


def _mean_around(flags: NDArray[np.bool_], radius: int) -> NDArray[np.float64]:
    """Return the share of True in the square of ``2 * radius + 1`` around each; the border goes on beyond itself."""
    sums = np.pad(flags, radius, mode="edge").astype(np.int32)
    for axis in (0, 1):
        total = np.cumsum(np.insert(sums, 0, 0, axis), axis, dtype=np.int32)
        length = flags.shape[axis]
        last = np.take(total, np.arange(length) + 2 * radius + 1, axis)
        sums = last - np.take(total, np.arange(length), axis)
    return sums / (2 * radius + 1) ** 2


def on_white(content: NDArray[np.uint8]) -> Picture:
    """Return premultiplied RGBA, (H, W, 4) uint8, as a picture on white paper; its colours where it is opaque."""
    solid = content[..., 3] >= OPAQUE
    over_paper = np.minimum(content[..., :3], content[..., 3:]) + (255 - content[..., 3:])
    return Picture(np.where(solid[..., None], straight(content)[..., :3], over_paper))


def grown(frame: Frame, margins: Margins) -> Frame:
    """Return the frame with transparent room around what it shows.

    Raises:
        InvalidSize: it would be too large.
    """
    width = frame.size.width + margins.left + margins.right
    height = frame.size.height + margins.top + margins.bottom
    if max(width, height) > MAX_SIDE:
        raise InvalidSize(
            f"The picture cannot be continued to {width}x{height}",
            f"each side must be at most {MAX_SIDE} pixels",
            "Continue it by less",
        )
    room = ((margins.top, margins.bottom), (margins.left, margins.right))
    return Frame(
        replace(frame.size, width=width, height=height),
        None if frame.content is None else np.pad(frame.content, (*room, (0, 0))),
        None if frame.mask is None else np.pad(frame.mask, room),
    )


def _strength(kind: FrameKind, settings: FrameSettings) -> float:
    return (kind.strength or 1.0) if settings.strength is None else settings.strength


def _impossible(kind: FrameKind, coverage: Coverage) -> InvalidSetting:
    if coverage is Coverage.NONE:
        why, remedy = "nothing is painted in the frame", "Paint or drop a picture first, or use text to image"
    elif kind is FrameKind.OUTPAINT:
        why, remedy = "the picture fills the whole frame", "Move the frame over the picture's border, or enlarge it"
    else:
        why, remedy = "nothing in the frame is masked", "Paint a mask first, or use image to image"
    return InvalidSetting(f"{kind.title} is not possible here", why, remedy)


def _check_array(name: str, array: NDArray[np.uint8], shape: tuple[int, ...]) -> None:
    if array.shape != shape or array.dtype != np.uint8:
        raise InvalidRequest(
            f"The frame's {name} of shape {array.shape} and type {array.dtype} cannot be used",
            f"the frame needs {shape} uint8",
            "Choose the frame again",
        )
