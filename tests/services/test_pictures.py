"""Pictures are written whole with their metadata, and read as the eye sees them."""

import io
import signal
import stat
import subprocess
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from studio.domain.errors import UnreadablePicture, UnwritablePlace
from studio.domain.events import Conditions, GeneratedImage
from studio.domain.geometry import Size
from studio.domain.metadata import Metadata
from studio.domain.picture import Mask, Picture
from studio.domain.request import ModelRef, Sampling, TextToImage
from studio.services.files import partial_files, require_writable
from studio.services.pictures import (
    png_texts,
    read_mask,
    read_picture,
    scaled_mask,
    scaled_picture,
    write_png,
)

PICTURE = Picture(np.random.default_rng(1).integers(0, 256, (24, 40, 3), np.uint8))
WRITABLE = st.characters(exclude_characters="\0", exclude_categories=["Cs"])
CREATED = datetime(2026, 11, 23, 20, 15, tzinfo=UTC)


def described(prompt: str = "a red fox, 3d", negative: str = "") -> Metadata:
    model, sampling = ModelRef("starter", Path("starter")), Sampling(steps=20, guidance_scale=7, seed=3)
    request = TextToImage(model=model, prompt=prompt, negative_prompt=negative, sampling=sampling, width=40, height=24)
    conditions = Conditions("cpu", "float32", "", {"torch": "2.13.0"})
    return Metadata.of(request, GeneratedImage(PICTURE, 3, 0), conditions, CREATED)


def saved(tmp_path: Path, image: Image.Image, name: str = "x.png", **options: Any) -> Path:  # noqa: ANN401 - Pillow does not type them
    image.save(tmp_path / name, **options)
    return tmp_path / name


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


# --- writing


def test_a_picture_comes_back_with_its_pixels_and_its_metadata(tmp_path: Path) -> None:
    path = tmp_path / "2026-11" / "fox.png"
    write_png(path, PICTURE, described())
    assert read_picture(path) == PICTURE
    texts = png_texts(path)
    assert Metadata.from_json(texts["sfumato"]) == described()
    assert texts["parameters"].startswith("a red fox, 3d\nSteps: 20, ")
    assert names(path.parent) == ["fox.png"]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.text(WRITABLE), st.text(WRITABLE))
def test_any_prompt_comes_back_from_the_file(tmp_path: Path, prompt: str, negative: str) -> None:
    write_png(tmp_path / "x.png", PICTURE, described(prompt, negative))
    texts = png_texts(tmp_path / "x.png")
    assert texts == described(prompt, negative).text_chunks()
    assert Metadata.from_json(texts["sfumato"]).prompt == prompt


@pytest.mark.parametrize(("prompt", "chunk"), [("ein Fuchs, größer", b"tEXtparameters"), ("狐 🦊", b"iTXtparameters")])
def test_a_text_is_latin_1_where_that_suffices(tmp_path: Path, prompt: str, chunk: bytes) -> None:
    write_png(tmp_path / "x.png", PICTURE, described(prompt))
    assert chunk in (tmp_path / "x.png").read_bytes()


def test_half_a_surrogate_pair_does_not_cost_the_picture(tmp_path: Path) -> None:
    write_png(tmp_path / "x.png", PICTURE, described("fox \ud83e"))
    assert Metadata.from_json(png_texts(tmp_path / "x.png")["sfumato"]).prompt == "fox \ud83e"
    assert png_texts(tmp_path / "x.png")["parameters"].startswith("fox ?\n")


def test_a_file_is_replaced_only_when_that_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "fox.png"
    path.write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        write_png(path, PICTURE, described(), replace=False)
    assert path.read_bytes() == b"mine"
    write_png(path, PICTURE, described())
    assert read_picture(path) == PICTURE
    assert partial_files(tmp_path) == []


def test_a_picture_is_as_open_to_others_as_any_file(tmp_path: Path) -> None:
    (tmp_path / "plain").write_bytes(b"")
    write_png(tmp_path / "fox.png", PICTURE, described())
    modes = {stat.S_IMODE((tmp_path / name).stat().st_mode) for name in ("plain", "fox.png")}
    assert len(modes) == 1


def test_a_place_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UnwritablePlace, match="Choose another folder"):
        write_png(tmp_path / "file" / "fox.png", PICTURE, described())
    with pytest.raises(UnwritablePlace, match="Nothing can be written"):
        require_writable(tmp_path / "file")


def test_a_folder_in_the_way_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    (tmp_path / "fox.png").mkdir()
    with pytest.raises(UnwritablePlace, match=r"Nothing can be written to .*fox\.png"):
        write_png(tmp_path / "fox.png", PICTURE, described())
    assert names(tmp_path) == ["fox.png"]


def test_a_full_disk_is_said(tmp_path: Path) -> None:
    # The limit on a file's size is the one full disk that a test can have without being root.
    program = f"""
import resource, signal
from pathlib import Path
from studio.domain.errors import UnwritablePlace
from studio.services.files import write_whole
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write_whole(Path({str(tmp_path / "big")!r}), bytes(5000))
except UnwritablePlace as error:
    print(error.what)
"""
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout == f"Nothing can be written to {tmp_path / 'big'}\n"
    assert names(tmp_path) == []


WRITER = """
import sys
from itertools import count
from pathlib import Path
from studio.services.files import write_whole
folder, content = Path(sys.argv[1]), sys.stdin.buffer.read()
for number in count():
    write_whole(folder / f"{number % 3}.png", content)
    if number == 2:
        print("going", flush=True)
"""


@pytest.mark.parametrize("after_ms", [1, 4, 9, 15, 22])
def test_a_killed_writer_leaves_no_half_file(tmp_path: Path, after_ms: int) -> None:
    buffer = io.BytesIO()
    noise = np.random.default_rng(after_ms).integers(0, 256, (1024, 1024, 3), np.uint8)
    Image.fromarray(noise).save(buffer, "PNG", compress_level=0)
    command = [sys.executable, "-c", WRITER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdin
        assert child.stdout
        child.stdin.write(buffer.getvalue())
        child.stdin.close()
        assert child.stdout.readline() == b"going\n"
        with pytest.raises(subprocess.TimeoutExpired):  # it goes on for ever; somewhere in the middle it is killed
            child.wait(after_ms / 1000)
        child.send_signal(signal.SIGKILL)
        assert child.wait() == -signal.SIGKILL
    whole = sorted(tmp_path.glob("*.png"))
    assert len(whole) == 3
    assert all(path.read_bytes() == buffer.getvalue() for path in whole)
    assert names(tmp_path) == sorted(path.name for path in (*whole, *partial_files(tmp_path)))


# --- reading


@pytest.mark.parametrize("reader", [read_picture, read_mask, png_texts])
@pytest.mark.parametrize("content", [None, b"", b"no picture", b"\x89PNG\r\n\x1a\n", b"\x89PNG\r\n\x1a\n" + bytes(99)])
def test_a_file_that_is_no_picture_is_refused(tmp_path: Path, reader: object, content: bytes | None) -> None:
    assert callable(reader)
    if content is not None:
        (tmp_path / "x.png").write_bytes(content)
    with pytest.raises(UnreadablePicture, match=r"x\.png cannot be read"):
        reader(tmp_path / "x.png")


@given(cut=st.integers(8, 1500))
@settings(max_examples=40)
def test_a_cut_file_is_refused_or_whole(tmp_path_factory: pytest.TempPathFactory, cut: int) -> None:
    path = tmp_path_factory.mktemp("cut") / "x.png"
    write_png(path, PICTURE, described())
    path.write_bytes(path.read_bytes()[:cut])
    with suppress(UnreadablePicture):
        assert read_picture(path) == PICTURE


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "AVIF", "TIFF", "GIF"])
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow's remarks on damaged files
def test_a_damaged_file_is_refused_or_read(tmp_path: Path, kind: str) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    buffer = io.BytesIO()
    Image.fromarray(PICTURE.pixels).save(buffer, kind, exif=exif)
    dice = np.random.default_rng(4)
    for _ in range(60):
        content = bytearray(buffer.getvalue())
        content[int(dice.integers(len(content)))] = int(dice.integers(256))
        content[int(dice.integers(min(200, len(content))))] = int(dice.integers(256))
        (tmp_path / "x").write_bytes(content)
        for reader in (read_picture, png_texts):
            with suppress(UnreadablePicture):
                reader(tmp_path / "x")


def test_a_picture_that_is_a_program_is_not_run(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.new("RGB", (4, 4)), "x.eps")
    with pytest.raises(UnreadablePicture, match="no picture"):
        read_picture(path)


@pytest.mark.parametrize("size", [(16385, 1), (12000, 12000)])
def test_a_huge_picture_is_refused_unread(tmp_path: Path, size: tuple[int, int]) -> None:
    path = saved(tmp_path, Image.new("1", size))
    with pytest.raises(UnreadablePicture, match="too large"):
        read_picture(path)


def test_a_transparent_picture_lies_on_white(tmp_path: Path) -> None:
    image = Image.new("RGBA", (2, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (9, 9, 9, 0))
    assert read_picture(saved(tmp_path, image)).pixels.tolist() == [[[255, 0, 0], [255, 255, 255]]]


def test_a_mask_is_white_where_it_is_painted_anew(tmp_path: Path) -> None:
    image = Image.new("RGBA", (4, 1), (255, 255, 255, 255))
    for x, colour in enumerate([(0, 0, 0, 255), (128, 128, 128, 255), (255, 255, 255, 0)]):
        image.putpixel((x, 0), colour)
    assert read_mask(saved(tmp_path, image)).alpha.tolist() == [[0, 128, 0, 255]]


def test_a_photo_stands_upright(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 6
    path = saved(tmp_path, Image.new("RGB", (40, 24), "red"), "x.jpg", exif=exif)
    assert read_picture(path).pixels.shape == (40, 24, 3)


def test_sixteen_grey_bits_become_eight(tmp_path: Path) -> None:
    path = saved(tmp_path, Image.fromarray(np.array([[0, 257, 32896, 65535]], np.uint16)))
    assert read_picture(path).pixels[0, :, 0].tolist() == [0, 1, 128, 255]


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_kind_of_picture_is_read(tmp_path: Path, mode: str) -> None:
    path = saved(tmp_path, Image.new("RGB", (3, 2), "white").convert(mode), "x.tiff")
    assert (read_picture(path).pixels == 255).all()


def test_colours_are_those_of_the_files_own_profile(tmp_path: Path) -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    path = saved(tmp_path, Image.fromarray(PICTURE.pixels), icc_profile=profile)
    change = np.abs(read_picture(path).pixels.astype(int) - PICTURE.pixels)
    assert change.max() <= 1
    path = saved(tmp_path, Image.fromarray(PICTURE.pixels), icc_profile=b"nonsense")
    assert read_picture(path) == PICTURE


def test_a_picture_can_be_scaled_with_its_mask() -> None:
    mask = Mask(np.full((24, 40), 255, np.uint8))
    assert scaled_picture(PICTURE, Size(64, 32)).pixels.shape == (32, 64, 3)
    assert scaled_mask(mask, Size(64, 32)) == Mask(np.full((32, 64), 255, np.uint8))


# --- texts of other programs


def test_the_texts_of_another_program_are_read(tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", "a fox\nSteps: 20")
    info.add_itxt("note", "狐", zip=True)
    path = saved(tmp_path, Image.new("RGB", (1, 1)), pnginfo=info)
    assert png_texts(path) == {"parameters": "a fox\nSteps: 20", "note": "狐"}


@pytest.mark.parametrize("name", ["x.jpg", "x.webp"])
@pytest.mark.parametrize(
    ("text", "key"),
    [("a fox 狐\nSteps: 20, Seed: 3, CFG scale: 7", "parameters"), ("Fuchs im Garten 狐", "UserComment")],
)
@pytest.mark.parametrize("head", [b"UNICODE\0", bytes(8), b""])
def test_a_comment_of_a_photo_is_its_parameters_where_settings_are_in_it(
    tmp_path: Path, name: str, text: str, key: str, head: bytes
) -> None:
    exif = Image.Exif()
    comment = head + text.encode("utf-16-be" if head.strip(b"\0") else "utf-8")
    exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment] = comment
    path = saved(tmp_path, Image.new("RGB", (8, 8)), name, exif=exif)
    assert png_texts(path) == {key: text}


def test_a_picture_without_texts_has_none(tmp_path: Path) -> None:
    assert png_texts(saved(tmp_path, Image.new("RGB", (1, 1)))) == {}
    assert png_texts(saved(tmp_path, Image.new("RGB", (1, 1)), "x.jpg")) == {}
