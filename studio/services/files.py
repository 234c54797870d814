"""Writing a file so that it is there whole or not at all, whatever happens in between."""

from __future__ import annotations

import errno
import os
import tempfile
from contextlib import suppress
from pathlib import Path
from typing import Final

from studio.domain.errors import UnwritablePlace

PARTIAL_PREFIX: Final = ".sfumato-"
PARTIAL_SUFFIX: Final = ".partial"
"""A file of this shape is what a killed process left of one that it was writing; it can be deleted."""


def write_whole(path: Path, content: bytes, *, replace: bool = True, is_private: bool = False) -> None:
    """Write a file durably: a temporary one beside it is filled, flushed to the disk and renamed.

    Args:
        path: where; missing folders are made.
        content: all of it.
        replace: whether a file that is there already may be replaced.
        is_private: whether nobody but its owner may read it, not even while it is written.

    Raises:
        FileExistsError: it is there already and ``replace`` is false; nothing was changed.
        UnwritablePlace: the folder cannot be written or the disk is full; nothing is left behind.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        temporary = _write_temporary(path.parent, content, is_private=is_private)
        try:
            _rename(temporary, path, replace=replace)
        finally:
            temporary.unlink(missing_ok=True)
        _flush_folder(path.parent)
    except OSError as error:
        if isinstance(error, FileExistsError) and not replace and path.exists():
            raise
        raise unwritable(path, error) from error


def require_writable(folder: Path) -> None:
    """Check that files can be written into a folder, before hours of work depend on it.

    Raises:
        UnwritablePlace: they cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder, prefix=PARTIAL_PREFIX, suffix=PARTIAL_SUFFIX):
            pass
    except OSError as error:
        raise unwritable(folder, error) from error


def partial_files(folder: Path) -> list[Path]:
    """Return what killed processes left behind in a folder."""
    return sorted(folder.glob(f"{PARTIAL_PREFIX}*{PARTIAL_SUFFIX}"))


def is_partial(name: str) -> bool:
    """Tell by its name whether a file is half written."""
    return name.startswith(PARTIAL_PREFIX) and name.endswith(PARTIAL_SUFFIX)


def unwritable(path: Path, error: OSError) -> UnwritablePlace:
    """Return the error for a place that could not be written."""
    full = error.errno in {errno.ENOSPC, errno.EDQUOT}
    return UnwritablePlace(
        f"Nothing can be written to {path}",
        "the disk is full" if full else error.strerror or str(error),
        "Make room or choose another folder" if full else "Choose another folder or change its permissions",
    )


def _write_temporary(folder: Path, content: bytes, *, is_private: bool) -> Path:
    handle, name = tempfile.mkstemp(prefix=PARTIAL_PREFIX, suffix=PARTIAL_SUFFIX, dir=folder)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes a file that only its owner may read; a picture is as open as its folder's other files.
        if not is_private:
            temporary.chmod(0o666 & ~_umask())
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _rename(temporary: Path, path: Path, *, replace: bool) -> None:
    if replace:
        temporary.replace(path)
    elif os.name == "nt":
        temporary.rename(path)  # refuses a name that is taken
    else:
        try:
            path.hardlink_to(temporary)  # unlike a rename, refuses a name that is taken
        except FileExistsError:
            raise
        except OSError:  # file systems without hard links, such as FAT
            if path.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
            temporary.replace(path)


def _flush_folder(folder: Path) -> None:
    """Flush the new name itself; only POSIX can, and some network file systems cannot."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def _umask() -> int:
    """Return the process's umask, which can only be read by setting it."""
    current = os.umask(0o077)
    os.umask(current)
    return current
