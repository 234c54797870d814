"""Every tool in the real window: chosen by its key, used with the mouse, taken back with Ctrl+Z."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import Qt

from studio.domain.canvas.commands import AddLayer, SetMask
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.mask import full
from studio.domain.canvas.plane import plane_of
from studio.domain.geometry import Rect
from studio.domain.tools import TOOLS
from studio.domain.tools.tool import Group
from tests.domain.canvas.states import same
from tests.ui.person import CONTROL, press
from tests.ui.test_window_canvas import drag, session_of

if TYPE_CHECKING:
    from studio.domain.tools.tool import Tool
    from studio.ui.main_window import MainWindow

KEYS = {letter: getattr(Qt.Key, f"Key_{letter}") for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"}
MODIFIERS = {"Shift": Qt.KeyboardModifier.ShiftModifier, "Ctrl": CONTROL}
RED = (210, 40, 30)


def choose(window: MainWindow, tool: Tool) -> None:
    """Press the tool's key on the canvas."""
    *held, letter = tool.key.split("+")
    modifiers = Qt.KeyboardModifier.NoModifier
    for name in held:
        modifiers |= MODIFIERS[name]
    window.canvas.setFocus()
    press(KEYS[letter], modifiers)
    assert session_of(window).tool_box.tool is tool


@pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.id)
def test_a_tool_works_and_is_taken_back(window: MainWindow, tool: Tool) -> None:
    session = session_of(window)
    frame = session.canvas.state.frame
    pixels = np.zeros((frame.height, frame.width, 4), np.uint8)
    pixels[:] = (*RED, 255)
    session.canvas.apply(AddLayer(Layer(name="red", pixels=plane_of(pixels, frame.x, frame.y))))
    session.canvas.apply(SetMask(full(Rect(frame.x, frame.y, frame.width // 2, frame.height))))
    before, looked = session.canvas.state, window.canvas.navigation.viewport
    choose(window, tool)
    drag(window, (0.4, 0.45), (0.5, 0.5), (0.6, 0.4), (0.55, 0.6))
    if tool.group is Group.VIEW:
        assert window.canvas.navigation.viewport != looked
        assert session.canvas.state is before
    elif tool.id == "picker":
        assert session.tool_box.foreground == RED
        assert session.canvas.state is before
    else:
        assert not same(session.canvas.state, before)
        press(Qt.Key.Key_Z, CONTROL)
        assert same(session.canvas.state, before)
