"""Where the files of pictures lie: one folder a month, and names that are still free."""

from __future__ import annotations

import os
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.errors import StudioError
from studio.domain.file_names import DEFAULT_TEMPLATE, file_stem, portable
from studio.domain.metadata import OWN_KEY, Metadata
from studio.services.files import unwritable, write_whole
from studio.services.pictures import png_texts, write_png
from studio.services.sealing import Seal, unsealed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from studio.domain.picture import Picture

_CLOCKS_DIFFER_S: Final = 2.0
"""FAT counts seconds by two."""


def write_picture(
    folder: Path,
    picture: Picture,
    metadata: Metadata,
    template: str = DEFAULT_TEMPLATE,
    seal: Seal = unsealed,
) -> Path:
    """Write a picture into its month's folder and return where it is; no index is needed, `recover` finds it.

    A file that holds this very picture already is left as it is.

    Args:
        folder: of all pictures.
        picture: the pixels.
        metadata: what is written into the file.
        template: of its name, as `studio.domain.file_names.check_template` takes it.
        seal: puts Content Credentials into it.

    Raises:
        UnwritablePlace: the folder cannot be written or the disk is full.
    """
    for path in numbered(folder / month_of(metadata.created), file_stem(template, metadata), ".png"):
        if path.exists():
            if _may_hold(path, metadata) and own_metadata(path) == metadata:
                return path
            continue
        try:
            write_png(path, picture, metadata, replace=False, seal=seal)
        except FileExistsError:
            continue  # another window has taken the name a moment ago
        return path
    raise AssertionError("the names are endless")


def copy_in(folder: Path, content: bytes, name: str, created: datetime) -> Path:
    """Write a file of somebody else into its month's folder, byte for byte, and return where it is.

    Args:
        folder: of all pictures.
        content: the file's.
        name: it is called, with its suffix; a number is added where that is taken.
        created: when it was made, with a time zone; the copy has the same time.

    Raises:
        UnwritablePlace: the folder cannot be written or the disk is full.
    """
    for path in numbered(folder / month_of(created), portable(Path(name).stem), Path(name).suffix.lower()):
        try:
            write_whole(path, content, replace=False)
        except FileExistsError:
            if path.read_bytes() != content:
                continue
        _set_time(path, created)
        return path
    raise AssertionError("the names are endless")


def month_of(moment: datetime) -> str:
    """Return the name of a month's folder, in the user's time zone: ``2026-11``."""
    return f"{moment.astimezone():%Y-%m}"


def numbered(folder: Path, stem: str, suffix: str) -> Iterator[Path]:
    """Yield ``stem.png``, ``stem-2.png``, ``stem-3.png`` and so on, without end."""
    yield folder / f"{stem}{suffix}"
    yield from (folder / f"{stem}-{number}{suffix}" for number in count(2))


def own_metadata(path: Path) -> Metadata | None:
    """Return what a file says of itself, or None where Sfumato did not write it or it cannot be read."""
    try:
        text = png_texts(path).get(OWN_KEY)
        return None if text is None else Metadata.from_json(text)
    except StudioError:
        return None


def _may_hold(path: Path, metadata: Metadata) -> bool:
    """Tell by its time whether a file may be this picture's: among thousands of one name few were written later."""
    try:
        return path.stat().st_mtime >= metadata.created.timestamp() - _CLOCKS_DIFFER_S
    except OSError:
        return False


def _set_time(path: Path, moment: datetime) -> None:
    try:
        os.utime(path, (moment.timestamp(), moment.timestamp()))
    except OSError as error:
        raise unwritable(path, error) from error
