"""Carries the message bar along: what is said is said where one is, and once."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from PySide6.QtCore import QObject

from studio.ui.rooms import Room

if TYPE_CHECKING:
    from PySide6.QtWidgets import QBoxLayout, QWidget

    from studio.ui.gallery.gallery_room import GalleryRoom
    from studio.ui.message_bar import MessageBar
    from studio.ui.rooms import Rooms


class MessagePlace(QObject):
    """Puts the bar above the canvas, above the gallery's pictures, or below the header of another room."""

    def __init__(self, messages: MessageBar, rooms: Rooms) -> None:
        """Follow the rooms.

        Args:
            messages: the bar, which lies above the canvas now; owns this.
            rooms: where one is.
        """
        super().__init__(messages)
        self._messages, self._rooms = messages, rooms
        self._home = _column_of(messages)
        self._home_index = self._home.indexOf(messages)
        rooms.entered.connect(self._follow)

    def _follow(self, room: Room) -> None:
        messages = self._messages
        messages.dismiss_passing()
        is_shown = not messages.isHidden()
        column, index = self._place_in(room)
        column.insertWidget(index, messages)
        # A widget that gets another parent is hidden by that.
        messages.setVisible(is_shown)

    def _place_in(self, room: Room) -> tuple[QBoxLayout, int]:
        match room:
            case Room.STUDIO:
                return self._home, self._home_index
            case Room.GALLERY:
                grid = cast("GalleryRoom", self._rooms.built(room)).grid
                return _column_of(grid), _column_of(grid).indexOf(grid)
            case Room.VIEWER | Room.STRIP_VIEWER | Room.COMPARE | Room.LINEAGE:
                return cast("QBoxLayout", cast("QWidget", self._rooms.built(room)).layout()), 1


def _column_of(widget: QWidget) -> QBoxLayout:
    """Return what lays a widget out."""
    return cast("QBoxLayout", cast("QWidget", widget.parentWidget()).layout())
