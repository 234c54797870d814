"""Fetching what a link leads to while the window goes on: asyncio on Qt's own event loop, from the first link on."""

from __future__ import annotations

import logging
from collections import deque
from functools import partial
from typing import TYPE_CHECKING, Final

import shiboken6
from PySide6.QtCore import QCoreApplication, QDeadlineTimer, QEventLoop, QObject, Signal
from typing_extensions import override

from studio.domain.errors import DownloadFailed, StudioError

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Coroutine
    from types import ModuleType

    from studio.services.downloads import Progress
    from studio.services.network import Network

GRACE_MS: Final = 2000
"""How long a cancelled fetch may take to close its connection."""
_log = logging.getLogger("sfumato.fetch")


class Fetcher(QObject):
    """Fetches pictures over the network, one after the other, and only those it is asked for.

    asyncio and the HTTP client are loaded at the first `fetch`, so a start does not pay for them. Signals come on the
    main thread, one terminal one (`fetched`, `failed`) for each link, or one `cancelled` for all that were left.

    Signals:
        progressed: link, bytes received, bytes in all or -1 where the server does not say.
        fetched: link, bytes of a picture file.
        failed: why there is none.
        cancelled: what was asked for before `cancel` was called will not come any more.
        busy_changed: whether anything is being fetched.
    """

    progressed = Signal(str, int, int)
    fetched = Signal(str, bytes)
    failed = Signal(StudioError)
    cancelled = Signal()
    busy_changed = Signal(bool)

    def __init__(self, parent: QObject | None = None, network: Network | None = None) -> None:
        """Make everything ready; nothing is loaded or connected.

        Args:
            parent: owns this object.
            network: how hosts are found; the real network where None.
        """
        super().__init__(parent)
        self._network = network
        self._waiting: deque[str] = deque()
        self._loop: _MainLoop | None = None
        self._task: asyncio.Task[bytes] | None = None
        self._unwanted: asyncio.Task[bytes] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether anything is being fetched."""
        return self._task is not None

    def fetch(self, url: str) -> None:
        """Fetch what a person dropped, pasted or clicked, after what was asked for before."""
        self._waiting.append(url)
        if self._task is None:
            self._begin_next()
            self.busy_changed.emit(True)

    def cancel(self) -> None:
        """Fetch nothing of what was asked for so far; `cancelled` says when it is so."""
        self._waiting.clear()
        if self._task is not None:
            # It may be done by now, and only not have come back yet.
            self._unwanted = self._task
            self._task.cancel()

    def close(self) -> None:
        """Cancel, wait until every connection is closed, and give asyncio's part of the event loop back."""
        self.cancel()
        deadline = QDeadlineTimer(GRACE_MS)
        while self._task is not None and not deadline.hasExpired():
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.ExcludeUserInputEvents)
        if self._loop is not None:
            self._loop.close()
            self._loop = None

    def _begin_next(self) -> None:
        url = self._waiting.popleft()
        self._loop = self._loop or _MainLoop()
        self._task = self._loop.create_task(_fetched(url, partial(self.progressed.emit, url), self._network))
        # In a callback and not in the task: a slot may open a dialogue, and asyncio cannot nest another task in a task.
        self._task.add_done_callback(partial(self._on_done, url))

    def _on_done(self, url: str, task: asyncio.Task[bytes]) -> None:
        is_unwanted = task.cancelled() or task is self._unwanted
        self._task = self._unwanted = None
        error = None if task.cancelled() else task.exception()
        if self._waiting:
            self._begin_next()
        if is_unwanted:
            self.cancelled.emit()
        elif error is None:
            self.fetched.emit(url, task.result())
        else:
            self.failed.emit(_in_words(error))
        if self._task is None:
            self.busy_changed.emit(False)


class _MainLoop:
    """asyncio driven by the Qt event loop that is running anyway."""

    def __init__(self) -> None:
        import qasync  # noqa: PLC0415 - it loads asyncio and QtWidgets, which a start can do without

        self._application = _RunningApplication()
        self._loop = qasync.QEventLoop(self._application, already_running=True)

    def create_task(self, work: Coroutine[object, object, bytes]) -> asyncio.Task[bytes]:
        """Begin a coroutine that returns bytes."""
        return self._loop.create_task(work)

    def close(self) -> None:
        """End asyncio on this thread; another loop may be made later."""
        import asyncio  # noqa: PLC0415 - as above; loaded by now

        self._application.aboutToQuit.emit()
        self._loop.stop()
        # qasync leaves this to whoever had it use a loop that was running already.
        asyncio._set_running_loop(None)  # exported by asyncio for makers of event loops
        self._loop.close()
        # The loop is a cycle: the collector may free it on any thread, where timers that still run cannot be stopped,
        # and each timeout that was not needed runs on as one.
        shiboken6.delete(self._loop._timer)  # pyright: ignore[reportPrivateUsage]  # nothing public stops them


class _RunningApplication(QObject):
    """Stands for the application towards qasync, which would end the real one along with its own loop."""

    aboutToQuit = Signal()

    def exit(self) -> None:
        """Go on running."""

    @override
    def __repr__(self) -> str:
        return "the application"


async def _fetched(url: str, progress: Progress, network: Network | None) -> bytes:
    from studio.services.aside import aside  # noqa: PLC0415 - it loads asyncio, which a start can do without

    downloads = await aside("http client", _downloads)
    return await downloads.fetch_picture(url, progress, network)


def _downloads() -> ModuleType:
    """Load the HTTP client and its TLS, which takes 0.2 s; not for the main thread."""
    from studio.services import downloads  # noqa: PLC0415 - see above

    return downloads


def _in_words(error: BaseException) -> StudioError:
    if isinstance(error, StudioError):
        return error
    _log.error("a fetch failed", exc_info=error)
    why = f"{type(error).__name__}: {error}"
    return DownloadFailed("The picture cannot be fetched", why, "Save the picture in your browser and drop the file")
