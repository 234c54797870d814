"""Thumbnails come behind the window, those that are on the screen now before all others."""

from __future__ import annotations

from threading import Event
from typing import TYPE_CHECKING

import pytest
from PySide6.QtGui import QColor, QImage

from studio.bridge.thumbnail_loader import ThumbnailLoader, Wish, as_cell
from studio.domain.metadata import Metadata
from studio.services.pictures import write_png
from studio.services.thumbnails import Thumbnails
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.domain.picture import Picture
    from studio.services.history_entry import Entry


class GatedThumbnails(Thumbnails):
    """Waits at its first picture until it may go on, and notes in which order it was asked."""

    def __init__(self, folder: Path, gate: Event) -> None:
        super().__init__(folder)
        self.asked: list[int] = []
        self._gate = gate

    def of(self, entry: Entry, side: int = 256) -> Picture:
        """Return the copy of a picture, late."""
        self.asked.append(entry.id)
        self._gate.wait(10)
        return super().of(entry, side)


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    """Pictures on the disk."""
    return [entry(number, tmp_path) for number in range(1, 9)]


@pytest.fixture
def loader(qtbot: QtBot, tmp_path: Path) -> Iterator[ThumbnailLoader]:
    assert qtbot
    loader = ThumbnailLoader(Thumbnails(tmp_path / "cache"))
    yield loader
    loader.close()


@pytest.fixture
def gate() -> Iterator[Event]:
    """Return what lets a thread go on; it is open at the end in any case."""
    gate = Event()
    yield gate
    gate.set()


def entry(number: int, folder: Path) -> Entry:
    request = text_request(f"picture {number}", seed=number)
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    path = folder / f"{number}.png"
    write_png(path, image_of(request).picture, metadata)
    return entry_of(number, path, metadata)


def wishes(entries: list[Entry], pixels: int = 32) -> list[Wish]:
    return [Wish(each, pixels, 4) for each in entries]


def test_each_wish_is_granted_in_its_size(qtbot: QtBot, loader: ThumbnailLoader, entries: list[Entry]) -> None:
    came: dict[int, QImage] = {}
    loader.loaded.connect(lambda number, _, image: came.__setitem__(number, image))
    loader.want(wishes(entries, 40))
    qtbot.waitUntil(lambda: len(came) == len(entries))
    assert {(image.width(), image.height()) for image in came.values()} == {(40, 40)}


def test_what_was_scrolled_past_is_left_out(qtbot: QtBot, tmp_path: Path, entries: list[Entry], gate: Event) -> None:
    thumbnails = GatedThumbnails(tmp_path / "cache", gate)
    loader = ThumbnailLoader(thumbnails)
    came: list[int] = []
    loader.loaded.connect(lambda number, *_: came.append(number))
    loader.want(wishes(entries[:6]))
    qtbot.waitUntil(lambda: len(thumbnails.asked) == 2)
    loader.want(wishes([entries[7], entries[6], entries[0]]))
    gate.set()
    qtbot.waitUntil(lambda: len(came) == 4)
    loader.close()
    assert sorted(thumbnails.asked[:2]) == [1, 2]
    assert thumbnails.asked[2:] == [8, 7], "the first has begun already, and the others are not seen any more"


def test_a_picture_that_is_gone_has_no_thumbnail(qtbot: QtBot, loader: ThumbnailLoader, entries: list[Entry]) -> None:
    entries[0].path.unlink()
    with qtbot.waitSignal(loader.loaded) as loaded:
        loader.want(wishes(entries[:1]))
    assert loaded.args is not None
    assert loaded.args[2].isNull()


def test_nothing_is_begun_after_the_end(qtbot: QtBot, loader: ThumbnailLoader, entries: list[Entry]) -> None:
    loader.close()
    with qtbot.assertNotEmitted(loader.loaded):
        loader.want(wishes(entries))


def test_a_cell_is_the_middle_of_its_picture_with_round_corners() -> None:
    picture = QImage(90, 30, QImage.Format.Format_RGB888)
    for x in range(90):
        for y in range(30):
            picture.setPixelColor(x, y, QColor("red" if x < 30 else "lime" if x < 60 else "blue"))
    cell = as_cell(picture, 60, 8)
    assert cell.pixelColor(2, 30) == cell.pixelColor(57, 30) == QColor("lime")
    assert cell.pixelColor(0, 0).alpha() == 0
    assert cell.pixelColor(30, 0).alpha() == 255
