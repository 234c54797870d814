"""The one door through which foreign pictures come in: safe formats only, upright, eight bits, the colours of sRGB."""

from __future__ import annotations

import io
import struct
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageFile, ImageOps

from studio.domain.errors import UnreadablePicture
from studio.domain.picture import MAX_SIDE

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

MAX_PIXELS: Final = 89_478_485
"""A file with more pixels is refused unread; Pillow warns from here on."""
MAKER_MARK: Final = b"sfumato\0"
"""Begins a MakerNote that is ours; our JSON follows. Exif 2.32, 4.6.5, gives that tag to whoever writes the file."""
XMP_KEY: Final = "XML:com.adobe.xmp"
"""Of the XMP packet among a PNG's texts."""
_FORMATS: Final = (
    *("PNG", "JPEG", "WEBP", "AVIF", "GIF", "BMP", "TIFF", "TGA", "PPM"),
    *("JPEG2000", "QOI", "ICO", "PCX", "SGI"),
)
"""What is read. Pillow knows more, among them EPS, which it has Ghostscript run as the program that it is."""
_FILMS: Final = {"GIF": "frames", "WEBP": "frames", "PNG": "frames", "AVIF": "frames", "TIFF": "pages"}
"""What the further pictures in a file of this format are called; elsewhere they are previews."""
_HEADS: Final = (
    (b"8bps", "it is a Photoshop document, which is opened and not placed"),
    (b"<svg", "it is a drawing in SVG, which has no pixels"),
    (b"%pdf", "it is a PDF file"),
    (b"<!doctype", "it is a web page"),
    (b"<html", "it is a web page"),
    (b"<?xml", "it is a text in XML"),
)
"""First bytes, in lower case, of what is taken for a picture most often."""
_HEAD_BYTES: Final = 512

DAMAGES: Final = (OSError, SyntaxError, ValueError, RuntimeError, LookupError, TypeError, EOFError, struct.error)
"""What Pillow was seen to raise at files whose bytes were changed at random."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A picture as the eye sees it.

    Attributes:
        image: upright, in sRGB: ``L``, ``LA``, ``RGB``, ``RGBA``, ``P`` or ``1``.
        notes: what was converted or left out, in sentences for a person.
    """

    image: Image.Image
    notes: tuple[str, ...]


@contextmanager
def opened(source: Path | bytes, name: str, *, longest: int = MAX_SIDE) -> Generator[Image.Image]:
    """Open a picture without decoding it.

    Args:
        source: the file, or what would be in one.
        name: what a message calls it.
        longest: pixels that a side may have.

    Raises:
        UnreadablePicture: no picture, a damaged or a huge one; also whatever `DAMAGES` the block raises.
    """
    try:
        if isinstance(source, Path):
            require_file(source, f"The picture {name} cannot be read")
        with Image.open(source if isinstance(source, Path) else io.BytesIO(source), formats=_FORMATS) as image:
            if max(image.size) > longest or image.width * image.height > MAX_PIXELS:
                raise _too_large(name)
            yield image
    except Image.UnidentifiedImageError as error:
        why = _why_no_picture(source)
        raise UnreadablePicture(f"The picture {name} cannot be read", why, "Use a PNG, JPEG or WebP file") from error
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large(name) from error
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise _unreachable(name, error) from error
    except (*DAMAGES, MemoryError) as error:
        why = f"the file is damaged: {error}"
        raise UnreadablePicture(f"The picture {name} cannot be read", why, "Use another copy of it") from error


def require_file(path: Path, what: str) -> None:
    """Refuse a pipe or a device: reading one may never end, nor would the thread that does.

    Args:
        path: a file, a folder or nothing at all.
        what: fails, in words for a message.

    Raises:
        UnreadablePicture: it is such a thing.
        OSError: it cannot be reached.
    """
    if path.exists() and not path.is_file() and not path.is_dir():
        raise UnreadablePicture(what, "it is a pipe or a device and no file", "Use a file")


def decoded(image: Image.Image) -> Decoded:
    """Return the first picture of an opened file, upright, in eight bits and in the colours of sRGB.

    Raises:
        Exception: one of `DAMAGES`, for `opened` to put into words.
    """
    from studio.services.picture_colours import in_srgb  # noqa: PLC0415 - loads LittleCMS; the start reads no picture

    # Both must be asked before Pillow decodes.
    notes = (*_film_notes(image), *_depth_notes(image))
    image.load()
    image = _in_eight_bits(ImageOps.exif_transpose(image))
    image, colour_note = in_srgb(image)
    return Decoded(image, (*notes, *colour_note))


def _film_notes(image: Image.Image) -> Iterator[str]:
    if (parts := _FILMS.get(image.format or "")) and (count := int(getattr(image, "n_frames", 1))) > 1:
        image.seek(0)
        yield f"Took the first of {count} {parts}."


def _depth_notes(image: Image.Image) -> Iterator[str]:
    """Yield a note where the file holds more than 8 bits a channel."""
    if image.mode == "F":
        yield "Reduced from floating-point levels to 8 bits a channel."
    elif image.mode.startswith("I") or any(_is_deep(image.format, args) for args in _decoder_args(image)):
        yield "Reduced from 16 to 8 bits a channel."


def _decoder_args(image: Image.Image) -> list[object]:
    return [tile.args for tile in image.tile] if isinstance(image, ImageFile.ImageFile) else []


def _is_deep(kind: str | None, args: object) -> bool:
    """Tell by what Pillow's decoder is told: the layout of the raw pixels and, for a PPM, the largest level."""
    parts = args if isinstance(args, tuple) else (args,)
    if kind == "PPM":
        return any(isinstance(part, int) and part > 255 for part in parts)
    return kind in {"PNG", "TIFF", "SGI"} and any(isinstance(part, str) and ";16" in part for part in parts)


def _in_eight_bits(image: Image.Image) -> Image.Image:
    """Return a picture of 16 grey bits or one float a pixel in eight bits; Pillow itself would cut them off at 255."""
    if image.mode == "F":
        floats = np.nan_to_num(np.asarray(image, np.float64), posinf=1.0, neginf=0.0)
        # Levels from 0 to 1 by convention; what goes beyond is brought within.
        levels = np.clip(floats / max(1.0, float(floats.max())), 0, 1) * 255 + 0.5
    elif image.mode.startswith("I"):
        levels = (np.clip(np.asarray(image).astype(np.int64), 0, 65535) + 128) // 257
    else:
        return image
    eight = Image.fromarray(levels.astype(np.uint8))
    eight.info = image.info
    return eight


def _why_no_picture(source: Path | bytes) -> str:
    head = source[:_HEAD_BYTES] if isinstance(source, bytes) else _first_bytes(source)
    if not head:
        return "the file is empty"
    if head[4:12] in {b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypmsf1"}:
        return "it is a photo in HEIC"
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if b"<svg" in start:
        start = b"<svg"
    return next((why for mark, why in _HEADS if start.startswith(mark)), "it is no picture")


def _first_bytes(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(_HEAD_BYTES)


def _unreachable(name: str, error: OSError) -> UnreadablePicture:
    if isinstance(error, FileNotFoundError):
        return UnreadablePicture(
            f"The picture {name} cannot be read", "no such file is there, or not any more", "Choose another"
        )
    if isinstance(error, IsADirectoryError):
        return UnreadablePicture(f"The picture {name} cannot be read", "it is a folder", "Use the pictures in it")
    return UnreadablePicture(
        f"The picture {name} cannot be read", "you may not read it", "Change its permissions or use a copy"
    )


def _too_large(name: str) -> UnreadablePicture:
    allowed = f"Sfumato reads pictures up to {MAX_SIDE} pixels a side and {MAX_PIXELS // 10**6} million in all"
    return UnreadablePicture(f"The picture {name} is too large", allowed, "Make it smaller first")
