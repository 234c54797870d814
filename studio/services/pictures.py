"""Pictures on disk: PNG files that carry their metadata, and pictures of any kind to paint from."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import ExifTags, Image, ImageCms, ImageOps, PngImagePlugin

from studio.domain.errors import UnreadablePicture
from studio.domain.metadata import PARAMETERS_KEY
from studio.domain.picture import MAX_SIDE, Mask, Picture
from studio.services.files import write_whole

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from studio.domain.geometry import Size
    from studio.domain.metadata import Metadata

MAX_PIXELS: Final = 89_478_485
"""A file with more pixels is refused unread; Pillow warns from here on."""
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "TGA", "PPM")
"""What is read. Pillow knows more, among them EPS, which it has Ghostscript run as the program that it is."""
_EXIF_CODES: Final = {b"ASCII\0\0\0": "ascii", b"UNICODE\0": "utf-16-be"}
"""How a UserComment is written: Exif 2.32, 4.6.5; A1111 writes big-endian UTF-16."""

_DAMAGES: Final = (OSError, SyntaxError, ValueError, RuntimeError, LookupError, TypeError, EOFError, struct.error)
"""What Pillow was seen to raise at files whose bytes were changed at random."""


def write_png(path: Path, picture: Picture, metadata: Metadata, *, replace: bool = True) -> None:
    """Write a picture with its metadata, whole or not at all.

    Args:
        path: where; missing folders are made.
        picture: the pixels.
        metadata: goes into the file's texts.
        replace: whether a file that is there already may be replaced.

    Raises:
        FileExistsError: it is there already and ``replace`` is false.
        UnwritablePlace: the folder cannot be written or the disk is full.
    """
    write_whole(path, png_bytes(picture, metadata.text_chunks()), replace=replace)


def png_bytes(picture: Picture, texts: Mapping[str, str]) -> bytes:
    """Return a PNG file with these texts, as Latin-1 where that suffices and as UTF-8 elsewhere."""
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        # Half a surrogate pair, which a clipboard can hold, has no place in UTF-8; the picture must not be lost for it.
        info.add_text(key, text.encode(errors="replace").decode())
    buffer = io.BytesIO()
    Image.fromarray(picture.pixels).save(buffer, format="PNG", pnginfo=info)
    return buffer.getvalue()


def read_picture(path: Path) -> Picture:
    """Read a picture: upright, in sRGB, on white where it is transparent; the first frame of a film.

    Raises:
        UnreadablePicture: no picture, a damaged or a huge one.
    """
    with _opened(path) as image:
        return Picture(np.asarray(_decoded(path, image, "white").convert("RGB")))


def read_mask(path: Path) -> Mask:
    """Read a mask: white is painted anew, black and transparent stay.

    Raises:
        UnreadablePicture: no picture, a damaged or a huge one.
    """
    with _opened(path) as image:
        return Mask(np.asarray(_decoded(path, image, "black").convert("L")))


def png_texts(path: Path) -> dict[str, str]:
    """Return the texts of a picture by key: a PNG's own, or a JPEG's or WebP's comment as ``parameters``.

    Raises:
        UnreadablePicture: no picture, or a damaged one.
    """
    with _opened(path) as image:
        if isinstance(image, PngImagePlugin.PngImageFile):
            try:
                return {key: str(text) for key, text in image.text.items()}
            except _DAMAGES as error:
                raise _damaged(path, error) from error
        try:
            comment = image.getexif().get_ifd(ExifTags.IFD.Exif).get(ExifTags.Base.UserComment)
        except _DAMAGES as error:
            raise _damaged(path, error) from error
    return {PARAMETERS_KEY: _comment(comment)} if isinstance(comment, bytes) else {}


def scaled_picture(picture: Picture, size: Size) -> Picture:
    """Return the picture in another size; its shape is not kept."""
    image = Image.fromarray(picture.pixels).resize((size.width, size.height), Image.Resampling.LANCZOS)
    return Picture(np.asarray(image))


def scaled_mask(mask: Mask, size: Size) -> Mask:
    """Return the mask in another size; its shape is not kept."""
    image = Image.fromarray(mask.alpha).resize((size.width, size.height), Image.Resampling.BILINEAR)
    return Mask(np.asarray(image))


def _opened(path: Path) -> Image.Image:
    try:
        image = Image.open(path, formats=_FORMATS)
    except OSError as error:
        why = "it is no picture" if isinstance(error, Image.UnidentifiedImageError) else error.strerror or str(error)
        raise UnreadablePicture(f"The picture {path} cannot be read", why, "Use a PNG, JPEG or WebP file") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(path) from error
    except _DAMAGES as error:
        raise _damaged(path, error) from error
    if max(image.size) > MAX_SIDE or image.width * image.height > MAX_PIXELS:
        image.close()
        raise _too_large(path)
    return image


def _decoded(path: Path, image: Image.Image, ground: str) -> Image.Image:
    """Return the pixels upright and opaque, in the colours of sRGB."""
    try:
        image.load()
        image = _in_srgb(_in_eight_bits(ImageOps.exif_transpose(image)))
    except (*_DAMAGES, Image.DecompressionBombError) as error:
        raise _damaged(path, error) from error
    if not image.has_transparency_data:
        return image
    layer = image.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", layer.size, ground), layer)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 16 grey bits a pixel in eight; Pillow itself would cut them off at 255."""
    if not image.mode.startswith("I"):
        return image
    levels = np.clip(np.asarray(image).astype(np.int64), 0, 65535)
    eight = Image.fromarray(((levels + 128) // 257).astype(np.uint8))
    eight.info = image.info
    return eight


def _in_srgb(image: Image.Image) -> Image.Image:
    """Return the picture with the colours that its own profile means."""
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in {"RGB", "RGBA", "CMYK"}:
        return image
    try:
        own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        mode = "RGBA" if image.mode == "RGBA" else "RGB"
        converted = ImageCms.profileToProfile(image, own, ImageCms.createProfile("sRGB"), outputMode=mode)
    except (ImageCms.PyCMSError, OSError):
        return image  # a profile that is damaged says nothing about the colours
    return converted or image


def _comment(raw: bytes) -> str:
    encoding = _EXIF_CODES.get(raw[:8])
    return raw[8:].decode(encoding, "replace") if encoding else raw.lstrip(b"\0").decode("utf-8", "replace")


def _damaged(path: Path, error: Exception) -> UnreadablePicture:
    return UnreadablePicture(
        f"The picture {path} cannot be read", f"the file is damaged: {error}", "Use another copy of it"
    )


def _too_large(path: Path) -> UnreadablePicture:
    allowed = f"Sfumato reads pictures up to {MAX_SIDE} pixels a side and {MAX_PIXELS // 10**6} million in all"
    return UnreadablePicture(f"The picture {path} is too large", allowed, "Make it smaller first")
