"""What the pages about families read: the latest question alone is answered, pictures that come back are seen again."""

from __future__ import annotations

import threading
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.bridge.entry_pictures import EntryPictures
from studio.bridge.lineage_reader import LineageReader
from studio.bridge.surroundings import Surroundings, SurroundingsReader
from studio.domain.errors import StorageError, StudioError
from studio.domain.lineage import EdgeKind, Parent
from studio.services.history import History
from studio.services.thumbnails import Thumbnails
from tests.bridge.lineages import NOWHERE
from tests.bridge.looked_at import entry_at, grey
from tests.bridge.requests import image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.services.history_edges import Lineage
    from studio.services.history_entry import Entry


@pytest.fixture
def disk(qtbot: QtBot) -> Iterator[Background]:
    assert qtbot
    disk = Background("test disk")
    yield disk
    disk.close()


@pytest.fixture
def history(disk: Background, tmp_path: Path, qtbot: QtBot) -> Iterator[History]:
    made: list[History] = []
    disk.run(lambda: History(tmp_path / "history.sqlite3", tmp_path / "pictures"), made.append)
    qtbot.waitUntil(lambda: bool(made))
    yield made[0]
    disk.run(made[0].close)


def add(history: History, seed: int, *parents: Entry) -> Entry:
    made = tuple(Parent(one.picture_sha256, EdgeKind.VARIATION) for one in parents)
    request = replace(text_request(seed=seed), parents=made)
    return history.add(request, image_of(request), CONDITIONS, minutes_past_noon(seed))


@pytest.fixture
def family(history: History, disk: Background, qtbot: QtBot) -> tuple[Entry, Entry]:
    """A picture, and one that was made of it."""

    def both() -> tuple[Entry, Entry]:
        first = add(history, 1)
        return first, add(history, 2, first)

    made: list[tuple[Entry, Entry]] = []
    disk.run(both, made.append)
    qtbot.waitUntil(lambda: bool(made))
    return made[0]


def test_only_the_latest_lineage_is_told(
    disk: Background, history: History, family: tuple[Entry, Entry], qtbot: QtBot
) -> None:
    reader = LineageReader(disk, lambda: history)
    came: list[Lineage] = []
    reader.came.connect(came.append)
    gate = threading.Event()
    disk.run(gate.wait)
    for entry in (*family, *family):
        reader.want(entry.id)
    gate.set()
    qtbot.waitUntil(lambda: bool(came))
    assert {one.entry_id for one in came} == {family[1].id}
    assert {entry.id for entry in came[0].nodes} == {entry.id for entry in family}


def test_an_index_that_cannot_be_read_is_told(disk: Background, qtbot: QtBot) -> None:
    def broken() -> History:
        message = "The history cannot be used"
        raise StorageError(message)

    told: list[StudioError] = []
    lineages, surroundings = LineageReader(disk, broken), SurroundingsReader(disk, broken)
    lineages.failed.connect(told.append)
    surroundings.failed.connect(told.append)
    lineages.want(1)
    qtbot.waitUntil(lambda: len(told) == 1)
    lineages.want(1)
    lineages.drop()
    surroundings.want(entry_at(NOWHERE, 1))
    qtbot.waitUntil(lambda: len(told) == 2)


def test_surroundings_are_parents_children_boards_and_the_size_of_the_file(
    disk: Background, history: History, family: tuple[Entry, Entry], qtbot: QtBot
) -> None:
    first, second = family
    disk.run(lambda: history.boards.put(history.boards.create("Foxes").id, [second.id]))
    reader = SurroundingsReader(disk, lambda: history)
    came: list[Surroundings] = []
    reader.came.connect(came.append)
    reader.want(second)
    qtbot.waitUntil(lambda: len(came) == 1)
    assert [entry and entry.id for _, entry in came[0].parents] == [first.id]
    assert (came[0].children, came[0].boards, came[0].bytes) == ((), ("Foxes",), second.path.stat().st_size)
    first.path.unlink()
    reader.want(first)
    qtbot.waitUntil(lambda: len(came) == 2)
    assert [entry.id for _, entry in came[1].children] == [second.id]
    assert (came[1].parents, came[1].boards, came[1].bytes) == ((), (), None)


def test_a_small_picture_comes_once_and_one_that_returns_is_read_again(
    disk: Background, tmp_path: Path, qtbot: QtBot
) -> None:
    pictures = EntryPictures(Thumbnails(tmp_path / "thumbnails"), disk)
    came: list[int] = []
    pictures.came.connect(came.append)
    gone = replace(entry_at(tmp_path, 1), is_missing=True)
    for _ in range(3):
        assert pictures.of(gone) is None
    qtbot.waitUntil(lambda: came == [1])
    image = pictures.of(gone)
    assert image is not None
    assert image.isNull()
    back = entry_at(tmp_path, 1, grey(80))
    assert pictures.of(back) is None
    qtbot.waitUntil(lambda: came == [1, 1])
    image = pictures.of(back)
    assert image is not None
    assert (image.width(), image.height()) == (64, 32)
