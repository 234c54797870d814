"""What leaves the canvas is called what it is: by its layers, and by what the history knows of the pictures on them."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.layer import Layer, Origin
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.disclosure import Disclosure, ExportPrivacy
from studio.domain.geometry import Rect
from studio.domain.picture_kind import PictureKind
from studio.domain.source_type import SourceType
from studio.domain.xmp import Xmp
from studio.services.export import picture_bytes, pixels_of_canvas
from studio.services.history import History
from studio.services.metadata_reading import Reading, read_file
from studio.services.provenance import Cut, Provenance
from tests.bridge.requests import NOON, image_of, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from studio.services.history_entry import Entry

REQUEST = text_request("a fox", seed=5)
GENERATED = image_of(REQUEST).picture
BLUE = np.full((8, 8, 4), (0, 0, 255, 255), np.uint8)
ELSEWHERE = (2000, 0)


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "data" / "history.sqlite3"


@pytest.fixture
def entry(database: Path, tmp_path: Path) -> Entry:
    """The generated picture in the history."""
    history = History(database, tmp_path / "pictures")
    try:
        return history.add(REQUEST, image_of(REQUEST), CONDITIONS, NOON)
    finally:
        history.close()


@pytest.fixture
def provenance(database: Path, tmp_path: Path) -> Provenance:
    return Provenance(database, tmp_path / "pictures")


def sheet(pixels: NDArray[np.uint8], name: str = "sheet") -> Layer:
    return Layer(name=name, pixels=plane_of(premultiplied(pixels)))


def generated(*, is_known: bool = True) -> Layer:
    """A layer that shows the generated picture, or another one that a model painted and nobody has kept."""
    rgb = GENERATED.pixels if is_known else GENERATED.pixels[::-1]
    opaque = np.dstack([rgb, np.full(rgb.shape[:2], 255, np.uint8)])
    return sheet(opaque).of(Origin(GENERATED.sha256 if is_known else "cd" * 32))


def stroke() -> Layer:
    return Layer(name="by hand").painted(Rect(2, 2, 8, 8), BLUE)


def told(provenance: Provenance, *layers: Layer, layer: Layer | None = None, area: Rect | None = None) -> Disclosure:
    state = CanvasState(layers, layers[-1].id, frame=Rect(0, 0, GENERATED.width, GENERATED.height))
    area = area or state.frame
    return provenance.disclosure(Cut(pixels_of_canvas(state, area), state, area, layer), ExportPrivacy.FULL)


def test_an_unchanged_picture_is_known_wholly(provenance: Provenance, entry: Entry) -> None:
    assert entry.metadata is not None
    assert told(provenance, generated()) == Disclosure.of(entry.metadata)


def test_a_stroke_makes_it_a_composite(provenance: Provenance, entry: Entry) -> None:
    for layers in ((generated(), stroke()), (generated().painted(Rect(0, 0, 8, 8), BLUE),)):
        found = told(provenance, *layers)
        assert found.source_type is SourceType.COMPOSITE
        assert found.metadata is None
        assert found.models == (REQUEST.model.id,)
        assert found.pictures == (entry.picture_sha256,)


@pytest.mark.usefixtures("entry")
def test_a_part_of_it_is_still_a_models(provenance: Provenance) -> None:
    found = told(provenance, generated(), area=Rect(4, 4, 20, 20))
    assert found.source_type is SourceType.GENERATED
    assert found.metadata is None
    assert found.models == (REQUEST.model.id,)


@pytest.mark.usefixtures("entry")
def test_what_is_not_seen_there_has_no_part_in_it(provenance: Provenance) -> None:
    layers = (generated(), replace(stroke(), visible=False), replace(stroke(), offset=ELSEWHERE))
    assert told(provenance, *layers, area=Rect(4, 4, 20, 20)).source_type is SourceType.GENERATED
    assert told(provenance, stroke(), generated(), area=Rect(4, 4, 20, 20)).source_type is SourceType.GENERATED


def test_without_a_history_the_layers_know(provenance: Provenance) -> None:
    assert told(provenance, generated()).source_type is SourceType.GENERATED
    assert told(provenance, generated(), stroke()).source_type is SourceType.COMPOSITE
    assert told(provenance, generated(is_known=False)).models == ()


def test_what_a_person_painted_is_painted_by_hand(provenance: Provenance) -> None:
    assert told(provenance, stroke()).source_type is SourceType.BY_HAND


def test_of_a_photo_nobody_can_say_where_it_comes_from(provenance: Provenance) -> None:
    photo = sheet(BLUE).of(Origin("ab" * 32, is_generated=False))
    assert told(provenance, photo).source_type is None
    assert told(provenance, photo, stroke()).source_type is None
    assert told(provenance, sheet(BLUE), stroke()).source_type is None, "a layer of another program's document"
    assert told(provenance, sheet(BLUE)).source_type is None


def test_a_photo_with_a_models_picture_beside_it_is_a_composite(provenance: Provenance) -> None:
    photo = replace(sheet(BLUE).of(Origin("ab" * 32, is_generated=False)), offset=(3, 3))
    assert told(provenance, generated(is_known=False), photo).source_type is SourceType.COMPOSITE


@pytest.mark.usefixtures("entry")
def test_one_layer_is_called_by_what_is_on_it(provenance: Provenance) -> None:
    mine, models = stroke(), generated(is_known=False)
    hidden = replace(models, visible=False, opacity=0.5)
    for layer, term in ((mine, SourceType.BY_HAND), (models, SourceType.GENERATED), (hidden, SourceType.GENERATED)):
        state = CanvasState((generated(), models, mine), mine.id)
        cut = Cut(layer.read(layer.bounds), state, layer.bounds, layer)
        assert provenance.disclosure(cut, ExportPrivacy.NOTHING).source_type is term


def test_of_nothing_nothing_is_said(provenance: Provenance) -> None:
    found = told(provenance, replace(stroke(), offset=ELSEWHERE))
    assert found.source_type is None
    assert found.pictures == ()


def test_an_index_that_cannot_be_read_costs_no_export(provenance: Provenance, database: Path) -> None:
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no index" * 100)
    assert told(provenance, generated()).source_type is SourceType.GENERATED


# --- pictures of other programs

PARAMETERS = "a fox\nSteps: 20, Sampler: Euler a, CFG scale: 7, Seed: 5, Model: ink_v2"
RGB = np.random.default_rng(3).integers(0, 256, (24, 40, 3), np.uint8)
PHOTO = np.dstack([RGB, np.full((24, 40), 255, np.uint8)])


def imported(provenance: Provenance, path: Path, info: PngImagePlugin.PngInfo | None = None) -> Entry:
    Image.fromarray(RGB).save(path, pnginfo=info)
    history = History(provenance.database, provenance.pictures)
    try:
        return history.add_import(path)
    finally:
        history.close()


def exported(provenance: Provenance, pixels: NDArray[np.uint8], kind: PictureKind, privacy: ExportPrivacy) -> Reading:
    area = Rect(0, 0, 40, 24)
    state = CanvasState((sheet(pixels).of(Origin("ab" * 32)),), frame=area)
    return read_file(picture_bytes(pixels, kind, provenance.disclosure(Cut(pixels, state, area), privacy)))


def test_what_another_program_wrote_goes_on_with_its_very_pixels(provenance: Provenance, tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", PARAMETERS)
    info.add_itxt("workflow", "{}", zip=True)
    imported(provenance, tmp_path / "fox.png", info)
    everything = exported(provenance, PHOTO, PictureKind.PNG, ExportPrivacy.FULL)
    assert everything.texts == {"parameters": PARAMETERS, "workflow": "{}"}
    assert Xmp.read(everything.xmp or b"").ai_system == "A1111, ink_v2"
    photo = exported(provenance, PHOTO, PictureKind.JPEG, ExportPrivacy.FULL)
    assert photo.texts == {"parameters": PARAMETERS}
    assert exported(provenance, PHOTO, PictureKind.PNG, ExportPrivacy.PROVENANCE).texts == {}
    touched = PHOTO.copy()
    touched[3, 3] ^= 1
    touched[..., 3] = 255
    assert exported(provenance, touched, PictureKind.PNG, ExportPrivacy.FULL).texts == {}


def test_a_photo_in_the_history_is_called_nothing(provenance: Provenance, tmp_path: Path) -> None:
    imported(provenance, tmp_path / "photo.png")
    said = exported(provenance, PHOTO, PictureKind.PNG, ExportPrivacy.FULL)
    assert Xmp.read(said.xmp or b"").digital_source_type == ""


def test_a_file_that_is_gone_costs_no_export(provenance: Provenance, tmp_path: Path) -> None:
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", PARAMETERS)
    imported(provenance, tmp_path / "fox.png", info).path.unlink()
    said = exported(provenance, PHOTO, PictureKind.PNG, ExportPrivacy.FULL)
    assert said.texts == {}
    assert Xmp.read(said.xmp or b"").source_type is SourceType.GENERATED
