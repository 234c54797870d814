"""Every picture ever painted: files that say all about themselves, and an index of them."""

from __future__ import annotations

import logging
import re
import sqlite3
import time
import unicodedata
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from studio.domain.dialect import Dialect
from studio.domain.errors import StudioError
from studio.domain.found_settings import FoundSettings
from studio.domain.metadata import OWN_KEY, Metadata
from studio.services.files import partial_files, unwritable
from studio.services.history_entry import Entry
from studio.services.history_schema import open_database, storage_error
from studio.services.pictures import png_texts, write_png

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from studio.domain.events import Conditions, GeneratedImage
    from studio.domain.picture import Picture
    from studio.domain.request import GenerationRequest

SLUG_LENGTH: Final = 40
STALE_S: Final = 3600.0
"""A half-written file of this age is nobody's any more: writing one takes a second."""
_MONTH = re.compile(r"\d{4}-\d{2}")
_COLUMNS: Final = (
    "id, path, metadata, dialect, pixels, width, height, created, day, "
    "is_missing, is_starred, is_imported, note, tags, trashed"
)
"""What an `Entry` is made of, in the order of `_Row`."""
_log = logging.getLogger("sfumato.history")


@dataclass(frozen=True, slots=True)
class Recovery:
    """What `History.recover` found.

    Attributes:
        adopted: pictures without an entry that have one now.
        missing: entries whose file has gone since the last look.
        returned: entries whose file is there again.
    """

    adopted: tuple[Entry, ...]
    missing: tuple[int, ...]
    returned: tuple[int, ...]


class History:
    """Keeps pictures: first the file, then its entry. Whatever is interrupted, `recover` puts right.

    Used on the thread that built it; it touches the disk, so that is not the main thread. Several processes may
    use the same history.
    """

    def __init__(self, database: Path, pictures: Path) -> None:
        """Open the index, and make it where there is none.

        Args:
            database: file of the index.
            pictures: folder of the pictures; they lie in one folder a month.

        Raises:
            NewerData: a newer Sfumato has written the index; it is not touched.
            StorageError: the index cannot be used.
        """
        self._database = database
        self._pictures = pictures
        self._connection = open_database(database)

    def add(
        self,
        request: GenerationRequest,
        image: GeneratedImage,
        conditions: Conditions,
        created: datetime,
        *,
        seconds: float | None = None,
    ) -> Entry:
        """Keep a picture. Asked again with the same values after a failure, it takes up where that one stopped.

        Args:
            request: that asked for it.
            image: the picture.
            conditions: what its pixels depend on beside the request.
            created: when it was painted, with a time zone.
            seconds: from the start of its job to this picture.

        Raises:
            UnwritablePlace: the file could not be written.
            StorageError: the file is there, its entry is not.
        """
        metadata = Metadata.of(request, image, conditions, created, seconds=seconds)
        return self._enter(write_picture(self._pictures, image.picture, metadata), metadata)

    def page(self, before: int | None, limit: int) -> list[Entry]:
        """Return entries, newest first; an empty list is the end.

        Args:
            before: number of the entry that was the last of the page before; None for the first page.
            limit: at most so many.

        Raises:
            StorageError: the index cannot be read.
        """
        older = "" if before is None else "WHERE (created, id) < (SELECT created, id FROM picture WHERE id = :before)"
        order = "ORDER BY created DESC, id DESC LIMIT :limit"
        with self._reporting():
            rows = self._connection.execute(
                f"SELECT {_COLUMNS} FROM picture {older} {order}", {"before": before, "limit": limit}
            ).fetchall()
        return [entry for row in rows if (entry := self._entry(row))]

    def get(self, entry_id: int) -> Entry | None:
        """Return an entry by its number, or None.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._reporting():
            row = self._connection.execute(f"SELECT {_COLUMNS} FROM picture WHERE id = ?", (entry_id,)).fetchone()
        return row and self._entry(row)

    def of_pixels(self, sha256: str) -> Entry | None:
        """Return the latest entry whose picture has exactly these pixels, or None.

        Args:
            sha256: of the raw RGB bytes, as `studio.domain.picture.Picture.sha256`.

        Raises:
            StorageError: the index cannot be read.
        """
        where = "WHERE pixels = ? ORDER BY id DESC LIMIT 1"
        with self._reporting():
            row = self._connection.execute(f"SELECT {_COLUMNS} FROM picture {where}", (sha256,)).fetchone()
        return row and self._entry(row)

    def count(self) -> int:
        """Return the number of entries.

        Raises:
            StorageError: the index cannot be read.
        """
        with self._reporting():
            return int(self._connection.execute("SELECT count(*) FROM picture").fetchone()[0])

    def recover(self) -> Recovery:
        """Make index and files agree again after a crash or after somebody moved files.

        A picture without entry gets one from its own metadata, an entry without file is marked, and what killed
        processes left half written is deleted. Files that Sfumato did not write are left alone.

        Raises:
            StorageError: the index or the folder cannot be used.
        """
        try:
            there = self._files()
        except OSError as error:
            raise unwritable(self._pictures, error) from error
        with self._reporting():
            rows = self._connection.execute("SELECT id, path, is_missing FROM picture").fetchall()
        known = {path for _, path, _ in rows}
        adopted = [entry for name in sorted(there - known) if (entry := self._adopted(self._pictures / name))]
        missing = tuple(number for number, path, was_missing in rows if not was_missing and path not in there)
        returned = tuple(number for number, path, was_missing in rows if was_missing and path in there)
        with self._transaction():
            marks = [(1, number) for number in missing] + [(0, number) for number in returned]
            self._connection.executemany("UPDATE picture SET is_missing = ? WHERE id = ?", marks)
        return Recovery(tuple(adopted), missing, returned)

    def close(self) -> None:
        """Close the index. A second call does nothing."""
        self._connection.close()

    def _enter(self, path: Path, metadata: Metadata) -> Entry:
        name = path.relative_to(self._pictures).as_posix()
        with self._transaction():
            model = {"name": metadata.model, "hash": metadata.model_hash}
            self._connection.execute(
                "INSERT INTO model (name, hash) VALUES (:name, :hash) ON CONFLICT DO NOTHING", model
            )
            # Another process that recovers may have entered the file between its writing and now.
            row = self._connection.execute(
                f"""
                INSERT INTO picture (
                    path, created, model_id, prompt, negative_prompt, metadata,
                    pixels, width, height, day, task, model, loras
                )
                VALUES (
                    :path, :created, (SELECT id FROM model WHERE name = :name AND hash = :hash),
                    :prompt, :negative_prompt, :metadata, :pixels, :width, :height, :day, :task, :name, :loras
                )
                ON CONFLICT (path) DO UPDATE SET is_missing = 0
                RETURNING {_COLUMNS}
                """,
                model | _columns_of(metadata) | {"path": name},
            ).fetchone()
        entry = self._entry(row)
        # What was just made from valid metadata can be read.
        assert entry is not None
        return entry

    def _entry(self, row: tuple[Any, ...]) -> Entry | None:
        """Return the entry of a row of `_COLUMNS`; None for one that cannot be read."""
        number, path, said, dialect, pixels, width, height, created, day, *marks, trashed = row
        is_missing, is_starred, is_imported, note, tags = marks
        try:
            metadata = Metadata.from_json(said) if dialect == Dialect.SFUMATO.value else None
            found = FoundSettings.from_json(said) if metadata is None else FoundSettings.of_metadata(metadata)
        except StudioError as error:
            _log.warning("%s is left out of the history: %s", path, error)
            return None
        return Entry(
            id=number,
            path=self._pictures / path,
            found=found,
            picture_sha256=pixels,
            width=width,
            height=height,
            created=datetime.fromisoformat(created),
            day=day,
            metadata=metadata,
            is_missing=bool(is_missing),
            is_starred=bool(is_starred),
            is_imported=bool(is_imported),
            note=note,
            tags=tuple(tags.split()),
            trashed=None if trashed is None else datetime.fromisoformat(trashed),
        )

    def _files(self) -> set[str]:
        """Return the pictures in the folders by month, as the index names them; delete what is half written."""
        if not self._pictures.is_dir():
            return set()
        months = [folder for folder in self._pictures.iterdir() if _MONTH.fullmatch(folder.name) and folder.is_dir()]
        for month in months:
            for partial in partial_files(month):
                # Another process may finish it between the two looks.
                with suppress(FileNotFoundError):
                    if time.time() - partial.stat().st_mtime > STALE_S:
                        partial.unlink()
        return {f"{month.name}/{path.name}" for month in months for path in month.glob("*.png")}

    def _adopted(self, path: Path) -> Entry | None:
        metadata = _own_metadata(path)
        return None if metadata is None else self._enter(path, metadata)

    @contextmanager
    def _transaction(self) -> Generator[None]:
        with self._reporting():
            self._connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:
                if self._connection.in_transaction:
                    self._connection.execute("ROLLBACK")
                raise

    @contextmanager
    def _reporting(self) -> Generator[None]:
        try:
            yield
        except sqlite3.Error as error:
            raise storage_error(self._database, error) from error


def write_picture(folder: Path, picture: Picture, metadata: Metadata) -> Path:
    """Write a picture into its month's folder and return where it is; no index is needed, `recover` finds it.

    A file that holds this very picture already is left as it is.

    Raises:
        UnwritablePlace: the folder cannot be written or the disk is full.
    """
    names = _names(metadata)
    while True:
        path = folder / next(names)
        try:
            write_png(path, picture, metadata, replace=False)
        except FileExistsError:
            if _own_metadata(path) != metadata:
                continue
        return path


def _names(metadata: Metadata) -> Iterator[Path]:
    """Yield names for a picture's file, in the user's time zone; the first that is free is taken."""
    local = metadata.created.astimezone()
    stem = "-".join(filter(None, (f"{local:%Y%m%d-%H%M%S}", _slug(metadata.prompt), str(metadata.seed))))
    number = 1
    while True:
        yield Path(f"{local:%Y-%m}", f"{stem}.png" if number == 1 else f"{stem}-{number}.png")
        number += 1


def _slug(prompt: str) -> str:
    """Return the prompt's first words as part of a file's name: ``a-red-fox-3d``; may be empty."""
    ascii_only = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_only[: 4 * SLUG_LENGTH])[:SLUG_LENGTH].strip("-")


def _own_metadata(path: Path) -> Metadata | None:
    """Return what a file says of itself, or None where Sfumato did not write it or cannot read it."""
    try:
        text = png_texts(path).get(OWN_KEY)
        return None if text is None else Metadata.from_json(text)
    except StudioError as error:
        _log.warning("%s is left out of the history: %s", path, error)
        return None


def _columns_of(metadata: Metadata) -> dict[str, object]:
    """Return by name what the index keeps of a picture that Sfumato painted."""
    return {
        "created": _sortable(metadata.created),
        "prompt": _storable(metadata.prompt),
        "negative_prompt": _storable(metadata.negative_prompt),
        "metadata": metadata.to_json(),
        "pixels": metadata.picture_sha256,
        "width": metadata.width,
        "height": metadata.height,
        "day": f"{metadata.created.astimezone():%Y-%m-%d}",
        "task": metadata.task.value,
        "loras": " ".join(lora.name for lora in metadata.loras),
    }


def _sortable(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def _storable(text: str) -> str:
    """Return the text without halves of surrogate pairs, which a clipboard can hold and UTF-8 cannot."""
    return text.encode(errors="replace").decode()
