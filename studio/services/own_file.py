"""A file that belongs to one running program alone, where several may run for the same user at once."""

from __future__ import annotations

import errno
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

_MOST: Final = 64
"""Programs at once; whoever comes later shares the last file."""


class OwnFile:
    """The first of ``name``, ``name-2``, ``name-3`` and so on that no other running program has. One thread at a time.

    A lock of the operating system beside the file says so, which ends with the program, however that ends: the next one
    that is started finds the file of one that crashed.
    """

    def __init__(self, path: Path) -> None:
        """Touch nothing yet.

        Args:
            path: of the first of these files.
        """
        self._first = path
        self._own: Path | None = None
        self._handle: int | None = None

    @property
    def path(self) -> Path:
        """The own file; from the first time that it is asked for on no other program gets it."""
        if self._own is None:
            self._own = self._taken()
        return self._own

    def release(self) -> None:
        """Let another program have it."""
        handle, self._handle, self._own = self._handle, None, None
        if handle is not None:
            os.close(handle)

    def _taken(self) -> Path:
        path = self._first
        for number in range(1, _MOST + 1):
            path = self._first if number == 1 else self._first.with_stem(f"{self._first.stem}-{number}")
            try:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._handle = _locked(path.with_name(f".{path.name}.lock"))
            except BlockingIOError:
                continue
            except OSError:
                pass  # a file system without locks, or one that cannot be written, as who writes will say
            return path
        return path


def _locked(path: Path) -> int:
    """Return a handle that holds a lock for as long as it is open.

    Raises:
        BlockingIOError: another one does.
        OSError: there can be no lock.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_CLOEXEC", 0), 0o600)
    try:
        _lock(handle)
    except OSError:
        with suppress(OSError):
            os.close(handle)
        raise
    return handle


if sys.platform == "win32":
    import msvcrt

    def _lock(handle: int) -> None:
        try:
            msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        except PermissionError as error:
            raise BlockingIOError(errno.EWOULDBLOCK, os.strerror(errno.EWOULDBLOCK)) from error

else:
    import fcntl

    def _lock(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
