"""Any picture comes in as the eye sees it, and says what was converted; anything else is refused in words."""

import io
import os
import struct
import zlib
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from studio.domain.errors import UnreadablePicture
from studio.domain.geometry import Rect
from studio.services.document_opening import read_document
from studio.services.picture_import import ImportedPicture, import_picture
from studio.services.pictures import png_bytes, png_texts
from tests.services.test_pictures import PICTURE, described

COLOURS = np.random.default_rng(2).integers(0, 256, (24, 40, 4), np.uint8)


def encoded(image: Image.Image, kind: str = "PNG", **options: Any) -> bytes:  # noqa: ANN401 - Pillow does not type them
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def imported(image: Image.Image, kind: str = "PNG", **options: Any) -> ImportedPicture:  # noqa: ANN401 - likewise
    return import_picture(encoded(image, kind, **options), "x")


def profile(swapped: bool = False, gamma: float = 2.2) -> bytes:
    """Return a matrix profile of its own: sRGB's primaries, red and green exchanged where wanted, and a gamma."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tags = {}
    for at in range(132, 132 + 12 * struct.unpack(">I", srgb[128:132])[0], 12):
        name, offset, size = struct.unpack(">4sII", srgb[at : at + 12])
        tags[name] = srgb[offset : offset + size]
    curve = b"curv" + struct.pack(">IIH", 0, 1, round(gamma * 256)) + b"\0\0"
    tags |= {b"rTRC": curve, b"gTRC": curve, b"bTRC": curve}
    if swapped:
        tags[b"rXYZ"], tags[b"gXYZ"] = tags[b"gXYZ"], tags[b"rXYZ"]
    table, data = b"", b""
    start = 132 + 12 * len(tags)
    for name, content in tags.items():
        padded = content + bytes(-len(content) % 4)
        table += struct.pack(">4sII", name, start + len(data), len(content))
        data += padded
    body = srgb[4:128] + struct.pack(">I", len(tags)) + table + data
    return struct.pack(">I", 4 + len(body)) + body


# --- what comes out


def test_the_pixels_and_the_transparency_are_the_files_own() -> None:
    picture = imported(Image.fromarray(COLOURS))
    assert np.array_equal(picture.pixels, COLOURS)
    assert picture.notes == ()
    assert (picture.name, picture.metadata, dict(picture.texts)) == ("x", None, {})


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "TGA", "QOI", "PCX", "SGI", "JPEG2000", "PPM", "GIF", "WEBP"])
def test_every_kind_of_file_comes_in(kind: str) -> None:
    lossless = {"WEBP": {"lossless": True}}.get(kind, {})
    few = Image.fromarray(COLOURS[..., :3] // 128 * 255)
    picture = imported(few, kind, **lossless)
    assert np.array_equal(picture.pixels[..., :3], np.asarray(few))
    assert (picture.pixels[..., 3] == 255).all()
    assert picture.notes == ()


@pytest.mark.parametrize(("mode", "alpha"), [("1", 255), ("L", 255), ("P", 255), ("LA", 0), ("PA", 0), ("RGBA", 0)])
def test_every_kind_of_pixel_comes_in(mode: str, alpha: int) -> None:
    image = Image.new("RGBA", (3, 2), (255, 255, 255, alpha)).convert(mode)
    assert np.unique(imported(image, "TIFF" if mode == "PA" else "PNG").pixels[..., 3]).tolist() == [alpha]


def test_a_transparent_colour_of_a_palette_is_transparent() -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([10, 20, 30, 200, 210, 220])
    image.putpixel((1, 0), 1)
    assert imported(image, "GIF", transparency=0).pixels[0, :, 3].tolist() == [0, 255]


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_is_upright(orientation: int) -> None:
    upright = np.zeros((24, 40, 3), np.uint8)
    upright[:12, :20] = 255
    turns = {
        1: upright,
        2: upright[:, ::-1],
        3: upright[::-1, ::-1],
        4: upright[::-1],
        5: upright.swapaxes(0, 1),
        6: np.rot90(upright),
        7: upright.swapaxes(0, 1)[::-1, ::-1],
        8: np.rot90(upright, -1),
    }
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    picture = imported(Image.fromarray(np.ascontiguousarray(turns[orientation])), "TIFF", exif=exif)
    assert np.array_equal(picture.pixels[..., :3], upright)


# --- what is said


def test_colours_of_another_space_become_those_of_srgb() -> None:
    green = Image.new("RGB", (2, 2), (0, 200, 0))
    picture = imported(green, icc_profile=profile(swapped=True, gamma=1.0))
    assert picture.pixels[0, 0, 0] > 200 > picture.pixels[0, 0, 1], "red and green are exchanged, and linear"
    assert len(picture.notes) == 1
    assert picture.notes[0].startswith("Converted from ")
    assert picture.notes[0].endswith(" to sRGB.")


def test_transparency_outlives_the_conversion_of_colours() -> None:
    picture = imported(Image.fromarray(COLOURS), icc_profile=profile(swapped=True))
    assert np.array_equal(picture.pixels[..., 3], COLOURS[..., 3])
    assert not np.array_equal(picture.pixels, COLOURS)


def test_a_picture_in_srgb_is_not_touched() -> None:
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    picture = imported(Image.fromarray(COLOURS), icc_profile=srgb)
    assert np.array_equal(picture.pixels, COLOURS)
    assert picture.notes == ()


@pytest.mark.parametrize("nonsense", [b"nonsense", profile()[:200], b"\0" * 128])
def test_a_damaged_profile_says_nothing(nonsense: bytes) -> None:
    picture = imported(Image.fromarray(COLOURS), icc_profile=nonsense)
    assert np.array_equal(picture.pixels, COLOURS)
    assert picture.notes == ()


def deep_png(levels: np.ndarray[Any, Any]) -> bytes:
    """Return a PNG of 16 bits a channel, of (H, W, 3) or (H, W, 4) uint16, which Pillow cannot write."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    height, width, channels = levels.shape
    rows = b"".join(b"\0" + row.astype(">u2").tobytes() for row in levels)
    head = struct.pack(">IIBBBBB", width, height, 16, {3: 2, 4: 6}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.mark.parametrize("channels", [3, 4])
def test_sixteen_bits_a_channel_are_reduced_and_said(channels: int) -> None:
    levels = np.full((2, 3, channels), 65535, np.uint16)
    levels[0, 0] = 257
    picture = import_picture(deep_png(levels), "x")
    assert picture.notes == ("Reduced from 16 to 8 bits a channel.",)
    assert picture.pixels[0, 0, :3].tolist() == [1, 1, 1]
    assert picture.pixels[1, 2].tolist() == [255] * 4


def test_sixteen_grey_bits_are_reduced_and_said() -> None:
    picture = imported(Image.fromarray(np.array([[0, 257, 32896, 65535]], np.uint16)))
    assert picture.pixels[0, :, 0].tolist() == [0, 1, 128, 255]
    assert picture.notes == ("Reduced from 16 to 8 bits a channel.",)


def test_a_ppm_of_sixteen_bits_is_said() -> None:
    picture = import_picture(b"P6 1 1 65535\n" + struct.pack(">3H", 65535, 32896, 0), "x")
    assert picture.pixels[0, 0].tolist() == [255, 128, 0, 255]
    assert picture.notes == ("Reduced from 16 to 8 bits a channel.",)


@pytest.mark.parametrize(("most", "levels"), [(1.0, [0, 128, 255]), (4.0, [0, 128, 255]), (0.5, [0, 64, 128])])
def test_floats_are_reduced_and_said(most: float, levels: list[int]) -> None:
    image = Image.fromarray(np.array([[0, most / 2, most]], np.float32))
    picture = imported(image, "TIFF")
    assert picture.pixels[0, :, 0].tolist() == levels
    assert picture.notes == ("Reduced from floating-point levels to 8 bits a channel.",)


def test_ink_becomes_light_and_is_said() -> None:
    picture = imported(Image.new("CMYK", (2, 2), (0, 255, 255, 0)), "TIFF")
    assert picture.pixels[0, 0].tolist() == [255, 0, 0, 255]
    assert picture.notes == ("Converted from CMYK without a profile: its colours are a guess.",)


def test_a_profile_of_light_is_not_used_for_ink() -> None:
    picture = imported(Image.new("CMYK", (2, 2), (0, 255, 255, 0)), "JPEG", icc_profile=profile())
    assert picture.notes == ("Converted from CMYK without a profile: its colours are a guess.",)


@pytest.mark.parametrize(
    ("kind", "parts"), [("GIF", "frames"), ("WEBP", "frames"), ("PNG", "frames"), ("TIFF", "pages")]
)
def test_of_a_film_the_first_frame_is_taken_and_said(kind: str, parts: str) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "lime", "blue")]
    picture = imported(frames[0], kind, save_all=True, append_images=frames[1:])
    assert picture.pixels[0, 0, 0] > 250
    assert picture.pixels[0, 0, 1:3].max() < 10
    assert picture.notes == (f"Took the first of 3 {parts}.",)


def test_what_sfumato_wrote_about_a_picture_comes_along() -> None:
    picture = import_picture(png_bytes(PICTURE, described().text_chunks()), "x")
    assert picture.metadata == described()
    assert picture.texts["parameters"].startswith("a red fox, 3d\n")


def test_damaged_metadata_costs_nothing_but_itself() -> None:
    picture = import_picture(png_bytes(PICTURE, {"sfumato": "{", "parameters": "a fox"}), "x")
    assert picture.metadata is None
    assert picture.texts["parameters"] == "a fox"


# --- as a layer


def test_a_picture_becomes_a_layer_named_after_its_file(tmp_path: Path) -> None:
    path = tmp_path / "Füchse im Schnee.final.png"
    path.write_bytes(encoded(Image.fromarray(np.where(COLOURS[..., 3:] > 99, 255, COLOURS))))
    layer = import_picture(path).to_layer(-5, 7)
    assert layer.name == "Füchse im Schnee.final"
    assert layer.bounds == Rect(-5, 7, 40, 24)
    assert (layer.read(layer.bounds).max(2) == layer.read(layer.bounds)[..., 3]).all(), "premultiplied"


# --- what is refused


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "The file is empty"),
        (b"no picture", "It is no picture"),
        (b"<!DOCTYPE html><title>404</title>", "It is a web page"),
        (b"\xef\xbb\xbf\n <HTML>", "It is a web page"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "It is a drawing in SVG"),
        (b"%PDF-1.7", "It is a PDF file"),
        (b"8BPS\0\1" + bytes(40), "It is a Photoshop document"),
        (b"\0\0\0\x18ftypheic" + bytes(40), "It is a photo in HEIC"),
        (encoded(Image.fromarray(COLOURS))[:300], "The file is damaged"),
        (encoded(Image.fromarray(COLOURS).convert("RGB"), "JPEG")[:400], "The file is damaged"),
    ],
)
def test_what_is_no_picture_is_refused_in_words(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(UnreadablePicture, match=why):
        import_picture(tmp_path / "x.png")
    with pytest.raises(UnreadablePicture, match=r"“a fox” cannot be read"):
        import_picture(content, "a fox")


def test_what_cannot_be_reached_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match="It is a folder"):
        import_picture(tmp_path)
    with pytest.raises(UnreadablePicture, match="No such file is there"):
        import_picture(tmp_path / "gone.png")
    with pytest.raises(UnreadablePicture, match=r"x\.png cannot be read"):
        import_picture(tmp_path / ("a" * 300) / "x.png")


@pytest.mark.skipif(os.name == "nt", reason="pipes in folders are POSIX's")
def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    pipe = tmp_path / "x.png"
    os.mkfifo(pipe)
    for read in (import_picture, read_document, png_texts):
        with pytest.raises(UnreadablePicture, match="a pipe or a device"):
            read(pipe)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_said(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(encoded(Image.fromarray(COLOURS)))
    (tmp_path / "x.png").chmod(0)
    with pytest.raises(UnreadablePicture, match="You may not read it"):
        import_picture(tmp_path / "x.png")


def bomb(side: int) -> bytes:
    head = struct.pack(">IIBBBBB", side, side, 8, 6, 0, 0, 0)
    start = struct.pack(">I", 13) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    data = zlib.compress(bytes(10**6))
    rest = struct.pack(">I", len(data)) + b"IDAT" + data + struct.pack(">I", zlib.crc32(b"IDAT" + data))
    return b"\x89PNG\r\n\x1a\n" + start + rest


@pytest.mark.parametrize("side", [60000, 16385, 12000, 2**31 - 1])
def test_a_bomb_is_refused_unread(side: int) -> None:
    with pytest.raises(UnreadablePicture, match=r"too large.*Sfumato reads pictures up to 16384 pixels a side"):
        import_picture(bomb(side), "bomb")


def test_a_text_that_unpacks_without_end_is_refused() -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("note", "a" * 2**26, zip=True)
    with pytest.raises(UnreadablePicture, match="damaged"):
        import_picture(encoded(Image.new("L", (1, 1)), pnginfo=info), "x")


@cache
def samples() -> tuple[bytes, ...]:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    image = Image.fromarray(PICTURE.pixels)
    kinds = ("PNG", "JPEG", "WEBP", "AVIF", "TIFF", "GIF", "BMP", "TGA", "QOI", "ICO", "JPEG2000")
    plain = [encoded(image, kind) for kind in kinds]
    rich = [
        encoded(image, kind, exif=exif, icc_profile=profile(swapped=True)) for kind in ("PNG", "JPEG", "WEBP", "TIFF")
    ]
    return (*plain, *rich)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's remarks on damaged files
@settings(max_examples=400, deadline=None)
@given(
    sample=st.integers(0, 14),
    changes=st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), max_size=6),
    cut=st.floats(0, 1),
)
def test_damaged_bytes_are_refused_or_read(sample: int, changes: list[tuple[float, int]], cut: float) -> None:
    content = bytearray(samples()[sample])
    for place, value in changes:
        # Half of them in the head, where the structure is.
        at = int(place * 2 * min(200, len(content))) if place < 0.5 else int(place * len(content))
        content[min(at, len(content) - 1)] = value
    with suppress(UnreadablePicture):
        picture = import_picture(bytes(content[: max(1, int(len(content) * (1 - cut**8)))]), "x")
        assert picture.pixels.dtype == np.uint8
        assert picture.pixels.shape[2] == 4


@given(st.binary(max_size=200))
def test_any_bytes_are_refused_or_read(content: bytes) -> None:
    with suppress(UnreadablePicture):
        import_picture(content, "x")
