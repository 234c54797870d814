"""What a person at the window does and sees."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtGui import QColor

    from studio.ui.main_window import MainWindow

CONTROL: Final = Qt.KeyboardModifier.ControlModifier


def focused() -> QWidget:
    """Return what the keyboard writes into."""
    widget = QApplication.focusWidget()
    assert widget is not None
    return widget


def press(key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    """Press a key where the keyboard is."""
    QTest.keyClick(focused(), key, modifiers)


def write(window: MainWindow, prompt: str) -> None:
    """Replace the prompt, with the keyboard alone."""
    press(Qt.Key.Key_A, Qt.KeyboardModifier.AltModifier)
    assert focused() is window.prompt_panel.prompt.edit
    press(Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(focused(), prompt)


def generate() -> None:
    press(Qt.Key.Key_Return, CONTROL)


def button(window: QWidget, name: str) -> QAbstractButton:
    """Return the button that a screen reader would call so."""
    found = [each for each in window.findChildren(QAbstractButton) if name in {each.accessibleName(), each.text()}]
    assert len(found) == 1, name
    return found[0]


def click(widget: QWidget) -> None:
    assert widget.isVisible()
    QTest.mouseClick(widget, Qt.MouseButton.LeftButton)


def middle_colour(widget: QWidget) -> QColor:
    return widget.grab().toImage().pixelColor(widget.rect().center())


def pictures(window: MainWindow, count: int) -> Callable[[], bool]:
    return lambda: window.history.model().rowCount() == count and not window.prompt_panel.button.is_painting


def click_newest(window: MainWindow) -> None:
    cell = window.history.visualRect(window.history.model().index(0, 0)).center()
    QTest.mouseClick(window.history.viewport(), Qt.MouseButton.LeftButton, pos=cell)
