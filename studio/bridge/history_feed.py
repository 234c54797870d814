"""Gives a list of the history what it asks for: rows and entries from the disk's thread, thumbnails from their own."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge.matches import Matches
from studio.bridge.thumbnail_loader import ThumbnailLoader
from studio.domain.errors import StudioError

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.bridge.background import Background
    from studio.bridge.history_model import HistoryModel
    from studio.domain.query import Query
    from studio.services.history import History
    from studio.services.history_entry import Entry
    from studio.services.thumbnails import Thumbnails

FIRST: Final = 200
"""Rows that are shown at once, before all others are found."""
SEEN: Final = 80
"""Entries that are read along with them: about a window full."""


class HistoryFeed(QObject):
    """Serves one model.

    Signals:
        failed: why something could not be read.
    """

    failed = Signal(StudioError)

    def __init__(
        self, model: HistoryModel, disk: Background, history: Callable[[], History], thumbnails: Thumbnails
    ) -> None:
        """Join them.

        Args:
            model: asks, and owns this.
            disk: the thread of the history.
            history: returns it, on that thread.
            thumbnails: where they are kept.
        """
        super().__init__(model)
        self._model = model
        self._disk = disk
        self._history = history
        # Serial number of the last question that was answered wholly by the first page. Of the disk's thread alone.
        self._answered = 0
        self._loader = ThumbnailLoader(thumbnails, self)
        self._loader.loaded.connect(model.set_thumbnail)
        model.thumbnails_wanted.connect(self._loader.want)
        model.entries_wanted.connect(self._read_entries)
        model.matches_wanted.connect(self._find)

    def take_new(self, entry: Entry) -> None:
        """Show a picture that was just kept, if it is among what is searched for."""
        model = self._model
        if not model.serial:
            return  # nobody has looked yet
        if not model.query:
            model.prepend(entry)
            return
        text = model.query
        self._disk.run(partial(self._matches, text, entry.id), partial(self._show_new, text, entry), self.failed.emit)

    def refresh(self, changed: Sequence[int]) -> None:
        """Find anew what is searched for, and read again the entries that changed, where anybody has looked."""
        if not self._model.serial:
            return
        in_memory = tuple(self._model.ids_in_memory.intersection(changed))
        if in_memory:
            self._model.forget_thumbnails(in_memory)
            self._read_entries(in_memory)
        self._model.refresh()

    def close(self) -> None:
        """End the threads of the thumbnails."""
        self._loader.close()

    # --- on the disk's thread

    def _first(self, serial: int, text: str) -> Matches | None:
        if serial != self._model.serial:
            return None  # something else is searched for by now
        history = self._history()
        found = history.search.first(_query(text), FIRST)
        if found.is_all:
            self._answered = serial
        # While a word is typed most of what is found is there already. What is let go meanwhile is asked for again.
        missing = [one for one in found.ids[:SEEN].tolist() if self._model.entry_of(one) is None]
        return Matches(found.ids, found.days, tuple(history.entries(missing)), found.is_all)

    def _all(self, serial: int, text: str) -> Matches | None:
        if serial == self._answered or serial != self._model.serial:
            return None
        found = self._history().search.find(_query(text))
        return Matches(found.ids, found.days)

    def _matches(self, text: str, entry_id: int) -> bool:
        return self._history().search.matches(_query(text), entry_id)

    def _entries(self, ids: tuple[int, ...]) -> list[Entry]:
        return self._history().entries(ids)

    # --- on the main thread

    def _find(self, serial: int, text: str, has_rows: bool) -> None:
        show = partial(self._show, serial)
        # Where rows are shown that mostly stay, the first ones alone would throw the others out.
        if not has_rows:
            self._disk.run(partial(self._first, serial, text), show, self.failed.emit)
        self._disk.run(partial(self._all, serial, text), show, self.failed.emit)

    def _show(self, serial: int, found: Matches | None) -> None:
        if found is not None:
            self._model.show_matches(serial, found)

    def _show_new(self, text: str, entry: Entry, is_match: bool) -> None:
        if is_match and text == self._model.query:
            self._model.prepend(entry)

    def _read_entries(self, ids: tuple[int, ...]) -> None:
        self._disk.run(partial(self._entries, ids), partial(self._model.show_entries, ids), self._give_up)

    def _give_up(self, error: StudioError) -> None:
        self._model.stop_reading()
        self.failed.emit(error)


def _query(text: str) -> Query:
    """Return what is searched for, on the disk's thread."""
    from studio.domain.query_parsing import parse  # noqa: PLC0415 - loaded with the history, behind the window

    return parse(text)
