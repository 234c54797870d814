"""What any picture's file says is read, wherever it stands, and quickly."""

from __future__ import annotations

import gzip
import io
import json
import time
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import ExifTags, Image, PngImagePlugin

from studio.domain.dialect import Dialect
from studio.domain.disclosure import Disclosure
from studio.domain.errors import UnreadablePicture
from studio.domain.picture_kind import PictureKind
from studio.services.export import picture_bytes
from studio.services.metadata_reading import Reading, read_file
from studio.services.picture_import import import_picture
from tests.domain.dialects.graphs import plain
from tests.domain.dialects.test_other_programs import FASTSD, FOOOCUS, NOVELAI
from tests.services.damaged.make import TEXT, chunk, exif, hidden, whole, with_chunks, with_segments
from tests.services.test_pictures import PICTURE, described

if TYPE_CHECKING:
    from pathlib import Path

IMAGE = Image.fromarray(np.random.default_rng(0).integers(0, 255, (160, 48, 3), np.uint8))


def saved(kind: str, image: Image.Image = IMAGE, **options: object) -> bytes:
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def png(**texts: str) -> bytes:
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text)
    return saved("PNG", pnginfo=info)


def commented(comment: bytes) -> Image.Exif:
    found = exif()
    found.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    return found


def prompt_of(reading: Reading) -> str:
    assert reading.found is not None
    return reading.found.prompt


# --- where it stands


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF"])
@pytest.mark.parametrize(
    "comment",
    [
        b"UNICODE\0" + TEXT.encode("utf-16-be"),
        b"UNICODE\0" + TEXT.encode("utf-16-le"),
        b"UNICODE\0" + TEXT.encode("utf-16"),
        b"ASCII\0\0\0" + TEXT.encode(),
        bytes(8) + TEXT.encode() + bytes(4),
        TEXT.encode(),
    ],
    ids=["big", "little", "mark", "ascii", "undefined", "bare"],
)
def test_a_photos_comment_is_read_in_every_kind_of_file_and_order_of_bytes(kind: str, comment: bytes) -> None:
    reading = read_file(saved(kind, exif=commented(comment)))
    assert reading.dialect is Dialect.A1111
    assert prompt_of(reading) == "a red fox, 狐"
    assert reading.notes == ()


def test_what_somebody_says_about_a_photo_is_no_prompt() -> None:
    reading = read_file(saved("JPEG", exif=commented(b"UNICODE\0" + "Fuchs: im Garten".encode("utf-16-be"))))
    assert (reading.found, dict(reading.texts)) == (None, {"UserComment": "Fuchs: im Garten"})


def test_comments_of_films_and_of_old_photos_are_read() -> None:
    assert prompt_of(read_file(saved("GIF", comment=TEXT.encode()))) == "a red fox, 狐"
    assert prompt_of(read_file(with_segments((0xFE, TEXT.encode())))) == "a red fox, 狐"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_what_sfumato_writes_is_read_whole(kind: str) -> None:
    metadata = described("狐, größer")
    opaque = np.dstack([PICTURE.pixels, np.full(PICTURE.pixels.shape[:2], 255, np.uint8)])
    reading = read_file(picture_bytes(opaque, PictureKind(kind), Disclosure.of(metadata)))
    assert (reading.own, reading.dialect) == (metadata, Dialect.SFUMATO)
    assert reading.xmp is not None
    assert b"trainedAlgorithmicMedia" in reading.xmp
    assert not reading.has_credentials


def test_the_longest_of_prompts_is_read_out_of_a_jpeg() -> None:
    metadata = described("\U0001f98a" * 100_000)
    opaque = np.dstack([PICTURE.pixels, np.full(PICTURE.pixels.shape[:2], 255, np.uint8)])
    assert read_file(picture_bytes(opaque, PictureKind.JPEG, Disclosure.of(metadata))).own == metadata


def test_a_packed_text_and_one_in_utf8_are_read_and_the_packet_is_none_of_them() -> None:
    reading = read_file(whole("PNG"))
    assert (dict(reading.texts), reading.notes) == ({"parameters": TEXT, "note": "packed " * 20}, ())
    assert reading.xmp is not None


def test_comfyui_writes_into_webp_where_a_camera_is_named() -> None:
    found = Image.Exif()
    found[ExifTags.Base.Model] = f"prompt:{json.dumps(plain())}"
    found[ExifTags.Base.Make] = "workflow:{}"
    reading = read_file(saved("WEBP", exif=found))
    assert (reading.dialect, reading.texts.keys()) == (Dialect.COMFYUI, {"prompt", "workflow"})


def test_comfyui_writes_into_films_after_their_pixels() -> None:
    film = whole("PNG")
    key = chunk(b"comf", b"prompt\0" + json.dumps(plain()).encode("latin-1"))
    end = film.index(b"IEND") - 4
    text_free = with_chunks()
    place = text_free.index(b"IEND") - 4
    assert read_file(text_free[:place] + key + text_free[place:]).dialect is Dialect.COMFYUI
    assert read_file(film[:end] + key + film[end:]).dialect is Dialect.A1111


@pytest.mark.parametrize("kind", ["JPEG", "WEBP"])
def test_fooocus_writes_into_the_first_directory(kind: str) -> None:
    found = Image.Exif()
    found[ExifTags.Base.UserComment] = json.dumps(FOOOCUS)
    found[ExifTags.Base.MakerNote] = "fooocus"
    reading = read_file(saved(kind, exif=found))
    assert (reading.dialect, reading.texts["fooocus_scheme"]) == (Dialect.FOOOCUS, "fooocus")


# --- between the pixels


def forge(mode: str, *, packed: bool, text: str = TEXT) -> bytes:
    """Return what ``add_data`` of Forge's ``modules/stealth_infotext.py`` makes of a picture, bit by bit."""
    image = IMAGE.copy()
    content = gzip.compress(text.encode()) if packed else text.encode()
    mark = f"stealth_{'png' if mode == 'RGBA' else 'rgb'}{'comp' if packed else 'info'}".encode()
    bits = [int(bit) for byte in mark + (8 * len(content)).to_bytes(4) + content for bit in f"{byte:08b}"]
    if mode == "RGBA":
        image.putalpha(255)
    pixels = np.array(image)
    for x in range(image.width):
        for y in range(image.height):
            for plane in (3,) if mode == "RGBA" else (0, 1, 2):
                if bits:
                    pixels[y, x, plane] = (int(pixels[y, x, plane]) & ~1) | bits.pop(0)
    return saved("PNG", Image.fromarray(pixels))


@pytest.mark.parametrize("mode", ["RGBA", "RGB"])
@pytest.mark.parametrize("packed", [True, False])
def test_a_text_between_the_pixels_is_read(mode: str, packed: bool) -> None:
    content = forge(mode, packed=packed)
    reading = read_file(content)
    assert (prompt_of(reading), reading.is_hidden) == ("a red fox, 狐", True)
    assert reading.texts == {"parameters": TEXT}
    assert import_picture(content, "x").texts == {"parameters": TEXT}
    assert read_file(content, pixels=False).found is None


def test_a_text_in_the_colours_of_a_translucent_picture_is_read_too() -> None:
    with Image.open(io.BytesIO(forge("RGB", packed=True))) as image:
        image.putalpha(Image.fromarray(np.full((160, 48), 200, np.uint8)))
        assert prompt_of(read_file(saved("PNG", image))) == "a red fox, 狐"


def test_novelai_hides_its_texts_as_one() -> None:
    text = json.dumps({"Comment": json.dumps(NOVELAI), "Software": "NovelAI", "Source": "NovelAI Diffusion V4"})
    reading = read_file(hidden(gzip.compress(text.encode())))
    assert (reading.dialect, reading.is_hidden) == (Dialect.NOVELAI, True)


def test_what_the_file_says_openly_goes_before_what_is_hidden() -> None:
    with Image.open(io.BytesIO(forge("RGBA", packed=True))) as image:
        info = PngImagePlugin.PngInfo()
        info.add_text("parameters", "open")
        reading = read_file(saved("PNG", image, pnginfo=info))
    assert (prompt_of(reading), reading.is_hidden) == ("open", False)


@pytest.mark.parametrize("mode", ["L", "LA", "P", "1", "I;16"])
def test_a_picture_that_has_no_room_for_it_hides_nothing(mode: str) -> None:
    image = Image.new(mode, (200, 200)) if mode == "I;16" else IMAGE.convert(mode)
    assert read_file(saved("PNG", image)).found is None


# --- beside it


def test_a_text_beside_the_picture_is_read_where_it_holds_settings(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(png())
    path.with_suffix(".txt").write_text("a red fox in the snow, for training", "utf-8")
    assert read_file(path).found is None
    path.with_suffix(".txt").write_text(TEXT, "utf-8-sig")
    reading = read_file(path)
    assert (prompt_of(reading), reading.sidecar) == ("a red fox, 狐", path.with_suffix(".txt"))
    assert read_file(path, beside=False).found is None
    assert import_picture(path).found == reading.found


def test_json_beside_the_picture_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ab-12-2.png"
    path.write_bytes(png())
    (tmp_path / "ab-12.json").write_text(json.dumps(FASTSD), "utf-8")
    reading = read_file(path)
    assert reading.found is not None
    assert (reading.dialect, reading.found.seed) == (Dialect.FASTSD, 12)
    path.with_suffix(".json").write_text(json.dumps(FOOOCUS), "utf-8")
    assert read_file(path).dialect is Dialect.FOOOCUS
    (tmp_path / "ab-12-2.png.json").write_text(json.dumps({"prompt": plain()}), "utf-8")
    path.with_suffix(".json").write_text('{"license": "CC0"}', "utf-8")
    assert read_file(path).dialect is Dialect.COMFYUI


def test_a_picture_that_speaks_for_itself_asks_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(png(parameters="own words"))
    path.with_suffix(".txt").write_text(TEXT, "utf-8")
    assert (prompt_of(read_file(path)), read_file(path).sidecar) == ("own words", None)


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\0\xd8", b"[" * 4_000_000, b'{"lcm_model_id":' * 5000])
def test_what_is_damaged_beside_the_picture_says_nothing(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "x-1.png"
    path.write_bytes(png())
    for other in ("x-1.txt", "x-1.json", "x-1.png.json", "x.json"):
        (tmp_path / other).write_bytes(content)
    assert read_file(path).found is None


def test_a_folder_beside_the_picture_is_no_text(tmp_path: Path) -> None:
    path = tmp_path / "x.png"
    path.write_bytes(png())
    path.with_suffix(".txt").mkdir()
    assert read_file(path).sidecar is None


# --- what is refused, and how long it takes


def test_what_is_no_picture_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match="is no picture"):
        read_file(b"no picture", "x")
    with pytest.raises(UnreadablePicture, match="No such file"):
        read_file(tmp_path / "none.png")
    with pytest.raises(UnreadablePicture, match="It is a folder"):
        read_file(tmp_path)


def test_an_ordinary_file_takes_little_time(tmp_path: Path) -> None:
    image = Image.fromarray(np.random.default_rng(1).integers(0, 255, (1024, 1024, 3), np.uint8))
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", TEXT)
    image.save(tmp_path / "x.png", pnginfo=info)
    image.save(tmp_path / "x.jpg", exif=exif())
    image.save(tmp_path / "x.webp", exif=exif())
    for path in tmp_path.iterdir():
        best = min(_time_of(path) for _ in range(5))
        assert best < 0.005, f"{path.name} took {1000 * best:.1f} ms"


def _time_of(path: Path) -> float:
    start = time.perf_counter()
    assert read_file(path).dialect is Dialect.A1111
    return time.perf_counter() - start
