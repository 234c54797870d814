"""Keeps every painted picture behind the window, and reads the history for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge.history_model import HistoryModel
from studio.bridge.images import to_qimage
from studio.domain.errors import StorageError, StudioError
from studio.domain.metadata import Metadata
from studio.domain.picture import Picture
from studio.services.history import History, write_picture
from studio.services.history_entry import Entry
from studio.services.pictures import read_picture
from studio.services.thumbnails import Thumbnails

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from studio.bridge.background import Background
    from studio.domain.events import Painted
    from studio.domain.request import GenerationRequest
    from studio.services.paths import Paths

PAGE: Final = 200


@dataclass(frozen=True, slots=True, eq=False)
class _Unsaved:
    """A painted picture on its way to the disk."""

    request: GenerationRequest
    painted: Painted
    created: datetime
    seconds: float


class HistoryKeeper(QObject):
    """Owns the history. It is used on the disk's thread alone; everything public here is for the main thread.

    Attributes:
        model: its rows.

    Signals:
        opened: the first page is there.
        kept: a picture is safe: its file is written and entered. `HistoryModel.added` says the same to views.
        unsaved_changed: how many painted pictures could not be kept; they stay in memory for `save_again`.
        picture_opened: a picture of the history was read.
        failed: why something could not be kept or read.
    """

    opened = Signal()
    kept = Signal(Entry)
    unsaved_changed = Signal(int)
    picture_opened = Signal(Entry, Picture)
    failed = Signal(StudioError)

    def __init__(self, paths: Paths, disk: Background, reader: Background, parent: QObject | None = None) -> None:
        """Make everything ready; `open` opens it.

        Args:
            paths: where everything is.
            disk: the thread that owns the history.
            reader: the thread that reads pictures and thumbnails.
            parent: owns this object.
        """
        super().__init__(parent)
        self.model = HistoryModel(self)
        self.model.page_wanted.connect(self._read_page)
        self.model.thumbnail_wanted.connect(self._read_thumbnail)
        self._paths = paths
        self._disk = disk
        self._reader = reader
        self._thumbnails = Thumbnails(paths.thumbnails)
        self._history: History | None = None
        self._unsaved: list[_Unsaved] = []

    @property
    def unsaved(self) -> int:
        """How many painted pictures could not be kept."""
        return len(self._unsaved)

    def open(self, last_picture: int | None = None) -> None:
        """Open the history, show its first page and put right what a crash left; open a picture where one is named."""
        self._disk.run(self._first_page, self._show_first_page, self.failed.emit)
        if last_picture is not None:
            self.open_picture(last_picture)
        self._disk.run(self._recover, self._show_recovered, self.failed.emit)

    def keep(self, request: GenerationRequest, painted: Painted, seconds: float) -> None:
        """Save a picture and enter it into the history."""
        self._save(_Unsaved(request, painted, datetime.now(UTC), seconds))

    def save_again(self) -> None:
        """Try once more to keep what could not be kept."""
        pictures, self._unsaved = self._unsaved, []
        self.unsaved_changed.emit(0)
        for picture in pictures:
            self._save(picture)

    def open_picture(self, entry_id: int) -> None:
        """Read a picture; `picture_opened` brings it."""
        self._disk.run(partial(self._find, entry_id), self._read_picture, self.failed.emit)

    def close(self) -> None:
        """Close the history, once everything asked for is done."""
        self._disk.run(self._close)

    # --- on the disk's thread

    def _opened_history(self) -> History:
        if self._history is None:
            self._history = History(self._paths.database, self._paths.pictures)
        return self._history

    def _first_page(self) -> list[Entry]:
        return self._opened_history().page(None, PAGE)

    def _recover(self) -> list[Entry] | None:
        """Return the first page anew, if anything has changed."""
        recovery = self._opened_history().recover()
        changed = recovery.adopted or recovery.missing or recovery.returned
        return self._first_page() if changed else None

    def _find(self, entry_id: int) -> Entry | None:
        return self._opened_history().get(entry_id)

    def _write(self, picture: _Unsaved) -> tuple[Entry, QImage]:
        request, painted, created, seconds = picture.request, picture.painted, picture.created, picture.seconds
        image, conditions = painted.image, painted.conditions
        try:
            history = self._opened_history()
        except StorageError:
            # Without an index the file alone must do: it says all about itself, and the history finds it later.
            metadata = Metadata.of(request, image, conditions, created, seconds=seconds)
            write_picture(self._paths.pictures, image.picture, metadata)
            raise
        entry = history.add(request, image, conditions, created, seconds=seconds)
        return entry, to_qimage(self._thumbnails.make(image.picture, entry.picture_sha256))

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()

    # --- on the main thread again

    def _save(self, picture: _Unsaved) -> None:
        self._disk.run(partial(self._write, picture), self._show_kept, partial(self._note_unsaved, picture))

    def _show_kept(self, kept: tuple[Entry, QImage]) -> None:
        entry, thumbnail = kept
        self.model.prepend(entry, thumbnail)
        self.kept.emit(entry)

    def _note_unsaved(self, picture: _Unsaved, error: StudioError) -> None:
        self._unsaved.append(picture)
        self.unsaved_changed.emit(len(self._unsaved))
        self.failed.emit(error)

    def _show_first_page(self, entries: list[Entry]) -> None:
        self.model.reset(entries)
        self.opened.emit()

    def _show_recovered(self, entries: list[Entry] | None) -> None:
        if entries is not None:
            self.model.reset(entries)

    def _read_page(self, before: int | None) -> None:
        self._disk.run(lambda: self._opened_history().page(before, PAGE), self.model.append, self._give_up_page)

    def _give_up_page(self, error: StudioError) -> None:
        self.model.stop_fetching()
        self.failed.emit(error)

    def _read_thumbnail(self, entry: Entry) -> None:
        self._reader.run(
            lambda: to_qimage(self._thumbnails.of(entry)),
            partial(self.model.set_thumbnail, entry.id),
            lambda _: None,  # a picture that is gone is shown as such, not complained about for each row
        )

    def _read_picture(self, entry: Entry | None) -> None:
        if entry is None:
            what = "The picture is not in the history any more"
            self.failed.emit(StorageError(what, "somebody removed it", "Choose another one"))
            return
        self._reader.run(lambda: read_picture(entry.path), partial(self.picture_opened.emit, entry), self.failed.emit)
