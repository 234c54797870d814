"""The viewer: one picture of the history, large; the others are a key away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget
from typing_extensions import override

from studio.services.history_entry import Entry
from studio.ui.gallery.keyed_page import KeyedPage
from studio.ui.gallery.viewer_buttons import ViewerButtons
from studio.ui.gallery.viewer_edges import ViewerEdges
from studio.ui.gallery.viewer_full_screen import FullScreen
from studio.ui.gallery.viewer_header import PageHeader, figures_of, title_of
from studio.ui.gallery.viewer_place import ViewerPlace
from studio.ui.gallery.viewer_stage import Message, PictureStage
from studio.ui.theme.icons import Icon

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.entry_pictures import EntryPictures
    from studio.bridge.history_model import HistoryModel
    from studio.bridge.picture_levels import PictureLevels
    from studio.bridge.picture_loader import PictureLoader
    from studio.domain.errors import StudioError

_ZOOM_STEP: Final = 1.25
"""Of a key."""


class Viewer(KeyedPage):
    """A page of its own: header, picture, and whatever details are put beside it.

    Attributes:
        header: above the picture.
        stage: the picture.

    Signals:
        closed: the user goes back to the pictures.
        entry_shown: this `Entry` is seen now, or something about it is new.
        star_wanted: numbers of entries as a tuple, and whether they shall have a star.
        trash_wanted: numbers of entries as a tuple.
        compare_wanted: the `Entry` that was seen before, and the one that is seen.
        lineage_wanted: of this `Entry`.
        canvas_wanted: this `Entry` shall be looked at on the canvas.
    """

    closed = Signal()
    entry_shown = Signal(Entry)
    star_wanted = Signal(object, bool)
    trash_wanted = Signal(object)
    compare_wanted = Signal(Entry, Entry)
    lineage_wanted = Signal(Entry)
    canvas_wanted = Signal(Entry)

    def __init__(self, model: HistoryModel, loader: PictureLoader, pictures: EntryPictures) -> None:
        """Build a viewer that shows nothing yet.

        Args:
            model: the rows that one steps through.
            loader: reads for this viewer alone.
            pictures: small ones, shown until the large one is there.
        """
        super().__init__()
        self._loader, self._pictures = loader, pictures
        self._place = ViewerPlace(model, self)
        self._full_screen = FullScreen(self)
        self._details: QWidget | None = None
        self.header = PageHeader("Back to the pictures (Esc)")
        self.stage = PictureStage()
        self._edges = ViewerEdges(self.stage)
        self._buttons = ViewerButtons()
        self.set_keys(_keys_of(self))
        self._lay_out()
        self._connect()

    @property
    def entry(self) -> Entry | None:
        """The one that is seen; None where its row is not known yet, or nothing is seen."""
        return self._place.entry

    @property
    def row(self) -> int:
        """Its row; -1 where nothing is seen."""
        return self._place.row

    @property
    def count(self) -> int:
        """How many rows there are."""
        return self._place.count

    def show_row(self, row: int) -> None:
        """Look at a row of the model."""
        self._place.go(row)

    def step(self, by: int) -> None:
        """Look at another row, counted from this one."""
        self._place.go(self._place.row + by)

    def set_details(self, details: QWidget) -> None:
        """Put a widget at the right, which I shows and hides; hidden at first."""
        self._details = details
        self._body.addWidget(details)
        details.hide()
        self._buttons.details.show()

    def toggle_details(self) -> None:
        """Show or hide the details."""
        if self._details is not None:
            is_shown = not self._details.isVisibleTo(self)
            self._details.setVisible(is_shown)
            self._buttons.details.setChecked(is_shown)

    def toggle_full_screen(self) -> None:
        """Fill the whole screen with the picture, or come back from there."""
        if self._full_screen.stage is not None:
            self._full_screen.leave()
        elif self.entry is not None:
            self._paint(self._full_screen.enter())

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if watched is self.stage and event.type() == QEvent.Type.Resize:
            self._edges.place()
        return False

    def _lay_out(self) -> None:
        buttons = self._buttons
        self.header.add((buttons.star, buttons.compare, buttons.lineage, buttons.trash))
        self.header.add((buttons.details, buttons.full_screen))
        self._body = QHBoxLayout()
        self._body.setSpacing(1)
        self._body.addWidget(self.stage, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header)
        column.addLayout(self._body, 1)
        self.setFocusProxy(self.stage)
        buttons.details.hide()

    def _connect(self) -> None:
        buttons, place = self._buttons, self._place
        self.header.left.connect(self.closed)
        self.stage.installEventFilter(self)
        self.stage.lens_changed.connect(self._say)
        self._edges.back.clicked.connect(lambda: self.step(-1))
        self._edges.on.clicked.connect(lambda: self.step(1))
        buttons.star.clicked.connect(self.star)
        buttons.compare.clicked.connect(self.compare)
        buttons.lineage.clicked.connect(self.show_lineage)
        buttons.trash.clicked.connect(self.throw_away)
        buttons.details.clicked.connect(self.toggle_details)
        buttons.full_screen.clicked.connect(self.toggle_full_screen)
        place.changed.connect(self._follow)
        place.moved.connect(self._say)
        place.near_came.connect(self._read_ahead)
        place.emptied.connect(self._full_screen.leave)
        place.emptied.connect(self.closed)
        self._full_screen.key_pressed.connect(self.keyPressEvent)
        self._full_screen.left.connect(self.stage.setFocus)
        self._loader.loaded.connect(self._on_loaded)
        self._loader.failed.connect(self._on_failed)
        self._pictures.came.connect(self._on_preview)

    # --- what is seen

    def _follow(self) -> None:
        for stage in self._stages():
            self._paint(stage)
        self._read_ahead()
        self._say()
        if self.entry is not None:
            self.entry_shown.emit(self.entry)

    def _read_ahead(self) -> None:
        if self.entry is not None:
            self._loader.want(self.entry, ahead=self._place.near)

    def _paint(self, stage: PictureStage) -> None:
        entry = self.entry
        if entry is None:
            stage.say(Message(Icon.HISTORY, "Reading the history"))
        elif (levels := self._loader.get(entry.id)) is not None:
            stage.show_picture(levels)
        else:
            stage.show_preview(self._pictures.of(entry), QSize(max(1, entry.width), max(1, entry.height)))

    def _say(self) -> None:
        entry, place = self.entry, self._place
        self._edges.show_places(place.row, place.count)
        self._buttons.show_state(entry, may_compare=place.before is not None)
        where = f"{place.row + 1:,} of {place.count:,}" if place.row >= 0 else ""
        zoom = 0.0 if self.stage.message else self.stage.lens.shown_zoom
        self.header.title.say("" if entry is None else title_of(entry), figures_of(entry, where, zoom))

    def _stages(self) -> tuple[PictureStage, ...]:
        return tuple(stage for stage in (self.stage, self._full_screen.stage) if stage is not None)

    def seen(self) -> PictureStage:
        """Return what the picture is looked at in."""
        return self._full_screen.stage or self.stage

    def _on_loaded(self, entry_id: int, levels: PictureLevels) -> None:
        if self.entry is not None and entry_id == self.entry.id:
            for stage in self._stages():
                stage.show_picture(levels)
            self._say()

    def _on_failed(self, entry_id: int, error: StudioError) -> None:
        entry = self.entry
        if entry is not None and entry_id == entry.id:
            for stage in self._stages():
                stage.say(_gone(entry, error))
            self._say()

    def _on_preview(self, entry_id: int) -> None:
        if self.entry is not None and entry_id == self.entry.id and self._loader.get(entry_id) is None:
            for stage in self._stages():
                if stage.message is None:
                    self._paint(stage)

    # --- what the user does

    def star(self) -> None:
        """Ask for a star, or for none."""
        if self.entry is not None:
            self.star_wanted.emit((self.entry.id,), not self.entry.is_starred)
            # The button shows what the history says, not what was asked of it.
            self._buttons.star.setChecked(self.entry.is_starred)

    def throw_away(self) -> None:
        """Ask for the trash."""
        if self.entry is not None:
            self.trash_wanted.emit((self.entry.id,))

    def compare(self) -> None:
        """Ask for a comparison with the picture that was seen before."""
        if self.entry is not None and self._place.before is not None:
            self._full_screen.leave()
            self.compare_wanted.emit(self._place.before, self.entry)

    def show_lineage(self) -> None:
        """Ask for what it was made of."""
        if self.entry is not None:
            self._full_screen.leave()
            self.lineage_wanted.emit(self.entry)

    def use_on_canvas(self) -> None:
        """Ask for it on the canvas."""
        if self.entry is not None:
            self._full_screen.leave()
            self.canvas_wanted.emit(self.entry)

    def leave(self) -> None:
        """Leave the full screen, or the viewer."""
        if self._full_screen.stage is not None:
            self._full_screen.leave()
        else:
            self.closed.emit()


def _keys_of(viewer: Viewer) -> dict[Qt.Key, Callable[[], object]]:
    """Return what the keys do."""
    key = Qt.Key
    return {
        key.Key_Left: lambda: viewer.step(-1),
        key.Key_Right: lambda: viewer.step(1),
        key.Key_PageUp: lambda: viewer.step(-1),
        key.Key_PageDown: lambda: viewer.step(1),
        key.Key_Home: lambda: viewer.show_row(0),
        key.Key_End: lambda: viewer.show_row(viewer.count - 1),
        key.Key_Escape: viewer.leave,
        key.Key_F: viewer.toggle_full_screen,
        key.Key_F11: viewer.toggle_full_screen,
        key.Key_Period: viewer.star,
        key.Key_Delete: viewer.throw_away,
        key.Key_C: viewer.compare,
        key.Key_L: viewer.show_lineage,
        key.Key_Return: viewer.use_on_canvas,
        key.Key_Enter: viewer.use_on_canvas,
        key.Key_I: viewer.toggle_details,
        key.Key_Plus: lambda: viewer.seen().zoom_by(_ZOOM_STEP),
        key.Key_Equal: lambda: viewer.seen().zoom_by(_ZOOM_STEP),
        key.Key_Minus: lambda: viewer.seen().zoom_by(1 / _ZOOM_STEP),
        key.Key_0: lambda: viewer.seen().fit(),
        key.Key_1: lambda: viewer.seen().zoom_to_pixels(),
    }


def _gone(entry: Entry, error: StudioError) -> Message:
    """Return what to say in the place of a picture that cannot be read."""
    if entry.is_missing:
        why = f"It was in {entry.path.parent}. Once it is there again, it is seen here again."
        return Message(Icon.NO_PICTURE, f"{entry.path.name} is not there any more", why)
    return Message(Icon.NO_PICTURE, f"{entry.path.name} cannot be shown", str(error))
