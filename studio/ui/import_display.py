"""Says how far pictures from outside are on their way into the history, and what came of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.ui.rooms import Room
from studio.ui.ways_out import GoThere, Stop

if TYPE_CHECKING:
    from studio.bridge.history_intake import HistoryIntake, Intaken
    from studio.ui.message_bar import MessageBar
    from studio.ui.rooms import Rooms


class ImportDisplay(QObject):
    """Follows one intake."""

    def __init__(self, intake: HistoryIntake, messages: MessageBar, rooms: Rooms) -> None:
        """Join them.

        Args:
            intake: takes pictures in.
            messages: says it, and owns this.
            rooms: lead to where the pictures are seen.
        """
        super().__init__(messages)
        self._intake, self._messages, self._rooms = intake, messages, rooms
        intake.advanced.connect(self._show_progress)
        intake.ended.connect(self._show_end)

    def _show_progress(self, so_far: Intaken) -> None:
        details = f"{so_far.done:,} of {so_far.total:,}" if so_far.is_found else f"{so_far.total:,} found so far"
        self._messages.show_notice("Taking pictures into the history", details, (Stop(self._intake.stop),))

    def _show_end(self, taken: Intaken) -> None:
        if taken.error is not None and taken.done == taken.refused == 1:
            self._messages.dismiss_notice()
            self._messages.show_error(taken.error, ())
            return
        way = GoThere("Go to the gallery", partial(self._rooms.enter, Room.GALLERY))
        ways = () if self._rooms.current is Room.GALLERY or not taken.new else (way,)
        self._messages.show_notice(*intaken_words(taken), ways)


def intaken_words(taken: Intaken) -> tuple[str, str]:
    """Return what came of an import: in a few words, and what else there is to say."""
    what = f"{_pictures(taken.new)} entered" if taken.new else "No picture was entered"
    details: list[str] = []
    if taken.known:
        details.append("1 was there already." if taken.known == 1 else f"{taken.known:,} were there already.")
    if taken.error is not None:
        refused = f"{taken.refused:,} could not be: " if taken.refused else ""
        details.append(f"{refused}{taken.error}")
    if taken.is_stopped:
        details.append(f"Stopped after {taken.done:,} of {taken.total:,}.")
    return what, " ".join(details)


def _pictures(count: int) -> str:
    return "1 picture was" if count == 1 else f"{count:,} pictures were"
