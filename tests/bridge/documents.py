"""What a window has of its document, for the tests of opening, saving and copying it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.bridge.background import Background
from studio.bridge.canvas_store import CanvasStore
from studio.bridge.document_keeper import DocumentKeeper
from studio.domain.canvas.commands import Paint
from studio.domain.geometry import Rect
from tests.domain.canvas.states import noise

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic import JsonValue

    from studio.domain.errors import StudioError

SPOT = Rect(3, 4, 5, 6)


class Studio:
    """What a window has of its document, from its start to its end.

    Attributes:
        store: the document.
        keeper: its files.
        disk: the thread.
        settings: what is set beside it.
        errors: what went wrong.
    """

    def __init__(self, folder: Path, copy_after_ms: int = 1) -> None:
        self.store = CanvasStore()
        self.disk = Background("disk")
        self.settings: dict[str, JsonValue] = {"prompt": "a red fox"}
        self.copy = folder / "data" / "document.ora"
        self.keeper = DocumentKeeper(
            self.store, self.copy, self.disk, lambda: self.settings, lambda area: area, copy_after_ms
        )
        self.errors: list[StudioError] = []
        self.keeper.failed.connect(self.errors.append)
        self._is_closed = False

    def paint(self, seed: int) -> None:
        self.store.apply(Paint("b", SPOT, noise(SPOT, seed)))

    def close(self) -> None:
        """Close it as the window does."""
        if not self._is_closed:
            self._is_closed = True
            self.keeper.close()
            self.disk.close()
            self.store.close()
