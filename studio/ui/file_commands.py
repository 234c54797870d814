"""What the actions do with files and the clipboard."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.bridge.dropped import clipboard_data
from studio.services.export import png_of_selection

if TYPE_CHECKING:
    from studio.bridge.session import Session
    from studio.domain.canvas.layer import Layer
    from studio.ui.canvas.drop_zones import DropZones
    from studio.ui.intake import Intake


@dataclass(frozen=True, eq=False)
class FileCommands:
    """Asks for paths, and has the session read and write.

    Attributes:
        window: what dialogues belong to.
        session: reads and writes behind the window.
        intake: takes pictures onto the canvas.
        drop_zones: reads the clipboard.
    """

    window: QWidget
    session: Session
    intake: Intake
    drop_zones: DropZones

    def place(self) -> None:
        """Ask for picture files and put each on a layer of its own."""
        names, _ = QFileDialog.getOpenFileNames(self.window, "Place pictures as layers")
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

    def _copy(self, layer: Layer | None) -> None:
        # Packing a large picture takes a moment.
        pack = partial(png_of_selection, self.session.canvas.state, layer)
        self.session.reader.run(pack, _put_on_clipboard, self.session.troubled.emit)


def _put_on_clipboard(png: bytes) -> None:
    QGuiApplication.clipboard().setMimeData(clipboard_data(QImage.fromData(png), png))
