"""What fills the window: the studio, or one of the rooms for looking at pictures."""

from __future__ import annotations

from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QApplication, QStackedWidget, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


class Room(Enum):
    """One of them. The strip beside the canvas and the gallery have a viewer each: it steps through what they show."""

    STUDIO = auto()
    GALLERY = auto()
    VIEWER = auto()
    STRIP_VIEWER = auto()
    COMPARE = auto()
    LINEAGE = auto()


class Rooms(QStackedWidget):
    """Shows one room. Leaving it leads back to where one came from, and the keyboard to what had it there.

    A room is built when it is first entered: the window must be there at once.

    Signals:
        entered: the `Room` that is shown now.
    """

    entered = Signal(Room)

    def __init__(self, studio: QWidget, builders: Mapping[Room, Callable[[], QWidget]]) -> None:
        """Show the studio.

        Args:
            studio: what one paints in.
            builders: make the other rooms.
        """
        super().__init__()
        self._builders = builders
        self._rooms: dict[Room, QWidget] = {Room.STUDIO: studio}
        self._way: list[tuple[Room, QWidget | None]] = []
        self._current = Room.STUDIO
        self.addWidget(studio)

    @property
    def current(self) -> Room:
        """The room that is shown."""
        return self._current

    def built(self, room: Room) -> QWidget | None:
        """Return a room's widget; None where it was not entered yet."""
        return self._rooms.get(room)

    def enter(self, room: Room) -> None:
        """Show a room; one that lies on the way back is gone back to."""
        if room is self._current:
            return
        if any(passed is room for passed, _ in self._way):
            while self._current is not room:
                self.leave()
            return
        self._way.append((self._current, self._focused()))
        self._show(room)
        self._widget(room).setFocus(Qt.FocusReason.OtherFocusReason)

    def leave(self) -> None:
        """Show the room that this one was entered from."""
        if not self._way:
            return
        room, focused = self._way.pop()
        self._show(room)
        target = focused if focused is not None and self._widget(room).isAncestorOf(focused) else self._widget(room)
        target.setFocus(Qt.FocusReason.OtherFocusReason)

    def leave_from(self, room: Room) -> None:
        """Leave a room, if one is there: a viewer that is not seen closes as well, when nothing is left to show."""
        if self._current is room:
            self.leave()

    def _show(self, room: Room) -> None:
        self._current = room
        self.setCurrentWidget(self._widget(room))
        self.entered.emit(room)

    def _widget(self, room: Room) -> QWidget:
        if room not in self._rooms:
            self._rooms[room] = self._builders[room]()
            self.addWidget(self._rooms[room])
        return self._rooms[room]

    def _focused(self) -> QWidget | None:
        focused = QApplication.focusWidget()
        return focused if focused is not None and self.isAncestorOf(focused) else None
