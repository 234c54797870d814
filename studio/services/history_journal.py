"""What the user thinks of his pictures, written beside them: a rebuilt index finds stars, notes and boards again.

Files of pictures are not touched for it: that would break their Content Credentials, and a picture of another program
is not ours to rewrite. One file in the pictures folder, to which a line is appended for every change, goes wherever the
pictures go. A line says the whole state of one thing, so the last one that can be read holds.
"""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, BinaryIO, Final, Literal

from pydantic import Field, TypeAdapter, ValidationError

from studio.services.files import unwritable, write_whole

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

NAME: Final = ".sfumato-marks.jsonl"
_log = logging.getLogger("sfumato.history")


@dataclass(frozen=True, slots=True)
class PictureMarked:
    """All that is said of one picture.

    Attributes:
        pixels: hex SHA-256 of its raw pixels.
        path: in the pictures folder, or absolute: tells apart copies, as long as they are not moved.
        is_starred: as an entry's; likewise the next three.
        note: likewise.
        tags: separated by blanks.
        is_imported: likewise.
        trashed: when it was thrown away; None where it was not.
        home: where it lay before that.
    """

    pixels: str
    path: str
    is_starred: bool = False
    note: str = ""
    tags: str = ""
    is_imported: bool = False
    trashed: str | None = None
    home: str | None = None
    kind: Literal["picture"] = "picture"


@dataclass(frozen=True, slots=True)
class BoardMade:
    """A board is there, under this name."""

    board: str
    created: str
    kind: Literal["board"] = "board"


@dataclass(frozen=True, slots=True)
class BoardRenamed:
    """A board has another name."""

    board: str
    name: str
    kind: Literal["renamed"] = "renamed"


@dataclass(frozen=True, slots=True)
class BoardDeleted:
    """A board is gone; its pictures are not."""

    board: str
    kind: Literal["deleted"] = "deleted"


@dataclass(frozen=True, slots=True)
class BoardFilled:
    """Pictures were put on a board or taken off it.

    Attributes:
        board: its name.
        pictures: pixels and path of each, as `PictureMarked` has them.
        is_on: whether they are on it now.
    """

    board: str
    pictures: tuple[tuple[str, str], ...]
    is_on: bool
    kind: Literal["filled"] = "filled"


@dataclass(frozen=True, slots=True)
class SearchSaved:
    """A search has a name; without a query it is forgotten."""

    search: str
    query: str | None
    kind: Literal["search"] = "search"


Line = PictureMarked | BoardMade | BoardRenamed | BoardDeleted | BoardFilled | SearchSaved
_LINE: Final[TypeAdapter[Line]] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])


class Journal:
    """The file of one pictures folder. Writers hold the index's lock, so that lines of two windows do not mix."""

    def __init__(self, pictures: Path) -> None:
        self._path = pictures / NAME

    @property
    def is_there(self) -> bool:
        """Whether anything was ever written."""
        return self._path.exists()

    def append(self, lines: Iterable[Line]) -> None:
        """Write what has changed, durably.

        Raises:
            UnwritablePlace: the folder cannot be written or the disk is full.
        """
        if not (content := _encoded(lines)):
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            with self._path.open("ab+") as file:
                if file.seek(0, os.SEEK_END) and not _ends_well(file):
                    content = b"\n" + content  # a killed process left half a line, which is skipped when it is read
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise unwritable(self._path, error) from error

    def read(self) -> Iterator[Line]:
        """Yield what was written, oldest first, without what cannot be read.

        Raises:
            UnwritablePlace: the file is there but may not be read.
        """
        try:
            content = self._path.read_bytes()
        except FileNotFoundError:
            return
        except OSError as error:
            raise unwritable(self._path, error) from error
        for number, line in enumerate(content.split(b"\n"), 1):
            if not line.strip():
                continue
            try:
                yield _LINE.validate_json(line)
            except ValidationError as error:
                _log.warning("line %d of %s is left out: %s", number, self._path, error.errors()[0]["msg"])

    def replace(self, lines: Iterable[Line]) -> None:
        """Write the whole file anew.

        Raises:
            UnwritablePlace: the folder cannot be written or the disk is full; the old file is still there.
        """
        write_whole(self._path, _encoded(lines))


def _ends_well(file: BinaryIO) -> bool:
    file.seek(-1, os.SEEK_END)
    return file.read(1) == b"\n"


def _encoded(lines: Iterable[Line]) -> bytes:
    return b"".join(_LINE.dump_json(line) + b"\n" for line in lines)
