"""Work behind the window: in order, on its own thread, delivered on the main one, whatever happens in it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest

from studio.bridge.background import Background
from studio.domain.errors import StorageError, StudioError, UnwritablePlace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

FULL = UnwritablePlace("The picture cannot be written", "the disk is full", "Make room")


@pytest.fixture
def background(qtbot: QtBot) -> Iterator[Background]:
    assert qtbot
    made = Background("test")
    yield made
    made.close()


def fail(error: Exception) -> None:
    raise error


def test_work_is_done_elsewhere_and_delivered_here(qtbot: QtBot, background: Background) -> None:
    threads: list[str] = []
    background.run(
        lambda: threading.current_thread().name, lambda name: threads.extend((name, threading.current_thread().name))
    )
    qtbot.waitUntil(lambda: len(threads) == 2)
    assert threads[0].startswith("sfumato test")
    assert threads[1] == threading.main_thread().name


def test_work_is_done_in_the_order_it_was_asked_for(qtbot: QtBot, background: Background) -> None:
    done: list[int] = []
    for number in range(50):
        background.run(lambda number=number: number, done.append)
    qtbot.waitUntil(lambda: done == list(range(50)))


def test_a_failure_goes_to_who_asked(qtbot: QtBot, background: Background) -> None:
    told: list[StudioError] = []
    background.run(lambda: fail(FULL), otherwise=told.append)
    qtbot.waitUntil(lambda: told == [FULL])


def test_a_failure_nobody_asked_about_is_told_all_the_same(qtbot: QtBot, background: Background) -> None:
    with qtbot.waitSignal(background.failed) as failed:
        background.run(lambda: fail(FULL))
    assert failed.args == [FULL]


def test_an_unforeseen_failure_is_told_in_words_and_the_thread_goes_on(qtbot: QtBot, background: Background) -> None:
    with qtbot.waitSignal(background.failed) as failed:
        background.run(lambda: fail(ZeroDivisionError("by nothing")))
    assert failed.args is not None
    assert isinstance(failed.args[0], StorageError)
    assert "by nothing" in str(failed.args[0])
    done: list[int] = []
    background.run(lambda: 1, done.append)
    qtbot.waitUntil(lambda: done == [1])


def test_closing_finishes_and_delivers_what_was_asked_for(background: Background) -> None:
    done: list[int] = []
    for number in range(20):
        background.run(lambda number=number: number, done.append)
    background.close()
    assert done == list(range(20))
