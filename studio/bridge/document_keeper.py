"""Opens, saves and exports the canvas behind the window, and keeps a copy that outlives a crash."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge.document_copy import COPY_AFTER_MS, DocumentCopy
from studio.domain.canvas.state import CanvasState
from studio.domain.disclosure import UNKNOWN, Disclosure, ExportPrivacy
from studio.domain.errors import InvalidEdit, InvalidSetting, StudioError
from studio.services.canvas_document import OpenedDocument, StoredDocument
from studio.services.document_opening import DOCUMENT_SUFFIX, read_document
from studio.services.export import (
    PLAIN,
    FileOptions,
    area_of_canvas,
    export_picture,
    pixels_of_canvas,
    with_plain_names,
)
from studio.services.png_planes import PlanePngs
from studio.services.provenance import Cut

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic import JsonValue

    from studio.bridge.background import Background
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.domain.geometry import Rect
    from studio.services.openraster import OpenRasterWriter
    from studio.services.provenance import Provenance
    from studio.services.signed_sources import SignedSources

_KEPT: Final = "kept"
"""Of what the copy's settings hold beside the window's own."""
FLAT_SUFFIXES: Final = {".png", ".jpg", ".jpeg", ".webp", ".psd", ".psb", ".gif", ".bmp", ".tif", ".tiff", ".avif"}
"""Ends of names that promise something else than a document."""


@dataclass(frozen=True, slots=True)
class ExportSettings:
    """How a picture is exported.

    Attributes:
        area: which part of the canvas; None for all that is painted.
        options: quality and Content Credentials.
        provenance: knows how pictures were painted; None: nothing is said about that.
        privacy: how much of it is told.
    """

    area: Rect | None = None
    options: FileOptions = PLAIN
    provenance: Provenance | None = None
    privacy: ExportPrivacy = ExportPrivacy.FULL


class DocumentKeeper(QObject):
    """Knows the document's file, and whether that is up to date. Main thread only; files on the disk's thread.

    Whatever is written is a snapshot: painting goes on meanwhile, and a file never holds half of a stroke that came
    later. Whatever cannot be read leaves the open document as it is.

    Signals:
        opened: another document is in the store: what was read, and its file. Show its notes and take over its
            settings.
        restored: the document of the last time is in the store, with what was set beside it.
        begun: there was no document of the last time, or it could not be read; the store is as it was.
        saved: the document's file, which is up to date.
        exported: the file, and a tuple of sentences on what it does not hold.
        failed: why something could not be opened, saved or exported.
        file_changed: `path` or `is_modified` is another one now.
        busy_changed: whether something is being opened, saved or exported.
    """

    opened = Signal(OpenedDocument, Path)
    restored = Signal(OpenedDocument)
    begun = Signal()
    saved = Signal(Path)
    exported = Signal(Path, tuple)
    failed = Signal(StudioError)
    file_changed = Signal()
    busy_changed = Signal(bool)

    def __init__(
        self,
        store: CanvasStore,
        copy: Path,
        disk: Background,
        settings: Callable[[], Mapping[str, JsonValue]],
        frame_in: Callable[[Rect], Rect],
        copy_after_ms: int = COPY_AFTER_MS,
        parent: QObject | None = None,
        signed: SignedSources | None = None,
    ) -> None:
        """Make everything ready; nothing is read, and nothing is written before `restore`.

        Args:
            store: holds the document.
            copy: where the copy lies, `Paths.document`.
            disk: the thread that writes; closed after this object.
            settings: what is set beside the canvas and belongs into the file: prompt, steps and the like.
            frame_in: gives a frame to a picture of another program, which knows none.
            copy_after_ms: from the first change to the copy; more where writing takes long.
            parent: owns this object.
            signed: keeps pictures that carry Content Credentials; None to let them go.
        """
        super().__init__(parent)
        self._signed = signed
        self._store, self._disk, self._settings, self._frame_in = store, disk, settings, frame_in
        self._pngs = pngs = PlanePngs()
        self._writer: OpenRasterWriter | None = None
        self._copy = DocumentCopy(
            copy, disk, self._copied_document, lambda: not store.is_in_gesture, pngs, copy_after_ms, self
        )
        self._copy.failed.connect(self.failed)
        self._path: Path | None = None
        self._saved_revision = store.revision
        self._document_number = 0
        self._running = 0
        self._told = (self._path, False)
        store.changed.connect(self._on_changed)
        store.replaced.connect(self._on_replaced)

    @property
    def path(self) -> Path | None:
        """The document's file; None before it has one."""
        return self._path

    @property
    def is_modified(self) -> bool:
        """Whether the file, or an empty document where there is none, differs from the canvas."""
        return self._store.revision != self._saved_revision

    @property
    def is_busy(self) -> bool:
        """Whether something is being opened, saved or exported."""
        return self._running > 0

    def restore(self) -> None:
        """Bring back the document of the last time; `restored` or `begun` follows, and only then is anything copied."""
        self._copy.read(partial(self._show_restored, self._store.revision), self._give_up_restoring)

    def begin(self, state: CanvasState | None = None) -> None:
        """Begin a document without a file."""
        self._enter(CanvasState() if state is None else state, None)

    def open(self, path: Path) -> None:
        """Open a document or a picture; `opened` follows, or `failed`, as where the open one changes meanwhile."""
        self._run(partial(read_document, path, self._signed), partial(self._show_opened, path, self._store.revision))

    def save(self, path: Path | None = None) -> None:
        """Save the document; `saved` or `failed` follows.

        Args:
            path: where from now on; None for its own file. The end of an OpenRaster file is added where none is.

        Raises:
            ValueError: it has no file yet, and none is named; a programming error.
        """
        path = path or self._path
        if path is None:
            message = "a document without a file cannot be saved; ask for one"
            raise ValueError(message)
        if path.suffix.lower() in FLAT_SUFFIXES:
            self.failed.emit(_not_a_document(path))
            return
        if path.suffix.lower() != DOCUMENT_SUFFIX:
            path = path.with_name(path.name + DOCUMENT_SUFFIX)
        document = StoredDocument(self._store.state, dict(self._settings()))
        then = partial(self._show_saved, path, self._store.revision, self._document_number)
        self._run(partial(self._write, path, document), then)

    def export(self, path: Path, settings: ExportSettings | None = None) -> None:
        """Export what the canvas shows as PNG, JPEG or WebP, or its layers as PSD; `exported` or `failed` follows."""
        work = partial(_export, path, self._store.state, settings or ExportSettings())
        self._run(work, partial(self.exported.emit, path))

    def note_settings(self) -> None:
        """Hear that something beside the canvas was set, which the copy is to have."""
        self._copy.ask()

    def close(self) -> None:
        """Write the copy one last time where it is out of date. Before the disk's thread is closed."""
        self._store.changed.disconnect(self._on_changed)
        self._store.replaced.disconnect(self._on_replaced)
        self._copy.close()

    # --- opening

    def _show_opened(self, path: Path, revision: int, document: OpenedDocument) -> None:
        if self.is_modified and self._store.revision != revision:
            # What there was at the press may be lost, and nothing that was painted since.
            why = "the document that is open was changed while it was being read"
            self.failed.emit(InvalidEdit(f"{path.name} was not opened", why, "Open it again"))
            return
        # A file of another program is not written over without being asked: what it holds beside would be lost.
        own = path if path.suffix.lower() == DOCUMENT_SUFFIX and document.is_own else None
        state = document.document.state
        self._enter(state if document.is_own else replace(state, frame=self._frame_in(document.area)), own)
        self.opened.emit(document, path)

    def _show_restored(self, revision: int, opened: OpenedDocument | None) -> None:
        if opened is None:
            self._begin_anew()
        elif self._store.revision != revision:
            # Somebody painted before it came, or opened something: both are worth keeping.
            self._copy.set_aside(self._begin_beside)
        else:
            settings = dict(opened.document.settings)
            path, is_modified = _kept_of(settings.pop(_KEPT, None))
            self._enter(opened.document.state, path)
            self._saved_revision = -1 if is_modified else self._saved_revision
            self._copy.begin(is_current=True)
            self._tell()
            self.restored.emit(replace(opened, document=replace(opened.document, settings=settings)))

    def _give_up_restoring(self, error: StudioError) -> None:
        self._copy.set_aside(lambda _: self._begin_anew())
        self.failed.emit(error)

    def _begin_beside(self, aside: Path | None) -> None:
        self._begin_anew()
        if aside is not None:
            what = "The document of the last time was not brought back"
            self.failed.emit(InvalidEdit(what, "something was painted or opened before it was read", f"Open {aside}"))

    def _begin_anew(self) -> None:
        self._copy.begin(is_current=False)
        self.begun.emit()

    def _enter(self, state: CanvasState, path: Path | None) -> None:
        self._document_number += 1
        self._store.replace(state)
        self._path, self._saved_revision = path, self._store.revision
        self._tell()
        self._copy.ask()

    # --- saving

    def _show_saved(self, path: Path, revision: int, document_number: int, _: object) -> None:
        if document_number == self._document_number:
            self._path, self._saved_revision = path, revision
            self._tell()
            self._copy.ask()
        self.saved.emit(path)

    def _on_changed(self, change: Change) -> None:
        if change.is_content:
            self._tell()
            self._copy.ask()

    def _on_replaced(self) -> None:
        self._tell()
        self._copy.ask()

    def _copied_document(self) -> StoredDocument:
        """Return what the copy is to hold, the document's file included."""
        kept: JsonValue = {"path": str(self._path) if self._path else None, "is_modified": self.is_modified}
        return StoredDocument(self._store.state, {**self._settings(), _KEPT: kept})

    def _tell(self) -> None:
        if (told := (self._path, self.is_modified)) != self._told:
            self._told = told
            self.file_changed.emit()

    # --- on the disk's thread and back

    def _write(self, path: Path, document: StoredDocument) -> None:
        from studio.services.openraster import OpenRasterWriter  # noqa: PLC0415 - not for the window's start

        self._writer = self._writer or OpenRasterWriter(self._pngs)
        self._writer.write(path, document)

    def _run(self, work: Callable[[], object], then: Callable[..., object]) -> None:
        self._running += 1
        if self._running == 1:
            self.busy_changed.emit(True)
        self._disk.run(work, partial(self._come_back, then), partial(self._come_back, self.failed.emit))

    def _come_back(self, then: Callable[..., object], result: object) -> None:
        self._running -= 1
        then(result)
        if self._running == 0:
            self.busy_changed.emit(False)


def _export(path: Path, state: CanvasState, settings: ExportSettings) -> tuple[str, ...]:
    match path.suffix.lower():
        case ".psd":
            from studio.services.layered_psd import write_psd  # noqa: PLC0415 - loads psd-tools, an eighth of a second

            told = _told(state, settings)
            return (*write_psd(path, _layers(state, settings), told.xmp), *_renamed(settings))
        case ".ora":
            from studio.services.openraster import OpenRasterWriter  # noqa: PLC0415 - as above

            OpenRasterWriter().write(path, StoredDocument(_layers(state, settings)))
            return _renamed(settings)
        case _:
            area = area_of_canvas(state, settings.area)
            pixels = pixels_of_canvas(state, area)
            cut = Cut(pixels, state, area)
            known = UNKNOWN if settings.provenance is None else settings.provenance.disclosure(cut, settings.privacy)
            return export_picture(path, pixels, known, settings.options)


def _told(state: CanvasState, settings: ExportSettings) -> Disclosure:
    """Return what a file of layers tells."""
    if settings.provenance is None:
        return Disclosure(privacy=settings.privacy)
    return settings.provenance.of_canvas(state, area_of_canvas(state), settings.privacy)


def _layers(state: CanvasState, settings: ExportSettings) -> CanvasState:
    return state if settings.privacy is ExportPrivacy.FULL else with_plain_names(state)


def _renamed(settings: ExportSettings) -> tuple[str, ...]:
    said = "The layers are called by their place: their own names may hold prompts."
    return () if settings.privacy is ExportPrivacy.FULL else (said,)


def _kept_of(kept: JsonValue) -> tuple[Path | None, bool]:
    """Return the document's file, and whether it was modified since that was saved."""
    if not isinstance(kept, dict):
        return None, True
    path = kept.get("path")
    return Path(path) if isinstance(path, str) else None, kept.get("is_modified") is not False


def _not_a_document(path: Path) -> InvalidSetting:
    return InvalidSetting(
        f"A document cannot be saved as \u201c{path.suffix}\u201d",
        "only OpenRaster keeps layers, mask, frame and settings",
        "Save it as .ora, and export the picture",
    )
