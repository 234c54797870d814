"""What is told stands in the file, in all three formats, whatever it is; what is not told stands nowhere in it."""

import io
import json
import re
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

from studio.domain.disclosure import UNKNOWN, Disclosure, ExportPrivacy
from studio.domain.errors import UnreadablePicture
from studio.domain.metadata import Metadata
from studio.domain.picture_kind import PictureKind
from studio.domain.source_type import SourceType
from studio.domain.xmp import Xmp
from studio.services.exif import Exif
from studio.services.export import picture_bytes
from studio.services.metadata_reading import read_file, told_in
from studio.services.picture_import import import_picture
from studio.services.picture_parts import parts_of
from studio.services.picture_texts import told
from studio.services.xmp_segments import FURTHER_HEAD, packets_of, segments_of
from tests.services.test_pictures import PICTURE, described

OPAQUE = np.dstack([PICTURE.pixels, np.full(PICTURE.pixels.shape[:2], 255, np.uint8)])
kinds = st.sampled_from(PictureKind)
prompts = st.text(st.characters(exclude_characters="\0", exclude_categories=()))
long_prompts = st.builds(
    lambda text, length: (text * (1 + length // len(text)))[:length],
    st.sampled_from(
        ['a "red" fox, 3d: {}', "ein Fuchs, größer\n", "狐 🦊, ", "Steps: 1, Seed: 2, Size: 3x4\n", "\ud83e<&>"]
    ),
    st.integers(1, 100_000),
)


@cache
def bare(kind: PictureKind) -> bytes:
    return picture_bytes(OPAQUE, kind, Disclosure(privacy=ExportPrivacy.NOTHING))


def texts(content: bytes) -> dict[str, str]:
    return dict(told_in(content, "x").texts)


def xmp(content: bytes) -> Xmp:
    return Xmp.read(told_in(content, "x").xmp)


# --- written and read


@given(kinds, prompts | long_prompts, prompts)
@settings(max_examples=60)
def test_any_prompt_comes_back_from_any_kind_of_file(kind: PictureKind, prompt: str, negative: str) -> None:
    metadata = described(prompt, negative)
    content = told(bare(kind), kind, Disclosure.of(metadata))
    found = texts(content)
    assert Metadata.from_json(found["sfumato"]) == metadata
    if "parameters" in found or kind is not PictureKind.JPEG:
        assert found["parameters"] == metadata.to_parameters().encode("utf-16", "replace").decode("utf-16")
    assert xmp(content).source_type is SourceType.GENERATED


@pytest.mark.parametrize("kind", PictureKind)
@pytest.mark.parametrize("mark", ["狐 🦊, \n", "🦊", "\ud83e\uffff", "<&>\r\x7f"])
def test_the_longest_prompts_come_back_whole(kind: PictureKind, mark: str) -> None:
    metadata = described((mark * 100_000)[:100_000], "x" * 100_000)
    assert Metadata.from_json(texts(told(bare(kind), kind, Disclosure.of(metadata)))["sfumato"]) == metadata


@pytest.mark.parametrize("kind", PictureKind)
def test_what_is_told_costs_no_pixel_and_is_told_once(kind: PictureKind) -> None:
    once = told(bare(kind), kind, Disclosure.of(described("a fox")))
    twice = told(once, kind, Disclosure.of(described("a cat")))
    assert np.array_equal(import_picture(twice, "x").pixels, import_picture(bare(kind), "x").pixels)
    assert texts(twice)["parameters"].startswith("a cat\n")
    assert b"fox" not in twice
    silent = told(twice, kind, Disclosure(privacy=ExportPrivacy.NOTHING))
    assert b"cat" not in silent
    assert {part.name for part in parts_of(silent, kind)} - {b"VP8X"} == {
        part.name for part in parts_of(bare(kind), kind)
    }


# --- not told

secrets = st.text("0123456789abcdefXYZ狐🦊ü", min_size=12, max_size=12)


def ways_to_write(secret: str) -> set[bytes]:
    """Return the bytes under which a text may hide."""
    encodings = ("utf-8", "utf-16-le", "utf-16-be", "utf-32-le", "latin-1")
    plain = {secret.encode(encoding, "replace") for encoding in encodings if encoding != "latin-1" or secret.isascii()}
    return plain | {json.dumps(secret)[1:-1].encode()}


def all_bytes(content: bytes, kind: PictureKind) -> bytes:
    """Return a file together with what is packed in its texts, if anything is."""
    unpacked = []
    for part in parts_of(content, kind):
        if not part.is_seen:
            for start in re.finditer(b"\x78[\x01\x5e\x9c\xda]", part.content):
                packed = zlib.decompressobj()
                try:
                    unpacked.append(packed.decompress(part.content[start.start() :]))
                except zlib.error:
                    continue
    return b"\0".join([content, *unpacked])


@given(kinds, secrets, secrets, st.sampled_from([ExportPrivacy.PROVENANCE, ExportPrivacy.NOTHING]))
def test_what_is_private_stands_nowhere_in_the_file(
    kind: PictureKind, prompt: str, negative: str, privacy: ExportPrivacy
) -> None:
    metadata = described(prompt, negative).model_copy(update={"seed": 8_765_432_109_876, "model": "a-secret-model"})
    everything = all_bytes(told(bare(kind), kind, Disclosure.of(metadata)), kind)
    content = all_bytes(told(bare(kind), kind, Disclosure.of(metadata, privacy)), kind)
    for secret in (prompt, negative, "8765432109876", metadata.picture_sha256):
        assert any(way in everything for way in ways_to_write(secret)), "the search can find it"
        assert not any(way in content for way in ways_to_write(secret))
    assert (b"a-secret-model" in content) == (privacy is ExportPrivacy.PROVENANCE)
    assert (b"Sfumato" in content) == (privacy is ExportPrivacy.PROVENANCE)
    assert xmp(content).source_type is SourceType.GENERATED


# --- files of other programs


def saved(image: Image.Image, kind: str, **options: Any) -> bytes:  # noqa: ANN401 - Pillow does not type them
    buffer = io.BytesIO()
    image.save(buffer, kind, **options)
    return buffer.getvalue()


def foreign_exif(orientation: int = 6) -> Image.Exif:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Artist] = "A-SECRET"
    return exif


def foreign_texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "A-SECRET")
    info.add_text("prompt", "A-SECRET", zip=True)
    info.add_itxt("workflow", "A-SECRET", zip=True)
    info.add(b"prVt", b"A-SECRET")
    return info


PHOTO = Image.fromarray(PICTURE.pixels)
CLEAR = Image.fromarray(np.dstack([PICTURE.pixels, PICTURE.pixels[..., 0]]))
PROFILE = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
PACKET = Xmp(prompt="A-SECRET").to_packet()
BESIDE: dict[str, Any] = {"exif": foreign_exif(), "icc_profile": PROFILE}
FOREIGN = {
    "png": saved(CLEAR, "PNG", pnginfo=foreign_texts(), **BESIDE) + b"A-SECRET",
    "png with a palette": saved(CLEAR.convert("P"), "PNG", pnginfo=foreign_texts(), transparency=3),
    "jpeg": saved(PHOTO, "JPEG", comment=b"A-SECRET", xmp=PACKET, **BESIDE) + b"A-SECRET",
    "progressive jpeg": saved(PHOTO, "JPEG", progressive=True, restart_marker_rows=1, comment=b"A-SECRET", **BESIDE),
    "jpeg for print": saved(PHOTO.convert("CMYK"), "JPEG", comment=b"A-SECRET"),
    "webp": saved(PHOTO, "WEBP", xmp=PACKET, **BESIDE),
    "webp without loss": saved(CLEAR, "WEBP", lossless=True, exact=True, xmp=PACKET, **BESIDE),
    "webp with transparency": saved(CLEAR, "WEBP", xmp=PACKET),
}


@pytest.mark.parametrize("name", FOREIGN)
@pytest.mark.parametrize("disclosure", [UNKNOWN, Disclosure.of(described("a fox"))])
def test_of_a_foreign_file_the_pixels_are_left(name: str, disclosure: Disclosure) -> None:
    kind = PictureKind.of_content(FOREIGN[name])
    assert kind is not None
    content = told(FOREIGN[name], kind, disclosure)
    assert b"A-SECRET" in all_bytes(FOREIGN[name], kind)
    assert b"A-SECRET" not in all_bytes(content, kind)
    assert b"A-SECRET" not in content
    before, after = import_picture(FOREIGN[name], "x"), import_picture(content, "x")
    assert np.array_equal(before.pixels, after.pixels), "upright, and in the same colours"
    assert after.texts == disclosure.texts
    with Image.open(io.BytesIO(content)) as image:
        assert image.info.get("icc_profile") == (
            PROFILE if name in {"png", "jpeg", "webp"} else image.info.get("icc_profile")
        )


def test_a_thumbnail_of_what_a_photo_once_was_is_left_out() -> None:
    plain = saved(PHOTO, "JPEG")
    assert plain[6:11] == b"JFIF\0"
    with_thumbnail = plain[:4] + (16 + 12).to_bytes(2) + plain[6:18] + b"\x02\x02" + b"SECRETSECRET" + plain[20:]
    content = told(with_thumbnail, PictureKind.JPEG, Disclosure(privacy=ExportPrivacy.NOTHING))
    assert content == plain


def test_a_thumbnail_further_back_is_left_out_too() -> None:
    plain = bare(PictureKind.JPEG)
    thumbnail = b"\xff\xe0" + (16 + 12).to_bytes(2) + b"JFIF\0\1\1\0\0\1\0\1\2\2SECRETSECRET"
    content = told(plain[:20] + thumbnail + plain[20:], PictureKind.JPEG, Disclosure(privacy=ExportPrivacy.NOTHING))
    assert b"SECRET" not in content
    assert import_picture(content).pixels.tolist() == import_picture(plain).pixels.tolist()


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_a_film_goes_on_moving(kind: str) -> None:
    film = saved(PHOTO, kind, save_all=True, append_images=[PHOTO.rotate(90)], exif=foreign_exif(1))
    known = PictureKind.of_content(film)
    assert known is not None
    with Image.open(io.BytesIO(told(film, known))) as image:
        assert getattr(image, "n_frames", 1) == 2


@pytest.mark.parametrize("mode", ["RGB", "RGBA"])
@pytest.mark.parametrize("lossless", [False, True])
@pytest.mark.parametrize("size", [(1, 1), (16383, 1), (3, 300)])
def test_a_webp_is_announced_as_large_as_it_is(mode: str, lossless: bool, size: tuple[int, int]) -> None:
    plain = saved(Image.new(mode, size, (9, 8, 7, 100)[: len(mode)]), "WEBP", lossless=lossless)
    content = told(plain, PictureKind.WEBP)
    with Image.open(io.BytesIO(content)) as image, Image.open(io.BytesIO(plain)) as before:
        assert (image.size, image.mode) == (size, mode)
        assert image.tobytes() == before.tobytes()
    head = next(part for part in parts_of(content, PictureKind.WEBP) if part.name == b"VP8X").content
    assert int.from_bytes(head[4:7], "little") + 1 == size[0]
    assert int.from_bytes(head[7:10], "little") + 1 == size[1]
    assert bool(head[0] & 0x10) == (mode == "RGBA")


@given(st.sampled_from(list(FOREIGN)), st.data())
@settings(max_examples=80)
def test_a_damaged_file_is_refused_or_told(name: str, data: st.DataObject) -> None:
    content = bytearray(FOREIGN[name])
    cut = data.draw(st.integers(12, len(content)))
    content[data.draw(st.integers(12, len(content) - 1))] ^= data.draw(st.integers(0, 255))
    kind = PictureKind.of_content(bytes(content))
    assert kind is not None
    with suppress(UnreadablePicture):
        told(bytes(content[:cut]), kind)


# --- the further packet of a JPEG

LONG = Xmp(own_json="x" * 200_000)


def test_a_further_packet_goes_in_pieces_and_comes_back_in_any_order() -> None:
    first, *pieces = segments_of(Xmp(tool="Sfumato"), LONG)
    assert len(pieces) == 4
    assert all(len(piece) < 65_500 for piece in pieces)
    packet, further = packets_of([pieces[2], first, pieces[3], pieces[0], pieces[1]])
    assert Xmp.read(packet).tool == "Sfumato"
    assert Xmp.read(further) == LONG


def test_a_further_packet_that_is_not_whole_or_not_meant_is_left_out() -> None:
    first, *pieces = segments_of(Xmp(tool="Sfumato"), LONG)
    other = [piece.replace(piece[len(FURTHER_HEAD) :][:32], b"A" * 32) for piece in pieces]
    broken = [pieces[0][:-1] + b"y", *pieces[1:]]
    for damaged in (pieces[1:], other, broken, [FURTHER_HEAD], [FURTHER_HEAD + b"A" * 40]):
        assert packets_of([first, *damaged])[1] == b""
    assert packets_of(pieces) == (b"", b"")


# --- Exif


@pytest.mark.parametrize("orientation", [1, 6])
@pytest.mark.parametrize("comment", [b"", b"UNICODE\0" + "狐".encode("utf-16-be"), b"ASCII\0\0\0odd"])
@pytest.mark.parametrize("note", [b"", b"\0", b"sfumato\0{}"])
def test_exif_is_read_by_pillow(orientation: int, comment: bytes, note: bytes) -> None:
    content = Exif(orientation=orientation, software="Sfumato 1", comment=comment, maker_note=note).to_bytes()
    exif = Image.Exif()
    exif.load(content)
    assert exif.get(ExifTags.Base.Orientation, 1) == orientation
    assert exif[ExifTags.Base.Software] == "Sfumato 1"
    own = exif.get_ifd(ExifTags.IFD.Exif)
    assert own.get(ExifTags.Base.UserComment, b"") == comment
    assert own.get(ExifTags.Base.MakerNote, b"") == note


def test_of_nothing_there_is_no_exif() -> None:
    assert Exif().to_bytes() == b""


def test_a_file_on_disk_tells_it_too(tmp_path: Path) -> None:
    path = tmp_path / "fox.jpg"
    path.write_bytes(told(bare(PictureKind.JPEG), PictureKind.JPEG, Disclosure.of(described("a" * 70_000))))
    own = read_file(path).own
    assert own is not None
    assert own.prompt == "a" * 70_000
