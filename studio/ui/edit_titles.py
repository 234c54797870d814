"""Says in the menu what would be undone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction

    from studio.bridge.canvas_store import CanvasStore


class EditTitles(QObject):
    """Keeps *Undo* and *Redo* named after the edit, and off where there is none."""

    def __init__(self, store: CanvasStore, actions: Mapping[str, QAction]) -> None:
        """Follow a document.

        Args:
            store: holds it.
            actions: by id; the one for undo owns this.
        """
        super().__init__(actions["undo"])
        self._store, self._actions = store, actions
        store.titles_changed.connect(self.show)
        self.show()

    def show(self) -> None:
        """Say it now."""
        rows = (("undo", "&Undo", self._store.undo_title), ("redo", "&Redo", self._store.redo_title))
        for action_id, word, title in rows:
            action = self._actions[action_id]
            action.setText(word if title is None else f"{word} {title[:1].lower()}{title[1:]}")
            action.setEnabled(title is not None)
