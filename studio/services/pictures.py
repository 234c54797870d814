"""Pictures on disk: PNG files that carry their metadata, and pictures of any kind to paint from."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, PngImagePlugin

from studio.domain.disclosure import Disclosure
from studio.domain.picture import Mask, Picture
from studio.domain.picture_kind import PictureKind
from studio.services.files import write_whole
from studio.services.picture_decoding import decoded, opened
from studio.services.sealing import Seal, unsealed

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from studio.domain.geometry import Size
    from studio.domain.metadata import Metadata


def write_png(
    path: Path, picture: Picture, metadata: Metadata, *, replace: bool = True, seal: Seal = unsealed
) -> tuple[str, ...]:
    """Write a picture with all that is known of it, whole or not at all.

    Args:
        path: where; missing folders are made.
        picture: the pixels.
        metadata: goes into the file's texts and its XMP.
        replace: whether a file that is there already may be replaced.
        seal: puts Content Credentials into it.

    Returns:
        What went wrong with the seal, in sentences; the file is there all the same.

    Raises:
        FileExistsError: it is there already and ``replace`` is false.
        UnwritablePlace: the folder cannot be written or the disk is full.
    """
    from studio.services.picture_texts import told  # noqa: PLC0415 - not for those who read pixels, as a start does

    disclosure = Disclosure.of(metadata)
    content = told(png_bytes(picture, {}), PictureKind.PNG, disclosure)
    sealed = seal(content, PictureKind.PNG, disclosure)
    write_whole(path, sealed.content, replace=replace)
    return sealed.notes


def png_bytes(picture: Picture, texts: Mapping[str, str]) -> bytes:
    """Return a PNG file with these texts, as Latin-1 where that suffices and as UTF-8 elsewhere."""
    return image_png(Image.fromarray(picture.pixels), texts)


def image_png(image: Image.Image, texts: Mapping[str, str]) -> bytes:
    """Return a PNG file of Pillow's picture, with texts as `png_bytes` writes them."""
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        # Half a surrogate pair, which a clipboard can hold, has no place in UTF-8; the picture must not be lost for it.
        info.add_text(key, text.encode(errors="replace").decode())
    buffer = io.BytesIO()
    image.save(buffer, format="PNG", pnginfo=info)
    return buffer.getvalue()


def read_picture(path: Path) -> Picture:
    """Read a picture: upright, in sRGB, on white where it is transparent; the first frame of a film.

    Raises:
        UnreadablePicture: no picture, a damaged or a huge one.
    """
    with opened(path, str(path)) as image:
        return Picture(np.asarray(_laid_on("white", decoded(image).image).convert("RGB")))


def read_mask(path: Path) -> Mask:
    """Read a mask: white is painted anew, black and transparent stay.

    Raises:
        UnreadablePicture: no picture, a damaged or a huge one.
    """
    with opened(path, str(path)) as image:
        return Mask(np.asarray(_laid_on("black", decoded(image).image).convert("L")))


def png_texts(path: Path) -> dict[str, str]:
    """Return the texts of a picture by key: a PNG's own, or those in a JPEG's or WebP's Exif data and XMP.

    Raises:
        UnreadablePicture: no picture, or a damaged one.
    """
    from studio.services.metadata_reading import told_in  # noqa: PLC0415 - knows all dialects; likewise

    with opened(path, str(path)):
        return dict(told_in(path, str(path)).texts)


def scaled_picture(picture: Picture, size: Size) -> Picture:
    """Return the picture in another size; its shape is not kept."""
    image = Image.fromarray(picture.pixels).resize((size.width, size.height), Image.Resampling.LANCZOS)
    return Picture(np.asarray(image))


def scaled_mask(mask: Mask, size: Size) -> Mask:
    """Return the mask in another size; its shape is not kept."""
    image = Image.fromarray(mask.alpha).resize((size.width, size.height), Image.Resampling.BILINEAR)
    return Mask(np.asarray(image))


def _laid_on(ground: str, image: Image.Image) -> Image.Image:
    """Return the picture without transparency, on a ground of this colour where it was."""
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, ground), layer)
