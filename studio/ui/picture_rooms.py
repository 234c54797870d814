"""The rooms for looking at pictures, and the ways between them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject, Signal

from studio.bridge.picture_comparison import PictureComparison
from studio.bridge.picture_loader import PictureLoader
from studio.domain.found_settings import FoundSettings
from studio.domain.settings_part import SettingsPart
from studio.services.history_entry import Entry
from studio.ui.details_keeping import DetailsKeeping
from studio.ui.gallery import CompareView, DetailsPanel, GalleryRoom, LineageView, PictureCommands, Viewer
from studio.ui.rooms import Room, Rooms

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.bridge.history_model import HistoryModel
    from studio.bridge.session import Session
    from studio.ui.gallery import HistoryStrip


class PictureRooms(QObject):
    """Builds each room when it is first entered, and joins it to the history and to the other rooms.

    Attributes:
        rooms: the stack of them, the studio first.

    Signals:
        canvas_wanted: an `Entry` shall be looked at on the canvas.
        settings_wanted: `FoundSettings`, and the `SettingsPart` of them to take over.
    """

    canvas_wanted = Signal(Entry)
    settings_wanted = Signal(FoundSettings, SettingsPart)

    def __init__(self, session: Session, studio: QWidget, strip: HistoryStrip) -> None:
        """Show the studio.

        Args:
            session: has the history.
            studio: what one paints in.
            strip: the history beside the canvas; its keys lead here as well.
        """
        super().__init__(studio)
        self._session = session
        viewer_of = self._build_viewer
        self.rooms = Rooms(
            studio,
            {
                Room.GALLERY: self._build_gallery,
                Room.VIEWER: partial(viewer_of, session.history.gallery),
                Room.STRIP_VIEWER: partial(viewer_of, session.history.model),
                Room.COMPARE: self._build_compare,
                Room.LINEAGE: self._build_lineage,
            },
        )
        commands = PictureCommands(strip, session.history.changes, session.history.boards)
        commands.viewer_wanted.connect(partial(self._look, Room.STRIP_VIEWER))
        self._follow(commands)

    @property
    def gallery(self) -> GalleryRoom | None:
        """The gallery, where it was entered before."""
        return cast("GalleryRoom | None", self.rooms.built(Room.GALLERY))

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

    def _go_to(self, entry_id: int) -> None:
        """Show another picture where one is; where it is not among those that are shown, its lineage."""
        room = self.rooms.current
        row = self._model_of(room).row_of(entry_id)
        here = self.rooms.built(room)
        if row is not None and isinstance(here, GalleryRoom):
            here.grid.choose(row)
        elif row is not None and isinstance(here, Viewer):
            here.show_row(row)
        else:
            self.rooms.enter(Room.LINEAGE)
            cast("LineageView", self.rooms.built(Room.LINEAGE)).show_entry(entry_id)

    def _model_of(self, room: Room) -> HistoryModel:
        history = self._session.history
        return history.model if room is Room.STRIP_VIEWER else history.gallery

    def _open(self, entry: Entry) -> None:
        """Look at a picture large; where it is not among the gallery's, on the canvas."""
        row = self._session.history.gallery.row_of(entry.id)
        if row is None:
            self.use_on_canvas(entry)
        else:
            self._look(Room.VIEWER, row)

    def _look(self, room: Room, row: int) -> None:
        self.rooms.enter(room)
        cast("Viewer", self.rooms.built(room)).show_row(row)

    def _follow(self, asking: PictureCommands | GalleryRoom) -> None:
        asking.compare_wanted.connect(self.compare)
        asking.lineage_wanted.connect(self.show_lineage)
        asking.replay_wanted.connect(self._session.replays.replay)
        asking.settings_wanted.connect(self.settings_wanted)

    def _build_gallery(self) -> GalleryRoom:
        gallery = GalleryRoom(self._session)
        details = self._build_details()
        gallery.set_details(details, details.show_entries)
        gallery.entry_chosen.connect(self.use_on_canvas)
        gallery.viewer_wanted.connect(partial(self._look, Room.VIEWER))
        gallery.closed.connect(self.rooms.leave)
        self._follow(gallery)
        return gallery

    def _build_viewer(self, model: HistoryModel) -> Viewer:
        session = self._session
        loader = PictureLoader(session.reader, self)
        viewer = Viewer(model, loader, session.history.pictures)
        details = self._build_details()
        viewer.set_details(details)
        viewer.entry_shown.connect(partial(_show_alone, details))
        viewer.closed.connect(self.rooms.leave)
        viewer.star_wanted.connect(session.history.changes.star)
        viewer.trash_wanted.connect(session.history.changes.throw)
        viewer.compare_wanted.connect(self.compare)
        viewer.lineage_wanted.connect(self.show_lineage)
        viewer.canvas_wanted.connect(self.use_on_canvas)
        return viewer

    def _build_details(self) -> DetailsPanel:
        history = self._session.history
        details = DetailsPanel(history.pictures, history.surroundings_reader())
        details.settings_wanted.connect(self.settings_wanted)
        details.entry_wanted.connect(self._go_to)
        details.lineage_wanted.connect(self.show_lineage)
        DetailsKeeping(details, history, self._session.replays)
        return details

    def _build_compare(self) -> CompareView:
        compare = CompareView(PictureComparison(self._session.reader, self))
        compare.closed.connect(self.rooms.leave)
        return compare

    def _build_lineage(self) -> LineageView:
        history = self._session.history
        lineage = LineageView(history.lineage_reader(), history.pictures)
        lineage.closed.connect(self.rooms.leave)
        lineage.entry_chosen.connect(self._open)
        lineage.compare_wanted.connect(self.compare)
        return lineage


def _show_alone(details: DetailsPanel, entry: Entry) -> None:
    details.show_entries((entry,))
