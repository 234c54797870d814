"""Boards and saved searches, as the window shows and changes them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.bridge.background import Background
    from studio.services.history import History
    from studio.services.history_boards import Board, SavedSearch


class HistoryBoards(QObject):
    """Reads and changes boards and saved searches on the disk's thread. Everything public is for the main thread.

    Attributes:
        boards: as they were told last, by name.
        searches: likewise.

    Signals:
        boards_changed: the boards, a tuple of `studio.services.history_boards.Board`.
        searches_changed: the searches, a tuple of `studio.services.history_boards.SavedSearch`.
        filled: numbers of pictures that were put on a board or taken off it.
        put_on: number of the board, and numbers of pictures that were not on it before, a tuple.
        taken_off: likewise, of those that were on it.
        failed: why something could not be done; nothing was changed then.
    """

    boards_changed = Signal(tuple)
    searches_changed = Signal(tuple)
    filled = Signal(tuple)
    put_on = Signal(int, tuple)
    taken_off = Signal(int, tuple)
    failed = Signal(StudioError)

    def __init__(self, disk: Background, history: Callable[[], History], parent: QObject | None = None) -> None:
        """Know nothing yet; `refresh` asks.

        Args:
            disk: the thread of the history.
            history: returns it, on that thread.
            parent: owns this object.
        """
        super().__init__(parent)
        self.boards: tuple[Board, ...] = ()
        self.searches: tuple[SavedSearch, ...] = ()
        self._disk = disk
        self._history = history

    def refresh(self) -> None:
        """Read boards and searches anew; counts change with the history."""
        self._disk.run(self._all_boards, self._show_boards, self.failed.emit)
        self._disk.run(self._all_searches, self._show_searches, self.failed.emit)

    def create(self, name: str, ids: Sequence[int] = ()) -> None:
        """Make a board, with these pictures on it."""

        def make() -> tuple[int, ...]:
            boards = self._history().boards
            return boards.put(boards.create(name).id, ids)

        self._change_boards(make)

    def rename(self, board_id: int, name: str) -> None:
        """Give a board another name."""

        def rename() -> tuple[int, ...]:
            self._history().boards.rename(board_id, name)
            return ()

        self._change_boards(rename)

    def delete(self, board_id: int) -> None:
        """Delete a board; its pictures stay."""
        self._change_boards(lambda: self._history().boards.delete(board_id))

    def put(self, board_id: int, ids: Sequence[int]) -> None:
        """Put pictures on a board."""
        self._change_boards(lambda: self._history().boards.put(board_id, ids), partial(self.put_on.emit, board_id))

    def take(self, board_id: int, ids: Sequence[int]) -> None:
        """Take pictures off a board."""
        self._change_boards(lambda: self._history().boards.take(board_id, ids), partial(self.taken_off.emit, board_id))

    def in_turn(self, then: Callable[[], object]) -> None:
        """Call something once the boards are changed as was asked for so far, and that was told."""
        self._disk.run(lambda: None, lambda _: then(), self.failed.emit)

    def save_search(self, name: str, query: str) -> None:
        """Keep a search; one of that name is replaced."""
        self._change_searches(lambda: self._history().searches.save(name, query))

    def forget_search(self, name: str) -> None:
        """Forget a search."""
        self._change_searches(lambda: self._history().searches.forget(name))

    # --- on the disk's thread

    def _all_boards(self) -> tuple[Board, ...]:
        return self._history().boards.all()

    def _all_searches(self) -> tuple[SavedSearch, ...]:
        return self._history().searches.all()

    # --- on the main thread

    def _change_boards(
        self, change: Callable[[], tuple[int, ...]], tell: Callable[[tuple[int, ...]], object] | None = None
    ) -> None:
        self._disk.run(change, partial(self._show_filled, tell), self.failed.emit)
        self._disk.run(self._all_boards, self._show_boards, self.failed.emit)

    def _change_searches(self, change: Callable[[], None]) -> None:
        self._disk.run(change, None, self.failed.emit)
        self._disk.run(self._all_searches, self._show_searches, self.failed.emit)

    def _show_filled(self, tell: Callable[[tuple[int, ...]], object] | None, ids: tuple[int, ...]) -> None:
        if ids:
            self.filled.emit(ids)
            if tell is not None:
                tell(ids)

    def _show_boards(self, boards: tuple[Board, ...]) -> None:
        if boards != self.boards:
            self.boards = boards
            self.boards_changed.emit(boards)

    def _show_searches(self, searches: tuple[SavedSearch, ...]) -> None:
        if searches != self.searches:
            self.searches = searches
            self.searches_changed.emit(searches)
