"""Layers go to Photoshop's format and come back, and what has no place there is said."""

import io
from contextlib import suppress
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from psd_tools import PSDImage
from psd_tools.constants import BlendMode as PsdBlend

from studio.domain.canvas.blend import BlendMode, premultiplied, straight
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import NO_PIXELS, plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import UnreadablePicture, UnwritablePlace
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument
from studio.services.layered_psd import psd_bytes, write_psd
from studio.services.layered_psd_reading import read_psd
from tests.domain.canvas.states import first_state, noise, rects, seeds

layers = st.builds(
    Layer,
    name=st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12),
    pixels=st.just(NO_PIXELS) | st.builds(lambda rect, seed: plane_of(noise(rect, seed), rect.x, rect.y), rects, seeds),
    visible=st.booleans(),
    opacity=st.integers(0, 255).map(lambda level: level / 255),
    blend=st.sampled_from(BlendMode),
    locked=st.booleans(),
)


@pytest.mark.slow
@settings(max_examples=30, deadline=None)
@given(st.lists(layers, min_size=1, max_size=3), rects)
def test_every_layer_comes_back_at_its_place(stack: list[Layer], frame: Rect) -> None:
    state = CanvasState(tuple(stack), frame=frame)
    area = state.bounds.united(frame)
    opened = read_psd(psd_bytes(state))
    assert opened.area == Rect(0, 0, area.width, area.height)
    assert (opened.notes, opened.is_own) == ((), False)
    for before, after in zip(stack, opened.document.state.layers, strict=True):
        assert (after.name, after.visible, after.blend, after.locked) == (
            before.name,
            before.visible,
            before.blend,
            before.locked,
        )
        assert after.opacity == pytest.approx(before.opacity)
        assert after.bounds == (before.bounds if before.bounds.is_empty else before.bounds.moved(-area.x, -area.y))
        assert np.array_equal(after.read(after.bounds), before.read(before.bounds))


def test_other_programs_see_what_the_canvas_shows(tmp_path: Path) -> None:
    state = first_state()
    write_psd(tmp_path / "Füchse.psd", state)
    area = state.bounds.united(state.frame)
    shown = flatten(state.layers, area)
    # Pillow shows the merged picture's own colours, which lie on white.
    with Image.open(tmp_path / "Füchse.psd") as image:
        assert (image.format, image.size) == ("PSD", (area.width, area.height))
        pixels = np.asarray(image)
        assert np.array_equal(pixels[..., :3], shown[..., :3] + (255 - shown[..., 3:]))
        assert np.array_equal(pixels[..., 3], shown[..., 3])
    document = PSDImage.open(tmp_path / "Füchse.psd")
    merged = document.topil()
    assert merged is not None
    assert merged.mode == "RGBA", "the file says itself that the fourth channel is transparency"
    assert np.abs(premultiplied(np.asarray(merged)).astype(int) - shown).max() <= 1
    # What psd-tools blends by itself, in floating point, is what the canvas shows.
    blended = document.composite(force=True)
    assert blended is not None
    off = np.abs(premultiplied(np.asarray(blended)).astype(int) - shown)
    assert off.max() <= 3


@pytest.mark.parametrize("name", ["狐 🦊", "half \ud83e", "a" * 300, "ein Fuchs, größer", ""])
def test_any_name_can_be_written(name: str) -> None:
    state = CanvasState((Layer(name=name, pixels=plane_of(noise(Rect(0, 0, 2, 2), 1))),))
    told = read_psd(psd_bytes(state)).document.state.layers[0].name
    assert told == (name.replace("\ud83e", "?")[:255] or "Layer")


def test_what_has_no_place_in_the_file_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.psd"
    plain = CanvasState((Layer(name="a"),))
    assert write_psd(path, plain) == ()
    full = replace(first_state(), selection=first_state().mask)
    assert write_psd(path, full) == (
        "A PSD file has no place for the mask and the selection and the frame: OpenRaster keeps them.",
    )
    odd = replace(plain, layers=(Layer(name="a" * 256, blend=BlendMode.ADD),))
    assert len(write_psd(path, odd)) == 2


def test_a_document_that_is_too_large_is_said() -> None:
    with pytest.raises(UnwritablePlace, match=r"40000x8 pixels.*30000 a side.*Save it as OpenRaster"):
        psd_bytes(CanvasState(frame=Rect(0, 0, 40_000, 8)))


# --- files of other programs


def opened(document: PSDImage) -> OpenedDocument:
    buffer = io.BytesIO()
    document.save(buffer)
    return read_psd(buffer.getvalue())


def red(width: int = 6, height: int = 4, alpha: int = 255) -> Image.Image:
    return Image.new("RGBA", (width, height), (255, 0, 0, alpha))


def test_groups_are_opened_and_it_is_said() -> None:
    document = PSDImage.new("RGBA", (32, 24))
    plain = document.create_group(name="plain")
    plain.create_pixel_layer(red(), name="a", left=3, top=2, opacity=128)
    group = document.create_group(name="half", opacity=51, blend_mode=PsdBlend.NORMAL)
    group.create_pixel_layer(red(), name="b", opacity=255).fill_opacity = 128
    group.visible = False
    told = opened(document)
    first, second = told.document.state.layers
    assert (first.name, first.visible, first.bounds) == ("a", True, Rect(3, 2, 6, 4))
    assert first.opacity == pytest.approx(128 / 255)
    assert (second.name, second.visible) == ("b", False)
    assert second.opacity == pytest.approx(0.2 * 128 / 255)
    assert told.document.state.active == second.id
    assert told.notes == ("Groups were opened, and their layers may blend differently: “half”.",)


def test_a_mask_becomes_transparency() -> None:
    document = PSDImage.new("RGBA", (32, 24))
    layer = document.create_pixel_layer(red(), name="a", left=3, top=2)
    mask = Image.new("L", (6, 4), 0)
    mask.paste(128, (0, 0, 3, 4))
    layer.create_mask(mask)
    told = opened(document)
    alpha = told.document.state.layers[0].read(Rect(3, 2, 6, 4))[..., 3]
    assert alpha.tolist() == [[128, 128, 128, 0, 0, 0]] * 4
    assert told.notes == ("Masks became transparency: “a”.",)


def test_a_blend_mode_that_sfumato_lacks_is_said() -> None:
    document = PSDImage.new("RGBA", (8, 8))
    for name in "abcdefg":
        document.create_pixel_layer(red(), name=name, blend_mode=PsdBlend.COLOR_DODGE)
    told = opened(document)
    assert {layer.blend for layer in told.document.state.layers} == {BlendMode.NORMAL}
    assert told.notes == ("Shown as Normal instead of Color dodge: “a”, “b”, “c”, “d”, “e” and 2 more.",)


def test_a_clipped_layer_is_said() -> None:
    document = PSDImage.new("RGBA", (8, 8))
    document.create_pixel_layer(red(), name="a")
    document.create_pixel_layer(red(), name="b").clipping = True
    assert opened(document).notes == ("Layers that are clipped by the one below are shown whole: “b”.",)


@pytest.mark.parametrize(("mode", "note"), [("CMYK", "Cmyk"), ("L", "Grayscale")])
def test_other_colours_come_in_and_it_is_said(mode: str, note: str) -> None:
    # A PSD holds how much of the paper is left, not how much ink is on it.
    document = PSDImage.frompil(Image.new(mode, (4, 4), "white" if mode == "L" else (255, 0, 0, 255)))
    told = opened(document)
    pixels = told.document.state.layers[0].read(Rect(0, 0, 1, 1))[0, 0].tolist()
    assert pixels == ([255] * 4 if mode == "L" else [255, 0, 0, 255])
    assert told.document.state.layers[0].name == "Background"
    assert told.notes == (f"Converted from {note} to sRGB.",)


def test_sixteen_bits_are_reduced_and_it_is_said() -> None:
    document = PSDImage.new("RGBA", (8, 8), depth=16)
    document.create_pixel_layer_from_array(np.full((4, 4, 4), 32896, np.uint16), name="a")
    told = opened(document)
    assert straight(told.document.state.layers[0].read(Rect(0, 0, 1, 1)))[0, 0].tolist() == [128] * 4
    assert told.notes == ("Reduced from 16 to 8 bits a channel.",)


# --- what is refused


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "It is no Photoshop document"),
        (b"\x89PNG", "It is no Photoshop document"),
        (b"8BPS", "The file is damaged"),
        (b"8BPS\0\1" + bytes(20), "The file is damaged"),
        (
            b"8BPS" + bytes.fromhex("0001 000000000000 0003 0000ea60 0000ea60 0008 0003") + bytes(14),
            "60000x60000 pixels",
        ),
    ],
)
def test_what_is_no_document_is_refused_in_words(tmp_path: Path, content: bytes, why: str) -> None:
    (tmp_path / "x.psd").write_bytes(content)
    with pytest.raises(UnreadablePicture, match=why):
        read_psd(tmp_path / "x.psd")
    with pytest.raises(UnreadablePicture, match="that was dropped cannot be opened"):
        read_psd(content)


def test_a_file_that_cannot_be_reached_is_said(tmp_path: Path) -> None:
    with pytest.raises(UnreadablePicture, match="No such file"):
        read_psd(tmp_path / "gone.psd")
    with pytest.raises(UnreadablePicture, match="Is a directory"):
        read_psd(tmp_path)


@cache
def sample() -> bytes:
    state = CanvasState(
        tuple(Layer(name=name, pixels=plane_of(noise(Rect(0, 0, 9, 9), 1)), locked=True) for name in "ab"),
        frame=Rect(0, 0, 16, 16),
    )
    return psd_bytes(state)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning:psd_tools")  # psd-tools' remarks on damaged files
@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.floats(0, 1, exclude_max=True), st.integers(0, 255)), min_size=1, max_size=4), st.floats(0, 1)
)
def test_damaged_bytes_are_refused_or_read(changes: list[tuple[float, int]], cut: float) -> None:
    content = bytearray(sample())
    for place, value in changes:
        content[int(place**2 * len(content))] = value
    with suppress(UnreadablePicture):
        read_psd(bytes(content[: max(1, int(len(content) * (1 - cut**8)))]))
