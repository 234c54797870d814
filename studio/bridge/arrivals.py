"""What was dropped or pasted on its way to the canvas: fetched, read and converted behind the window."""

from __future__ import annotations

from collections import deque
from functools import partial
from pathlib import PurePath
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.bridge.aio import Fetcher
from studio.bridge.dropped import Files, HistoryDrop, Link, PictureData, PictureImage
from studio.domain.errors import StorageError, StudioError
from studio.services.picture_import import ImportedPicture, import_picture

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from studio.bridge.background import Background
    from studio.bridge.dropped import Dropped
    from studio.bridge.history_model import HistoryModel
    from studio.services.network import Network
    from studio.services.signed_sources import SignedSources

_UNNAMED: Final = "Picture"
_Outcome: TypeAlias = ImportedPicture | StudioError


class Arrivals(QObject):
    """Turns whatever was dropped or pasted into pictures, each for the purpose it was dropped for.

    The network is used for links that were handed to `take`, and for nothing else. Several files arrive together and in
    their order; those that cannot be read do not keep the others.

    Signals:
        arrived: the purpose, and a tuple of one or more `ImportedPicture`.
        failed: why something did not arrive; once for each `take` at most.
        fetching: a link, bytes received, bytes in all or -1 where the server does not say: for a progress line.
        fetch_ended: no link is being fetched any more, whether it arrived, failed or was cancelled.
    """

    arrived = Signal(object, tuple)
    failed = Signal(StudioError)
    fetching = Signal(str, int, int)
    fetch_ended = Signal()

    def __init__(
        self,
        reader: Background,
        history: HistoryModel,
        parent: QObject | None = None,
        network: Network | None = None,
        signed: SignedSources | None = None,
    ) -> None:
        """Make everything ready; nothing is loaded or connected.

        Args:
            reader: the thread that reads pictures; closed after this object.
            history: knows the files of its own pictures.
            parent: owns this object.
            network: how hosts are found; the real network where None.
            signed: keeps what carries Content Credentials; None to let them go.
        """
        super().__init__(parent)
        self._reader = reader
        self._history = history
        self._import = partial(_imported, signed)
        self._fetcher = Fetcher(self, network)
        self._expected: deque[tuple[object, str]] = deque()
        self._fetcher.progressed.connect(self.fetching)
        self._fetcher.fetched.connect(self._on_fetched)
        self._fetcher.failed.connect(self._on_fetch_failed)
        self._fetcher.busy_changed.connect(self._on_busy)

    def take(self, what: Dropped, purpose: object) -> None:
        """Begin with something that was dropped or pasted; `arrived` or `failed` comes later.

        Args:
            what: it.
            purpose: handed back with it.
        """
        match what:
            case Files(paths):
                self._read([partial(self._import, path) for path in paths], purpose)
            case HistoryDrop(ids):
                self._take_history(ids, purpose)
            case PictureData(data, name):
                self._read([partial(self._import, data, _title(name))], purpose)
            case PictureImage(image, name):
                self._read([partial(_from_image, image, _title(name))], purpose)
            case Link(url):
                self._expected.append((purpose, _title(what.name)))
                self._fetcher.fetch(url)
            case _:
                assert_never(what)

    def cancel(self) -> None:
        """Fetch no link of those taken so far. What is being read from the disk still arrives."""
        self._expected.clear()
        self._fetcher.cancel()

    def close(self) -> None:
        """Cancel what is being fetched and close every connection. Before the reader is closed."""
        self._expected.clear()
        self._fetcher.close()

    def _take_history(self, ids: Sequence[int], purpose: object) -> None:
        files = {entry.id: entry.path for entry in self._history.entries}
        self._read([partial(_from_history, files.get(entry_id)) for entry_id in ids], purpose)

    def _read(self, readings: Sequence[Callable[[], ImportedPicture]], purpose: object) -> None:
        self._reader.run(partial(_outcomes, readings), partial(self._deliver, purpose), self.failed.emit)

    def _deliver(self, purpose: object, outcomes: Sequence[_Outcome]) -> None:
        pictures = tuple(each for each in outcomes if isinstance(each, ImportedPicture))
        errors = [each for each in outcomes if isinstance(each, StudioError)]
        if pictures:
            self.arrived.emit(purpose, pictures)
        if errors:
            self.failed.emit(_all_in_one(errors, len(outcomes)))

    def _on_fetched(self, _: str, data: bytes) -> None:
        purpose, name = self._expected.popleft()
        self._read([partial(self._import, data, name)], purpose)

    def _on_fetch_failed(self, error: StudioError) -> None:
        self._expected.popleft()
        self.failed.emit(error)

    def _on_busy(self, is_busy: bool) -> None:
        if not is_busy:
            self.fetch_ended.emit()


def _outcomes(readings: Sequence[Callable[[], ImportedPicture]]) -> list[_Outcome]:
    """Do all readings, on the reader's thread; the errors stand in the places of their pictures."""
    outcomes: list[_Outcome] = []
    for read in readings:
        try:
            outcomes.append(read())
        except StudioError as error:
            outcomes.append(error)
    return outcomes


def _imported(signed: SignedSources | None, source: Path | bytes, name: str = "") -> ImportedPicture:
    """Return a picture from outside; its file is kept where it carries Content Credentials."""
    picture = import_picture(source, name)
    if signed is not None:
        signed.keep(source, picture)
    return picture


def _from_history(path: Path | None) -> ImportedPicture:
    if path is None:
        what = "The picture is not in the history any more"
        raise StorageError(what, "somebody removed it", "Choose another one")
    return import_picture(path)


def _from_image(image: QImage, name: str) -> ImportedPicture:
    """Return the picture of pixels alone."""
    straight = image.convertToFormat(QImage.Format.Format_RGBA8888)
    width, height = straight.width(), straight.height()
    rows = np.frombuffer(straight.constBits(), np.uint8).reshape(height, straight.bytesPerLine())
    return ImportedPicture(rows[:, : 4 * width].reshape(height, width, 4).copy(), name, (), {})


def _title(name: str) -> str:
    return PurePath(name).stem or _UNNAMED


def _all_in_one(errors: Sequence[StudioError], count: int) -> StudioError:
    """Return the first error, with words for the others: one message is read, five are not."""
    first = errors[0]
    if count == 1:
        return first
    what = f"{len(errors)} of {count} pictures cannot be read"
    return type(first)(what, f"{first.what}: {first.why}" if first.why else first.what, first.remedy)
