"""A picture of the history goes out as its file is, or as one that tells less; its pixels are the same."""

from __future__ import annotations

import io
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio.domain.dialect import Dialect
from studio.domain.disclosure import Disclosure, ExportPrivacy
from studio.domain.errors import UnreadablePicture
from studio.domain.found_settings import FoundSettings
from studio.domain.picture_kind import PictureKind
from studio.domain.source_type import SourceType
from studio.domain.xmp import Xmp
from studio.services.export import picture_bytes, without_hidden_text
from studio.services.history_entry import Entry
from studio.services.metadata_reading import read_file
from studio.services.picture_copies import copied
from studio.services.picture_import import import_picture
from studio.services.pictures import write_png
from studio.services.sealing import Sealed
from tests.services.test_pictures import CREATED, PICTURE, described

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

LESS = [ExportPrivacy.PROVENANCE, ExportPrivacy.NOTHING]


def entry(path: Path, found: FoundSettings) -> Entry:
    return Entry(
        id=3,
        path=path,
        found=found,
        picture_sha256=PICTURE.sha256,
        width=40,
        height=24,
        created=CREATED,
        day="2026-11-23",
        is_imported=True,
    )


def painted(path: Path) -> Entry:
    write_png(path, PICTURE, described("a secret fox"))
    found = FoundSettings.of_metadata(described("a secret fox"))
    return replace(entry(path, found), metadata=described("a secret fox"), is_imported=False)


def imported(path: Path, image: Image.Image, **options: Any) -> Entry:  # noqa: ANN401 - Pillow does not type them
    image.save(path, **options)
    reading = read_file(path)
    return entry(path, reading.found or FoundSettings(prompt=""))


def foreign_texts() -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a secret fox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Model: ink_v2")
    info.add_itxt("workflow", '{"secret": "狐"}', zip=True)
    return info


PHOTO = Image.fromarray(PICTURE.pixels)


def test_a_copy_that_may_tell_everything_is_the_file_itself(tmp_path: Path) -> None:
    foreign = imported(tmp_path / "a.png", PHOTO, pnginfo=foreign_texts())
    for one in (foreign, painted(tmp_path / "b.png"), imported(tmp_path / "c.avif", PHOTO)):
        copy = copied(one, ExportPrivacy.FULL)
        assert (copy.content, copy.suffix) == (one.path.read_bytes(), one.path.suffix)


@pytest.mark.parametrize("privacy", LESS)
def test_a_copy_of_a_painted_picture_tells_less(tmp_path: Path, privacy: ExportPrivacy) -> None:
    copy = copied(painted(tmp_path / "a.png"), privacy)
    reading = read_file(copy.content)
    assert import_picture(copy.content).pixels[..., :3].tolist() == PICTURE.pixels.tolist()
    assert not reading.texts
    assert b"secret" not in copy.content
    assert Xmp.read(reading.xmp or b"") == Disclosure.of(described("a secret fox"), privacy).xmp


@pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp"])
@pytest.mark.parametrize("privacy", LESS)
def test_a_copy_of_another_programs_picture_names_that_program(
    tmp_path: Path, suffix: str, privacy: ExportPrivacy
) -> None:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + str(foreign_texts_parameters()).encode("utf-16-be")
    options = {"pnginfo": foreign_texts()} if suffix == ".png" else {"exif": exif}
    one = imported(tmp_path / f"a{suffix}", PHOTO, **options)
    assert one.found.dialect is Dialect.A1111
    copy = copied(one, privacy)
    assert copy.suffix == suffix
    assert np.array_equal(import_picture(copy.content).pixels, import_picture(one.path).pixels)
    assert b"secret" not in copy.content
    said = Xmp.read(read_file(copy.content).xmp or b"")
    assert said.source_type is SourceType.GENERATED
    assert said.ai_system == ("A1111, ink_v2" if privacy is ExportPrivacy.PROVENANCE else "")


def foreign_texts_parameters() -> str:
    return "a secret fox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Model: ink_v2"


@pytest.mark.parametrize("privacy", LESS)
def test_what_a_file_says_of_where_it_comes_from_is_kept(tmp_path: Path, privacy: ExportPrivacy) -> None:
    term = Xmp(digital_source_type=SourceType.COMPOSITE.uri, prompt="a secret fox").to_packet()
    copy = copied(imported(tmp_path / "a.jpg", PHOTO, xmp=term), privacy)
    said = Xmp.read(read_file(copy.content).xmp or b"")
    assert said.source_type is SourceType.COMPOSITE
    assert b"secret" not in copy.content


@pytest.mark.parametrize("privacy", LESS)
def test_a_photo_of_which_nothing_is_known_is_called_nothing(tmp_path: Path, privacy: ExportPrivacy) -> None:
    copy = copied(imported(tmp_path / "a.jpg", PHOTO, comment=b"secret"), privacy)
    assert b"secret" not in copy.content
    assert Xmp.read(read_file(copy.content).xmp or b"").digital_source_type == ""


@pytest.mark.parametrize("suffix", [".avif", ".gif", ".tiff"])
def test_a_kind_that_is_not_written_becomes_a_png(tmp_path: Path, suffix: str) -> None:
    one = imported(tmp_path / f"a{suffix}", PHOTO)
    copy = copied(one, ExportPrivacy.PROVENANCE)
    assert copy.suffix == ".png"
    assert PictureKind.of_content(copy.content) is PictureKind.PNG
    assert np.array_equal(import_picture(copy.content).pixels, import_picture(one.path).pixels)


def test_a_picture_that_was_changed_in_its_file_is_a_composite(tmp_path: Path) -> None:
    one = replace(painted(tmp_path / "a.png"), picture_sha256="ab" * 32)
    assert b"compositeWithTrainedAlgorithmicMedia" in copied(one, ExportPrivacy.NOTHING).content


def test_a_copy_is_sealed_last_and_says_what_went_wrong(tmp_path: Path) -> None:
    def seal(content: bytes, kind: PictureKind, disclosure: Disclosure, /) -> Sealed:
        assert read_file(content).xmp
        assert kind is PictureKind.PNG
        assert disclosure.privacy is ExportPrivacy.PROVENANCE
        return Sealed(content + b"seal", ("It is unsigned.",))

    copy = copied(painted(tmp_path / "a.png"), ExportPrivacy.PROVENANCE, seal)
    assert copy.content.endswith(b"seal")
    assert copy.notes == ("It is unsigned.",)


def test_a_file_that_has_gone_is_said(tmp_path: Path) -> None:
    one = painted(tmp_path / "a.png")
    one.path.unlink()
    for privacy in ExportPrivacy:
        with pytest.raises(UnreadablePicture, match="Look where its file has gone"):
            copied(one, privacy)


# --- between the pixels


def with_hidden(pixels: NDArray[np.uint8], mark: bytes, text: bytes) -> NDArray[np.uint8]:
    """Return pixels, (H, W, 4) uint8, with a text in their lowest bits, as ``modules/stealth_infotext.py`` of Forge."""
    content = mark + (8 * len(text)).to_bytes(4) + text
    bits = np.unpackbits(np.frombuffer(content, np.uint8))
    columns = pixels.transpose(1, 0, 2).copy()
    plane = columns[..., 3:] if b"png" in mark else columns[..., :3]
    flat = plane.reshape(-1).copy()
    flat[: bits.size] = flat[: bits.size] & 0xFE | bits
    (columns[..., 3:] if b"png" in mark else columns[..., :3])[...] = flat.reshape(plane.shape)
    return columns.transpose(1, 0, 2).copy()


SECRET = foreign_texts_parameters().encode()
LARGE = np.dstack([np.asarray(PHOTO.resize((200, 120))), np.full((120, 200), 255, np.uint8)])


@pytest.mark.parametrize("mark", [b"stealth_pnginfo", b"stealth_rgbinfo"])
@pytest.mark.parametrize("privacy", LESS)
def test_no_words_are_left_between_the_pixels(tmp_path: Path, mark: bytes, privacy: ExportPrivacy) -> None:
    pixels = with_hidden(LARGE, mark, SECRET)
    hidden = Image.fromarray(pixels if b"png" in mark else pixels[..., :3])
    one = imported(tmp_path / "a.png", hidden)
    assert one.found.prompt == "a secret fox"
    copy = copied(one, privacy)
    assert read_file(copy.content).found is None
    after = import_picture(copy.content).pixels
    assert np.abs(after.astype(int) - LARGE).max() <= 1
    assert (after[..., 3] == 255).all()
    on_canvas = picture_bytes(pixels, PictureKind.PNG, Disclosure(privacy=privacy))
    assert read_file(on_canvas).found is None


@pytest.mark.parametrize("options", [{"pnginfo": foreign_texts()}, {"lossless": True, "exact": True}])
def test_words_between_the_pixels_go_whatever_is_said_openly_and_in_whichever_file(
    tmp_path: Path, options: dict[str, object]
) -> None:
    pixels = with_hidden(LARGE, b"stealth_pnginfo", SECRET)
    one = imported(tmp_path / ("a.png" if "pnginfo" in options else "a.webp"), Image.fromarray(pixels), **options)
    copy = copied(one, ExportPrivacy.PROVENANCE)
    assert (import_picture(copy.content).pixels[..., 3] == 255).all()
    assert Xmp.read(read_file(copy.content).xmp or b"").source_type is (
        SourceType.GENERATED if "pnginfo" in options else None
    )


def test_what_is_left_of_words_between_the_pixels_of_a_cut_picture_goes() -> None:
    cut = with_hidden(LARGE, b"stealth_pnginfo", 35 * SECRET)[:, :150]
    assert (without_hidden_text(cut)[..., 3] == 255).all()


def test_a_large_picture_is_no_hiding_place() -> None:
    wide = np.full((130, 65_000, 4), 255, np.uint8)
    assert (without_hidden_text(with_hidden(wide, b"stealth_pnginfo", SECRET))[..., 3] == 255).all()


def test_pixels_without_words_between_them_stay_as_they_are() -> None:
    assert without_hidden_text(LARGE) is LARGE
    with Image.open(
        io.BytesIO(picture_bytes(LARGE, PictureKind.PNG, Disclosure(privacy=ExportPrivacy.NOTHING)))
    ) as image:
        assert np.array_equal(np.asarray(image), LARGE[..., :3])
