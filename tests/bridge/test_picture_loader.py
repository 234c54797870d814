"""Pictures are read behind the window: what is looked at first, little of what was passed, never too many at once."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest

from studio.bridge.background import Background
from studio.bridge.picture_comparison import Comparison, PictureComparison
from studio.bridge.picture_levels import SMALLEST, PictureLevels
from studio.bridge.picture_loader import PictureLoader
from studio.domain.geometry import Size
from studio.domain.picture import Picture
from tests.bridge.looked_at import entry_at, grey

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry

ONE = 64 * 32 * 4
"""Bytes of one of these pictures."""


@pytest.fixture
def reader(qtbot: QtBot) -> Iterator[Background]:
    assert qtbot
    made = Background("test")
    yield made
    made.close()


@pytest.fixture
def entries(tmp_path: Path) -> list[Entry]:
    return [entry_at(tmp_path, number, grey(20 * number)) for number in range(8)]


def loading(reader: Background, kept: int = 100) -> tuple[PictureLoader, list[int]]:
    """Return a loader with room for so many pictures, and the numbers of what it has read as they come."""
    loader = PictureLoader(reader, kept_bytes=kept * ONE)
    loaded: list[int] = []
    loader.loaded.connect(lambda number, _: loaded.append(number))
    return loader, loaded


def test_what_is_looked_at_comes_first_and_its_neighbours_after_it(
    qtbot: QtBot, reader: Background, entries: list[Entry]
) -> None:
    loader, loaded = loading(reader)
    loader.want(entries[3], ahead=(entries[4], entries[2]))
    assert loader.is_reading
    qtbot.waitUntil(lambda: not loader.is_reading)
    assert loaded == [3, 4, 2]
    levels = loader.get(3)
    assert levels is not None
    assert levels.size.toTuple() == (64, 32)
    assert levels.levels[0].pixelColor(5, 5).red() == 60


def test_what_was_passed_is_not_read(qtbot: QtBot, reader: Background, entries: list[Entry]) -> None:
    loader, loaded = loading(reader)
    gate = threading.Event()
    reader.run(gate.wait)
    for at in range(7):
        loader.want(entries[at], ahead=(entries[at + 1],))
    gate.set()
    qtbot.waitUntil(lambda: not loader.is_reading)
    # The first one was on its way already.
    assert loaded == [0, 6, 7]


def test_a_picture_is_read_once(qtbot: QtBot, reader: Background, entries: list[Entry]) -> None:
    loader, loaded = loading(reader)
    for _ in range(3):
        loader.want(entries[0], ahead=(entries[1],))
    qtbot.waitUntil(lambda: not loader.is_reading)
    loader.want(entries[1], ahead=(entries[0],))
    assert not loader.is_reading
    assert loaded == [0, 1]


def test_memory_is_bounded_and_what_was_seen_longest_ago_goes_first(
    qtbot: QtBot, reader: Background, entries: list[Entry]
) -> None:
    loader, _ = loading(reader, kept=3)
    for at in (0, 1, 2, 3):
        loader.want(entries[at])
        qtbot.waitUntil(lambda: not loader.is_reading)
    assert loader.kept == (1, 2, 3)
    loader.want(entries[1], ahead=(entries[2], entries[4]))
    qtbot.waitUntil(lambda: not loader.is_reading)
    assert set(loader.kept) == {1, 2, 4}


def test_what_is_looked_at_is_kept_even_where_it_takes_all_memory(
    qtbot: QtBot, reader: Background, entries: list[Entry]
) -> None:
    loader, loaded = loading(reader, kept=0)
    loader.want(entries[0], ahead=(entries[1], entries[2]))
    qtbot.waitUntil(lambda: not loader.is_reading)
    assert loader.kept == (0,)
    # Its neighbours find no room, which shows with the first of them.
    assert loaded == [0, 1]


def test_a_missing_file_is_told_and_the_next_one_read(
    qtbot: QtBot, reader: Background, entries: list[Entry], tmp_path: Path
) -> None:
    loader, loaded = loading(reader)
    told: list[tuple[int, str]] = []
    loader.failed.connect(lambda number, error: told.append((number, str(error))))
    loader.want(entry_at(tmp_path, 99), ahead=(entries[1],))
    qtbot.waitUntil(lambda: not loader.is_reading)
    assert loaded == [1]
    assert [number for number, _ in told] == [99]
    assert "99.png" in told[0][1]


def test_a_picture_that_was_changed_is_read_again(qtbot: QtBot, reader: Background, tmp_path: Path) -> None:
    loader, loaded = loading(reader)
    before = entry_at(tmp_path, 1, grey(20))
    loader.want(before)
    qtbot.waitUntil(lambda: not loader.is_reading)
    loader.want(replace(entry_at(tmp_path, 1, grey(90)), picture_sha256="ab" * 32))
    qtbot.waitUntil(lambda: not loader.is_reading)
    assert loaded == [1, 1]
    levels = loader.get(1)
    assert levels is not None
    assert levels.levels[0].pixelColor(0, 0).red() == 90
    loader.clear()
    assert loader.kept == ()


def test_levels_halve_until_they_are_small() -> None:
    levels = PictureLevels.of(Picture(np.zeros((1024, 2048, 3), np.uint8)))
    assert [level.width() for level in levels.levels] == [2048, 1024, 512]
    assert levels.levels[-1].height() == SMALLEST
    assert [levels.at(zoom).width() for zoom in (4.0, 1.0, 0.51, 0.5, 0.26, 0.01)] == [
        2048,
        2048,
        2048,
        1024,
        1024,
        512,
    ]


def compared(qtbot: QtBot, reader: Background, first: Entry, second: Entry) -> Comparison:
    comparing = PictureComparison(reader)
    found: list[Comparison] = []
    comparing.compared.connect(found.append)
    comparing.compare(first, second)
    qtbot.waitUntil(lambda: len(found) == 1)
    return found[0]


def test_two_pictures_are_told_apart(qtbot: QtBot, reader: Background, entries: list[Entry]) -> None:
    found = compared(qtbot, reader, entries[1], entries[2])
    assert (found.difference.largest, found.difference.changed, found.second_size) == (20, 1.0, None)
    assert compared(qtbot, reader, entries[1], entries[1]).difference.is_identical


def test_another_size_is_scaled_to_the_first_and_said(
    qtbot: QtBot, reader: Background, entries: list[Entry], tmp_path: Path
) -> None:
    found = compared(qtbot, reader, entries[1], entry_at(tmp_path, 50, grey(20, 32, 32)))
    assert found.second.size == found.first.size == found.map.size
    assert found.second_size == Size(32, 32)
    assert found.difference.is_identical


def test_only_the_latest_comparison_answers(
    qtbot: QtBot, reader: Background, entries: list[Entry], tmp_path: Path
) -> None:
    comparing = PictureComparison(reader)
    found: list[Comparison] = []
    told: list[StudioError] = []
    comparing.compared.connect(found.append)
    comparing.failed.connect(told.append)
    comparing.compare(entries[0], entry_at(tmp_path, 98))
    comparing.compare(entries[0], entries[4])
    qtbot.waitUntil(lambda: len(found) == 1)
    assert found[0].difference.largest == 80
    assert told == []
    comparing.compare(entries[0], entry_at(tmp_path, 98))
    qtbot.waitUntil(lambda: len(told) == 1)
