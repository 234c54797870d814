"""Previews on their way from the engine's thread to the window: the latest wins."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

if TYPE_CHECKING:
    from studio.domain.events import Preview


class PreviewMailbox(QObject):
    """Holds one preview. A slow reader finds the latest and never a backlog.

    Signals:
        arrived: the box is no longer empty; comes once until `take` was called.
    """

    arrived = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lock = threading.Lock()
        self._latest: Preview | None = None

    def put(self, preview: Preview) -> None:
        """Replace what is in the box. Called on the engine's thread."""
        with self._lock:
            was_empty = self._latest is None
            self._latest = preview
        if was_empty:
            self.arrived.emit()

    def take(self) -> Preview | None:
        """Empty the box and return what was in it."""
        with self._lock:
            latest, self._latest = self._latest, None
        return latest
