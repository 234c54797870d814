"""The canvas as one picture for other programs: PNG, JPEG or WebP, with metadata where the pixels are still those."""

from __future__ import annotations

import io
from enum import Enum
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import ExifTags, Image

from studio import __version__
from studio.domain.canvas.blend import divided, straight
from studio.domain.canvas.plane import held
from studio.domain.errors import InvalidEdit, InvalidSetting, UnwritablePlace
from studio.domain.metadata import OWN_KEY, PARAMETERS_KEY
from studio.domain.picture import Picture
from studio.services.files import write_whole
from studio.services.openraster import shown
from studio.services.picture_decoding import MAKER_MARK
from studio.services.pictures import image_png

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.domain.metadata import Metadata

_MAX_EXIF: Final = 65_533 - 6
"""Bytes that fit into a JPEG's one segment of Exif data, beside its own name."""
_UNICODE: Final = b"UNICODE\0"


class PictureKind(Enum):
    """A kind of file for a flat picture; the value is Pillow's name for it."""

    PNG = "PNG"
    JPEG = "JPEG"
    WEBP = "WEBP"

    @property
    def suffixes(self) -> tuple[str, ...]:
        """The ends of a file's name that mean this kind, the usual one first."""
        return {PictureKind.PNG: (".png",), PictureKind.JPEG: (".jpg", ".jpeg"), PictureKind.WEBP: (".webp",)}[self]

    @property
    def longest_side(self) -> int:
        """In pixels; from each format's own specification."""
        return {PictureKind.PNG: 2**31 - 1, PictureKind.JPEG: 65_500, PictureKind.WEBP: 16_383}[self]

    @classmethod
    def of(cls, path: Path) -> PictureKind:
        """Return the kind that a file's name asks for.

        Raises:
            InvalidSetting: none of these.
        """
        for kind in cls:
            if path.suffix.lower() in kind.suffixes:
                return kind
        raise InvalidSetting(
            f"A picture cannot be exported as \u201c{path.suffix or path.name}\u201d",
            "Sfumato writes PNG, JPEG and WebP, and documents as OpenRaster and PSD",
            "End the name in .png, .jpg or .webp",
        )


def export_picture(path: Path, pixels: NDArray[np.uint8], metadata: Metadata | None = None, quality: int = 92) -> None:
    """Write a picture, whole or not at all; the end of the name says as what.

    Args:
        path: where; missing folders are made, and a file that is there is replaced.
        pixels: (H, W, 4) uint8, straight alpha.
        metadata: as for `picture_bytes`.
        quality: likewise.

    Raises:
        InvalidSetting: a kind that Sfumato does not write.
        UnwritablePlace: the folder cannot be written, the disk is full, or the kind has no room for such a picture.
    """
    write_whole(path, picture_bytes(pixels, PictureKind.of(path), metadata, quality))


def picture_bytes(
    pixels: NDArray[np.uint8], kind: PictureKind, metadata: Metadata | None = None, quality: int = 92
) -> bytes:
    """Return a picture's file.

    Args:
        pixels: (H, W, 4) uint8, straight alpha; a JPEG has it on white.
        kind: of file.
        metadata: what painted these very pixels; left out where they are not its picture's any more.
        quality: of a JPEG and a WebP, 1 to 100; a WebP of 100 is lossless.

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
    known = metadata if metadata is not None and is_painted_by(pixels, metadata) else None
    image = _image(pixels, is_opaque=kind is PictureKind.JPEG)
    match kind:
        case PictureKind.PNG:
            return image_png(image, known.text_chunks() if known else {})
        case PictureKind.JPEG:
            # Colours at full resolution where somebody asks for quality: red lines blur else.
            return _encoded(image, "JPEG", known, quality=quality, subsampling=0 if quality >= 90 else 2, optimize=True)
        case PictureKind.WEBP:
            return _encoded(image, "WEBP", known, quality=quality, lossless=quality == 100, exact=True)


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
    if area is None:
        area = state.bounds if not state.bounds.is_empty else state.frame
    return shown(state, held(area))


def png_of_selection(state: CanvasState, layer: Layer | None = None) -> bytes:
    """Return what is selected, as a PNG of just that size: translucent where it is selected by half.

    Args:
        state: the canvas; without a selection all of it counts as selected.
        layer: what to take it from; None for all layers as they are seen.

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
    return picture_bytes(pixels, PictureKind.PNG)


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


def _encoded(image: Image.Image, kind: str, metadata: Metadata | None, **options: object) -> bytes:
    buffer = io.BytesIO()
    exif = b"" if metadata is None else _exif(metadata.text_chunks())
    image.save(buffer, kind, exif=exif, **options)
    return buffer.getvalue()


def _exif(texts: Mapping[str, str]) -> bytes:
    """Return Exif data with the texts: A1111's where it writes it and most programs look, our JSON as maker's note.

    A prompt of more than 30,000 characters has no room beside it, and none in a JPEG at all.
    """
    comment = _UNICODE + texts[PARAMETERS_KEY].encode("utf-16-be", "replace")
    note = MAKER_MARK + texts[OWN_KEY].encode("ascii")
    choices = (
        ((ExifTags.Base.UserComment, comment), (ExifTags.Base.MakerNote, note)),
        ((ExifTags.Base.MakerNote, note),),
    )
    for tags in choices:
        exif = Image.Exif()
        exif[ExifTags.Base.Software] = f"Sfumato {__version__}"
        exif.get_ifd(ExifTags.IFD.Exif).update(tags)
        if len(content := exif.tobytes()) <= _MAX_EXIF:
            return content
    return b""
