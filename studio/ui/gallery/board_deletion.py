"""Deletes a board, and makes it again where that was a mistake."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.ui.ways_out import Undo

if TYPE_CHECKING:
    from studio.bridge.history_boards import HistoryBoards
    from studio.services.history_boards import Board
    from studio.ui.message_bar import MessageBar


class BoardDeletion(QObject):
    """Remembers what was on the board that was deleted last."""

    def __init__(self, boards: HistoryBoards, messages: MessageBar) -> None:
        """Stand ready.

        Args:
            boards: the boards.
            messages: says what was done, and owns this.
        """
        super().__init__(messages)
        self._boards = boards
        self._messages = messages
        self._name = ""
        self._pictures: tuple[int, ...] = ()
        boards.filled.connect(self._on_filled)
        boards.boards_changed.connect(self._on_boards)

    def delete(self, board_id: int) -> None:
        """Delete a board; its pictures stay."""
        self._name = next((board.name for board in self._boards.boards if board.id == board_id), "")
        self._pictures = ()
        self._boards.delete(board_id)

    def _on_filled(self, ids: tuple[int, ...]) -> None:
        # Comes before the boards do, with the pictures that were on it.
        self._pictures = ids

    def _on_boards(self, boards: tuple[Board, ...]) -> None:
        name, self._name = self._name, ""
        if name and all(board.name != name for board in boards):
            undo = Undo(partial(self._boards.create, name, self._pictures))
            self._messages.show_notice(f"The board \u201c{name}\u201d was deleted", "Its pictures stay", (undo,))
