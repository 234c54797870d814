"""What was painted outlives a crash, and no copy is lost to a newer one."""

from __future__ import annotations

import io
import shutil
import zipfile
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.document_copy import DocumentCopy
from studio.domain.canvas.commands import Paint
from studio.domain.canvas.state import CanvasState
from studio.domain.errors import NewerData, UnreadablePicture
from studio.domain.geometry import Rect
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.openraster import OpenRasterWriter
from studio.services.openraster_reading import read_openraster
from studio.services.png_planes import PlanePngs
from tests.domain.canvas.states import first_state, noise, same

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from pytestqt.qtbot import QtBot

from tests.bridge.documents import SPOT, Studio


def copied(studio: Studio) -> StoredDocument | None:
    return read_openraster(studio.copy).document if studio.copy.exists() else None


def is_copied(studio: Studio) -> bool:
    document = copied(studio)
    return document is not None and same(document.state, without_proposals(studio.store.state))


def without_proposals(state: CanvasState) -> CanvasState:
    return CanvasState(state.layers, state.active, state.mask, state.selection, state.frame)


def test_what_was_painted_outlives_a_crash(qtbot: QtBot, open_studio: Callable[..., Studio], tmp_path: Path) -> None:
    first = open_studio()
    first.keeper.begin(first_state())
    first.paint(3)
    qtbot.waitUntil(lambda: is_copied(first), timeout=20_000)
    # What a crash leaves: the files as they are now, and nothing that an orderly end does.
    shutil.copytree(first.copy.parent, tmp_path / "after" / first.copy.parent.name)
    second = open_studio(folder=tmp_path / "after")
    assert same(second.store.state, without_proposals(first.store.state))
    assert (second.keeper.path, second.keeper.is_modified) == (None, True)
    assert second.store.undo_title is None


def test_two_windows_do_not_take_each_others_copies(open_studio: Callable[..., Studio]) -> None:
    windows = [open_studio(), open_studio()]
    kept: list[CanvasState] = []
    for seed, window in enumerate(windows):
        assert window.store.state.layers == ()
        window.keeper.begin(first_state())
        window.paint(seed)
        kept.append(without_proposals(window.store.state))
    for window in windows:
        window.close()
    again = [open_studio(), open_studio()]
    assert all(same(window.store.state, state) for window, state in zip(again, kept, strict=True))


def test_the_documents_file_and_settings_come_back_as_well(
    qtbot: QtBot, open_studio: Callable[..., Studio], tmp_path: Path
) -> None:
    first = open_studio(10**8)
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


def test_settings_alone_are_copied_too(qtbot: QtBot, open_studio: Callable[..., Studio]) -> None:
    studio = open_studio()
    studio.settings["prompt"] = "a blue fox"
    studio.keeper.note_settings()
    qtbot.waitUntil(studio.copy.exists)
    document = copied(studio)
    assert document is not None
    assert document.settings["prompt"] == "a blue fox"
    assert not studio.keeper.is_modified


def test_a_stroke_is_copied_only_once_it_is_done(
    qtbot: QtBot, tmp_path: Path, open_studio: Callable[..., Studio]
) -> None:
    studio = open_studio()
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
    qtbot: QtBot, tmp_path: Path, open_studio: Callable[..., Studio], newer: bool
) -> None:
    copy = tmp_path / "data" / "document.ora"
    content = OpenRasterWriter().bytes_of(StoredDocument(first_state()))
    copy.parent.mkdir()
    copy.write_bytes(newer_document() if newer else content[:2000])
    kept = copy.read_bytes()
    studio = open_studio()
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
    (error,) = studio.errors
    assert "was not brought back" in error.what
    assert str(studio.copy.with_name("document.old.ora")) in error.remedy
    qtbot.waitUntil(lambda: is_copied(studio))
    studio.close()


def test_a_copy_that_cannot_be_written_is_said_once(qtbot: QtBot, open_studio: Callable[..., Studio]) -> None:
    studio = open_studio()
    studio.copy.mkdir(parents=True)
    studio.keeper.begin(first_state())
    qtbot.waitUntil(lambda: len(studio.errors) == 1, timeout=20_000)
    done: list[None] = []
    for seed in range(5):
        studio.paint(seed)
        studio.disk.run(lambda: None, done.append)
    qtbot.waitUntil(lambda: len(done) == 5)
    assert len(studio.errors) == 1
    studio.copy.rmdir()
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
