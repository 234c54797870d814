"""Copies of pictures of the history for others, written behind the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.domain.disclosure import ExportPrivacy
from studio.domain.errors import StorageError, StudioError
from studio.domain.picture_kind import PictureKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.services.export import FileOptions
    from studio.services.history import History
    from studio.services.history_entry import Entry


@dataclass(frozen=True, slots=True)
class CopyOrder:
    """What is to be written.

    Attributes:
        ids: numbers of the pictures, at least one.
        target: the file for one picture, whose end says of what kind; the folder for several.
        privacy: how much the copies tell.
        options: quality, and the seal.
    """

    ids: tuple[int, ...]
    target: Path
    privacy: ExportPrivacy
    options: FileOptions


@dataclass(frozen=True, slots=True)
class Exported:
    """How far it is, or what came of it.

    Attributes:
        total: pictures that were asked for.
        written: copies that are there.
        refused: pictures that could not be copied.
        error: why the first of those could not; None where there is none.
        notes: what went wrong beside the pictures, in sentences, each once.
        is_stopped: whether the user did not want the rest.
    """

    total: int
    written: tuple[Path, ...] = ()
    refused: int = 0
    error: StudioError | None = None
    notes: tuple[str, ...] = ()
    is_stopped: bool = False

    @property
    def done(self) -> int:
        """Pictures that were looked at."""
        return len(self.written) + self.refused


class HistoryExport(QObject):
    """Writes one copy after the other on the reader's thread. Everything public is for the main thread.

    Signals:
        advanced: `Exported` so far.
        ended: `Exported` in the end.
    """

    advanced = Signal(object)
    ended = Signal(object)

    def __init__(
        self, disk: Background, history: Callable[[], History], reader: Background, parent: QObject | None = None
    ) -> None:
        """Stand ready.

        Args:
            disk: the thread of the history.
            history: returns it, on that thread.
            reader: the thread that reads pictures; it writes the copies.
            parent: owns this object.
        """
        super().__init__(parent)
        self._disk, self._history, self._reader = disk, history, reader
        self._is_stopped = False

    def write(self, order: CopyOrder) -> None:
        """Write copies; `ended` says what came of it."""
        self._is_stopped = False
        self.advanced.emit(Exported(len(order.ids)))
        self._disk.run(
            lambda: self._history().entries(order.ids), partial(self._begin, order), partial(self._fail, order)
        )

    def stop(self) -> None:
        """Write no more; what is there stays there."""
        self._is_stopped = True

    def _begin(self, order: CopyOrder, entries: Sequence[Entry]) -> None:
        so_far = Exported(len(order.ids))
        if lost := len(order.ids) - len(entries):
            what = "A picture is not in the history any more"
            gone = StorageError(what, "somebody removed it", "Choose another one")
            so_far = replace(so_far, refused=lost, error=gone)
        self._go_on(order, iter(entries), so_far)

    def _go_on(self, order: CopyOrder, left: Iterator[Entry], so_far: Exported) -> None:
        entry = None if self._is_stopped else next(left, None)
        if entry is None:
            self.ended.emit(replace(so_far, is_stopped=so_far.done < so_far.total))
            return
        then = partial(self._show, order, left, so_far)
        self._reader.run(partial(_written, order, entry), then, partial(self._refuse, order, left, so_far))

    def _show(
        self, order: CopyOrder, left: Iterator[Entry], so_far: Exported, copy: tuple[Path, tuple[str, ...]]
    ) -> None:
        path, notes = copy
        notes = tuple(dict.fromkeys((*so_far.notes, *notes)))
        self._tell(order, left, replace(so_far, written=(*so_far.written, path), notes=notes))

    def _refuse(self, order: CopyOrder, left: Iterator[Entry], so_far: Exported, error: StudioError) -> None:
        self._tell(order, left, replace(so_far, refused=so_far.refused + 1, error=so_far.error or error))

    def _tell(self, order: CopyOrder, left: Iterator[Entry], so_far: Exported) -> None:
        self.advanced.emit(so_far)
        self._go_on(order, left, so_far)

    def _fail(self, order: CopyOrder, error: StudioError) -> None:
        self.ended.emit(Exported(len(order.ids), refused=len(order.ids), error=error))


def _written(order: CopyOrder, entry: Entry) -> tuple[Path, tuple[str, ...]]:
    """Write one copy, on the reader's thread; return where, and what went wrong beside it."""
    from studio.services.files import write_whole  # noqa: PLC0415 - with the next one
    from studio.services.picture_copies import copied_as  # noqa: PLC0415 - knows all dialects; as the drags do

    kind = PictureKind.of(order.target) if len(order.ids) == 1 else None
    made = copied_as(entry, kind, order.privacy, order.options)
    if kind is not None:
        write_whole(order.target, made.content)
        return order.target, made.notes
    # A file of the history is named after its prompt.
    stem = entry.path.stem if order.privacy is ExportPrivacy.FULL else f"picture-{entry.id}"
    return _free(order.target, stem, made.suffix, made.content), made.notes


def _free(folder: Path, stem: str, suffix: str, content: bytes) -> Path:
    """Write a file under the first name that none has, and return it."""
    from studio.services.files import write_whole  # noqa: PLC0415 - as above

    number = 1
    while True:
        path = folder / (f"{stem}{suffix}" if number == 1 else f"{stem}-{number}{suffix}")
        try:
            write_whole(path, content, replace=False)
        except FileExistsError:
            number += 1
        else:
            return path
