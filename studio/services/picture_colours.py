"""Colours of foreign pictures as those of sRGB, by the profiles in their files."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image, ImageCms


def in_srgb(image: Image.Image) -> tuple[Image.Image, tuple[str, ...]]:
    """Return the picture with the colours that its own profile means, and a note where that changed them."""
    own = _profile_of(image)
    if image.mode in {"CMYK", "LAB", "YCbCr", "HSV"}:
        return _from_other_space(image, own)
    if own is None or image.mode == "1":
        return image, ()
    plain = image.convert("RGBA" if image.has_transparency_data else "RGB") if image.mode == "P" else image
    colours = plain.convert("RGB" if plain.mode in {"RGB", "RGBA"} else "L")
    if (converted := _converted(colours, own)) is None:
        return image, ()
    change = np.abs(np.asarray(converted, np.int16) - np.asarray(colours.convert("RGB"), np.int16))
    if change.max(initial=0) <= 1:
        return image, ()  # a profile of sRGB itself: all that a conversion would do is to round
    if plain.has_transparency_data:
        converted.putalpha(plain.convert("RGBA").getchannel("A"))
    return converted, (f"Converted from {_profile_name(own)} to sRGB.",)


def _from_other_space(image: Image.Image, own: ImageCms.ImageCmsProfile | None) -> tuple[Image.Image, tuple[str, ...]]:
    space = "CIE L*a*b*" if image.mode == "LAB" else image.mode
    if image.mode == "LAB":
        own = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB"))
    if own is not None and (converted := _converted(image, own)) is not None:
        by = "" if image.mode == "LAB" else f" ({_profile_name(own)})"
        return converted, (f"Converted from {space}{by} to sRGB.",)
    note = (f"Converted from {space} without a profile: its colours are a guess.",) if space == "CMYK" else ()
    return image.convert("RGB"), note


def _profile_of(image: Image.Image) -> ImageCms.ImageCmsProfile | None:
    """Return the profile in the file; None for a damaged one, which says nothing about the colours."""
    if not (profile := image.info.get("icc_profile")):
        return None
    try:
        return ImageCms.ImageCmsProfile(io.BytesIO(profile))
    except (ImageCms.PyCMSError, OSError, TypeError):
        return None


def _converted(image: Image.Image, own: ImageCms.ImageCmsProfile) -> Image.Image | None:
    """Return ``RGB`` in sRGB, or None where the profile is not one for such pixels."""
    try:
        return ImageCms.profileToProfile(
            image,
            own,
            ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")),
            renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
            outputMode="RGB",
            flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
        )
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _profile_name(own: ImageCms.ImageCmsProfile) -> str:
    try:
        name = " ".join(ImageCms.getProfileDescription(own).split())
    except (ImageCms.PyCMSError, OSError):
        name = ""
    return name[:60] or "the colours of its profile"
