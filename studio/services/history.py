"""Every picture ever painted: files that say all about themselves, and an index of them."""

from __future__ import annotations

import logging
import math
from dataclasses import replace
from typing import TYPE_CHECKING

from studio.domain.errors import StorageError, UnwritablePlace
from studio.domain.file_names import DEFAULT_TEMPLATE
from studio.domain.metadata import Metadata
from studio.domain.request import ImageToImage, Inpaint, TextToImage
from studio.services.history_boards import Boards, Searches
from studio.services.history_edges import Edges
from studio.services.history_entering import Arrival, Entering
from studio.services.history_import import Import, Taken
from studio.services.history_index import HistoryIndex
from studio.services.history_journal import Journal
from studio.services.history_marks import Marks, marked
from studio.services.history_names import write_picture
from studio.services.history_recovery import FolderRecovery, Recovery
from studio.services.history_restoring import remember
from studio.services.history_root import follow_root
from studio.services.history_search import HistorySearch
from studio.services.history_trash import Trash
from studio.services.look_alike import LookAlikes
from studio.services.sealing import Seal, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from studio.domain.events import Conditions, GeneratedImage
    from studio.domain.picture import Picture
    from studio.domain.request import GenerationRequest
    from studio.services.history_entry import Entry
    from studio.services.history_journal import Line
    from studio.services.sources import Sources

_log = logging.getLogger("sfumato.history")


class History:
    """Keeps pictures: first the file, then its entry. Whatever is interrupted, `recover` puts right.

    Used on the thread that built it; it touches the disk, so that is not the main thread. Several processes may
    use the same history.

    Attributes:
        index: the database, for those who search in it.
        entering: makes rows.
        marks: stars, notes and tags.
        boards: boards and what is on them.
        searches: searches under a name.
        trash: what was thrown away.
        search: finds entries.
        look_alikes: knows pictures again.
        lineage: which pictures were made of which.
        recovery: looks at the files.
    """

    def __init__(
        self, database: Path, pictures: Path, *, sources: Sources | None = None, template: str = DEFAULT_TEMPLATE
    ) -> None:
        """Open the index, and make it where there is none.

        Args:
            database: file of the index.
            pictures: folder of the pictures; they lie in one folder a month.
            sources: where to keep what pictures are painted from; None to keep hashes alone.
            template: of the names of files, as `studio.domain.file_names.check_template` takes it.

        Raises:
            NewerData: a newer Sfumato has written the index; it is not touched.
            StorageError: the index cannot be used.
        """
        self.index = HistoryIndex(database, pictures)
        self._pictures = pictures
        self._sources = sources
        self._template = template
        self._journal = Journal(pictures)
        self.marks = Marks(self.index, self._journal)
        self.boards = Boards(self.index, self._journal)
        self.searches = Searches(self.index, self._journal)
        self.trash = Trash(self.index, self._journal)
        self.search = HistorySearch(self.index)
        self.look_alikes = LookAlikes(self.index)
        self.lineage = Edges(self.index)
        self.entering = Entering(self.index, self.lineage)
        self._import = Import(self.index, self.entering, self._journal)
        self.recovery = FolderRecovery(self.index, self.entering)
        try:
            follow_root(self.index, self._journal, self._lines_of_names)
        except StorageError:
            self.close()
            raise

    def add(
        self,
        request: GenerationRequest,
        image: GeneratedImage,
        conditions: Conditions,
        created: datetime,
        *,
        seconds: float | None = None,
        seal: Seal = unsealed,
    ) -> Entry:
        """Keep a picture. Asked again with the same values after a failure, it takes up where that one stopped.

        Args:
            request: that asked for it.
            image: the picture.
            conditions: what its pixels depend on beside the request.
            created: when it was painted, with a time zone.
            seconds: from the start of its job to this picture.
            seal: puts Content Credentials into the file.

        Raises:
            UnwritablePlace: the file could not be written.
            StorageError: the file is there, its entry is not.
        """
        metadata = Metadata.of(request, image, conditions, created, seconds=seconds)
        path = write_picture(self._pictures, image.picture, metadata, self._template, seal)
        self._keep_sources(request)
        return self.entering.enter(Arrival.painted(path, metadata, image.picture))

    def add_import(self, source: Path | bytes, name: str = "") -> Entry:
        """Enter a picture from outside: PNG, JPEG, WebP or AVIF of any program. Its file is copied byte for byte.

        A file that lies in the pictures folder stays where it is. What is there already is not entered twice.

        Args:
            source: the file, or what would be in one.
            name: of the file, with its suffix; the own one where it is left out.

        Raises:
            UnreadablePicture: no picture, a damaged or a huge one, or of another kind.
            UnwritablePlace: the copy could not be written.
            StorageError: the copy is there, its entry is not.
        """
        return self._import.take(source, name).entry

    def take_in(self, source: Path) -> Taken:
        """Likewise with a file, and say whether it is new. Raises as `add_import`."""
        return self._import.take(source)

    def page(self, before: int | None, limit: int) -> list[Entry]:
        """Return entries, newest first, without those in the trash; an empty list is the end.

        Args:
            before: number of the entry that was the last of the page before; None for the first page.
            limit: at most so many.

        Raises:
            StorageError: the index cannot be read.
        """
        older = "" if before is None else "AND (created, id) < (SELECT created, id FROM picture WHERE id = :before)"
        rest = f"WHERE trashed IS NULL {older} ORDER BY created DESC, id DESC LIMIT :limit"
        return self.index.entries(rest, {"before": before, "limit": limit})

    def get(self, entry_id: int) -> Entry | None:
        """Return an entry by its number, or None.

        Raises:
            StorageError: the index cannot be read.
        """
        return next(iter(self.entries([entry_id])), None)

    def entries(self, ids: Iterable[int]) -> list[Entry]:
        """Return entries by their numbers, in this order; those that are not there are left out.

        Raises:
            StorageError: the index cannot be read.
        """
        return self.index.of_ids(ids)

    def of_pixels(self, sha256: str) -> Entry | None:
        """Return the latest entry whose picture has exactly these pixels, or None; one with a file where there is one.

        Args:
            sha256: of the raw RGB bytes, as `studio.domain.picture.Picture.sha256`.

        Raises:
            StorageError: the index cannot be read.
        """
        order = "ORDER BY trashed IS NOT NULL, is_missing, id DESC LIMIT 1"
        return next(iter(self.index.entries(f"WHERE pixels = ? {order}", (sha256,))), None)

    def count(self) -> int:
        """Return the number of entries, without those in the trash.

        Raises:
            StorageError: the index cannot be read.
        """
        return int(self.index.rows("SELECT count(*) FROM picture WHERE trashed IS NULL")[0][0])

    def recover(self, budget_s: float = math.inf) -> Recovery:
        """Make index and files agree again; `FolderRecovery.recover` says how.

        An index that was made anew also gets its marks, boards and searches, from the file beside the pictures.

        Raises:
            StorageError: the index or the folder cannot be used.
        """
        recovery = self.recovery.recover(budget_s)
        if recovery.is_complete and remember(self.index, self._journal, is_complete=True):
            recovery = replace(recovery, adopted=tuple(self.entries(entry.id for entry in recovery.adopted)))
        return recovery

    def lines(self) -> list[Line]:
        """Return what the file beside the pictures should say.

        Raises:
            StorageError: the index cannot be read.
        """
        return [*marked(self.index), *self._lines_of_names()]

    def close(self) -> None:
        """Close the index. A second call does nothing."""
        self.index.close()

    def _lines_of_names(self) -> list[Line]:
        return [*self.boards.lines(), *self.searches.lines()]

    def _keep_sources(self, request: GenerationRequest) -> None:
        """Keep what a picture was painted from. The picture is safe already: it is not given up for that."""
        try:
            match request:
                case TextToImage():
                    pass
                case ImageToImage():
                    self._keep_source(request.image)
                case Inpaint():
                    self._keep_source(request.image)
                    if self._sources is not None:
                        self._sources.keep_mask(request.mask)
        except UnwritablePlace as error:
            _log.warning("a picture cannot be painted again, for what it was painted from is not kept: %s", error)

    def _keep_source(self, picture: Picture) -> None:
        if self._sources is None:
            return
        known = self.of_pixels(picture.sha256)
        if known is None or (known.width, known.height) != (picture.width, picture.height):
            self._sources.keep(picture)
