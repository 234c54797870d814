"""Keeps what is written about pictures in their details, and shows there what the history knows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.ui.gallery.picture_commands import open_folder

if TYPE_CHECKING:
    from studio.bridge.history_keeper import HistoryKeeper
    from studio.bridge.replay_controller import ReplayController, Replayed
    from studio.ui.gallery.details import DetailsPanel


class DetailsKeeping(QObject):
    """Joins one panel of details to the history."""

    def __init__(self, details: DetailsPanel, history: HistoryKeeper, replays: ReplayController) -> None:
        """Join them.

        Args:
            details: the panel, and owns this.
            history: keeps marks and boards.
            replays: paint pictures again.
        """
        super().__init__(details)
        self._details, self._history = details, history
        changes, boards = history.changes, history.boards
        details.star_wanted.connect(changes.star)
        details.note_written.connect(self._keep_note)
        details.tags_changed.connect(changes.tag)
        details.board_put.connect(boards.put)
        details.board_taken.connect(boards.take)
        details.board_made.connect(boards.create)
        details.folder_wanted.connect(open_folder)
        details.replay_wanted.connect(replays.replay)
        boards.boards_changed.connect(details.show_boards)
        history.overview.changed.connect(self._show_tags)
        replays.judged.connect(self._show_verdict)
        details.show_boards(boards.boards)
        self._show_tags()

    def _keep_note(self, entry_id: int, text: str) -> None:
        self._history.changes.note((entry_id,), text)

    def _show_tags(self) -> None:
        self._details.show_known_tags([tag for tag, _ in self._history.overview.vocabulary.tags])

    def _show_verdict(self, replayed: Replayed) -> None:
        self._details.show_verdict(replayed.entry.id, replayed.verdict.described())
