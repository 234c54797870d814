"""Builds the rooms for looking at pictures. Loaded with the first of them: the window must be there before."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, assert_never

from studio.bridge.picture_comparison import PictureComparison
from studio.bridge.picture_loader import PictureLoader
from studio.ui.details_keeping import DetailsKeeping
from studio.ui.gallery.compare import CompareView
from studio.ui.gallery.details import DetailsPanel
from studio.ui.gallery.file_drops import FileDrops
from studio.ui.gallery.gallery_room import GalleryRoom
from studio.ui.gallery.lineage import LineageView
from studio.ui.gallery.viewer import Viewer
from studio.ui.history_undoing import HistoryUndoing
from studio.ui.rooms import Room

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.bridge.session import Session
    from studio.services.history_entry import Entry
    from studio.ui.picture_rooms import PictureRooms


def build(session: Session, looking: PictureRooms, room: Room) -> QWidget:
    """Return the widget of a room.

    Raises:
        ValueError: for the studio, which is there from the start.
    """
    match room:
        case Room.GALLERY:
            return gallery(session, looking)
        case Room.VIEWER | Room.STRIP_VIEWER:
            return viewer(session, looking, room)
        case Room.COMPARE:
            return compare(session, looking)
        case Room.LINEAGE:
            return lineage(session, looking)
        case Room.STUDIO:
            message = "the studio is there from the start"
            raise ValueError(message)
        case _:
            assert_never(room)


def gallery(session: Session, looking: PictureRooms) -> GalleryRoom:
    """Return the gallery, with details beside the pictures."""
    room = GalleryRoom(session, looking.messages)
    details = _details(session, looking)
    room.set_details(details, details.show_entries)
    details.left.connect(room.setFocus)
    room.commands.export_wanted.connect(looking.exports.ask)
    HistoryUndoing(room, session.history.undo)
    FileDrops(room.grid, room.side).dropped.connect(session.history.changes.intake.take)
    room.entry_chosen.connect(looking.use_on_canvas)
    room.viewer_wanted.connect(looking.look_in_gallery)
    room.closed.connect(partial(looking.rooms.leave_from, Room.GALLERY))
    looking.follow(room)
    return room


def viewer(session: Session, looking: PictureRooms, where: Room) -> Viewer:
    """Return a viewer of the strip's pictures, or of the gallery's."""
    changes = session.history.changes
    room = Viewer(looking.model_of(where), PictureLoader(session.reader, looking), session.history.pictures)
    details = _details(session, looking)
    # The picture itself is seen beside them.
    details.one.leave_out_picture()
    room.set_details(details)
    details.left.connect(room.setFocus)
    room.entry_shown.connect(partial(_show_alone, details))
    if where is Room.VIEWER:
        room.entry_shown.connect(looking.mark_in_gallery)
    room.closed.connect(partial(looking.rooms.leave_from, where))
    HistoryUndoing(room, session.history.undo)
    room.star_wanted.connect(changes.star)
    room.trash_wanted.connect(changes.throw)
    room.compare_wanted.connect(looking.compare)
    room.lineage_wanted.connect(looking.show_lineage)
    room.canvas_wanted.connect(looking.use_on_canvas)
    return room


def compare(session: Session, looking: PictureRooms) -> CompareView:
    """Return what compares two pictures."""
    room = CompareView(PictureComparison(session.reader, looking))
    room.closed.connect(partial(looking.rooms.leave_from, Room.COMPARE))
    return room


def lineage(session: Session, looking: PictureRooms) -> LineageView:
    """Return what shows where a picture comes from."""
    history = session.history
    room = LineageView(history.lineage_reader(), history.pictures)
    room.closed.connect(partial(looking.rooms.leave_from, Room.LINEAGE))
    room.entry_chosen.connect(looking.open)
    room.compare_wanted.connect(looking.compare)
    return room


def _details(session: Session, looking: PictureRooms) -> DetailsPanel:
    history = session.history
    details = DetailsPanel(history.pictures, history.surroundings_reader())
    details.settings_wanted.connect(looking.settings_wanted)
    details.entry_wanted.connect(looking.go_to)
    details.lineage_wanted.connect(looking.show_lineage)
    details.export_wanted.connect(looking.exports.ask)
    details.said.connect(looking.messages.show_notice)
    DetailsKeeping(details, history, session.replays)
    return details


def _show_alone(details: DetailsPanel, entry: Entry) -> None:
    details.show_entries((entry,))
