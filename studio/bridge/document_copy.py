"""The copy of the open document that outlives a crash: written shortly after each change, read at the next start."""

from __future__ import annotations

import logging
import time
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import StudioError
from studio.services.own_file import OwnFile

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.canvas_document import OpenedDocument, StoredDocument
    from studio.services.openraster import OpenRasterWriter
    from studio.services.png_planes import PlanePngs

COPY_AFTER_MS: Final = 2_000
"""From the first change to the copy: what a crash may cost."""
_REST: Final = 5
"""Times as long as writing took: the copy may cost a sixth of one core's time, however large the document is."""
_IN_GESTURE_MS: Final = 500
_log = logging.getLogger("sfumato.document")


class DocumentCopy(QObject):
    """Writes the copy where it is out of date. Main thread only; the file on the disk's thread.

    Nothing is written before `begin`: the copy of the last time must be read first.

    Signals:
        failed: the copy could not be written; once, until it can be again.
    """

    failed = Signal(StudioError)

    def __init__(
        self,
        path: Path,
        disk: Background,
        content: Callable[[], StoredDocument],
        is_resting: Callable[[], bool],
        pngs: PlanePngs,
        after_ms: int = COPY_AFTER_MS,
        parent: QObject | None = None,
    ) -> None:
        """Make everything ready.

        Args:
            path: where it lies; beside that where another window of the same user has it.
            disk: the thread that reads and writes; closed after this object.
            content: what to write.
            is_resting: whether the document is not in the middle of an edit.
            pngs: shared with who saves the same document on that thread.
            after_ms: from the first change to the copy.
            parent: owns this object.
        """
        super().__init__(parent)
        # Asked for its path on the disk's thread alone.
        self._file = OwnFile(path)
        self._disk, self._content, self._is_resting = disk, content, is_resting
        self._pngs = pngs
        self._writer: OpenRasterWriter | None = None
        self._may_write = self._is_closed = False
        self._is_writing = False
        self._is_stale = False
        self._has_failed = False
        self._after_ms = self._rest_ms = after_ms
        self._timer = QTimer(self, singleShot=True)
        self._timer.timeout.connect(self._write)

    def read(self, then: Callable[[OpenedDocument | None], object], otherwise: Callable[[StudioError], object]) -> None:
        """Read the copy of the last time; None where there is none."""
        self._disk.run(partial(_read, self._file), then, otherwise)

    def set_aside(self, then: Callable[[Path | None], object]) -> None:
        """Keep the copy of the last time under another name, so that the next one does not replace it.

        Args:
            then: called with that name; None where that could not be done.
        """
        self._disk.run(partial(_move_aside, self._file), then, lambda _: then(None))

    def begin(self, *, is_current: bool) -> None:
        """Write from now on; the copy says already what the document holds, or does not."""
        if self._is_closed:
            return  # the copy of the last time came only after the window was closed again
        self._may_write = True
        if self._is_stale and not is_current:
            self.ask()
        self._is_stale = False

    def ask(self) -> None:
        """Hear that the copy is out of date."""
        if self._is_writing or not self._may_write:
            self._is_stale = True
        elif not self._timer.isActive():
            self._timer.start(self._rest_ms)

    def close(self) -> None:
        """Write the copy one last time where it is out of date, also in the middle of an edit, and never again."""
        is_due = self._may_write and (self._timer.isActive() or self._is_stale)
        self._timer.stop()
        self._may_write, self._is_closed = False, True
        if is_due:
            self._disk.run(partial(self._save, self._content()), None, _log_failure)
        self._disk.run(self._file.release)

    def _write(self) -> None:
        if not self._is_resting():
            self._timer.start(_IN_GESTURE_MS)
            return
        self._is_writing = True
        work = partial(_timed, partial(self._save, self._content()))
        self._disk.run(work, self._on_written, self._on_failed)

    def _save(self, document: StoredDocument) -> None:
        from studio.services.openraster import OpenRasterWriter  # noqa: PLC0415 - not for the window's start

        self._writer = self._writer or OpenRasterWriter(self._pngs, is_for_others=False)
        self._writer.write(self._file.path, document)

    def _on_written(self, seconds: float) -> None:
        self._has_failed = False
        self._rest_ms = max(self._after_ms, int(seconds * 1000) * _REST)
        self._end()

    def _on_failed(self, error: StudioError) -> None:
        if not self._has_failed:
            # Once, and not every two seconds for as long as the disk is full.
            self._has_failed = True
            self.failed.emit(error)
        self._is_stale = True
        self._end()

    def _end(self) -> None:
        self._is_writing = False
        if self._is_stale and self._may_write:
            self._is_stale = False
            self.ask()


def _read(file: OwnFile) -> OpenedDocument | None:
    from studio.services.openraster_reading import read_openraster  # noqa: PLC0415 - loaded with the first copy, on the disk's thread

    return read_openraster(file.path) if file.path.exists() else None


def _move_aside(file: OwnFile) -> Path:
    return file.path.replace(file.path.with_name(f"{file.path.stem}.old{file.path.suffix}"))


def _timed(work: Callable[[], object]) -> float:
    """Do it and return the seconds that it took."""
    start = time.monotonic()
    work()
    return time.monotonic() - start


def _log_failure(error: StudioError) -> None:
    _log.error("the last copy of the document could not be written: %s", error)
