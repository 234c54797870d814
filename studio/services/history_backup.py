"""Copies of the index, made before its tables are changed."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from typing import TYPE_CHECKING, Final

from studio.services.files import unwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

KEPT: Final = 3
"""Copies that are kept; the oldest go first."""
_NAME: Final = re.compile(r"before-version-(\d+)")


def back_up(path: Path, version: int) -> Path:
    """Copy the index beside itself, whole or not at all, and return the copy; old copies beyond `KEPT` go.

    SQLite's own way (https://www.sqlite.org/backup.html) also copies what is still in the write-ahead log, while other
    windows go on.

    Args:
        path: of the index; another connection may hold its lock, if it has changed nothing yet.
        version: that its tables are about to get.

    Raises:
        UnwritablePlace: the folder cannot be written or the disk is full.
        sqlite3.Error: the index cannot be read.
    """
    copy = path.with_name(f"{path.stem}.before-version-{version}{path.suffix}")
    partial = copy.with_name(f"{copy.name}.partial")
    try:
        partial.unlink(missing_ok=True)
        with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(partial)) as target:
            source.backup(target)
        partial.replace(copy)
        for old in sorted(backups(path), key=_version_of)[:-KEPT]:
            old.unlink(missing_ok=True)
    except OSError as error:
        raise unwritable(copy, error) from error
    finally:
        partial.unlink(missing_ok=True)
    return copy


def backups(path: Path) -> Iterator[Path]:
    """Yield the copies of an index."""
    return path.parent.glob(f"{path.stem}.before-version-*{path.suffix}")


def _version_of(copy: Path) -> int:
    found = _NAME.search(copy.name)
    return int(found[1]) if found else 0
