"""What a file is, its first bytes say."""

from pathlib import Path

import numpy as np
import pytest

from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import UnreadablePicture
from studio.domain.geometry import Rect
from studio.domain.picture_kind import PictureKind
from studio.services.canvas_document import StoredDocument
from studio.services.document_opening import read_document
from studio.services.export import picture_bytes
from studio.services.layered_psd import psd_bytes
from studio.services.openraster import OpenRasterWriter
from tests.domain.canvas.states import noise
from tests.services.test_export import OPAQUE

STATE = CanvasState((Layer(name="a", pixels=plane_of(noise(Rect(0, 0, 9, 9), 1))),))


@pytest.mark.parametrize("name", ["fox.ora", "fox.psd", "fox.png", "fox"])
def test_documents_and_pictures_open_whatever_they_are_called(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    path.write_bytes(OpenRasterWriter().bytes_of(StoredDocument(STATE)))
    assert read_document(path).is_own
    path.write_bytes(psd_bytes(STATE))
    assert [layer.name for layer in read_document(path).document.state.layers] == ["a"]


def test_a_picture_becomes_the_only_layer(tmp_path: Path) -> None:
    path = tmp_path / "red fox.png"
    path.write_bytes(picture_bytes(OPAQUE, PictureKind.PNG))
    opened = read_document(path)
    (layer,) = opened.document.state.layers
    assert (layer.name, layer.bounds) == ("red fox", Rect(0, 0, 40, 24))
    assert (opened.area, opened.is_own, opened.document.state.active) == (layer.bounds, False, layer.id)
    assert np.array_equal(layer.read(layer.bounds), OPAQUE)


@pytest.mark.parametrize("name", ["x.ora", "x.psd", "x.png", "x"])
def test_what_is_neither_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    for content in (None, b"", b"<html>", b"PK", b"8BPS"):
        if content is not None:
            path.write_bytes(content)
        with pytest.raises(UnreadablePicture, match=path.name):
            read_document(path)
    with pytest.raises(UnreadablePicture, match=r"folder|[Dd]irectory"):
        read_document(tmp_path)
