"""Work that may touch the disk, done on a thread of its own; what comes out is delivered on the main thread."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, Signal

from studio.domain.errors import StorageError, StudioError

if TYPE_CHECKING:
    from collections.abc import Callable

T = TypeVar("T")
_log = logging.getLogger("sfumato.background")


class Background(QObject):
    """One named thread that does one thing after the other.

    Signals:
        failed: a piece of work, run without ``otherwise``, raised this.
    """

    failed = Signal(StudioError)
    _came_back = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._is_closed = False
        self._executor = ThreadPoolExecutor(1, thread_name_prefix=f"sfumato {name}")
        self._came_back.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def run(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        otherwise: Callable[[StudioError], object] | None = None,
    ) -> None:
        """Do ``work`` on the thread; nothing any more once `close` was called.

        Args:
            work: called on the thread.
            then: called on the main thread with what it returned.
            otherwise: called on the main thread with what it raised; without it `failed` is emitted.
        """
        # What is delivered by `close` may ask for more, such as the count of the next prompt.
        if not self._is_closed:
            self._executor.submit(self._work, work, then, otherwise or self.failed.emit)

    def close(self) -> None:
        """Finish all that was asked for, deliver it, and end the thread."""
        self._is_closed = True
        self._executor.shutdown()
        QCoreApplication.sendPostedEvents(self, QEvent.Type.MetaCall.value)

    def _work(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None,
        otherwise: Callable[[StudioError], object],
    ) -> None:
        try:
            result = work()
        except StudioError as error:
            self._came_back.emit(partial(otherwise, error))
        except Exception as error:  # noqa: BLE001 - the thread's boundary
            _log.exception("work in the background failed")
            why = f"{type(error).__name__}: {error}"
            self._came_back.emit(partial(otherwise, StorageError("Something went wrong behind the window", why)))
        else:
            if then is not None:
                self._came_back.emit(partial(then, result))

    def _deliver(self, call: Callable[[], object]) -> None:
        call()
