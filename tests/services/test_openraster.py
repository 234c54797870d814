"""A document comes back from its file to the bit, and files of other programs open as they meant them."""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pydantic import JsonValue

from studio.domain.canvas.blend import BlendMode, straight
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer, Origin
from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, plane_of
from studio.domain.canvas.state import FIRST_FRAME, CanvasState
from studio.domain.errors import UnwritablePlace
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.openraster import OpenRasterWriter
from studio.services.openraster_reading import read_openraster
from tests.domain.canvas.states import first_state, masks, noise, rects, same, seeds

SETTINGS: dict[str, JsonValue] = {
    "prompt": "a red fox, 狐 🦊",
    "steps": 20,
    "guidance": 7.5,
    "loras": [{"name": "ink", "weight": 0.5}],
    "seed": None,
}


def content_of(state: CanvasState) -> bytes:
    return OpenRasterWriter().bytes_of(StoredDocument(state, SETTINGS))


def members(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(files: Mapping[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def picture(content: bytes) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    with Image.open(io.BytesIO(content)) as image:
        return np.asarray(image)


# --- there and back


layers = st.builds(
    Layer,
    name=st.text(max_size=12),
    pixels=st.just(NO_PIXELS) | st.builds(lambda rect, seed: plane_of(noise(rect, seed), rect.x, rect.y), rects, seeds),
    offset=st.tuples(st.integers(-500, 500), st.integers(-500, 500)),
    visible=st.booleans(),
    opacity=st.floats(0, 1),
    blend=st.sampled_from(BlendMode),
    locked=st.booleans(),
)


@st.composite
def states(draw: st.DrawFn) -> CanvasState:
    stack = tuple(draw(st.lists(layers, max_size=3)))
    active = draw(st.sampled_from(stack)).id if stack and draw(st.booleans()) else None
    return CanvasState(stack, active, draw(masks()), draw(st.none() | masks()), draw(rects))


@pytest.mark.slow
@settings(max_examples=40, deadline=None)
@given(states())
def test_every_pixel_and_every_attribute_comes_back(state: CanvasState) -> None:
    opened = read_openraster(content_of(state))
    assert same(opened.document.state, state)
    assert opened.document.settings == SETTINGS
    assert opened.is_own
    assert opened.notes == ()


def test_a_document_comes_back_without_its_proposals(tmp_path: Path) -> None:
    path = tmp_path / "Füchse" / "Wald.ora"
    state = first_state()
    OpenRasterWriter().write(path, StoredDocument(state, SETTINGS))
    assert same(read_openraster(path).document.state, replace(state, proposals=()))


def test_what_was_laid_on_a_layer_comes_back() -> None:
    state = first_state()
    layers = [layer.of(Origin(f"{place:064x}", is_generated=place > 0)) for place, layer in enumerate(state.layers)]
    opened = read_openraster(content_of(replace(state, layers=tuple(layers)))).document.state.layers
    assert [layer.origins for layer in opened] == [layer.origins for layer in layers]
    assert [layer.has_own_pixels for layer in opened] == [True, False, False]


def test_an_empty_document_comes_back() -> None:
    assert same(read_openraster(content_of(CanvasState())).document.state, CanvasState())


@pytest.mark.parametrize("name", ["", "a\0b", "half \ud83e", "\x1b[0m", "<&\"'>\n\t\r", "狐 🦊", "￿"])
def test_any_name_comes_back(name: str) -> None:
    state = CanvasState((Layer(name=name, id="a"),), "a")
    assert read_openraster(content_of(state)).document.state.layers[0].name == name


def test_a_selection_of_nothing_is_not_a_selection_of_all() -> None:
    assert read_openraster(content_of(CanvasState(selection=None))).document.state.selection is None
    empty = read_openraster(content_of(CanvasState(selection=NO_MASK))).document.state.selection
    assert empty is not None
    assert empty.is_empty


def test_a_document_saved_again_says_the_same_as_one_saved_once() -> None:
    writer, state = OpenRasterWriter(), first_state()
    before = writer.bytes_of(StoredDocument(state))
    assert writer.bytes_of(StoredDocument(state)) == before
    painted = state.with_layer(state.layers[1].written(Rect(0, 0, 9, 9), noise(Rect(0, 0, 9, 9), 5)))
    moved = painted.with_layer(replace(painted.layers[0], offset=(5, -5), opacity=0.5))
    erased = replace(moved, mask=NO_MASK, layers=moved.layers[:2])
    for after in (painted, moved, erased, state):
        assert writer.bytes_of(StoredDocument(after)) == OpenRasterWriter().bytes_of(StoredDocument(after))


# --- what other programs find


def test_the_file_is_laid_out_as_the_specification_has_it() -> None:
    state = first_state()
    content = content_of(state)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        first = archive.infolist()[0]
        assert (first.filename, first.compress_type, first.extra) == ("mimetype", zipfile.ZIP_STORED, b"")
        assert archive.testzip() is None
    assert content[30:54] == b"mimetypeimage/openraster"
    files = members(content)
    image = ElementTree.fromstring(files["stack.xml"])
    area = state.bounds.united(state.frame)
    assert (image.tag, image.get("w"), image.get("h")) == ("image", str(area.width), str(area.height))
    merged = picture(files["mergedimage.png"])
    assert np.array_equal(merged, straight(flatten(state.layers, area)))
    assert max(picture(files["Thumbnails/thumbnail.png"]).shape) == 256
    told = image.findall("stack/layer")
    assert [layer.get("name") for layer in told] == ["c", "b", "a"], "the highest first"
    assert [layer.get("selected") for layer in told] == [None, "true", None]


def test_other_programs_put_the_layers_where_they_are() -> None:
    state = CanvasState(
        (
            Layer(name="below", pixels=plane_of(noise(Rect(0, 0, 40, 30), 1), -70, 20), offset=(-30, 5)),
            Layer(name="above", pixels=plane_of(noise(Rect(0, 0, 50, 60), 2), 300, 10), opacity=0.25, visible=False),
        ),
        frame=Rect(-64, -64, 128, 128),
    )
    files = members(content_of(state))
    image = ElementTree.fromstring(files["stack.xml"])
    shown = np.zeros((int(image.get("h", "")), int(image.get("w", "")), 4), np.uint8)
    for layer in image.findall("stack/layer"):
        pixels = picture(files[layer.get("src", "")])
        x, y = int(layer.get("x", "")), int(layer.get("y", ""))
        shown[y : y + pixels.shape[0], x : x + pixels.shape[1]] = pixels
    # The image begins where the lower layer does, left of and below the frame's corner.
    for layer in state.layers:
        at = layer.bounds.moved(100, 64)
        assert np.array_equal(shown[at.y : at.bottom, at.x : at.right], straight(layer.read(layer.bounds)))
    above = image.findall("stack/layer")[0]
    assert (above.get("opacity"), above.get("visibility")) == ("0.25", "hidden")


def test_a_document_that_reaches_very_far_is_saved_whole() -> None:
    dot = noise(Rect(0, 0, 8, 8), 3)
    far = Layer(name="far", pixels=plane_of(dot), offset=(300_000, 300_000))
    near = Layer(name="near", pixels=plane_of(dot))
    state = CanvasState((near, far), near.id)
    content = content_of(state)
    assert same(read_openraster(content).document.state, state)
    assert len(content) < 2_000_000


def test_a_layer_that_no_picture_can_hold_is_said() -> None:
    dots = plane_of(noise(Rect(0, 0, 8, 8), 3)).written(Rect(90_000, 90_000, 1, 1), np.full((1, 1, 4), 255, np.uint8))
    with pytest.raises(UnwritablePlace, match=r"“dots” is too large.*spans 90001x90001 pixels"):
        content_of(CanvasState((Layer(name="dots", pixels=dots),)))


def test_a_mask_that_no_picture_can_hold_is_said() -> None:
    dot = np.full((1, 1), 255, np.uint8)
    dots = plane_of(dot).written(Rect(10_000, 10_000, 1, 1), dot)
    with pytest.raises(UnwritablePlace, match=r"The mask is too large.*spans 10001x10001 pixels"):
        content_of(CanvasState(mask=dots))
    with pytest.raises(UnwritablePlace, match=r"The selection is too large"):
        content_of(CanvasState(selection=dots))


def test_layers_and_masks_that_are_longer_than_any_picture_come_back() -> None:
    far = Rect(20_000, 0, 8, 8)
    dots = plane_of(noise(Rect(0, 0, 8, 8), 3)).written(far, noise(far, 3))
    mask = plane_of(np.full((8, 8), 255, np.uint8)).written(far, np.full((8, 8), 9, np.uint8))
    layer = Layer(name="dots", pixels=dots)
    state = CanvasState((layer,), layer.id, mask=mask, selection=mask)
    assert same(read_openraster(content_of(state)).document.state, state)


# --- files of other programs


def painted(width: int, height: int, colour: tuple[int, int, int, int]) -> bytes:
    buffer = io.BytesIO()
    Image.new("RGBA", (width, height), colour).save(buffer, "PNG")
    return buffer.getvalue()


def foreign(stack: str, more: Mapping[str, bytes] | None = None) -> OpenedDocument:
    files = {
        "mimetype": b"image/openraster",
        "stack.xml": f"<?xml version='1.0' encoding='UTF-8'?>\n<image w='64' h='48'>{stack}</image>".encode(),
        "data/red.png": painted(8, 6, (255, 0, 0, 255)),
        "data/blue.png": painted(4, 4, (0, 0, 255, 128)),
    }
    return read_openraster(packed(files | dict(more or {})))


def test_a_file_as_krita_writes_it_opens() -> None:
    opened = foreign("""
     <stack opacity="1" visibility="visible" name="root" composite-op="svg:src-over" x="0" y="0" isolation="isolate">
      <layer name="Light" opacity="0.501960784313725" visibility="visible" x="3" y="-2" selected="true"
       composite-op="svg:plus" src="data/blue.png"/>
      <stack name="Group 1" opacity="0.6" visibility="hidden" x="0" y="0" composite-op="svg:src-over" isolation="auto">
       <layer name="Line" opacity="0.5" visibility="visible" x="1" y="2" composite-op="krita:soft_light"
        edit-locked="true" src="data/blue.png"/>
       <layer name="Eraser" opacity="1" visibility="visible" x="0" y="0" composite-op="svg:dst-out" src="data/red.png"/>
      </stack>
      <layer name="Background" opacity="1" visibility="visible" x="0" y="0" edit-locked="true"
       composite-op="svg:src-over" src="data/red.png"/>
     </stack>""")
    state = opened.document.state
    assert [layer.name for layer in state.layers] == ["Background", "Eraser", "Line", "Light"]
    background, eraser, line, light = state.layers
    assert background.locked
    assert background.bounds == Rect(0, 0, 8, 6)
    assert background.read(Rect(0, 0, 1, 1)).tolist() == [[[255, 0, 0, 255]]]
    assert (light.blend, light.bounds, round(light.opacity * 255)) == (BlendMode.ADD, Rect(3, -2, 4, 4), 128)
    assert light.read(Rect(3, 0, 1, 1)).tolist() == [[[0, 0, 128, 128]]], "premultiplied"
    assert (line.blend, line.opacity, line.visible, line.locked) == (BlendMode.SOFT_LIGHT, 0.3, False, True)
    assert (eraser.blend, eraser.visible) == (BlendMode.NORMAL, False)
    assert state.active == light.id
    assert (state.frame, opened.area, opened.is_own) == (FIRST_FRAME, Rect(0, 0, 64, 48), False)
    assert opened.notes == (
        "Shown as Normal instead of svg:dst-out: “Eraser”.",
        "Groups were opened, and their layers may blend differently: “Group 1”.",
    )


def test_a_file_that_krita_wrote_opens() -> None:
    # Krita 5.1.5 read a stack with a group and wrote it with `--export`.
    opened = read_openraster(Path(__file__).with_name("krita-5.1.5.ora"))
    state = opened.document.state
    assert [(layer.name, layer.blend, layer.visible) for layer in state.layers] == [
        ("Füchse", BlendMode.NORMAL, True),
        ("Glow", BlendMode.NORMAL, False),
        ("Line", BlendMode.SOFT_LIGHT, True),
        ("Light", BlendMode.ADD, True),
    ]
    red, _, line, light = state.layers
    assert (red.bounds, red.locked, line.bounds) == (Rect(-2, 0, 8, 6), True, Rect(10, 11, 4, 4))
    assert line.opacity == pytest.approx(0.6 * 0.5, abs=0.002)
    assert light.read(light.bounds)[0, 0].tolist() == [0, 0, 128, 128]
    assert state.active == light.id
    assert opened.notes == (
        "Shown as Normal instead of svg:color-dodge: “Glow”.",
        "Groups were opened, and their layers may blend differently: “Shade”.",
    )


def test_a_file_as_mypaint_writes_it_opens() -> None:
    opened = foreign("""
     <stack isolation="isolate" name="root" opacity="1.0" x="0" y="0">
      <stack composite-op="svg:multiply" isolation="isolate" name="Shade" opacity="1.0"
       visibility="visible" x="10" y="20">
       <layer composite-op="svg:src-over" name="" opacity="0.5" src="data/blue.png" visibility="visible" x="1" y="2"
        mypaint_strokemap_v2="data/layer000_strokemap.dat" initially-selected="true"/>
      </stack>
      <layer name="background" composite-op="svg:src-over" opacity="1.0" src="data/red.png"
       background-tile="data/background_tile.png" visibility="visible" x="0" y="0"/>
      <annotation href="data/layer-00-strokemap.dat" media-type="application/x.mypaint-strokemap-v2"/>
     </stack>""")
    below, above = opened.document.state.layers
    assert (below.name, above.name) == ("background", "Layer")
    assert above.bounds == Rect(11, 22, 4, 4)
    assert opened.notes == ("Groups were opened, and their layers may blend differently: “Shade”.",)


def test_a_file_as_gimp_writes_it_opens() -> None:
    opened = foreign("""
     <stack>
      <stack name="Layer Group" x="2" y="3" opacity="1.0" visibility="visible" composite-op="svg:src-over">
       <layer name="inner" x="2" y="3" opacity="0.5" visibility="visible" composite-op="svg:color" src="data/blue.png"/>
      </stack>
      <layer src="data/red.png" name="Hintergrund" x="0" y="0"/>
      <text name="Caption">hello</text>
     </stack>""")
    assert [layer.blend for layer in opened.document.state.layers] == [BlendMode.NORMAL, BlendMode.COLOUR]
    assert opened.notes == ("Left out, for it is no layer of pixels: text “Caption”.",)


def test_what_other_programs_get_wrong_is_put_right() -> None:
    opened = foreign(
        '<stack><layer src="data/red.png" x="2.6" y="nowhere" opacity="7" composite-op="svg:src-over"/>'
        '<layer src="data/red.png" opacity="nan" x="1e300" visibility=""/></stack>'
    )
    far, near = opened.document.state.layers
    assert (near.bounds, near.opacity) == (Rect(3, 0, 8, 6), 1.0)
    assert (far.opacity, far.visible) == (1.0, True)


def test_layers_of_sixteen_bits_and_of_grey_open_and_it_is_said() -> None:
    buffer = io.BytesIO()
    Image.fromarray(np.full((4, 4), 32896, np.uint16)).save(buffer, "PNG")
    opened = foreign(
        '<stack><layer src="data/deep.png"/><layer src="data/deep.png"/></stack>', {"data/deep.png": buffer.getvalue()}
    )
    assert opened.document.state.layers[0].read(Rect(0, 0, 1, 1)).tolist() == [[[128, 128, 128, 255]]]
    assert opened.notes == ("Reduced from 16 to 8 bits a channel.",)


def test_a_file_that_another_program_saved_again_keeps_what_it_kept() -> None:
    state = first_state()
    files = members(content_of(state))
    kept = {name: content for name, content in files.items() if not name.startswith("sfumato")}
    opened = read_openraster(packed(kept))
    assert not opened.is_own
    assert [layer.name for layer in opened.document.state.layers] == ["a", "b", "c"]
    area = state.bounds.united(state.frame)
    shown = flatten(opened.document.state.layers, Rect(0, 0, area.width, area.height))
    assert np.array_equal(shown, flatten(state.layers, area))
