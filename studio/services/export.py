"""The canvas as one picture for other programs: PNG, JPEG or WebP, with as much about it as may be told."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final, assert_never

import numpy as np
from PIL import Image

from studio.domain.canvas.blend import divided, straight
from studio.domain.canvas.plane import held
from studio.domain.disclosure import UNKNOWN, ExportPrivacy
from studio.domain.errors import InvalidEdit, UnwritablePlace
from studio.domain.picture import Picture
from studio.domain.picture_kind import PictureKind
from studio.services.canvas_picture import shown
from studio.services.files import write_whole
from studio.services.sealing import Seal, Sealed, unsealed
from studio.services.stealth import is_marked

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.disclosure import Disclosure
    from studio.domain.geometry import Rect
    from studio.domain.metadata import Metadata

DEFAULT_QUALITY: Final = 92


@dataclass(frozen=True, slots=True)
class FileOptions:
    """How a picture becomes a file.

    Attributes:
        quality: of a JPEG and a WebP, 1 to 100; a WebP of 100 is lossless.
        seal: puts Content Credentials into it, last of all.
    """

    quality: int = DEFAULT_QUALITY
    seal: Seal = unsealed


PLAIN: Final = FileOptions()
"""As most are written, without Content Credentials."""


def export_picture(
    path: Path, pixels: NDArray[np.uint8], disclosure: Disclosure = UNKNOWN, options: FileOptions = PLAIN
) -> tuple[str, ...]:
    """Write a picture, whole or not at all; the end of the name says as what.

    Args:
        path: where; missing folders are made, and a file that is there is replaced.
        pixels: (H, W, 4) uint8, straight alpha.
        disclosure: as for `picture_file`.
        options: how.

    Returns:
        What went wrong beside the picture itself, in sentences.

    Raises:
        InvalidSetting: a kind that Sfumato does not write.
        UnwritablePlace: the folder cannot be written, the disk is full, or the kind has no room for such a picture.
    """
    sealed = picture_file(pixels, PictureKind.of(path), disclosure, options)
    write_whole(path, sealed.content)
    return sealed.notes


def picture_file(
    pixels: NDArray[np.uint8], kind: PictureKind, disclosure: Disclosure = UNKNOWN, options: FileOptions = PLAIN
) -> Sealed:
    """Return a picture's file, with what was found wrong with its seal.

    Args:
        pixels: (H, W, 4) uint8, straight alpha; a JPEG has it on white.
        kind: of file.
        disclosure: what is known of these pixels and may be told; metadata of others than these is left out.
        options: how.

    Raises:
        UnwritablePlace: the kind has no room for such a picture.
    """
    from studio.services.picture_texts import told  # noqa: PLC0415 - writes all kinds of files; the start writes none

    if disclosure.metadata is not None and not is_painted_by(pixels, disclosure.metadata):
        disclosure = disclosure.changed()
    if disclosure.privacy is not ExportPrivacy.FULL:
        pixels = without_hidden_text(pixels)
    return options.seal(told(_encoded(pixels, kind, options.quality), kind, disclosure), kind, disclosure)


def without_hidden_text(pixels: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return pixels, (H, W, 4) uint8 with straight alpha, in whose lowest bits no program has hidden what it did."""
    if not is_marked(Image.fromarray(np.ascontiguousarray(pixels))):
        return pixels
    cleared = pixels & np.uint8(0xFE)
    # Such programs make what was opaque translucent by one step.
    cleared[..., 3] = np.where(pixels[..., 3] >= 254, 255, cleared[..., 3])
    return cleared


def picture_bytes(pixels: NDArray[np.uint8], kind: PictureKind, disclosure: Disclosure = UNKNOWN) -> bytes:
    """Return a picture's file as `picture_file` does, without Content Credentials."""
    return picture_file(pixels, kind, disclosure).content


def is_painted_by(pixels: NDArray[np.uint8], metadata: Metadata) -> bool:
    """Tell whether these, (H, W, 4) uint8, are the very pixels that metadata speaks of: opaque, and none changed."""
    if pixels.shape[:2] != (metadata.height, metadata.width) or (pixels[..., 3] < 255).any():
        return False
    return Picture(np.ascontiguousarray(pixels[..., :3])).sha256 == metadata.picture_sha256


def pixels_of_canvas(state: CanvasState, area: Rect | None = None) -> NDArray[np.uint8]:
    """Return what the canvas shows: (H, W, 4) uint8, straight alpha.

    Args:
        state: the canvas.
        area: which part; None for all that is painted, or the frame where nothing is.

    Raises:
        InvalidEdit: that is more than memory should hold.
    """
    return shown(state, held(area_of_canvas(state, area)))


def with_plain_names(state: CanvasState) -> CanvasState:
    """Return the canvas with layers that are called by their place: one that was painted is named after its prompt."""
    layers = (replace(layer, name=f"Layer {number}") for number, layer in enumerate(state.layers, 1))
    return replace(state, layers=tuple(layers))


def area_of_canvas(state: CanvasState, area: Rect | None = None) -> Rect:
    """Return the part of the canvas that is meant: all that is painted, or the frame, where none is named."""
    if area is not None:
        return area
    return state.frame if state.bounds.is_empty else state.bounds


def pixels_of_selection(state: CanvasState, layer: Layer | None = None) -> tuple[NDArray[np.uint8], Rect]:
    """Return what is selected, translucent where it is selected by half, and where it was.

    Args:
        state: the canvas; without a selection all of it counts as selected.
        layer: what to take it from; None for all layers as they are seen.

    Returns:
        (H, W, 4) uint8, straight alpha, and the part of the document's plane of just that size.

    Raises:
        InvalidEdit: nothing is selected, nothing is painted there, or more than memory should hold.
    """
    painted = state.bounds if layer is None else layer.bounds
    area = painted if state.selection is None else state.selection.bounds.intersected(painted)
    if area.is_empty:
        raise _nothing("Nothing is painted where the selection is")
    held(area)
    pixels = shown(state, area) if layer is None else straight(layer.read(area))
    if state.selection is not None:
        pixels = pixels.copy()
        products = pixels[..., 3].astype(np.uint16) * state.selection.read(area)
        pixels[..., 3] = divided(products)
    return pixels, area


def _nothing(what: str) -> InvalidEdit:
    return InvalidEdit(what, "there is nothing to copy or to export", "Select something that is painted")


def _image(pixels: NDArray[np.uint8], *, is_opaque: bool) -> Image.Image:
    """Return the smallest mode that holds the pixels."""
    if (pixels[..., 3] == 255).all():
        return Image.fromarray(np.ascontiguousarray(pixels[..., :3]))
    image = Image.fromarray(pixels)
    if not is_opaque:
        return image
    return Image.alpha_composite(Image.new("RGBA", image.size, "white"), image).convert("RGB")


def _encoded(pixels: NDArray[np.uint8], kind: PictureKind, quality: int) -> bytes:
    """Return a file of nothing but the pixels.

    Raises:
        UnwritablePlace: the kind has no room for such a picture.
    """
    height, width = pixels.shape[:2]
    if max(width, height) > kind.longest_side:
        raise UnwritablePlace(
            f"The picture cannot be written as {kind.value}",
            f"it has {width}x{height} pixels, and that format ends at {kind.longest_side} a side",
            "Export it as PNG",
        )
    image = _image(pixels, is_opaque=kind is PictureKind.JPEG)
    buffer = io.BytesIO()
    match kind:
        case PictureKind.PNG:
            image.save(buffer, "PNG")
        case PictureKind.JPEG:
            # Colours at full resolution where somebody asks for quality: red lines blur else.
            image.save(buffer, "JPEG", quality=quality, subsampling=0 if quality >= 90 else 2, optimize=True)
        case PictureKind.WEBP:
            image.save(buffer, "WEBP", quality=quality, lossless=quality == 100, exact=True)
        case _:
            assert_never(kind)
    return buffer.getvalue()
