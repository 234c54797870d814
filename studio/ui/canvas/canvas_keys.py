"""What keys do while the canvas has the keyboard. Where one writes a prompt they write."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QKeySequence

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QKeyEvent

    from studio.bridge.tool_box import ToolBox
    from studio.ui.canvas.brush_sizing import BrushSizing
    from studio.ui.canvas.canvas_input import CanvasInput
    from studio.ui.canvas.navigation import Navigation

    Act = Callable[[], object]

_PAN: Final = 48
"""How far an arrow key moves the document, in device-independent pixels."""
_TURN: Final = 15.0
"""Degrees."""
_ARROWS: Final = {
    Qt.Key.Key_Left: QPointF(_PAN, 0),
    Qt.Key.Key_Right: QPointF(-_PAN, 0),
    Qt.Key.Key_Up: QPointF(0, _PAN),
    Qt.Key.Key_Down: QPointF(0, -_PAN),
}


class CanvasKeys:
    """Knows what each key does.

    Tools have the keys that they name. Space holds the hand, with Shift it turns the view; as in Krita, 4 and 6 turn
    it and 5 sets it upright; M mirrors it. ``[`` and ``]`` size the brush, with Shift they soften and harden it; X
    swaps the colours, D resets them. The arrows move the view, Escape takes a gesture back.
    """

    def __init__(self, navigation: Navigation, hand: CanvasInput, tool_box: ToolBox, sizing: BrushSizing) -> None:
        """Join the keys to what they act on.

        Args:
            navigation: moves the view.
            hand: knows what the pointer does.
            tool_box: holds the tools.
            sizing: changes the brush.
        """
        self._hand, self._tool_box = hand, tool_box
        self._sizing = sizing
        self._plain: dict[Qt.Key, Act] = {
            Qt.Key.Key_M: navigation.mirror,
            Qt.Key.Key_4: partial(navigation.turn_by, -_TURN),
            Qt.Key.Key_5: navigation.straighten,
            Qt.Key.Key_6: partial(navigation.turn_by, _TURN),
            Qt.Key.Key_X: tool_box.swap_colours,
            Qt.Key.Key_D: tool_box.reset_colours,
            **{key: partial(navigation.move, way) for key, way in _ARROWS.items()},
        }
        softer, harder = partial(sizing.harden, is_up=False), partial(sizing.harden, is_up=True)
        # Keyboards differ in which of the two a shifted bracket reports.
        self._brush: dict[Qt.Key, tuple[Act, Act]] = {
            Qt.Key.Key_BracketLeft: (partial(sizing.enlarge, is_up=False), softer),
            Qt.Key.Key_BracketRight: (partial(sizing.enlarge, is_up=True), harder),
            Qt.Key.Key_BraceLeft: (softer, softer),
            Qt.Key.Key_BraceRight: (harder, harder),
        }

    def act_of(self, event: QKeyEvent) -> Act | None:
        """Return what a pressed key does; None where it is not for the canvas."""
        key = Qt.Key(event.key())
        held = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.GroupSwitchModifier)
        if self._hand.is_busy:
            # In the middle of a gesture only what cannot disturb it.
            return self._hand.cancel if key == Qt.Key.Key_Escape else None
        tool = self._tool_named(QKeySequence(event.keyCombination()))
        if tool is not None:
            return partial(self._tool_box.choose, tool)
        if held & ~Qt.KeyboardModifier.ShiftModifier:
            return None
        has_shift = bool(held)
        if key == Qt.Key.Key_Space:
            return partial(self._hand.hold_space, event.modifiers())
        if key in self._brush:
            return self._brush[key][has_shift] if self._sizing.is_possible else None
        return None if has_shift else self._plain.get(key)

    def _tool_named(self, keys: QKeySequence) -> str | None:
        return next((tool.id for tool in self._tool_box.tools if QKeySequence(tool.key) == keys), None)
