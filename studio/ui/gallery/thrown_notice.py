"""Says what went into the trash and what came out, with a way to undo it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.ui.ways_out import Undo

if TYPE_CHECKING:
    from studio.bridge.history_changes import HistoryChanges
    from studio.ui.message_bar import MessageBar


class ThrownNotice(QObject):
    """Follows the trash while its message bar is on the screen."""

    def __init__(self, changes: HistoryChanges, messages: MessageBar) -> None:
        """Join them.

        Args:
            changes: says what was thrown away, and brings it back.
            messages: shows it, and owns this; whoever owns the bar does what its buttons say.
        """
        super().__init__(messages)
        self._changes = changes
        self._messages = messages
        changes.thrown.connect(self._on_thrown)
        changes.brought_back.connect(self._on_brought_back)
        changes.emptied.connect(self._on_emptied)

    def _on_thrown(self, ids: tuple[int, ...]) -> None:
        undo = Undo(partial(self._changes.bring_back, ids))
        self._messages.show_notice(f"{_pictures(len(ids))} in the trash", "Kept there for 30 days", (undo,))

    def _on_brought_back(self, ids: tuple[int, ...]) -> None:
        self._messages.show_notice(f"{_pictures(len(ids))} back")

    def _on_emptied(self, count: int) -> None:
        self._messages.show_notice(f"{_pictures(count)} in the system's trash now")


def _pictures(count: int) -> str:
    return "1 picture is" if count == 1 else f"{count:,} pictures are"
