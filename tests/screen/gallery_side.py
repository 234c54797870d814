"""The whole window, which says beside what `window_side` says what can be read and pressed in its rooms.

python -m tests.screen.gallery_side THEME [WIDTHxHEIGHT]
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QMenu, QPlainTextEdit, QWidget

from studio.ui.gallery.compare import CompareView
from studio.ui.gallery.completion_list import CompletionList
from studio.ui.gallery.details import DetailsPanel
from studio.ui.gallery.gallery_room import GalleryRoom
from studio.ui.gallery.lineage import LineageView
from studio.ui.gallery.viewer import Viewer
from studio.ui.gallery.viewer_header import title_of
from studio.ui.message_bar import MessageBar
from tests.screen import window_side
from tests.screen.speaking import middle, say

if TYPE_CHECKING:
    from studio.bridge.session import Session
    from studio.services.history_entry import Entry
    from studio.ui.gallery.gallery_grid import GalleryGrid
    from studio.ui.main_window import MainWindow

LOOK_MS: Final = 60
_PRESSED: Final = (QAbstractButton, QLineEdit, QPlainTextEdit)


class RoomReporter:
    """Says what is seen, each time that it is something else than before."""

    def __init__(self, session: Session, window: MainWindow) -> None:
        self._session, self._window = session, window
        self._told: dict[str, Any] = {}
        if sys.argv[2:]:
            width, height = sys.argv[2].split("x")
            window.resize(int(width), int(height))
        looking = QTimer(window, interval=LOOK_MS)
        looking.timeout.connect(self._look)
        looking.start()

    def _look(self) -> None:
        now = self._seen()
        if now != self._told:
            self._told = now
            say("seen", **now)

    def _seen(self) -> dict[str, Any]:
        rooms, panel = self._window.looking.rooms, self._window.prompt_panel
        room = rooms.currentWidget()
        focused = QApplication.focusWidget()
        return {
            "room": rooms.current.name,
            "focus": "" if focused is None else focused.accessibleName(),
            "messages": [bar.text for bar in self._window.findChildren(MessageBar) if bar.isVisible()],
            "prompt": panel.prompt.edit.toPlainText(),
            "seed": panel.values["seed"],
            "is_seed_locked": panel.values["seed_locked"],
            "strip": _cells(self._window.history) if self._window.history.isVisible() else [],
            "parts": _parts(self._window),
            "windows": [each.windowTitle() for each in QApplication.topLevelWidgets() if each.isVisible()],
            **_of_room(room),
        }


def _of_room(room: QWidget | None) -> dict[str, Any]:
    match room:
        case GalleryRoom():
            return {
                "query": room.search.field.text(),
                "count": room.count_text,
                "cells": _cells(room.grid),
                "selected": room.grid.selected.count,
                "sides": _sides(room),
                "offers": _offers(room),
                "details": _details(room),
            }
        case Viewer():
            title, figures = room.header.title.texts
            is_there = room.entry is not None and room.seen().message is None
            return {"title": title, "figures": figures, "is_there": is_there, "details": _details(room)}
        case CompareView():
            return {"title": room.header.title.texts[0], "mode": room.stage.mode.name, "verdict": room.verdict}
        case LineageView():
            return {"title": room.header.title.texts[0], "figures": room.header.title.texts[1], "tree": _tree(room)}
        case _:
            return {}


def _cells(grid: GalleryGrid) -> list[dict[str, Any]]:
    """Return the pictures that are on the screen."""
    seen = []
    for row in range(min(grid.history.rowCount(), 60)):
        entry, area = grid.history.entry_at(row), grid.visualRect(grid.history.index(row))
        if entry is not None and grid.viewport().rect().contains(area.center()):
            seen.append({**_entry(entry), "at": middle(grid.viewport(), area.center())})
    return seen


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "title": title_of(entry),
        "name": entry.path.name,
        "star": entry.is_starred,
        "tags": list(entry.tags),
        "note": entry.note,
        "trashed": entry.trashed is not None,
    }


def _sides(room: GalleryRoom) -> dict[str, Any]:
    side = room.side
    rows = ((place, side.visualItemRect(side.item(row))) for row, place in enumerate(side.places))
    return {place.title: [*middle(side.viewport(), area.center()), place.count] for place, area in rows}


def _offers(room: GalleryRoom) -> list[str]:
    offers = room.findChild(CompletionList)
    if not isinstance(offers, CompletionList) or not offers.isVisible():
        return []
    return [offers.item(row).text() for row in range(offers.count())]


def _details(room: QWidget) -> str:
    """Return all words of the details that are shown, also those that one has to scroll to."""
    panel = room.findChild(DetailsPanel)
    if not isinstance(panel, DetailsPanel) or not panel.isVisible():
        return ""
    labels = (label.text() for label in panel.findChildren(QLabel) if label.isVisible())
    return "\n".join(filter(None, labels))


def _tree(room: LineageView) -> list[dict[str, Any]]:
    if room.tree is None:
        return []
    nodes = []
    for key, node in room.tree.nodes.items():
        title = "" if node.entry is None else title_of(node.entry)
        at = middle(room.canvas.viewport(), room.canvas.place_of(key))
        nodes.append({"key": str(key), "title": title, "column": node.column, "at": at, "here": key == room.current})
    return nodes


def _parts(window: MainWindow) -> dict[str, tuple[int, int]]:
    """Return what can be pressed and written into, by its accessible name or its title."""
    found = {}
    popup = QApplication.activePopupWidget()
    ground = window if popup is None else popup
    for kind in _PRESSED:
        for part in ground.findChildren(kind):
            if part.isVisible() and part.isEnabled() and not part.visibleRegion().isEmpty():
                name = part.accessibleName() or (part.text() if isinstance(part, QAbstractButton) else "")
                found.setdefault(name, middle(part, part.visibleRegion().boundingRect().center()))
    if isinstance(popup, QMenu):
        found = {action.text().split("\t")[0]: _in_menu(popup, action) for action in popup.actions() if action.text()}
    return found


def _in_menu(menu: QMenu, action: Any) -> tuple[int, int]:  # noqa: ANN401 - a QAction
    return middle(menu, menu.actionGeometry(action).center())


if __name__ == "__main__":
    sys.exit(window_side.main(sys.argv[1], RoomReporter))
