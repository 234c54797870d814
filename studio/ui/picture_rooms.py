"""The rooms for looking at pictures, and the ways between them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, TypeAlias, cast

from PySide6.QtCore import QObject, Signal

from studio.domain.found_settings import FoundSettings
from studio.domain.settings_part import SettingsPart
from studio.services.history_entry import Entry
from studio.ui.copy_export import CopyExport
from studio.ui.gallery.picture_commands import PictureCommands
from studio.ui.message_place import MessagePlace
from studio.ui.rooms import Room, Rooms

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from studio.bridge.history_model import HistoryModel
    from studio.bridge.session import Session
    from studio.ui.gallery import HistoryStrip
    from studio.ui.gallery.compare import CompareView
    from studio.ui.gallery.gallery_room import GalleryRoom
    from studio.ui.gallery.lineage import LineageView
    from studio.ui.gallery.viewer import Viewer
    from studio.ui.message_bar import MessageBar

BuildRoom: TypeAlias = "Callable[[Session, PictureRooms, Room], QWidget]"


class PictureRooms(QObject):
    """Builds each room when it is first entered, and joins it to the history and to the other rooms.

    Attributes:
        rooms: the stack of them, the studio first.
        messages: the window's, in the room where one is.
        exports: copies for others.

    Signals:
        canvas_wanted: an `Entry` shall be looked at on the canvas.
        settings_wanted: `FoundSettings`, and the `SettingsPart` of them to take over.
    """

    canvas_wanted = Signal(Entry)
    settings_wanted = Signal(FoundSettings, SettingsPart)

    def __init__(
        self, session: Session, studio: QWidget, strip: HistoryStrip, messages: MessageBar, build: BuildRoom
    ) -> None:
        """Show the studio.

        Args:
            session: has the history.
            studio: what one paints in.
            strip: the history beside the canvas; its keys lead here as well.
            messages: above the canvas.
            build: makes the other rooms.
        """
        super().__init__(studio)
        self._session, self.messages = session, messages
        self.rooms = Rooms(
            studio,
            {room: partial(build, session, self, room) for room in Room if room is not Room.STUDIO},
        )
        MessagePlace(messages, self.rooms)
        self.exports = CopyExport(session, messages)
        commands = PictureCommands(strip, session.history.changes, session.history.boards)
        commands.viewer_wanted.connect(partial(self._look, Room.STRIP_VIEWER))
        commands.said.connect(messages.show_notice)
        commands.export_wanted.connect(self.exports.ask)
        self.follow(commands)

    def toggle_gallery(self) -> None:
        """Enter the gallery, or go back from there to the canvas."""
        if self.rooms.current is Room.GALLERY:
            self.rooms.leave()
        else:
            self.rooms.enter(Room.GALLERY)

    def use_on_canvas(self, entry: Entry) -> None:
        """Go to the canvas and look at a picture there."""
        self.rooms.enter(Room.STUDIO)
        self.canvas_wanted.emit(entry)

    def show_lineage(self, entry: Entry) -> None:
        """Show what a picture was made of and what was made of it."""
        self.rooms.enter(Room.LINEAGE)
        cast("LineageView", self.rooms.built(Room.LINEAGE)).show_entry(entry.id)

    def compare(self, first: Entry, second: Entry) -> None:
        """Show two pictures and what tells them apart."""
        self.rooms.enter(Room.COMPARE)
        cast("CompareView", self.rooms.built(Room.COMPARE)).compare(first, second)

    def go_to(self, entry_id: int) -> None:
        """Show another picture where one is; where it is not among those that are shown, its lineage."""
        room = self.rooms.current
        row = self.model_of(room).row_of(entry_id)
        here = self.rooms.built(room)
        if row is not None and room is Room.GALLERY:
            cast("GalleryRoom", here).grid.choose(row)
        elif row is not None and room in {Room.VIEWER, Room.STRIP_VIEWER}:
            cast("Viewer", here).show_row(row)
        else:
            self.rooms.enter(Room.LINEAGE)
            cast("LineageView", self.rooms.built(Room.LINEAGE)).show_entry(entry_id)

    def look_in_gallery(self, row: int) -> None:
        """Look at a row of the gallery, large."""
        self._look(Room.VIEWER, row)

    def mark_in_gallery(self, entry: Entry) -> None:
        """Select a picture where the gallery's viewer leads back to; several that are selected stay so."""
        row, gallery = self._session.history.gallery.row_of(entry.id), self.rooms.built(Room.GALLERY)
        if row is not None and gallery is not None and not cast("GalleryRoom", gallery).grid.selected.contains(row):
            cast("GalleryRoom", gallery).grid.choose(row)

    def model_of(self, room: Room) -> HistoryModel:
        """Return the pictures that one steps through in a room."""
        history = self._session.history
        return history.model if room is Room.STRIP_VIEWER else history.gallery

    def open(self, entry: Entry) -> None:
        """Look at a picture large; where it is not among the gallery's, on the canvas."""
        row = self._session.history.gallery.row_of(entry.id)
        if row is None:
            self.use_on_canvas(entry)
        else:
            self._look(Room.VIEWER, row)

    def _look(self, room: Room, row: int) -> None:
        self.rooms.enter(room)
        cast("Viewer", self.rooms.built(room)).show_row(row)

    def follow(self, asking: PictureCommands | GalleryRoom) -> None:
        """Do what a list of pictures asks for."""
        asking.compare_wanted.connect(self.compare)
        asking.lineage_wanted.connect(self.show_lineage)
        asking.replay_wanted.connect(self._session.replays.replay)
        asking.settings_wanted.connect(self.settings_wanted)
