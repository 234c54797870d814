"""Everything can be reached, read, heard and seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QTabBar, QWidget

from studio.ui.widgets.number_field import NumberField
from tests.ui.person import (
    focused,
    generate,
    middle_colour,
    pictures,
    press,
)

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.ui.main_window import MainWindow


def test_no_words_are_cut_off_in_the_smallest_window(window: MainWindow, qtbot: QtBot) -> None:
    generate()
    qtbot.waitUntil(pictures(window, 1))
    too_small = [
        (each.text(), each.width(), each.sizeHint().width())
        for each in visible_texts(window)
        if each.width() < each.sizeHint().width() or each.height() < each.sizeHint().height()
    ]
    assert too_small == []


def visible_texts(window: QWidget) -> list[QLabel | QAbstractButton]:
    labels = [each for each in window.findChildren(QLabel) if not each.wordWrap()]
    shown: list[QLabel | QAbstractButton] = [*labels, *window.findChildren(QAbstractButton)]
    return [each for each in shown if each.isVisible() and each.text()]


def test_everything_can_be_reached_with_the_tab_key_and_shows_it(window: MainWindow) -> None:
    reachable = {
        each
        for each in window.findChildren(QWidget)
        if each.isVisible()
        and each.isEnabled()
        and each.focusPolicy() & Qt.FocusPolicy.TabFocus
        # What hands the keyboard on to another widget is reached by way of that one.
        and each.focusProxy() is None
        # Of several choices Tab reaches the chosen one; the arrow keys reach the others.
        and not (isinstance(each, QAbstractButton) and each.group() and not each.isChecked())
    }
    assert len(reachable) > 20
    visited: list[QWidget] = []
    while focused() not in visited:
        visited.append(focused())
        press(Qt.Key.Key_Tab)
    assert {describe(each) for each in reachable - set(visited)} == set()


@pytest.mark.usefixtures("window")
def test_everything_the_keyboard_reaches_has_a_name_and_looks_different_when_it_is_there() -> None:
    seen: list[QWidget] = []
    while focused() not in seen:
        widget = focused()
        seen.append(widget)
        with_focus = widget.grab().toImage()
        press(Qt.Key.Key_Tab)
        assert widget.accessibleName() or isinstance(widget, QTabBar), describe(widget)
        assert widget.grab().toImage() != with_focus, describe(widget)


def test_every_control_says_what_it_does(window: MainWindow) -> None:
    controls = [
        *window.findChildren(NumberField),
        *window.findChildren(QAbstractButton),
        *window.findChildren(QComboBox),
    ]
    silent = [describe(each) for each in controls if each.isVisible() and not each.toolTip()]
    assert silent == []


def test_the_theme_changes_and_is_remembered(window: MainWindow) -> None:
    dark = middle_colour(window.status)
    window.commands.window.wear("light")
    assert middle_colour(window.status).lightness() > 200 > dark.lightness()
    assert window._session.settings.theme == "light"


def test_columns_hide_and_come_back(window: MainWindow) -> None:
    press(Qt.Key.Key_F8)
    assert not window.side.isVisible()
    press(Qt.Key.Key_F8)
    assert window.side.isVisible()


def describe(widget: QWidget) -> str:
    return f"{type(widget).__name__} {widget.accessibleName()}"
