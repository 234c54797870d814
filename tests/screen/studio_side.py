"""A small window with the studio's own parts for dropping, pasting and dragging out; says what happens to it.

    python -m tests.screen.studio_side PICTURE CACHE

At the left the places to drop, at the right a handle that drags PICTURE out as a layer, below it the history with
PICTURE as entry 7. Ctrl+V pastes, Ctrl+C copies PICTURE.
"""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QDrag, QGuiApplication, QImage, QKeySequence, QMouseEvent, QShortcut
from PySide6.QtWidgets import QApplication, QGridLayout, QLabel, QWidget
from typing_extensions import override

from studio.bridge.background import Background
from studio.bridge.drag_out import DragOut
from studio.bridge.dropped import Dropped, Files, HistoryDrop, Link, PictureData, PictureImage, clipboard_data
from studio.bridge.history_model import HistoryModel
from studio.bridge.thumbnail_loader import as_cell
from studio.domain.metadata import OWN_KEY, Metadata
from studio.services.pictures import png_texts
from studio.ui import theme
from studio.ui.canvas.drop_zones import DropZones
from studio.ui.gallery import HistoryStrip
from tests.bridge.requests import entry_of
from tests.screen.speaking import middle, run, say

if TYPE_CHECKING:
    from studio.domain.errors import StudioError
    from studio.services.history_entry import Entry
    from studio.ui.canvas.drop_layout import DropZone


def in_words(what: Dropped) -> list[str]:
    """Return a kind and what tells one of it from another."""
    match what:
        case Files(paths):
            return ["files", *map(str, paths)]
        case PictureData(data, name):
            return ["data", hashlib.sha256(data).hexdigest(), name]
        case PictureImage(image):
            return ["image", f"{image.width()}x{image.height()}"]
        case Link(url):
            return ["link", url]
        case HistoryDrop(ids):
            return ["history", *map(str, ids)]


class Zones(DropZones):
    """The places, which tell what they show after each change."""

    @override
    def update(self, *_: object) -> None:
        super().update()
        middles = {zone.name: middle(self, area.center().toPoint()) for zone, area in self.areas.items()}
        say("shown", title=self.title, zones=middles, active=self.active.name if self.active else None)


class Handle(QLabel):
    """Drags the picture out as a layer."""

    def __init__(self, path: Path, drag_out: DragOut) -> None:
        super().__init__("drag me out")
        self._path = path
        self._drag_out = drag_out
        self.setMinimumSize(160, 60)

    @override
    def mouseMoveEvent(self, ev: QMouseEvent, /) -> None:
        if not ev.buttons() & Qt.MouseButton.LeftButton or self.property("dragging"):
            return
        self.setProperty("dragging", True)
        drag = QDrag(self)
        drag.setMimeData(self._drag_out.picture("a layer / of mine", QImage(str(self._path)), self._path.read_bytes))
        action = drag.exec(Qt.DropAction.CopyAction)
        self.setProperty("dragging", False)
        say("dragged", action=action.name)


class Window(QWidget):
    """All of it."""

    def __init__(self, path: Path, reader: Background, drag_out: DragOut) -> None:
        super().__init__()
        self._path = path
        self.host = QWidget()
        self.zones = Zones(self.host, reader)
        self.zones.watch(self)
        self.handle = Handle(path, drag_out)
        model = HistoryModel(self)
        model.reset([entry_of(7, path, Metadata.from_json(png_texts(path)[OWN_KEY]))])
        model.set_thumbnail(7, 96, as_cell(QImage(str(path)), 96, 4))
        self.history = HistoryStrip(model)
        layout = QGridLayout(self)
        layout.addWidget(self.host, 0, 0, 2, 1)
        layout.addWidget(self.handle, 0, 1)
        layout.addWidget(self.history, 1, 1)
        layout.setColumnStretch(0, 1)
        self.zones.dropped.connect(self._on_dropped)
        self.zones.failed.connect(self._on_failed)
        self.history.entry_chosen.connect(self._on_chosen)
        QShortcut(QKeySequence.StandardKey.Paste, self, self.zones.paste)
        QShortcut(QKeySequence.StandardKey.Copy, self, self._copy)

    def places(self) -> dict[str, tuple[int, int]]:
        """Return where things are on the screen."""
        row = self.history.visualRect(self.history.model().index(0, 0)).center()
        entry = middle(self.history.viewport(), row)
        return {"host": middle(self.host), "handle": middle(self.handle), "entry": entry}

    def _on_dropped(self, zone: DropZone, what: Dropped) -> None:
        say("dropped", zone=zone.name, what=in_words(what))

    def _on_failed(self, error: StudioError) -> None:
        say("failed", words=str(error))

    def _on_chosen(self, entry: Entry) -> None:
        say("chosen", entry=entry.id)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setMimeData(clipboard_data(QImage(str(self._path)), self._path.read_bytes()))
        say("copied")


def main(picture: Path, cache: Path) -> int:
    app = QApplication(["studio"])
    theme.apply(app, "dark")
    reader, drag_out = Background("reader"), DragOut(cache)
    window = Window(picture, reader, drag_out)
    window.setWindowTitle("Studio side")
    window.setGeometry(560, 60, 680, 520)
    window.show()
    code = run(app, window.places)
    drag_out.close()
    reader.close()
    return code


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
