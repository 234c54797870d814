"""The system's wishes arrive as Qt signals, and errors that nobody caught as words."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
from typing import TYPE_CHECKING

import pytest

from studio.bridge.end_requests import EndRequests
from studio.bridge.unforeseen import UnforeseenErrors
from studio.domain.errors import StudioError, UnwritablePlace

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from pytestqt.qtbot import QtBot


@pytest.fixture
def unforeseen(qtbot: QtBot, tmp_path: Path) -> Iterator[UnforeseenErrors]:
    assert qtbot
    before = sys.excepthook, threading.excepthook
    errors = UnforeseenErrors(tmp_path / "sfumato.log")
    errors.install()
    yield errors
    errors.close()
    assert (sys.excepthook, threading.excepthook) == before


@pytest.mark.skipif(sys.platform == "win32", reason="Windows sends itself no signals")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_of_the_system_is_heard(qtbot: QtBot, number: signal.Signals) -> None:
    before = signal.getsignal(number)
    requests = EndRequests()
    with qtbot.waitSignal(requests.asked):
        os.kill(os.getpid(), number)
    requests.close()
    assert signal.getsignal(number) is before


def raise_in_hook(error: Exception) -> None:
    """Do what Python does with an error that nobody caught."""
    try:
        raise error
    except Exception as caught:  # noqa: BLE001 - stands in for the interpreter
        sys.excepthook(type(caught), caught, caught.__traceback__)


def test_an_error_that_nobody_caught_is_logged_and_told(
    qtbot: QtBot, unforeseen: UnforeseenErrors, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.CRITICAL), qtbot.waitSignal(unforeseen.happened) as happened:
        raise_in_hook(ZeroDivisionError("by nothing"))
    assert happened.args is not None
    assert "ZeroDivisionError: by nothing" in str(happened.args[0])
    assert "sfumato.log" in str(happened.args[0])
    assert "raise error" in caplog.text


def test_an_error_in_our_own_words_is_told_as_it_is(qtbot: QtBot, unforeseen: UnforeseenErrors) -> None:
    error = UnwritablePlace("The place cannot be written", "it is full", "Make room")
    with qtbot.waitSignal(unforeseen.happened) as happened:
        raise_in_hook(error)
    assert happened.args == [error]


def test_an_error_of_another_thread_is_told_too(qtbot: QtBot, unforeseen: UnforeseenErrors) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    with qtbot.waitSignal(unforeseen.happened) as happened:
        thread = threading.Thread(target=fail)
        thread.start()
        thread.join()
    assert happened.args is not None
    assert isinstance(happened.args[0], StudioError)
