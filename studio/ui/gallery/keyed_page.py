"""A page with keys of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    Acts = Mapping[Qt.Key, Callable[[], object]]


class KeyedPage(QWidget):
    """Its keys go before the window's shortcuts, which mean the canvas."""

    def __init__(self) -> None:
        super().__init__()
        self._acts: Acts = {}
        self._acts_with_shift: Acts = {}

    def set_keys(self, acts: Acts, with_shift: Acts | None = None) -> None:
        """Say what the keys do, and which of them do something else while Shift is held."""
        self._acts, self._acts_with_shift = acts, with_shift or {}

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._act_of(event):
            event.accept()
            return True
        return super().event(event)

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        act = self._act_of(event)
        if act is None:
            super().keyPressEvent(event)
        else:
            act()

    def _act_of(self, event: QKeyEvent) -> Callable[[], object] | None:
        shift = Qt.KeyboardModifier.ShiftModifier
        if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | shift):
            return None
        key = Qt.Key(event.key())
        usual = self._acts.get(key)
        return self._acts_with_shift.get(key, usual) if event.modifiers() & shift else usual
