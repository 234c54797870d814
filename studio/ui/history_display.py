"""Joins the history's list to the canvas: a picture that is chosen is looked at, one that is looked at is marked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.bridge.history_proposal import proposal_of

if TYPE_CHECKING:
    from studio.bridge.session import Session
    from studio.domain.picture import Picture
    from studio.services.history_entry import Entry
    from studio.ui.gallery import HistoryStrip


class HistoryDisplay(QObject):
    """Follows both ways. A picture that comes into being goes before one that is still being read."""

    def __init__(self, session: Session, history: HistoryStrip) -> None:
        """Join them.

        Args:
            session: reads pictures, and says which one was seen last.
            history: the list, and owns this.
        """
        super().__init__(history)
        self._session, self._history = session, history
        self._wanted: int | None = session.settings.last_picture
        history.entry_chosen.connect(self.look_at)
        session.picture_opened.connect(self._on_opened)
        session.history_model.added.connect(self._on_added)
        session.history_model.modelReset.connect(self._mark)
        session.generation.started.connect(self._on_started)

    def look_at(self, entry: Entry) -> None:
        """Have a picture read and shown over the canvas, in passing."""
        self._wanted = entry.id
        self._session.open_picture(entry.id)

    def _on_opened(self, entry: Entry, picture: Picture) -> None:
        if entry.id != self._wanted:
            return
        frame = self._session.canvas.state.frame
        self._session.painting.proposals.look_at(proposal_of(entry, picture, frame, self._session.models))
        self._mark()

    def _on_added(self, entry: Entry) -> None:
        self._wanted = entry.id
        self._mark()

    def _on_started(self) -> None:
        # A picture that is still being read must not cover the one that begins now.
        self._wanted = None

    def _mark(self) -> None:
        row = None if self._wanted is None else self._session.history_model.row_of(self._wanted)
        if row is not None:
            self._history.choose(row)
