"""What becomes of a picture that was dropped or pasted, once it has been read."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.bridge.dropped import Files
from studio.domain.canvas.placing import PlaceLayers, centred_layer, frame_filling
from studio.domain.errors import InvalidSetting, StudioError
from studio.domain.found_settings import FoundSettings
from studio.services.history_entry import Entry
from studio.ui.canvas.drop_zones import DropZone

if TYPE_CHECKING:
    from pathlib import Path

    from studio.bridge.dropped import Dropped
    from studio.bridge.session import Session
    from studio.domain.canvas.placing import FillFrame
    from studio.domain.geometry import Rect
    from studio.services.picture_import import ImportedPicture


class Intake(QObject):
    """Carries out what was chosen by the place where a picture was dropped.

    Signals:
        document_wanted: the path of a document that was dropped to be opened.
        settings_found: the `FoundSettings` of a picture that was dropped for them.
        said: what was converted on the way, in sentences.
        recognised: `Entry` of the history that a picture without metadata is a copy of;
            `studio.bridge.history_looks.recognised_sentence` says it in words.
        failed: why nothing came of it.
    """

    document_wanted = Signal(object)
    settings_found = Signal(FoundSettings)
    said = Signal(str)
    recognised = Signal(Entry)
    failed = Signal(StudioError)

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        session.arrivals.arrived.connect(self._on_arrived)
        session.arrivals.failed.connect(self.failed)

    def take(self, zone: DropZone, what: Dropped) -> None:
        """Begin with something that was dropped or pasted.

        Args:
            zone: where it was dropped.
            what: it.
        """
        if zone is DropZone.DOCUMENT and isinstance(what, Files):
            self.document_wanted.emit(what.paths[0])
        else:
            self._session.arrivals.take(what, zone)

    def place(self, paths: tuple[Path, ...]) -> None:
        """Read picture files and put each on a layer of its own."""
        self._session.arrivals.take(Files(paths), DropZone.NEW_LAYER)

    def _on_arrived(self, zone: DropZone, pictures: tuple[ImportedPicture, ...]) -> None:
        notes = " ".join(dict.fromkeys(note for picture in pictures for note in picture.notes))
        if notes:
            self.said.emit(notes)
        match zone:
            case DropZone.IMAGE_TO_IMAGE:
                self._fill_frame(pictures[0])
            case DropZone.SETTINGS:
                self._use_settings(pictures[0])
            case DropZone.NEW_LAYER | DropZone.DOCUMENT:
                place = partial(_placed, pictures, self._session.canvas.state.frame)
                self._session.reader.run(place, self._session.canvas.apply_at_rest, self.failed.emit)
        unsaid = next((picture for picture in pictures if picture.found is None), None)
        if unsaid is not None and zone is not DropZone.SETTINGS:
            # Of several pictures the first one: one message is read, five are not.
            self._session.history.looks.seek(unsaid.pixels, self._tell_recognised)

    def _tell_recognised(self, entry: Entry | None) -> None:
        if entry is not None:
            self.recognised.emit(entry)

    def _fill_frame(self, picture: ImportedPicture) -> None:
        model, frame = self._session.model, self._session.canvas.state.frame
        multiple, side = (8, 512) if model is None else (model.extent_multiple, model.native_side)
        scale = partial(_filling, picture, frame, multiple, side)
        self._session.reader.run(scale, self._put_into_frame, self.failed.emit)

    def _put_into_frame(self, filling: FillFrame) -> None:
        self._session.canvas.apply_at_rest(filling)
        self._session.painting.frame.force(None)

    def _use_settings(self, picture: ImportedPicture) -> None:
        if picture.found is not None:
            self.settings_found.emit(picture.found)
        else:
            self._session.history.looks.seek(picture.pixels, partial(self._use_settings_of, picture.name))

    def _use_settings_of(self, name: str, entry: Entry | None) -> None:
        """Name the picture that one without settings is a copy of: whether it is one is for people to say."""
        if entry is not None:
            self.recognised.emit(entry)
            return
        what = f"\u201c{name}\u201d says nothing about how it was painted"
        remedy = "Use it as a layer, or paint from it"
        self.failed.emit(InvalidSetting(what, "its settings were removed, or never written", remedy))


def _placed(pictures: tuple[ImportedPicture, ...], frame: Rect) -> PlaceLayers:
    """Return the edit that puts pictures on layers. Takes a moment for large ones: not for the main thread."""
    return PlaceLayers(
        tuple(centred_layer(picture.name, picture.pixels, frame, picture.origin) for picture in pictures)
    )


def _filling(picture: ImportedPicture, frame: Rect, multiple: int, side: int) -> FillFrame:
    """Return the edit that makes a picture the frame's content. Likewise."""
    return frame_filling(picture.name, picture.pixels, frame, multiple, side, picture.origin)
