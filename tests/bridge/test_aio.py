"""Links are fetched while the window goes on, and nothing of it is left when it closes."""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
import threading
from typing import TYPE_CHECKING

import pytest
from PIL import Image
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from studio.bridge.aio import Fetcher
from studio.domain.errors import DownloadFailed
from tests.web import Page, Web, served

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

buffer = io.BytesIO()
Image.new("RGB", (400, 300), (200, 120, 40)).save(buffer, "BMP")
PICTURE = buffer.getvalue()


class Hearing:
    """Writes down what a fetcher says, progress aside."""

    def __init__(self, fetcher: Fetcher) -> None:
        self.words: list[object] = []
        self.progress: list[tuple[str, int, int]] = []
        fetcher.progressed.connect(self._note_progress)
        fetcher.fetched.connect(self._note_fetched)
        fetcher.failed.connect(self._note_failed)
        fetcher.cancelled.connect(self._note_cancelled)
        fetcher.busy_changed.connect(self.words.append)

    def _note_progress(self, url: str, received: int, total: int) -> None:
        self.progress.append((url, received, total))

    def _note_fetched(self, url: str, data: bytes) -> None:
        self.words.append((url, data == PICTURE))

    def _note_failed(self, error: DownloadFailed) -> None:
        self.words.append(error)

    def _note_cancelled(self) -> None:
        self.words.append("cancelled")


@pytest.fixture
def web(loopback: str) -> Iterator[Web]:
    assert loopback
    with served() as web:
        yield web


@pytest.fixture
def fetcher(qtbot: QtBot) -> Iterator[Fetcher]:
    assert qtbot
    made = Fetcher()
    yield made
    made.close()


def test_a_link_is_fetched_while_the_event_loop_goes_on(qtbot: QtBot, fetcher: Fetcher, web: Web) -> None:
    held = threading.Event()
    url = web.put("/p.bmp", Page(PICTURE, "image/bmp", held=held))
    hearing = Hearing(fetcher)
    fetcher.fetch(url)
    assert fetcher.is_busy
    qtbot.waitUntil(lambda: bool(hearing.progress))
    # Half of the picture is there, the server waits, and Qt's own timers run.
    timer = QTimer(singleShot=True)
    with qtbot.waitSignal(timer.timeout):
        timer.start(0)
    held.set()
    qtbot.waitUntil(lambda: not fetcher.is_busy)
    assert hearing.words == [True, (url, True), False]
    assert hearing.progress[-1] == (url, len(PICTURE), len(PICTURE))


def test_several_links_come_one_after_the_other_and_a_bad_one_stops_none(
    qtbot: QtBot, fetcher: Fetcher, web: Web
) -> None:
    good, bad = web.put("/p.bmp", Page(PICTURE)), web.url("/gone.png")
    hearing = Hearing(fetcher)
    for url in (good, bad, good):
        fetcher.fetch(url)
    qtbot.waitUntil(lambda: not fetcher.is_busy)
    busy, first, error, last, idle = hearing.words
    assert (busy, first, last, idle) == (True, (good, True), (good, True), False)
    assert isinstance(error, DownloadFailed)
    assert "404 Not Found" in str(error)
    assert [line.split()[1] for line, _ in web.asked] == ["/p.bmp", "/gone.png", "/p.bmp"]


def test_cancelling_drops_all_that_was_asked_for(qtbot: QtBot, fetcher: Fetcher, web: Web) -> None:
    held = threading.Event()
    url = web.put("/p.bmp", Page(PICTURE, held=held))
    hearing = Hearing(fetcher)
    fetcher.fetch(url)
    fetcher.fetch(url)
    qtbot.waitUntil(lambda: bool(hearing.progress))
    fetcher.cancel()
    qtbot.waitUntil(lambda: not fetcher.is_busy)
    assert hearing.words == [True, "cancelled", False]
    held.set()
    # It goes on fetching afterwards.
    fetcher.fetch(url)
    qtbot.waitUntil(lambda: not fetcher.is_busy)
    assert hearing.words[3:] == [True, (url, True), False]


def test_what_came_in_just_as_it_was_cancelled_does_not_arrive(qtbot: QtBot, fetcher: Fetcher, web: Web) -> None:
    hearing = Hearing(fetcher)
    fetcher.progressed.connect(lambda _url, received, total: fetcher.cancel() if received == total else None)
    fetcher.fetch(web.put("/p.bmp", Page(PICTURE)))
    qtbot.waitUntil(lambda: not fetcher.is_busy)
    assert hearing.words == [True, "cancelled", False]


def test_cancelling_nothing_says_nothing(fetcher: Fetcher) -> None:
    hearing = Hearing(fetcher)
    fetcher.cancel()
    QCoreApplication.processEvents()
    assert hearing.words == []


def test_a_slot_may_run_an_event_loop_of_its_own(qtbot: QtBot, fetcher: Fetcher, web: Web) -> None:
    url = web.put("/p.bmp", Page(PICTURE))
    fetched: list[str] = []

    def ask(link: str, _: bytes) -> None:
        fetched.append(link)
        if len(fetched) == 1:
            nested = QEventLoop()
            fetcher.fetched.connect(nested.quit)
            fetcher.fetch(url)
            nested.exec()

    fetcher.fetched.connect(ask)
    fetcher.fetch(url)
    qtbot.waitUntil(lambda: fetched == [url, url])
    qtbot.waitUntil(lambda: not fetcher.is_busy)


def test_closing_in_the_middle_leaves_no_connection_and_no_loop(qtbot: QtBot, web: Web) -> None:
    held = threading.Event()
    fetcher = Fetcher()
    hearing = Hearing(fetcher)
    fetcher.fetch(web.put("/p.bmp", Page(PICTURE, held=held)))
    qtbot.waitUntil(lambda: bool(hearing.progress))
    fetcher.close()
    assert hearing.words == [True, "cancelled", False]
    with pytest.raises(RuntimeError):
        asyncio.get_running_loop()
    assert asyncio.run(asyncio.sleep(0, "asyncio is free again")) == "asyncio is free again"
    fetcher.close()


def test_closing_does_not_end_the_application(qtbot: QtBot, fetcher: Fetcher, web: Web) -> None:
    for _ in range(2):
        with qtbot.waitSignal(fetcher.fetched):
            fetcher.fetch(web.put("/p.bmp", Page(PICTURE)))
        fetcher.close()
    timer = QTimer(singleShot=True)
    with qtbot.waitSignal(timer.timeout):
        timer.start(0)


@pytest.mark.slow
def test_a_start_loads_neither_asyncio_nor_an_http_client() -> None:
    code = """
import sys
import studio.bridge.arrivals
import studio.bridge.history_model
from PySide6.QtCore import QCoreApplication
from studio.bridge.aio import Fetcher
app = QCoreApplication([])
fetcher = Fetcher()
fetcher.cancel()
fetcher.close()
print(*sys.modules)
"""
    run = subprocess.run([sys.executable, "-W", "error", "-c", code], capture_output=True, text=True, check=True)
    assert {"asyncio", "qasync", "httpx2", "ssl", "PySide6.QtWidgets"} & set(run.stdout.split()) == set()
