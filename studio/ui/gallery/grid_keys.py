"""What keys do in a grid of pictures."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt

if TYPE_CHECKING:
    from PySide6.QtGui import QKeyEvent

    from studio.ui.gallery.day_layout import DayLayout


class GridAsk(Enum):
    """What a key asks of the grid."""

    OPEN = "open"
    LARGER = "larger"
    SMALLER = "smaller"
    SELECT_ALL = "select all"
    CLEAR = "clear"


class PictureAsk(Enum):
    """What a key asks to be done with the selected pictures."""

    VIEW = "view"
    STAR = "star"
    TRASH = "trash"
    NOTE = "note"
    TAGS = "tags"
    BOARD = "board"
    COMPARE = "compare"


_CONTROL: Final = Qt.KeyboardModifier.ControlModifier
_PLAIN: Final = Qt.KeyboardModifier.NoModifier
_IGNORED: Final = Qt.KeyboardModifier.KeypadModifier
_ASKS: Final = {
    (Qt.Key.Key_Return, _PLAIN): GridAsk.OPEN,
    (Qt.Key.Key_Enter, _PLAIN): GridAsk.OPEN,
    (Qt.Key.Key_Space, _PLAIN): PictureAsk.VIEW,
    (Qt.Key.Key_Period, _PLAIN): PictureAsk.STAR,
    (Qt.Key.Key_Delete, _PLAIN): PictureAsk.TRASH,
    (Qt.Key.Key_F2, _PLAIN): PictureAsk.NOTE,
    (Qt.Key.Key_T, _PLAIN): PictureAsk.TAGS,
    (Qt.Key.Key_B, _PLAIN): PictureAsk.BOARD,
    (Qt.Key.Key_C, _PLAIN): PictureAsk.COMPARE,
    (Qt.Key.Key_Plus, _CONTROL): GridAsk.LARGER,
    (Qt.Key.Key_Plus, _CONTROL | Qt.KeyboardModifier.ShiftModifier): GridAsk.LARGER,
    (Qt.Key.Key_Equal, _CONTROL): GridAsk.LARGER,
    (Qt.Key.Key_Minus, _CONTROL): GridAsk.SMALLER,
    (Qt.Key.Key_A, _CONTROL): GridAsk.SELECT_ALL,
    (Qt.Key.Key_Escape, _PLAIN): GridAsk.CLEAR,
}


def asked(event: QKeyEvent) -> GridAsk | PictureAsk | None:
    """Return what a key asks for, or None."""
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~_IGNORED
    return _ASKS.get((key, modifiers))


def is_move(key: int) -> bool:
    """Tell whether a key goes to another cell."""
    return key in _MOVES


def target(key: int, row: int, layout: DayLayout, height: int) -> int | None:
    """Return the row that a key leads to.

    Args:
        key: of the event.
        row: where the keyboard is.
        layout: of the grid, not empty.
        height: of what is seen of it.
    """
    last = layout.rows - 1
    lines = max(1, height // (layout.side + 1) - 1)
    match key:
        case Qt.Key.Key_Left:
            return max(0, row - 1)
        case Qt.Key.Key_Right:
            return min(last, row + 1)
        case Qt.Key.Key_Up:
            return layout.vertically(row, -1)
        case Qt.Key.Key_Down:
            return layout.vertically(row, 1)
        case Qt.Key.Key_PageUp:
            return layout.vertically(row, -lines)
        case Qt.Key.Key_PageDown:
            return layout.vertically(row, lines)
        case Qt.Key.Key_Home:
            return 0
        case Qt.Key.Key_End:
            return last
        case _:
            return None


_MOVES: Final = frozenset(
    {
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)
