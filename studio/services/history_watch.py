"""Watching the pictures folder: what other programs add, move and delete there is told as it happens."""

from __future__ import annotations

import logging
import threading
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

from studio.domain.errors import StorageError
from studio.services.history_folders import SUFFIXES, is_visible

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from watchfiles import Change

    from studio.domain.errors import StudioError

STEP_MS: Final = 50
"""How long it must be quiet before changes are told, and how long `FolderWatch.close` waits at most."""
LONGEST_MS: Final = 1500
"""Changes are told after this time even if it never is quiet."""
LOOK_MS: Final = 1000
"""How often somebody looks whether the folder itself is still there: no event tells that a drive was unplugged."""
_log = logging.getLogger("sfumato.history")


class FolderWatch:
    """One thread that listens to a folder and all folders in it; the system tells of changes, nothing is read.

    The callbacks are called on that thread. Links are not followed, and what is hidden is left out.
    """

    def __init__(
        self,
        folder: Path,
        began: Callable[[bool], object],
        changed: Callable[[frozenset[Path]], object],
        lost: Callable[[StudioError], object],
        look_ms: int = LOOK_MS,
    ) -> None:
        """Make everything ready; `start` begins.

        Args:
            folder: to watch; as long as it is not there it is waited for.
            began: from now on nothing is missed; what happened before is not known. It is told whether the folder was
                not there at first, or came back.
            changed: files and folders that were added, written, moved or removed.
            lost: the folder has gone; once for each time it goes.
            look_ms: how often somebody looks whether it is there.
        """
        self._folder = folder
        self._began = began
        self._changed = changed
        self._lost = lost
        self._look_ms = look_ms
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sfumato watcher", daemon=True)

    def start(self) -> None:
        """Begin to listen."""
        self._thread.start()

    def close(self) -> None:
        """Stop listening and end the thread, which takes as long as `STEP_MS`."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        try:
            is_new = False
            while not self._stop.is_set():
                with suppress(FileNotFoundError):  # it has gone in this very moment
                    if self._folder.is_dir():
                        self._listen(is_new)
                is_new = True
                self._stop.wait(self._look_ms / 1000)
        except Exception:  # noqa: BLE001 - the thread's boundary
            # Such as too many watched folders: https://man7.org/linux/man-pages/man7/inotify.7.html
            _log.exception("the pictures folder is not watched: what others put there is found at the next start")

    def _listen(self, is_new: bool) -> None:
        """Listen until the folder has gone or nobody wants to know any more."""
        watched = _identity(self._folder)
        has_begun = False
        for paths in self._heard():
            if not self._folder.is_dir():
                # That all in it has gone with it is no news for anybody.
                self._lost(_gone(self._folder))
                return
            if not has_begun:
                has_begun = True
                self._began(is_new)
            if paths:
                self._changed(paths)
            if _identity(self._folder) != watched:
                return

    def _heard(self) -> Iterator[frozenset[Path]]:
        """Yield what has changed, and an empty set for each ``look_ms`` in which nothing has."""
        from watchfiles import watch  # noqa: PLC0415 - takes 30 ms, which the window's start need not wait for

        # The system tells of files by their real names.
        root = self._folder.resolve()
        changes = watch(
            root,
            watch_filter=lambda change, path: self._is_ours(change, Path(path), root),
            debounce=LONGEST_MS,
            step=STEP_MS,
            rust_timeout=self._look_ms,
            yield_on_timeout=True,
            stop_event=self._stop,
            raise_interrupt=False,
            force_polling=False,
            ignore_permission_denied=True,
        )
        for found in changes:
            yield frozenset(self._folder / Path(path).relative_to(root) for _, path in found)

    def _is_ours(self, change: Change, path: Path, root: Path) -> bool:
        """Tell whether somebody should look at a file: a picture, a folder, or something that is gone."""
        if not path.is_relative_to(root) or not is_visible(path.relative_to(root).as_posix()):
            return False
        if path.parent.resolve() != path.parent or path.is_symlink():
            return False
        # What is gone may have been a folder full of pictures.
        return path.suffix.lower() in SUFFIXES or path.is_dir() or change.raw_str() == "deleted"


def _identity(folder: Path) -> tuple[int, int] | None:
    """Return what tells a folder from another one of the same name: from one that was mounted over it, too."""
    try:
        state = folder.stat()
    except OSError:
        return None
    return state.st_dev, state.st_ino


def _gone(folder: Path) -> StorageError:
    return StorageError(
        f"The folder of the pictures {folder} is not there any more",
        "it was moved or deleted, or its drive is not connected any more",
        "Connect the drive, or put the folder back: its pictures come back by themselves",
    )
