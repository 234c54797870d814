"""What the actions do with files and the clipboard."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.bridge.document_keeper import FLAT_SUFFIXES, ExportSettings
from studio.bridge.dropped import clipboard_data
from studio.domain.errors import StudioError
from studio.domain.picture_kind import PictureKind
from studio.services.document_opening import DOCUMENT_SUFFIX
from studio.services.export import FileOptions, pixels_of_selection
from studio.services.provenance import Cut
from studio.services.sealing import unsealed
from studio.ui.ways_out import DiscardDocument, SaveDocument

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.bridge.outgoing import Outgoing
    from studio.bridge.session import Session
    from studio.domain.canvas.layer import Layer
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Rect
    from studio.ui.canvas.drop_zones import DropZones
    from studio.ui.export_options import ExportChoice
    from studio.ui.intake import Intake
    from studio.ui.message_bar import MessageBar

_DOCUMENTS: Final = "OpenRaster document (*.ora)"
_OPENED: Final = "Documents and pictures (*.ora *.psd *.png *.jpg *.jpeg *.webp *.avif *.tif *.tiff *.bmp *.gif)"
_EXPORTED: Final = ("PNG (*.png)", "JPEG (*.jpg)", "WebP (*.webp)", "Photoshop document with layers (*.psd)")
_SUFFIXES: Final = {
    _DOCUMENTS: DOCUMENT_SUFFIX,
    _EXPORTED[0]: ".png",
    _EXPORTED[1]: ".jpg",
    _EXPORTED[2]: ".webp",
    _EXPORTED[3]: ".psd",
}
_NOTHING: Final = StudioError(
    "Nothing is painted on the canvas yet",
    "Pictures that wait to be chosen, and those of the history, are no part of it",
    "Put the one that you see on a layer (Enter), then export",
)


@dataclass(frozen=True, eq=False)
class FileCommands:
    """Asks for paths, and has the session read and write.

    Attributes:
        window: what dialogues belong to.
        session: reads and writes behind the window.
        intake: takes pictures onto the canvas.
        drop_zones: reads the clipboard.
        messages: asks what to do with a document that no file has.
    """

    window: QWidget
    session: Session
    intake: Intake
    drop_zones: DropZones
    messages: MessageBar

    def new(self) -> None:
        """Begin an empty document, with a frame like the one that is there."""
        self._leave(self.session.begin_document)

    def open(self) -> None:
        """Ask for a document, or a picture to begin one with."""
        name, _ = QFileDialog.getOpenFileName(self.window, "Open", str(self._folder), _OPENED)
        if name:
            self.open_path(Path(name))

    def open_path(self, path: Path) -> None:
        """Open a document, or a picture as the first layer of one."""
        self._leave(partial(self.session.documents.open, path))

    def save(self) -> None:
        """Save the document into its file; ask for one where it has none."""
        if self.session.documents.path is None:
            self.save_as()
        else:
            self.session.documents.save()

    def save_as(self) -> None:
        """Ask for a file and save the document into it from now on."""
        start = self.session.documents.path or self._folder / "Untitled.ora"
        if (path := self._ask("Save", start, _DOCUMENTS)) is not None:
            self.session.documents.save(path)

    def export(self) -> None:
        """Ask for a file and write everything that is painted as one picture, or its layers for Photoshop."""
        self._export(None)

    def export_frame(self) -> None:
        """Ask for a file and write what the frame shows."""
        self._export(self.session.canvas.state.frame)

    def place(self) -> None:
        """Ask for picture files and put each on a layer of its own."""
        names, _ = QFileDialog.getOpenFileNames(self.window, "Place pictures as layers", str(self._folder))
        if names:
            self.intake.place(tuple(Path(name) for name in names))

    def copy(self) -> None:
        """Put what is selected of the active layer on the clipboard; without a selection, all of it."""
        self._copy(self.session.canvas.state.active_layer)

    def copy_visible(self) -> None:
        """Put what is seen of all layers on the clipboard, within the selection where there is one."""
        self._copy(None)

    def paste(self) -> None:
        """Put the clipboard's picture on a layer of its own."""
        self.drop_zones.paste()

    @property
    def _folder(self) -> Path:
        path = self.session.documents.path
        return Path.home() if path is None else path.parent

    def _leave(self, go_on: Callable[[], object]) -> None:
        """Do something that ends the open document; ask first where something would be lost by it."""
        if self.session.documents.is_modified and not self.session.canvas.state.is_blank:
            what = "The document has changes that no file has"
            why = "They would be lost. Save them first, or let them go"
            self.messages.show_question(what, why, (SaveDocument(), DiscardDocument(go_on)))
        else:
            go_on()

    def _export(self, area: Rect | None) -> None:
        # A proposal, or a picture of the history in passing, is seen on the canvas and is no part of it.
        if all(layer.pixels.is_empty for layer in self.session.canvas.state.layers):
            self.messages.show_error(_NOTHING, ())
            return
        stem = "picture" if self.session.documents.path is None else self.session.documents.path.stem
        kinds = _EXPORTED if area is None else _EXPORTED[:-1]
        path = self._ask("Export", self._folder / f"{stem}.png", *kinds)
        if path is None:
            return
        if not any(path.suffix.lower() in kind.suffixes for kind in PictureKind):
            privacy = self.session.settings.export_privacy
            known = ExportSettings(area, provenance=self.session.provenance, privacy=privacy)
            self.session.documents.export(path, known)
            return
        from studio.ui.export_options import ExportChoice, ExportOptions  # noqa: PLC0415 - the window's start need not wait for it

        settings = self.session.settings
        begun = ExportChoice(settings.export_privacy, settings.export_quality, settings.sign_exports)
        sheet = ExportOptions(path, begun, self.window)
        sheet.confirmed.connect(partial(self._write, path, area))
        sheet.open()

    def _write(self, path: Path, area: Rect | None, choice: ExportChoice) -> None:
        session = self.session
        session.update_settings(
            export_privacy=choice.privacy, export_quality=choice.quality, sign_exports=choice.is_signed
        )
        options = FileOptions(choice.quality, session.outgoing.seal)
        session.documents.export(path, ExportSettings(area, options, session.provenance, choice.privacy))

    def _ask(self, title: str, start: Path, *kinds: str) -> Path | None:
        """Ask where to write; a name without an end gets that of its kind. None: nowhere."""
        while True:
            name, kind = QFileDialog.getSaveFileName(self.window, title, str(start), ";;".join(kinds))
            path = Path(name)
            if not name or path.suffix.lower() in {*FLAT_SUFFIXES, DOCUMENT_SUFFIX}:
                return path if name else None
            path = path.with_name(path.name + _SUFFIXES.get(kind, _SUFFIXES[kinds[0]]))
            if not path.exists():
                return path
            # The dialogue has asked about the short name: it asks again, about the one that would be replaced.
            start = path

    def _copy(self, layer: Layer | None) -> None:
        # Packing a large picture, and unpacking it, takes a moment.
        # What is on the clipboard is no file yet, and Content Credentials would not outlive most places it goes to.
        outgoing = replace(self.session.outgoing, seal=unsealed)
        pack = partial(_packed, self.session.canvas.state, layer, outgoing)
        self.session.reader.run(pack, _put_on_clipboard, self.session.troubled.emit)


def _packed(state: CanvasState, layer: Layer | None, outgoing: Outgoing) -> tuple[QImage, bytes]:
    pixels, area = pixels_of_selection(state, layer)
    png = outgoing.png(Cut(pixels, state, area, layer))
    return QImage.fromData(png), png


def _put_on_clipboard(packed: tuple[QImage, bytes]) -> None:
    QGuiApplication.clipboard().setMimeData(clipboard_data(*packed))
