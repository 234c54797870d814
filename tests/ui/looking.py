"""What the pages for looking at pictures stand on: files, a thread that reads them, and what a person does there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.bridge.entry_pictures import EntryPictures
from studio.bridge.picture_loader import PictureLoader
from studio.services.thumbnails import Thumbnails

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtWidgets import QWidget
    from pytestqt.qtbot import QtBot

    from studio.bridge.background import Background
    from studio.services.history_entry import Entry


@dataclass(frozen=True)
class Looking:
    """Readers of pictures, and pictures.

    Attributes:
        reader: the thread.
        loader: of large pictures.
        small: small ones.
        entries: grey pictures of 64 x 32 pixels, each brighter than the one before.
        folder: where they are.
    """

    reader: Background
    loader: PictureLoader
    small: EntryPictures
    entries: list[Entry]
    folder: Path

    @classmethod
    def at(cls, folder: Path, reader: Background, entries: list[Entry]) -> Looking:
        """Return readers that use this thread."""
        small = EntryPictures(Thumbnails(folder / "thumbnails"), reader)
        return cls(reader, PictureLoader(reader), small, entries, folder)


def show(widget: QWidget, qtbot: QtBot, width: int, height: int) -> None:
    """Show a page as a window, with the keyboard in it."""
    qtbot.addWidget(widget)
    # With a size of its own the layout asks for none, which the screen that is not there could not keep.
    widget.setMinimumSize(width, height)
    widget.resize(width, height)
    widget.show()
    widget.activateWindow()
    qtbot.waitUntil(widget.isActiveWindow)
    widget.setFocus()


def wheel(widget: QWidget, at: QPoint, notches: float) -> None:
    """Turn the wheel over a place of a widget."""
    event = QWheelEvent(
        QPointF(at),
        QPointF(widget.mapToGlobal(at)),
        QPoint(),
        QPoint(0, round(120 * notches)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, event)


def grey_at(widget: QWidget, at: QPoint) -> int:
    """Return how bright a place of a widget is, 0 to 255."""
    return widget.grab().toImage().pixelColor(at).red()
