"""Documents are opened and saved behind the window, whole, and what cannot be read changes nothing."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from studio.bridge.document_keeper import ExportSettings
from studio.domain.canvas.commands import AddLayer, SetFrame
from studio.domain.canvas.layer import Layer
from studio.domain.disclosure import ExportPrivacy
from studio.domain.errors import InvalidSetting, UnreadablePicture, UnwritablePlace
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument
from studio.services.document_opening import read_document
from studio.services.openraster_reading import read_openraster
from studio.services.picture_import import import_picture

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from tests.bridge.documents import Studio


def test_a_document_is_saved_and_opened_again(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    path, keeper = tmp_path / "fox.ora", studio.keeper
    with qtbot.waitSignal(keeper.saved) as saved:
        keeper.save(path)
    assert saved.args == [path]
    assert (keeper.path, keeper.is_modified) == (path, False)
    before = studio.store.state
    keeper.begin()
    assert (keeper.path, studio.store.state.layers) == (None, ())
    with qtbot.waitSignal(keeper.opened) as signal:
        keeper.open(path)
    opened = (signal.args or [None])[0]
    assert isinstance(opened, OpenedDocument)
    assert opened.document.settings == {"prompt": "a red fox"}
    assert [layer.id for layer in studio.store.state.layers] == [layer.id for layer in before.layers]
    assert (keeper.path, keeper.is_modified) == (path, False)


def test_what_is_saved_is_a_snapshot(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    gate = threading.Event()
    studio.disk.run(gate.wait)
    before = studio.store.state
    studio.keeper.save(tmp_path / "fox.ora")
    studio.paint(7)
    studio.settings["prompt"] = "a blue fox"
    gate.set()
    qtbot.waitUntil(lambda: not studio.keeper.is_busy)
    stored = read_openraster(tmp_path / "fox.ora").document
    assert stored.state.layer("b").pixels.equals(before.layer("b").pixels)
    assert stored.settings == {"prompt": "a red fox"}
    assert studio.keeper.is_modified, "what was painted meanwhile is not in the file"


def test_a_document_is_modified_from_the_first_edit_to_the_next_save(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    keeper = studio.keeper
    told: list[tuple[bool, bool]] = []
    keeper.file_changed.connect(lambda: told.append((keeper.path is not None, keeper.is_modified)))
    studio.paint(1)
    studio.paint(2)
    studio.store.activate("c")
    with qtbot.waitSignal(keeper.saved):
        keeper.save(tmp_path / "fox.ora")
    studio.store.apply(SetFrame(Rect(0, 0, 64, 64)))
    with qtbot.waitSignal(keeper.saved):
        keeper.save()
    assert told == [(False, True), (True, False), (True, True), (True, False)]


def test_a_save_that_comes_back_late_is_not_the_next_documents(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    studio.keeper.save(tmp_path / "fox.ora")
    studio.keeper.begin()
    with qtbot.waitSignal(studio.keeper.saved):
        pass
    assert studio.keeper.path is None


@pytest.mark.parametrize("content", [None, b"", b"<html>", b"PK\3\4", b"8BPS", b"\x89PNG\r\n\x1a\n"])
def test_what_cannot_be_opened_leaves_the_document_as_it_is(
    qtbot: QtBot, studio: Studio, tmp_path: Path, content: bytes | None
) -> None:
    path = tmp_path / "x"
    if content is not None:
        path.write_bytes(content)
    studio.paint(1)
    before, told = studio.store.state, studio.store.undo_title
    with qtbot.waitSignal(studio.keeper.failed) as failed:
        studio.keeper.open(path)
    assert failed.args is not None
    assert isinstance(failed.args[0], UnreadablePicture)
    assert studio.store.state is before
    assert studio.store.undo_title == told
    assert studio.keeper.is_modified


def test_what_was_painted_while_a_document_was_read_is_not_lost(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    studio.keeper.save(tmp_path / "fox.ora")
    qtbot.waitUntil(lambda: not studio.keeper.is_busy)
    studio.paint(6)
    gate = threading.Event()
    studio.disk.run(gate.wait)
    studio.keeper.open(tmp_path / "fox.ora")
    studio.paint(7)
    painted = studio.store.state
    gate.set()
    qtbot.waitUntil(lambda: not studio.keeper.is_busy)
    assert studio.store.state is painted
    assert [error.what for error in studio.errors] == ["fox.ora was not opened"]
    # What there was before, the window has asked about.
    with qtbot.waitSignal(studio.keeper.opened):
        studio.keeper.open(tmp_path / "fox.ora")


def test_a_file_of_another_program_is_not_written_over_unasked(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    studio.keeper.export(tmp_path / "fox.psd")
    studio.keeper.export(tmp_path / "fox.png")
    for name in ("fox.psd", "fox.png"):
        with qtbot.waitSignal(studio.keeper.opened):
            studio.keeper.open(tmp_path / name)
        assert studio.keeper.path is None
    with pytest.raises(ValueError, match="ask for one"):
        studio.keeper.save()


def test_a_document_is_saved_as_a_document(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    with qtbot.waitSignal(studio.keeper.saved) as saved:
        studio.keeper.save(tmp_path / "fox v1.2")
    assert saved.args == [tmp_path / "fox v1.2.ora"]
    studio.keeper.save(tmp_path / "fox.png")
    assert [type(error) for error in studio.errors] == [InvalidSetting]
    assert not (tmp_path / "fox.png").exists()


def test_a_place_that_cannot_be_written_is_said_and_the_document_stays_modified(
    qtbot: QtBot, studio: Studio, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    studio.paint(1)
    with qtbot.waitSignal(studio.keeper.failed) as failed:
        studio.keeper.save(tmp_path / "file" / "fox.ora")
    assert failed.args is not None
    assert isinstance(failed.args[0], UnwritablePlace)
    assert (studio.keeper.path, studio.keeper.is_modified) == (None, True)


@pytest.mark.parametrize("name", ["fox.png", "fox.webp", "fox.jpg", "fox.psd", "fox.ora"])
def test_every_kind_is_exported_and_the_document_keeps_its_file(
    qtbot: QtBot, studio: Studio, tmp_path: Path, name: str
) -> None:
    with qtbot.waitSignal(studio.keeper.exported) as exported:
        studio.keeper.export(tmp_path / name)
    path, losses = exported.args or [None, None]
    assert path == tmp_path / name
    assert bool(losses) == (name == "fox.psd"), "its mask has no place in a PSD"
    assert read_document(tmp_path / name).document.state.layers
    assert studio.keeper.path is None


@pytest.mark.parametrize("name", ["fox.psd", "fox.ora"])
def test_layers_that_go_out_are_not_called_by_their_prompts(
    qtbot: QtBot, studio: Studio, tmp_path: Path, name: str
) -> None:
    studio.store.apply(AddLayer(Layer(name="a secret fox")))
    for privacy, names in ((ExportPrivacy.FULL, {"a secret fox"}), (ExportPrivacy.PROVENANCE, set[str]())):
        with qtbot.waitSignal(studio.keeper.exported) as exported:
            studio.keeper.export(tmp_path / name, ExportSettings(privacy=privacy))
        called = {layer.name for layer in read_document(tmp_path / name).document.state.layers}
        assert called & {"a secret fox"} == names
        assert any("by their place" in said for said in (exported.args or [None, ()])[1]) == (not names)


def test_a_part_is_exported(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    with qtbot.waitSignal(studio.keeper.exported):
        studio.keeper.export(tmp_path / "fox.png", ExportSettings(Rect(0, 0, 30, 20)))
    assert import_picture(tmp_path / "fox.png").pixels.shape == (20, 30, 4)


def test_it_says_when_it_is_busy(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    told: list[bool] = []
    studio.keeper.busy_changed.connect(told.append)
    studio.keeper.save(tmp_path / "a.ora")
    studio.keeper.open(tmp_path / "gone.ora")
    qtbot.waitUntil(lambda: told == [True, False])
