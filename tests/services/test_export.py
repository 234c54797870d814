"""An exported picture is what the canvas shows, and says how it was painted only where that is still true."""

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import ExifTags, Image

from studio.domain.canvas.blend import straight
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import NO_MASK, plane_of
from studio.domain.canvas.state import FIRST_FRAME, CanvasState
from studio.domain.disclosure import Disclosure
from studio.domain.errors import InvalidEdit, InvalidSetting, UnwritablePlace
from studio.domain.geometry import Rect
from studio.domain.metadata import Metadata
from studio.domain.picture_kind import PictureKind
from studio.services.export import (
    FileOptions,
    export_picture,
    is_painted_by,
    picture_bytes,
    picture_file,
    pixels_of_canvas,
    pixels_of_selection,
)
from studio.services.picture_import import import_picture
from studio.services.pictures import png_texts
from tests.domain.canvas.states import first_state, noise
from tests.services.test_pictures import PICTURE, described

OPAQUE = np.dstack([PICTURE.pixels, np.full(PICTURE.pixels.shape[:2], 255, np.uint8)])
CLEAR = straight(noise(Rect(0, 0, 40, 24), 7))


def read(content: bytes) -> NDArray[np.uint8]:
    return import_picture(content, "x").pixels


def canvas(*layers: Layer, frame: Rect = FIRST_FRAME) -> CanvasState:
    return CanvasState(layers, layers[-1].id if layers else None, frame=frame)


# --- what the file shows


@pytest.mark.parametrize("kind", [PictureKind.PNG, PictureKind.WEBP])
@pytest.mark.parametrize("pixels", [OPAQUE, CLEAR])
def test_without_loss_every_pixel_is_in_the_file(kind: PictureKind, pixels: NDArray[np.uint8]) -> None:
    assert np.array_equal(read(picture_file(pixels, kind, options=FileOptions(100)).content), pixels)


def test_a_jpeg_lies_on_white() -> None:
    pixels = np.zeros((16, 16, 4), np.uint8)
    pixels[:8] = 0, 0, 0, 255
    shown = read(picture_bytes(pixels, PictureKind.JPEG))
    assert shown[:6].max(axis=(0, 1)).tolist()[:3] < [10, 10, 10]
    assert shown[10:].min() > 245
    assert (shown[..., 3] == 255).all()


def test_a_higher_quality_is_nearer_and_larger() -> None:
    smooth = np.asarray(Image.fromarray(OPAQUE).resize((400, 240)))
    for kind in (PictureKind.JPEG, PictureKind.WEBP):
        low, high = (picture_file(smooth, kind, options=FileOptions(quality)).content for quality in (30, 95))
        off = [np.abs(read(content).astype(int) - smooth).mean() for content in (low, high)]
        assert off[1] < off[0]
        assert len(low) < len(high)


def test_the_end_of_the_name_says_the_kind(tmp_path: Path) -> None:
    for name, kind in (("a.png", "PNG"), ("a.JPG", "JPEG"), ("a.jpeg", "JPEG"), ("a.webp", "WEBP")):
        export_picture(tmp_path / name, OPAQUE)
        with Image.open(tmp_path / name) as image:
            assert image.format == kind
    for name in ("a.bmp", "a"):
        with pytest.raises(InvalidSetting, match=r"End the name in \.png"):
            export_picture(tmp_path / name, OPAQUE)


def test_a_picture_that_a_format_has_no_room_for_is_said() -> None:
    wide = np.zeros((1, 16_384, 4), np.uint8)
    with pytest.raises(UnwritablePlace, match=r"16384x1 pixels.*16383 a side.*Export it as PNG"):
        picture_bytes(wide, PictureKind.WEBP)
    assert read(picture_bytes(wide, PictureKind.PNG)).shape == (1, 16_384, 4)


# --- what the file says


@pytest.mark.parametrize("name", ["fox.png", "fox.jpg", "fox.webp"])
@pytest.mark.parametrize("prompt", ["a red fox", "ein Fuchs, größer", "狐 🦊", "half \ud83e"])
def test_metadata_is_in_every_kind_of_file(tmp_path: Path, name: str, prompt: str) -> None:
    metadata = described(prompt)
    export_picture(tmp_path / name, OPAQUE, Disclosure.of(metadata))
    texts = png_texts(tmp_path / name)
    assert Metadata.from_json(texts["sfumato"]) == metadata
    assert texts["parameters"].startswith(prompt.replace("\ud83e", "?") + "\nSteps: 20, ")


@pytest.mark.parametrize("kind", PictureKind)
def test_a_picture_that_was_painted_over_says_nothing(kind: PictureKind) -> None:
    touched = OPAQUE.copy()
    touched[3, 4, 1] ^= 1
    translucent = OPAQUE.copy()
    translucent[3, 4, 3] = 254
    assert is_painted_by(OPAQUE, described())
    for pixels in (touched, translucent, OPAQUE[:20], np.flip(OPAQUE, 0)):
        assert not is_painted_by(pixels, described())
        assert import_picture(picture_bytes(pixels, kind, Disclosure.of(described())), "x").texts == {}


def test_a_jpeg_says_it_where_a1111_says_it() -> None:
    content = picture_bytes(OPAQUE, PictureKind.JPEG, Disclosure.of(described("狐")))
    with Image.open(io.BytesIO(content)) as image:
        exif = image.getexif()
        comment = exif.get_ifd(ExifTags.IFD.Exif)[ExifTags.Base.UserComment]
    assert comment.startswith(b"UNICODE\0" + "狐\nSteps".encode("utf-16-be"))
    assert exif[ExifTags.Base.Software].startswith("Sfumato ")


@pytest.mark.parametrize(
    ("length", "kept"),
    [(20_000, {"sfumato", "parameters"}), (40_000, {"sfumato", "parameters"}), (70_000, {"sfumato"})],
)
def test_of_a_prompt_that_has_no_room_in_a_jpeg_our_own_text_is_kept(length: int, kept: set[str]) -> None:
    picture = import_picture(picture_bytes(OPAQUE, PictureKind.JPEG, Disclosure.of(described("a" * length))), "x")
    assert picture.texts.keys() == kept


# --- parts of the canvas


def test_the_whole_canvas_is_all_that_is_painted_or_the_frame() -> None:
    state = first_state()
    assert np.array_equal(pixels_of_canvas(state), straight(flatten(state.layers, state.bounds)))
    assert pixels_of_canvas(canvas(frame=Rect(5, 5, 30, 20))).shape == (20, 30, 4)
    area = Rect(-10, 250, 20, 10)
    assert np.array_equal(pixels_of_canvas(state, area), straight(flatten(state.layers, area)))


def test_a_tall_canvas_is_flattened_in_one_piece() -> None:
    layer = Layer(name="tall", pixels=plane_of(noise(Rect(0, 0, 5, 700), 1), 3, -100))
    assert np.array_equal(pixels_of_canvas(canvas(layer)), straight(layer.read(layer.bounds)))


def test_a_generated_layer_keeps_its_metadata_until_it_is_touched() -> None:
    layer = Layer(name="fox", pixels=plane_of(OPAQUE), offset=(-7, 9))
    whole = import_picture(
        picture_bytes(straight(layer.read(layer.bounds)), PictureKind.PNG, Disclosure.of(described())), "x"
    )
    assert np.array_equal(whole.pixels, OPAQUE)
    assert whole.metadata == described()
    touched = layer.written(Rect(0, 10, 2, 2), noise(Rect(0, 0, 2, 2), 3))
    changed = picture_bytes(straight(touched.read(touched.bounds)), PictureKind.PNG, Disclosure.of(described()))
    assert import_picture(changed, "x").metadata is None


def test_what_is_selected_is_exported_as_far_as_it_is_selected() -> None:
    layer = Layer(name="fox", pixels=plane_of(OPAQUE))
    levels = np.array([[255, 128, 0, 64]], np.uint8)
    state = replace(canvas(layer), selection=plane_of(levels, 38, 3))
    for source in (None, layer):
        pixels, area = pixels_of_selection(state, source)
        assert area == Rect(38, 3, 2, 1)
        assert pixels[..., 3].tolist() == [[255, 128]], "it ends with what is painted"
        assert pixels[0, :, :3].tolist() == OPAQUE[3, 38:40, :3].tolist()
    everything = replace(state, selection=None)
    assert np.array_equal(pixels_of_selection(everything, layer)[0], OPAQUE)


def test_of_what_no_memory_holds_there_is_no_picture() -> None:
    dot = plane_of(OPAQUE)
    state = canvas(Layer(name="near", pixels=dot), Layer(name="far", pixels=dot, offset=(300_000, 300_000)))
    for picture_of in (pixels_of_canvas, pixels_of_selection):
        with pytest.raises(InvalidEdit, match="far apart"):
            picture_of(state)


def test_of_nothing_there_is_no_picture() -> None:
    layer = Layer(name="fox", pixels=plane_of(OPAQUE))
    for selection in (NO_MASK, plane_of(np.full((4, 4), 255, np.uint8), 500, 500)):
        with pytest.raises(InvalidEdit, match="Nothing is painted where the selection is"):
            pixels_of_selection(replace(canvas(layer), selection=selection))
