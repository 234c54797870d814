"""Keeps every painted picture behind the window, and reads the history for it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge.entry_pictures import EntryPictures
from studio.bridge.entry_shelf import EntryShelf
from studio.bridge.history_boards import HistoryBoards
from studio.bridge.history_changes import HistoryChanges
from studio.bridge.history_export import HistoryExport
from studio.bridge.history_feed import HistoryFeed
from studio.bridge.history_looks import HistoryLooks
from studio.bridge.history_model import HistoryModel
from studio.bridge.history_overview import HistoryOverview
from studio.bridge.history_undo import HistoryUndo
from studio.bridge.history_watcher import HistoryWatcher
from studio.bridge.thumbnail_shelf import MIB
from studio.domain.errors import SigningFailed, StorageError, StudioError
from studio.domain.file_names import DEFAULT_TEMPLATE
from studio.domain.metadata import Metadata
from studio.domain.picture import Picture
from studio.services.history_entry import Entry
from studio.services.pictures import read_picture
from studio.services.sealing import Sealed, unsealed
from studio.services.thumbnails import Thumbnails

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from studio.bridge.background import Background
    from studio.bridge.lineage_reader import LineageReader
    from studio.bridge.surroundings import SurroundingsReader
    from studio.domain.disclosure import Disclosure
    from studio.domain.events import Painted
    from studio.domain.picture_kind import PictureKind
    from studio.domain.request import GenerationRequest
    from studio.services.history import History
    from studio.services.history_recovery import Recovery
    from studio.services.paths import Paths
    from studio.services.sealing import Seal

RECOVERY_S: Final = 0.5
"""How long pictures that were just painted wait at most, while those that others put into the folder are entered."""
STRIP_BYTES: Final = 24 * MIB
"""For thumbnails of the strip, which is a fifth as wide as the screen."""


@dataclass(frozen=True, slots=True, eq=False)
class _Unsaved:
    """A painted picture on its way to the disk."""

    request: GenerationRequest
    painted: Painted
    created: datetime
    seconds: float
    seal: Seal


@dataclass(frozen=True, slots=True)
class _Kept:
    """A picture that is safe, and what went wrong beside it, in sentences."""

    entry: Entry
    notes: tuple[str, ...]


class HistoryKeeper(QObject):
    """Owns the history. It is used on the disk's thread alone; everything public here is for the main thread.

    Attributes:
        model: its rows, newest first, for the strip beside the canvas.
        gallery: the same for the gallery, which searches them; empty until it is asked for something.
        changes: marks, trash and pictures from outside.
        boards: boards and saved searches.
        export: writes copies for others.
        undo: takes back what was done to marks, trash and boards.
        overview: names to look for, and counts.
        looks: knows pictures again.
        pictures: small ones, whole.

    Signals:
        kept: a picture is safe: its file is written and entered. `HistoryModel.added` says the same to views.
        unsaved_changed: how many painted pictures could not be kept; they stay in memory for `save_again`.
        picture_opened: a picture of the history was read.
        failed: why something could not be kept or read.
    """

    kept = Signal(Entry)
    unsaved_changed = Signal(int)
    picture_opened = Signal(Entry, Picture)
    failed = Signal(StudioError)

    def __init__(
        self,
        paths: Paths,
        disk: Background,
        reader: Background,
        parent: QObject | None = None,
        *,
        template: str = DEFAULT_TEMPLATE,
        seal: Callable[[], Seal] = lambda: unsealed,
    ) -> None:
        """Make everything ready; `open` opens it.

        Args:
            paths: where everything is.
            disk: the thread that owns the history.
            reader: the thread that reads pictures and thumbnails.
            parent: owns this object.
            template: of the names of files, as `studio.domain.file_names.check_template` takes it.
            seal: puts Content Credentials into a picture, or nothing; asked for each picture, on the main thread.
        """
        super().__init__(parent)
        shelf = EntryShelf()
        self.model = HistoryModel(self, shelf=shelf, thumbnail_bytes=STRIP_BYTES)
        self.gallery = HistoryModel(self, shelf=shelf)
        self._paths = paths
        self._disk = disk
        self._reader = reader
        self._thumbnails = Thumbnails(paths.thumbnails)
        self._template = template
        self._seal = seal
        self._history: History | None = None
        self._unsaved: list[_Unsaved] = []
        self._kept_here: set[int] = set()
        self._feeds = tuple(
            HistoryFeed(model, disk, self._opened_history, self._thumbnails) for model in (self.model, self.gallery)
        )
        self.changes = HistoryChanges(disk, self._opened_history, self)
        self.boards = HistoryBoards(disk, self._opened_history, self)
        self.undo = HistoryUndo(self.changes, self.boards, self)
        self.export = HistoryExport(disk, self._opened_history, reader, self)
        self.overview = HistoryOverview(disk, self._opened_history, self)
        self.looks = HistoryLooks(disk, self._opened_history, self)
        self.pictures = EntryPictures(self._thumbnails, reader, self)
        self._watcher = HistoryWatcher(paths.pictures, disk, self._opened_history, self)
        self._connect_parts()

    @property
    def unsaved(self) -> int:
        """How many painted pictures could not be kept."""
        return len(self._unsaved)

    def open(self, last_picture: int | None = None) -> None:
        """Open the history, show its first page and put right what a crash left; open a picture where one is named."""
        self.model.refresh()
        if last_picture is not None:
            self.open_picture(last_picture)
        self._disk.run(self._recover, self._show_recovered, self.failed.emit)
        self._watcher.start()

    def keep(self, request: GenerationRequest, painted: Painted, seconds: float) -> None:
        """Save a picture and enter it into the history."""
        self._save(_Unsaved(request, painted, datetime.now(UTC), seconds, self._seal()))

    def save_again(self) -> None:
        """Try once more to keep what could not be kept."""
        pictures, self._unsaved = self._unsaved, []
        self.unsaved_changed.emit(0)
        for picture in pictures:
            self._save(picture)

    def open_picture(self, entry_id: int) -> None:
        """Read a picture; `picture_opened` brings it."""
        self._disk.run(partial(self._find, entry_id), self._read_picture, self.failed.emit)

    def refresh(self, changed: Sequence[int] = ()) -> None:
        """Find anew what the lists show: the history has changed.

        Args:
            changed: numbers of entries that are not what they were.
        """
        for feed in self._feeds:
            feed.refresh(changed)

    def lineage_reader(self) -> LineageReader:
        """Return what reads lineages, for one page alone."""
        from studio.bridge.lineage_reader import LineageReader  # noqa: PLC0415 - with the first room that shows one

        return LineageReader(self._disk, self._opened_history, self)

    def surroundings_reader(self) -> SurroundingsReader:
        """Return what reads what is around a picture, for one panel alone."""
        from studio.bridge.surroundings import SurroundingsReader  # noqa: PLC0415 - with the first room that shows one

        return SurroundingsReader(self._disk, self._opened_history, self)

    def close(self) -> None:
        """Close the history, once everything asked for is done."""
        self._watcher.close()
        self.looks.close()
        self.overview.close()
        for feed in self._feeds:
            feed.close()
        self._disk.run(self._close)

    def _connect_parts(self) -> None:
        for part in (*self._feeds, self.changes, self.boards, self.overview, self.looks, self._watcher):
            part.failed.connect(self.failed)
        self.changes.changed.connect(self.refresh)
        for happened in (self.changes.changed, self.boards.filled, self.boards.boards_changed, self.kept):
            happened.connect(self.overview.note_change)
        self._watcher.recovered.connect(self._show_watched)
        self._watcher.seen.connect(self._show_seen)
        self._watcher.came.connect(self._show_all)

    # --- on the disk's thread

    def _opened_history(self) -> History:
        if self._history is None:
            from studio.services.history import History  # noqa: PLC0415 - forty modules, for this thread alone
            from studio.services.sources import Sources  # noqa: PLC0415 - as above

            paths = self._paths
            sources = Sources(paths.sources)
            self._history = History(paths.database, paths.pictures, sources=sources, template=self._template)
        return self._history

    def _recover(self) -> Recovery:
        return self._opened_history().recover(RECOVERY_S)

    def _find(self, entry_id: int) -> Entry | None:
        return self._opened_history().get(entry_id)

    def _write(self, picture: _Unsaved) -> _Kept:
        request, painted, created, seconds = picture.request, picture.painted, picture.created, picture.seconds
        noted: list[str] = []
        seal = partial(_noting, picture.seal, noted)
        image, conditions = painted.image, painted.conditions
        try:
            history = self._opened_history()
        except StorageError:
            from studio.services.history_names import write_picture  # noqa: PLC0415 - as above

            # Without an index the file alone must do: it says all about itself, and the history finds it later.
            metadata = Metadata.of(request, image, conditions, created, seconds=seconds)
            write_picture(self._paths.pictures, image.picture, metadata, self._template, seal)
            raise
        entry = history.add(request, image, conditions, created, seconds=seconds, seal=seal)
        # The pixels are at hand: unpacking the file again would cost a hundred times as much.
        self._thumbnails.make(image.picture, entry.picture_sha256)
        return _Kept(entry, tuple(noted))

    def _close(self) -> None:
        if self._history is not None:
            self._history.close()

    # --- on the main thread again

    def _save(self, picture: _Unsaved) -> None:
        self._disk.run(partial(self._write, picture), self._show_kept, partial(self._note_unsaved, picture))

    def _show_kept(self, kept: _Kept) -> None:
        self._kept_here.add(kept.entry.id)
        for feed in self._feeds:
            feed.take_new(kept.entry)
        self.kept.emit(kept.entry)
        for note in kept.notes:
            self.failed.emit(SigningFailed(note))

    def _note_unsaved(self, picture: _Unsaved, error: StudioError) -> None:
        self._unsaved.append(picture)
        self.unsaved_changed.emit(len(self._unsaved))
        self.failed.emit(error)

    def _show_recovered(self, recovery: Recovery) -> None:
        if recovery.has_changed:
            self.refresh(recovery.altered)
        if recovery.is_complete:
            self.changes.purge()
            self.looks.fill()
        else:
            self._disk.run(self._recover, self._show_recovered, self.failed.emit)

    def _show_watched(self, recovery: Recovery) -> None:
        self.refresh(recovery.altered)
        self.overview.note_change()
        if recovery.adopted:
            self.looks.fill()

    def _show_seen(self, ids: tuple[int, ...]) -> None:
        """Show what another window has painted: its file is all that is heard of it."""
        if not self._kept_here.issuperset(ids):
            self._show_all()

    def _show_all(self) -> None:
        self.refresh()
        self.overview.note_change()

    def _read_picture(self, entry: Entry | None) -> None:
        if entry is None:
            what = "The picture is not in the history any more"
            self.failed.emit(StorageError(what, "somebody removed it", "Choose another one"))
            return
        self._reader.run(lambda: read_picture(entry.path), partial(self.picture_opened.emit, entry), self.failed.emit)


def _noting(seal: Seal, noted: list[str], content: bytes, kind: PictureKind, disclosure: Disclosure, /) -> Sealed:
    """Seal a file, and note what went wrong."""
    sealed = seal(content, kind, disclosure)
    noted += sealed.notes
    return sealed
