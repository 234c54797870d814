"""The entries of the history that are in memory."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

    from studio.services.history_entry import Entry

ENTRIES_KEPT: Final = 2_000
"""About 8 KiB each, most of it the prompt and the metadata."""
_SCREENS: Final = 3


class EntryShelf:
    """Keeps the entries that were looked at last; the others are read again when they come into view.

    The models of all views share one, so that each knows what another one shows.
    """

    def __init__(self, most: int = ENTRIES_KEPT) -> None:
        self._most = most
        self._entries: OrderedDict[int, Entry] = OrderedDict()

    @property
    def ids(self) -> Collection[int]:
        """Numbers of the entries that are there."""
        return self._entries.keys()

    def get(self, entry_id: int) -> Entry | None:
        """Return an entry, or None where it is not in memory."""
        return self._entries.get(entry_id)

    def keep(self, entries: Iterable[Entry]) -> None:
        """Keep entries, in place of what was known of them; those that were kept longest ago go."""
        for entry in entries:
            self._entries[entry.id] = entry
            self._entries.move_to_end(entry.id)
        while len(self._entries) > self._most:
            self._entries.popitem(last=False)

    def touch(self, ids: Sequence[int]) -> None:
        """Keep these longest: they are on the screen, and make room for those around them."""
        self._most = max(self._most, _SCREENS * len(ids))
        for entry_id in ids:
            if entry_id in self._entries:
                self._entries.move_to_end(entry_id)
