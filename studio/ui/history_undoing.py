"""Ctrl+Z where pictures are looked at: what was done to them is taken back, not what was painted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt
from PySide6.QtGui import QKeySequence, QShortcut

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from studio.bridge.history_undo import HistoryUndo
    from studio.ui.message_bar import MessageBar

_UNDO = ("Ctrl+Z",)
_REDO = ("Ctrl+Shift+Z", "Ctrl+Y")


class HistoryUndoing(QObject):
    """Joins a room's keys to what it takes back."""

    def __init__(self, room: QWidget, undo: HistoryUndo) -> None:
        """Join them.

        Args:
            room: where the keys are pressed, and owns this; a field that is written in keeps them to itself.
            undo: takes back.
        """
        super().__init__(room)
        for keys, act in ((_UNDO, undo.undo), (_REDO, undo.redo)):
            for key in keys:
                _add(room, key, act)


class UndoneNotice(QObject):
    """Says what was taken back, or done again."""

    def __init__(self, undo: HistoryUndo, messages: MessageBar) -> None:
        """Join them.

        Args:
            undo: takes back.
            messages: says it, and owns this.
        """
        super().__init__(messages)
        self._messages = messages
        undo.undone.connect(self._on_undone)
        undo.redone.connect(self._on_redone)

    def _on_undone(self, title: str) -> None:
        if title:
            self._messages.show_notice(f"{title} taken back")

    def _on_redone(self, title: str) -> None:
        if title:
            self._messages.show_notice(f"{title} changed again")


def _add(room: QWidget, key: str, act: Callable[[], None]) -> None:
    shortcut = QShortcut(QKeySequence(key), room)
    shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
    shortcut.activated.connect(act)
