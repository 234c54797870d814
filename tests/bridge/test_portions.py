"""Many things are changed in portions, one change after the other, and others have their turn in between."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.bridge.portions import PORTION, Portions
from studio.domain.errors import StorageError, StudioError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from pytestqt.qtbot import QtBot

MANY = range(4 * PORTION + 1)


def refuse(result: object) -> None:
    pytest.fail(f"nobody asked for {result}")


@pytest.fixture
def thread(qtbot: QtBot) -> Iterator[Background]:
    assert qtbot
    thread = Background("portions")
    yield thread
    thread.close()


def test_others_have_their_turn_between_two_portions(qtbot: QtBot, thread: Background) -> None:
    seen: list[str] = []
    portions = Portions(thread)

    def work(name: str, part: Sequence[int]) -> tuple[int, ...]:
        seen.append(name)
        return tuple(part)

    done: list[tuple[int, ...]] = []
    portions.run(MANY, partial(work, "first"), done.append, refuse)
    portions.run(MANY[:3], partial(work, "second"), done.append, refuse)
    thread.run(lambda: seen.append("other"))
    qtbot.waitUntil(lambda: len(done) == 2)
    assert done == [tuple(MANY), (0, 1, 2)]
    assert seen == ["first", "other", "first", "first", "first", "first", "second"]


def test_what_was_done_before_a_failure_is_told_and_the_next_one_goes_on(qtbot: QtBot, thread: Background) -> None:
    portions = Portions(thread)

    def work(part: Sequence[int]) -> tuple[int, ...]:
        if PORTION in part:
            raise StorageError("The disk", "is full")
        return tuple(part)

    told: list[tuple[int, ...] | StudioError] = []
    portions.run(MANY, work, told.append, told.append)
    portions.run((), work, told.append, refuse)
    qtbot.waitUntil(lambda: len(told) == 3)
    done, error, nothing = told
    assert (done, nothing) == (tuple(MANY[:PORTION]), ())
    assert isinstance(error, StorageError)


def test_nothing_is_begun_once_the_thread_is_closed(qtbot: QtBot) -> None:
    assert qtbot
    thread = Background("portions")
    seen: list[int] = []

    def work(part: Sequence[int]) -> tuple[int, ...]:
        seen.extend(part)
        return ()

    Portions(thread).run(MANY, work, refuse, refuse)
    thread.close()
    assert len(seen) <= PORTION
