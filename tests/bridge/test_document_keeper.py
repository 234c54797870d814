"""Documents are opened and saved behind the window, whole, and outlive a crash."""

from __future__ import annotations

import io
import shutil
import threading
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.background import Background
from studio.bridge.canvas_store import CanvasStore
from studio.bridge.document_copy import DocumentCopy
from studio.bridge.document_keeper import DocumentKeeper, ExportSettings
from studio.domain.canvas.commands import Paint, SetFrame
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import InvalidSetting, NewerData, StudioError, UnreadablePicture, UnwritablePlace
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.document_opening import read_document
from studio.services.openraster import OpenRasterWriter
from studio.services.openraster_reading import read_openraster
from studio.services.picture_import import import_picture
from studio.services.png_planes import PlanePngs
from tests.domain.canvas.states import first_state, noise, same

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from pydantic import JsonValue
    from pytestqt.qtbot import QtBot

SPOT = Rect(3, 4, 5, 6)


class Studio:
    """What a window has of its document, from its start to its end.

    Attributes:
        store: the document.
        keeper: its files.
        disk: the thread.
        settings: what is set beside it.
        errors: what went wrong.
    """

    def __init__(self, folder: Path, copy_after_ms: int = 1) -> None:
        self.store = CanvasStore()
        self.disk = Background("disk")
        self.settings: dict[str, JsonValue] = {"prompt": "a red fox"}
        self.copy = folder / "data" / "document.ora"
        self.keeper = DocumentKeeper(self.store, self.copy, self.disk, lambda: self.settings, copy_after_ms)
        self.errors: list[StudioError] = []
        self.keeper.failed.connect(self.errors.append)
        self._is_closed = False

    def paint(self, seed: int) -> None:
        self.store.apply(Paint("b", SPOT, noise(SPOT, seed)))

    def close(self) -> None:
        """Close it as the window does."""
        if not self._is_closed:
            self._is_closed = True
            self.keeper.close()
            self.disk.close()
            self.store.close()


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path) -> Iterator[Callable[..., Studio]]:
    """Start a window's part, once its document of the last time is there or is known to be none."""
    studios: list[Studio] = []

    def start(copy_after_ms: int = 1, folder: Path = tmp_path) -> Studio:
        studio = Studio(folder, copy_after_ms)
        studios.append(studio)
        ready: list[object] = []
        studio.keeper.restored.connect(ready.append)
        studio.keeper.begun.connect(lambda: ready.append(None))
        studio.keeper.restore()
        qtbot.waitUntil(lambda: bool(ready))
        return studio

    yield start
    for studio in studios:
        studio.close()


@pytest.fixture
def studio(opened: Callable[..., Studio]) -> Studio:
    """A window's part without a document of the last time, which makes no copies by itself."""
    studio = opened(10**8)
    studio.keeper.begin(first_state())
    return studio


# --- files


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


# --- the copy


def copied(studio: Studio) -> StoredDocument | None:
    return read_openraster(studio.copy).document if studio.copy.exists() else None


def is_copied(studio: Studio) -> bool:
    document = copied(studio)
    return document is not None and same(document.state, without_proposals(studio.store.state))


def without_proposals(state: CanvasState) -> CanvasState:
    return CanvasState(state.layers, state.active, state.mask, state.selection, state.frame)


def test_what_was_painted_outlives_a_crash(qtbot: QtBot, opened: Callable[..., Studio], tmp_path: Path) -> None:
    first = opened()
    first.keeper.begin(first_state())
    first.paint(3)
    qtbot.waitUntil(lambda: is_copied(first), timeout=20_000)
    # What a crash leaves: the files as they are now, and nothing that an orderly end does.
    shutil.copytree(first.copy.parent, tmp_path / "after" / first.copy.parent.name)
    second = opened(folder=tmp_path / "after")
    assert same(second.store.state, without_proposals(first.store.state))
    assert (second.keeper.path, second.keeper.is_modified) == (None, True)
    assert second.store.undo_title is None


def test_the_documents_file_and_settings_come_back_as_well(
    qtbot: QtBot, opened: Callable[..., Studio], tmp_path: Path
) -> None:
    first = opened(10**8)
    first.keeper.begin(first_state())
    with qtbot.waitSignal(first.keeper.saved):
        first.keeper.save(tmp_path / "fox.ora")
    first.close()
    restored: list[OpenedDocument] = []
    second = Studio(tmp_path)
    second.keeper.restored.connect(restored.append)
    second.keeper.restore()
    qtbot.waitUntil(lambda: bool(restored))
    assert (second.keeper.path, second.keeper.is_modified) == (tmp_path / "fox.ora", False)
    assert restored[0].document.settings == {"prompt": "a red fox"}
    second.close()


def test_what_was_painted_last_is_copied_at_the_end(studio: Studio) -> None:
    studio.paint(3)
    assert copied(studio) is None
    studio.close()
    assert is_copied(studio)


def test_settings_alone_are_copied_too(qtbot: QtBot, opened: Callable[..., Studio]) -> None:
    studio = opened()
    studio.settings["prompt"] = "a blue fox"
    studio.keeper.note_settings()
    qtbot.waitUntil(studio.copy.exists)
    document = copied(studio)
    assert document is not None
    assert document.settings["prompt"] == "a blue fox"
    assert not studio.keeper.is_modified


def test_a_stroke_is_copied_only_once_it_is_done(qtbot: QtBot, tmp_path: Path, opened: Callable[..., Studio]) -> None:
    studio = opened()
    studio.keeper.begin(first_state())
    asked: list[bool] = []

    def is_resting() -> bool:
        asked.append(studio.store.is_in_gesture)
        return not studio.store.is_in_gesture

    path = tmp_path / "copy.ora"
    copy = DocumentCopy(path, studio.disk, lambda: StoredDocument(studio.store.state), is_resting, PlanePngs(), 1)
    copy.begin(is_current=True)
    with studio.store.canvas.gesture("Brush"):
        studio.store.canvas.apply(Paint("b", SPOT, noise(SPOT, 5)))
        copy.ask()
        qtbot.waitUntil(lambda: len(asked) == 2)
        with qtbot.waitSignal(studio.keeper.exported):
            # When this is done, so is all that was asked of the disk's thread before.
            studio.keeper.export(tmp_path / "x.png")
        assert not path.exists()
        assert not studio.copy.exists(), "the keeper's own copy was due before the other one asked again"
    qtbot.waitUntil(path.exists)
    qtbot.waitUntil(lambda: is_copied(studio))
    assert same(read_openraster(path).document.state, without_proposals(studio.store.state))
    assert asked[-1] is False
    copy.close()


def test_the_end_in_the_middle_of_a_stroke_loses_nothing(studio: Studio) -> None:
    with studio.store.canvas.gesture("Brush"):
        studio.store.canvas.apply(Paint("b", SPOT, noise(SPOT, 5)))
        studio.close()
    studio.store.close()  # it goes on where the stroke ends
    assert is_copied(studio)


@pytest.mark.parametrize("newer", [False, True])
def test_a_copy_that_cannot_be_read_is_set_aside_and_said(
    qtbot: QtBot, tmp_path: Path, opened: Callable[..., Studio], newer: bool
) -> None:
    copy = tmp_path / "data" / "document.ora"
    content = OpenRasterWriter().bytes_of(StoredDocument(first_state()))
    copy.parent.mkdir()
    copy.write_bytes(newer_document() if newer else content[:2000])
    kept = copy.read_bytes()
    studio = opened()
    assert [type(error) for error in studio.errors] == [NewerData if newer else UnreadablePicture]
    assert copy.with_name("document.old.ora").read_bytes() == kept
    studio.keeper.begin(first_state())
    qtbot.waitUntil(lambda: is_copied(studio), timeout=20_000)


def newer_document() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("mimetype", "image/openraster")
        archive.writestr("stack.xml", '<image w="1" h="1"><stack/></image>')
        archive.writestr("sfumato/document.json", '{"version": 99}')
    return buffer.getvalue()


def test_what_is_painted_before_the_last_document_comes_back_is_kept_and_so_is_that(
    qtbot: QtBot, tmp_path: Path
) -> None:
    studio = Studio(tmp_path)
    OpenRasterWriter().write(studio.copy, StoredDocument(first_state()))
    kept = studio.copy.read_bytes()
    with qtbot.waitSignal(studio.keeper.begun):
        studio.keeper.restore()
        studio.keeper.begin(CanvasState(frame=Rect(0, 0, 99, 99)))
    assert studio.store.state.frame == Rect(0, 0, 99, 99)
    assert studio.copy.with_name("document.old.ora").read_bytes() == kept
    qtbot.waitUntil(lambda: is_copied(studio))
    studio.close()


def test_a_copy_that_cannot_be_written_is_said_once(qtbot: QtBot, opened: Callable[..., Studio]) -> None:
    studio = opened()
    studio.copy.parent.write_text("a file where the folder should be")
    studio.keeper.begin(first_state())
    qtbot.waitUntil(lambda: len(studio.errors) == 1, timeout=20_000)
    done: list[None] = []
    for seed in range(5):
        studio.paint(seed)
        studio.disk.run(lambda: None, done.append)
    qtbot.waitUntil(lambda: len(done) == 5)
    assert len(studio.errors) == 1
    studio.copy.parent.unlink()
    qtbot.waitUntil(lambda: is_copied(studio), timeout=20_000)


def test_nothing_is_copied_before_the_last_document_was_read(tmp_path: Path, qtbot: QtBot) -> None:
    assert qtbot
    studio = Studio(tmp_path)
    OpenRasterWriter().write(studio.copy, StoredDocument(first_state()))
    kept = studio.copy.read_bytes()
    studio.keeper.begin()
    studio.close()
    assert studio.copy.read_bytes() == kept


def test_the_copy_holds_the_same_pixels_as_the_file(qtbot: QtBot, studio: Studio, tmp_path: Path) -> None:
    with qtbot.waitSignal(studio.keeper.saved):
        studio.keeper.save(tmp_path / "fox.ora")
    studio.close()
    files = [read_openraster(path).document.state for path in (tmp_path / "fox.ora", studio.copy)]
    assert same(*files)
    assert np.array_equal(files[0].layer("a").read(SPOT), files[1].layer("a").read(SPOT))
