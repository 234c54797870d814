"""Ctrl-C in the terminal and the system's request to end, as a Qt signal."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

if TYPE_CHECKING:
    from types import FrameType


class EndRequests(QObject):
    """Tells when the system asks the program to end.

    Python runs its signal handlers only between two of its own instructions, and Qt's loop runs none while it waits. So
    the signal's number is also written to a socket, which wakes the loop.

    Signals:
        asked: SIGINT or SIGTERM has come.
    """

    asked = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        """Take over the two signals until `close`. Only on the main thread."""
        super().__init__(parent)
        self._reading, self._writing = socket.socketpair()
        for end in (self._reading, self._writing):
            end.setblocking(False)
        self._old_wakeup = signal.set_wakeup_fd(self._writing.fileno(), warn_on_full_buffer=False)
        self._old_handlers = {number: signal.signal(number, _do_nothing) for number in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._reading.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_readable)

    def close(self) -> None:
        """Give the signals back."""
        self._notifier.setEnabled(False)
        for number, handler in self._old_handlers.items():
            signal.signal(number, handler)
        signal.set_wakeup_fd(self._old_wakeup)
        self._reading.close()
        self._writing.close()

    def _on_readable(self) -> None:
        # Other signals, such as a child's end, wake the loop too.
        if {signal.SIGINT, signal.SIGTERM} & set(self._reading.recv(4096)):
            self.asked.emit()


def _do_nothing(number: int, frame: FrameType | None) -> None:
    """Stand in for the default handler, which would end the program where it stands; the socket has the number."""
