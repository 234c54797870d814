"""The last net: errors that nobody caught, written to the log and shown in words."""

from __future__ import annotations

import logging
import sys
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

_log = logging.getLogger("sfumato.unforeseen")


class UnforeseenErrors(QObject):
    """Is the process's excepthook between `install` and `close`; PySide hands it what slots raise.

    Signals:
        happened: something that nobody caught, from whatever thread, in words for the message bar.
    """

    happened = Signal(StudioError)

    def __init__(self, log_file: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._log_file = log_file
        self._old_hook = sys.excepthook
        self._old_thread_hook = threading.excepthook

    def install(self) -> None:
        """Catch from now on."""
        sys.excepthook = self._report
        threading.excepthook = self._report_thread

    def close(self) -> None:
        """Give the hooks back."""
        sys.excepthook = self._old_hook
        threading.excepthook = self._old_thread_hook

    def _report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        _log.critical("nobody caught this", exc_info=(kind, error, trace))
        if isinstance(error, StudioError):
            self.happened.emit(error)
            return
        what = "Something went wrong inside Sfumato"
        self.happened.emit(
            StudioError(
                what, f"{kind.__name__}: {error}", f"Your pictures are safe; the details are in {self._log_file}"
            )
        )

    def _report_thread(self, args: threading.ExceptHookArgs) -> None:
        self._report(args.exc_type, args.exc_value or args.exc_type(), args.exc_traceback)
