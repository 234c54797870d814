"""Dragging pictures out: they arrive as PNG files with their metadata."""

from __future__ import annotations

import logging
import re
import shutil
import tempfile
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMimeData, QUrl
from PySide6.QtGui import QImage
from typing_extensions import override

from studio.bridge.dropped import HISTORY_MIME, PNG_MIME, URI_LIST, history_ids
from studio.domain.errors import StudioError
from studio.domain.picture_kind import PictureKind
from studio.services.files import unwritable, write_whole

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtCore import QMetaType

    from studio.services.history_entry import Entry
    from studio.services.picture_copies import PictureCopy

_QT_IMAGE: Final = "application/x-qt-image"
_FORMATS: Final = (URI_LIST, PNG_MIME, _QT_IMAGE)
_NAME_LENGTH: Final = 60
_PREFIX: Final = "drag-"
_STALE_S: Final = 7 * 24 * 3600
"""After a week without a drag a session's files are taken for those of one that crashed."""
_log = logging.getLogger("sfumato.drag")


class DragOut:
    """Makes the files of pictures that are dragged out of the window, and deletes them when the session closes.

    A file is made on a thread of its own while the pointer is still on its way. Who asks for it earlier, on the main
    thread, waits for it: a drag's receiver is answered at once or not at all.
    """

    def __init__(self, folder: Path) -> None:
        """Make everything ready; nothing is written before something is dragged.

        Args:
            folder: of things that can be made again; a new folder for this session is made in it.
        """
        self._parent = folder
        self._folder: Path | None = None
        self._executor: ThreadPoolExecutor | None = None

    def picture(self, name: str, image: QImage, png: Callable[[], bytes]) -> QMimeData:
        """Return what to drag for a picture that has no file yet, such as a layer.

        Args:
            name: of the file, without suffix; what no file system takes is left out.
            image: its pixels, for programs that want no file.
            png: makes the PNG file with its metadata; called once, on another thread.
        """
        return _Made(self._run(partial(self._write, file_name(name), png)), image)

    def copies(self, entries: Sequence[Entry], copy: Callable[[Entry], PictureCopy]) -> QMimeData:
        """Return what to drag for pictures of the history whose own files tell too much.

        Args:
            entries: the pictures.
            copy: makes the file of one, which is named by its number; called once for each, on another thread.
        """
        return _Copied([entry.id for entry in entries], [self._run(partial(self._copy, one, copy)) for one in entries])

    def close(self) -> None:
        """Finish what is being written and delete all files of this session."""
        if self._executor is not None:
            self._executor.shutdown()
            self._executor = None
        if self._folder is not None:
            shutil.rmtree(self._folder, ignore_errors=True)
            self._folder = None

    def _run(self, work: Callable[[], tuple[Path, bytes]]) -> Future[tuple[Path, bytes]]:
        self._executor = self._executor or ThreadPoolExecutor(1, thread_name_prefix="sfumato drag")
        return self._executor.submit(work)

    def _copy(self, entry: Entry, copy: Callable[[Entry], PictureCopy]) -> tuple[Path, bytes]:
        made = copy(entry)
        for note in made.notes:
            _log.warning("%s", note)
        # A file of the history is named after its prompt.
        return self._write(f"picture-{entry.id}{made.suffix}", lambda: made.content)

    def _write(self, name: str, png: Callable[[], bytes]) -> tuple[Path, bytes]:
        """Write the file under a name of its own, since who receives it copies it under that name. On the thread.

        Raises:
            UnwritablePlace: the folder cannot be written.
        """
        content = png()
        try:
            if self._folder is None:
                # One for each session: two windows must not delete each other's files.
                self._parent.mkdir(parents=True, exist_ok=True)
                _clear(self._parent)
                self._folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=self._parent))
            path = Path(tempfile.mkdtemp(dir=self._folder)) / name
        except OSError as error:
            raise unwritable(self._parent, error) from error
        write_whole(path, content)
        return path, content


def _clear(parent: Path) -> None:
    """Delete what sessions that crashed have left."""
    for folder in parent.glob(f"{_PREFIX}*"):
        # Another window may delete it between the two looks.
        with suppress(OSError):
            if time.time() - folder.stat().st_mtime > _STALE_S:
                shutil.rmtree(folder, ignore_errors=True)


def history_data(entries: Sequence[Entry]) -> QMimeData:
    """Return what to drag for pictures of the history: their own files, and for this program their numbers."""
    files = [entry.path for entry in entries]
    mime = _Kept(files)
    mime.setData(HISTORY_MIME, history_ids(entry.id for entry in entries))
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in files])
    return mime


def file_name(title: str) -> str:
    """Return a title as the name of a PNG file on any system: no separators, no control characters, not long."""
    words = re.sub(r'[\x00-\x1f\x7f<>:"/\\|?*]+', " ", title.encode(errors="replace").decode())
    return f"{' '.join(words.split())[:_NAME_LENGTH].strip(' .') or 'picture'}.png"


class _Made(QMimeData):
    """A picture whose file is being made."""

    def __init__(self, file: Future[tuple[Path, bytes]], image: QImage) -> None:
        super().__init__()
        self._file = file
        self._image = image

    @override
    def formats(self) -> list[str]:
        return list(_FORMATS)

    @override
    def retrieveData(self, mimetype: str, preferredType: QMetaType | QMetaType.Type, /) -> object:
        if mimetype == _QT_IMAGE:
            return self._image
        if mimetype not in _FORMATS:
            return None
        try:
            path, png = self._file.result()
        except StudioError:
            _log.exception("a picture could not be dragged out")
            return None
        if mimetype == PNG_MIME:
            return QByteArray(png)
        return [QUrl.fromLocalFile(str(path))]


class _Copied(QMimeData):
    """Pictures of the history whose copies are being made; a single one is also offered as data.

    This program takes them by their numbers.
    """

    def __init__(self, entry_ids: list[int], files: list[Future[tuple[Path, bytes]]]) -> None:
        super().__init__()
        self._files = files
        self.setData(HISTORY_MIME, history_ids(entry_ids))

    @override
    def formats(self) -> list[str]:
        return [HISTORY_MIME, URI_LIST, *((PNG_MIME, _QT_IMAGE) if len(self._files) == 1 else ())]

    @override
    def retrieveData(self, mimetype: str, preferredType: QMetaType | QMetaType.Type, /) -> object:
        if mimetype not in _FORMATS or mimetype not in self.formats():
            return super().retrieveData(mimetype, preferredType)
        try:
            made = [file.result() for file in self._files]
        except StudioError:
            _log.exception("pictures of the history could not be dragged out")
            return None
        if mimetype == URI_LIST:
            return [QUrl.fromLocalFile(str(path)) for path, _ in made]
        _, content = made[0]
        image = QImage.fromData(content)
        return image if mimetype == _QT_IMAGE else QByteArray(_as_png(content, image))


def _as_png(content: bytes, image: QImage) -> bytes:
    """Return a PNG file of a picture of another kind; who wants its file as it is takes that by its link."""
    if PictureKind.of_content(content) is PictureKind.PNG:
        return content
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, b"PNG")
    return bytes(buffer.data().data())


class _Kept(QMimeData):
    """Pictures that have files; a single one is also offered as data, which is read when somebody wants it."""

    def __init__(self, files: list[Path]) -> None:
        super().__init__()
        self._file = files[0] if len(files) == 1 else None

    @override
    def formats(self) -> list[str]:
        return [*super().formats(), *((PNG_MIME, _QT_IMAGE) if self._file is not None else ())]

    @override
    def retrieveData(self, mimetype: str, preferredType: QMetaType | QMetaType.Type, /) -> object:
        if self._file is not None and mimetype in {PNG_MIME, _QT_IMAGE}:
            try:
                content = self._file.read_bytes()
            except OSError:
                _log.exception("a picture of the history could not be dragged out")
                return None
            image = QImage.fromData(content)
            return image if mimetype == _QT_IMAGE else QByteArray(_as_png(content, image))
        return super().retrieveData(mimetype, preferredType)
