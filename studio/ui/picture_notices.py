"""Says what became of pictures of the history, in the room where one is."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.bridge.history_looks import recognised_sentence
from studio.domain.found_settings import FoundSettings
from studio.domain.settings_part import SettingsPart
from studio.ui.gallery.thrown_notice import ThrownNotice
from studio.ui.rooms import Room
from studio.ui.ways_out import GoThere

if TYPE_CHECKING:
    from studio.bridge.replay_controller import Replayed
    from studio.bridge.session import Session
    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry
    from studio.ui.picture_rooms import PictureRooms

_TAKEN = {
    SettingsPart.ALL: "The settings are in the prompt panel",
    SettingsPart.PROMPT: "The prompt is in the prompt panel",
    SettingsPart.SEED: "The seed is in the prompt panel, and locked",
    SettingsPart.SIZE: "The size is in the prompt panel",
}


class PictureNotices(QObject):
    """Follows replays, the trash, and pictures that were known again.

    Signals:
        settings_wanted: `FoundSettings` of a picture that was known again, and `SettingsPart.ALL`.
    """

    settings_wanted = Signal(FoundSettings, SettingsPart)

    def __init__(self, session: Session, looking: PictureRooms) -> None:
        """Follow them.

        Args:
            session: has replays and the trash.
            looking: the rooms, and the message bar that goes along; it owns this.
        """
        super().__init__(looking.messages)
        self._looking, self._messages = looking, looking.messages
        session.replays.started.connect(self._on_replay)
        session.replays.judged.connect(self._on_judged)
        session.replays.failed.connect(self._on_failed)
        ThrownNotice(session.history.changes, looking.messages)

    def say_taken(self, part: SettingsPart, missing_model: str = "") -> None:
        """Say that settings of a picture were taken over.

        Args:
            part: which of them.
            missing_model: name of the picture's model where it is not on this machine.
        """
        is_seen = self._looking.rooms.current is Room.STUDIO
        way = () if is_seen else (GoThere("Go to the canvas", partial(self._looking.rooms.enter, Room.STUDIO)),)
        if missing_model:
            why = f"The model \u201c{missing_model}\u201d is not on this machine: the one in the prompt panel stays"
            self._messages.show_notice(_TAKEN[part], why, way)
        elif is_seen:
            self._messages.dismiss_notice()  # they are seen beside it
        else:
            self._messages.show_notice(_TAKEN[part], "", way)

    def say_recognised(self, entry: Entry) -> None:
        """Say that a picture without metadata looks like one of the history."""
        use = GoThere("Use its settings", partial(self.settings_wanted.emit, entry.found, SettingsPart.ALL))
        show = GoThere("Show it", partial(self._looking.use_on_canvas, entry))
        self._messages.show_notice(recognised_sentence(entry), "", (use, show))

    def _on_replay(self, entry: Entry) -> None:
        self._messages.show_notice("Painting the picture again", entry.path.name)

    def _on_judged(self, replayed: Replayed) -> None:
        self._messages.show_notice(replayed.verdict.described(), f"Replay of {replayed.entry.path.name}")

    def _on_failed(self, entry: Entry, error: StudioError) -> None:
        del entry
        self._messages.show_error(error, ())
