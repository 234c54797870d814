"""The folders of the pictures: what lies in them, and which have changed since the last look."""

from __future__ import annotations

import logging
import os
import re
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.services.files import is_partial

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

SUFFIXES: Final = frozenset({".png", ".jpg", ".jpeg", ".webp", ".avif"})
"""Of the files that the history holds."""
TRASH: Final = ".trash"
"""Folder of what was thrown away, beside the months: on the same file system a file is moved at once or not at all."""
STALE_S: Final = 3600.0
"""A half-written file of this age is nobody's any more: writing one takes a second."""
SETTLED_NS: Final = 3_000_000_000
"""A folder that was changed later than this before the look may change again under the same time: FAT counts seconds by
two, and Linux stamps by its tick (https://git-scm.com/docs/racy-git tells of the same)."""
DEEPEST: Final = 8
"""Folders within folders that are looked into."""
_NO_TEXT: Final = re.compile("[\ud800-\udfff]")
_log = logging.getLogger("sfumato.history")


@dataclass(slots=True)
class Folder:
    """What lies in a folder; nothing where it is gone.

    Attributes:
        name: of the folder, as rows name files.
        modified_ns: its time; None where it is gone.
        is_settled: whether it can be known again by its time.
        files: those that may be pictures.
        folders: names of those within.
    """

    name: str
    modified_ns: int | None = None
    is_settled: bool = False
    files: dict[str, os.stat_result] = field(default_factory=dict)
    folders: list[str] = field(default_factory=list)


def walked(path_of: Callable[[str], Path], names: Iterable[str], known: Mapping[str, int]) -> Iterator[Folder]:
    """Yield these folders and those within, without those that have the time that is known or may not be read.

    Args:
        path_of: where a folder of that name lies.
        names: where to begin, as rows name files; the pictures folder itself is the empty one.
        known: times of folders at the last look; those within a known folder are named in it as well.

    Raises:
        OSError: a folder cannot be read, though nobody forbids it; or the pictures folder itself.
    """
    waiting, met = list(names), set[str]()
    while waiting:
        name = waiting.pop()
        if name in met:
            continue
        met.add(name)
        try:
            folder = _listed(name, path_of(name), known.get(name))
        except PermissionError as error:
            if not name:
                raise
            # Somebody else's, such as lost+found: what is in it is neither there nor gone, as far as anybody can tell.
            _log.warning("a folder is left out of the history: %s", error)
            continue
        if folder is None:
            continue
        if Path(name).is_absolute() or name.count("/") >= DEEPEST:
            folder.folders.clear()
        waiting += folder.folders
        yield folder


def is_in_trash(name: str) -> bool:
    """Tell whether the file of this name, as the index has it, lies in the trash."""
    return name.startswith(f"{TRASH}/")


def _listed(name: str, path: Path, known_ns: int | None) -> Folder | None:
    """Return what lies in a folder, and delete what is half written; None for one that has the known time."""
    try:
        modified_ns = path.stat().st_mtime_ns
        if modified_ns == known_ns:
            return None
        listed = list(os.scandir(path))
    except (FileNotFoundError, NotADirectoryError):
        return None if known_ns is None else Folder(name)
    folder = Folder(name, modified_ns, time.time_ns() - modified_ns > SETTLED_NS)
    for one in listed:
        inside = f"{name}/{one.name}" if name else one.name
        with suppress(FileNotFoundError):  # gone between the two looks
            if one.is_dir(follow_symlinks=False):
                folder.folders += [inside] if is_visible(inside) else []
            elif is_partial(one.name):
                folder.is_settled &= _cleared(one)
            elif (
                Path(one.name).suffix.lower() in SUFFIXES and is_visible(inside) and one.is_file(follow_symlinks=False)
            ):
                folder.files[inside] = one.stat()
    return folder


def _cleared(partial: os.DirEntry[str]) -> bool:
    """Delete what a killed process left half written; return whether it was old enough for that."""
    if time.time() - partial.stat().st_mtime <= STALE_S:
        return False
    Path(partial.path).unlink(missing_ok=True)
    return True


def is_visible(name: str) -> bool:
    """Tell whether a name is looked at: neither it nor a folder above it is hidden, unless that is the trash.

    Names that are no text are left out as well, such as those that an archive from another system has left behind
    (https://peps.python.org/pep-0383/): the index cannot keep them.
    """
    inside = name.removeprefix(f"{TRASH}/") if is_in_trash(name) else name
    return _NO_TEXT.search(name) is None and not any(part.startswith(".") for part in inside.split("/"))
