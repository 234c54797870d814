"""Pictures from outside: copied into the pictures folder as they are, byte for byte, and entered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.dialect import Dialect
from studio.domain.errors import UnreadablePicture
from studio.services.files import write_whole
from studio.services.history_entering import arrival_of
from studio.services.history_folders import is_visible
from studio.services.history_marks import marked
from studio.services.history_names import copy_in
from studio.services.metadata_reading import read_file
from studio.services.picture_decoding import opened

if TYPE_CHECKING:
    from studio.domain.found_settings import FoundSettings
    from studio.services.history_entering import Entering
    from studio.services.history_entry import Entry
    from studio.services.history_index import HistoryIndex
    from studio.services.history_journal import Journal

_SUFFIXES: Final = {"PNG": ".png", "JPEG": ".jpg", "MPO": ".jpg", "WEBP": ".webp", "AVIF": ".avif"}
"""Of the files that are taken, by Pillow's name of their format."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A picture from outside that the history has.

    Attributes:
        entry: of it.
        is_new: whether it had none before.
    """

    entry: Entry
    is_new: bool


@dataclass(frozen=True, slots=True)
class Import:
    """Takes pictures in."""

    index: HistoryIndex
    entering: Entering
    journal: Journal

    def take(self, source: Path | bytes, name: str = "") -> Taken:
        """Enter a picture; `studio.services.history.History.add_import` says how.

        Raises:
            UnreadablePicture: no picture, a damaged or a huge one, or of another kind.
            UnwritablePlace: the copy could not be written.
            StorageError: the copy is there, its entry is not.
        """
        if isinstance(source, Path) and self._is_kept(source):
            is_new = not self.index.entries("WHERE path = ?", (self.index.name_of(source),))
            return Taken(self._enter(source), is_new)
        stem = name or (source.name if isinstance(source, Path) else "") or "picture"
        called = str(source) if isinstance(source, Path) else f"\u201c{stem}\u201d"
        with opened(source, called) as image:
            suffix = _suffix_of(image.format or "", called)
        content, created = _read(source)
        if (known := self._known(content)) is not None:
            return Taken(known, is_new=False)
        path = copy_in(self.index.pictures, content, Path(stem).stem + suffix, created)
        try:
            return Taken(self._enter(path, _beside(source, path)), is_new=True)
        except UnreadablePicture as error:
            path.unlink(missing_ok=True)
            raise UnreadablePicture(f"The picture {called} cannot be read", error.why, error.remedy) from error

    def _enter(self, path: Path, beside: FoundSettings | None = None) -> Entry:
        """Enter a file of the pictures folder.

        Args:
            path: of the file.
            beside: what a file beside the original says, which the copy may be without.
        """
        arrival = replace(arrival_of(path, is_careful=True), is_imported=True)
        if beside is not None and arrival.found.dialect is Dialect.NONE:
            arrival = replace(arrival, found=beside)
        with self.index.transaction():
            entry = self.entering.enter(arrival)
            if entry.metadata is not None:
                # Its file says that Sfumato painted it, and not where.
                self.journal.append(marked(self.index, [entry.id]))
        return entry

    def _is_kept(self, source: Path) -> bool:
        """Tell whether a file lies in the pictures folder, under a name that is looked at there."""
        return source.is_relative_to(self.index.pictures) and is_visible(self.index.name_of(source))

    def _known(self, content: bytes) -> Entry | None:
        """Return the entry whose file has exactly this content."""
        for entry in self.index.entries("WHERE bytes = ? AND trashed IS NULL AND is_missing = 0", (len(content),)):
            try:
                if entry.path.read_bytes() == content:
                    return entry
            except OSError:
                continue
        return None


def _beside(source: Path | bytes, copy: Path) -> FoundSettings | None:
    """Return what a file beside the original says of how it was painted; that file is copied along, if its name allows.

    Raises:
        UnwritablePlace: it could not be copied.
    """
    if isinstance(source, bytes) or (reading := read_file(source)).sidecar is None:
        return None
    target = copy.with_name(copy.stem + reading.sidecar.name.removeprefix(source.stem))
    if reading.sidecar.name.startswith(source.stem) and not target.exists():
        write_whole(target, reading.sidecar.read_bytes(), replace=False)
    return reading.found


def _suffix_of(kind: str, called: str) -> str:
    """Return the suffix that the copy of a picture of this format gets."""
    if kind not in _SUFFIXES:
        why = "the history holds PNG, JPEG, WebP and AVIF"
        raise UnreadablePicture(f"The picture {called} cannot be entered", why, "Save it as one of these")
    return _SUFFIXES[kind]


def _read(source: Path | bytes) -> tuple[bytes, datetime]:
    """Return the content, and when it was made."""
    if isinstance(source, bytes):
        return source, datetime.now(UTC)
    try:
        return source.read_bytes(), datetime.fromtimestamp(source.stat().st_mtime, UTC)
    except OSError as error:
        why = error.strerror or str(error)
        raise UnreadablePicture(f"The picture {source} cannot be read", why, "Choose another") from error
