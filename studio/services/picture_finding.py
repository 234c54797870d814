"""The pictures that are meant by files and folders from outside."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from studio.domain.errors import UnreadablePicture
from studio.services.history_folders import SUFFIXES

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


@dataclass(frozen=True, slots=True)
class Find:
    """A file to be entered.

    Attributes:
        path: of it, or of what was named in its place.
        error: why there is nothing to enter; None where there may be.
    """

    path: Path
    error: UnreadablePicture | None = None


def find_pictures(named: Iterable[Path]) -> Iterator[Find | None]:
    """Yield the files that were named, and the pictures in folders, at any depth, those of each folder by name.

    What is hidden, and what a link leads to, is left aside in folders: it may lie somewhere else altogether. None is
    yielded for each folder that was looked into, so that whoever walks through a whole disk can pause.

    Args:
        named: files and folders.
    """
    for path in named:
        if not path.is_dir():
            yield Find(path)
            continue
        is_empty = True
        for inside in _pictures_below(path):
            is_empty = is_empty and inside is None
            yield inside
        if is_empty:
            why = f"there is no file in it that ends in {', '.join(sorted(SUFFIXES))}"
            yield Find(path, UnreadablePicture(f"The folder {path} has nothing to enter", why, "Choose another folder"))


def _pictures_below(root: Path) -> Iterator[Find | None]:
    for folder, folders, names in os.walk(root):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = Path(folder, name)
            is_named = path.suffix.lower() in SUFFIXES and not name.startswith(".")
            if is_named and path.is_file() and not path.is_symlink():
                yield Find(path)
        yield None
