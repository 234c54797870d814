"""Tools and colours are chosen in the tool bar, which finds room in a low window."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.bridge.tool_box import ToolBox
from studio.domain.tools import TOOLS
from studio.ui.panels.tool_bar import ToolBar
from studio.ui.theme.icons import Icon
from studio.ui.widgets.tool_button import ToolButton
from tests.ui.person import button, click

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from studio.domain.tools.tool import Tool

# The screen that is not there keeps no sizes, raises no windows and grabs no keyboard, and says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)


@pytest.fixture
def tool_box(app: QApplication) -> ToolBox:
    assert app
    return ToolBox(TOOLS)


@pytest.fixture
def bar(tool_box: ToolBox, qtbot: QtBot) -> ToolBar:
    bar = ToolBar(tool_box)
    qtbot.addWidget(bar)
    bar.resize(bar.width(), 620)
    bar.show()
    bar.activateWindow()
    qtbot.waitUntil(bar.isActiveWindow)
    return bar


@pytest.mark.parametrize("tool", TOOLS, ids=[tool.id for tool in TOOLS])
def test_every_tool_has_icons_and_a_button_that_says_its_key(tool: Tool, bar: ToolBar) -> None:
    shown = {icon.value for icon in Icon}
    assert {tool.icon, *(operation.icon for operation in tool.operations)} <= shown
    tip = bar.button(tool.id).toolTip()
    assert tip.startswith(f"{tool.title} ({tool.key})")
    assert tool.help in tip


def test_a_click_takes_a_tool_and_leaves_the_keyboard_where_it_is(bar: ToolBar, tool_box: ToolBox) -> None:
    before = QApplication.focusWidget()
    click(bar.button("eraser"))
    assert tool_box.tool.id == "eraser"
    assert bar.button("eraser").isChecked()
    assert not bar.button("brush").isChecked()
    assert QApplication.focusWidget() is before


def test_the_bar_follows_keys_and_borrowed_tools(bar: ToolBar, tool_box: ToolBox) -> None:
    tool_box.choose("lasso")
    assert checked(bar) == ["lasso"]
    tool_box.borrow("hand")
    assert checked(bar) == ["hand"]
    tool_box.borrow(None)
    assert checked(bar) == ["lasso"]


def checked(bar: ToolBar) -> list[str]:
    return [tool.id for tool in TOOLS if bar.button(tool.id).isChecked()]


def test_the_arrow_keys_go_from_tool_to_tool(bar: ToolBar, tool_box: ToolBox) -> None:
    bar.button("brush").setFocus()
    QTest.keyClick(bar.button("brush"), Qt.Key.Key_Down)
    assert tool_box.tool is TOOLS[1]


@pytest.mark.parametrize(("height", "columns"), [(900, 1), (600, 1), (560, 2), (440, 2), (360, 3)])
def test_all_of_it_finds_room(bar: ToolBar, height: int, columns: int) -> None:
    bar.resize(bar.width(), height)
    assert bar.columns == columns
    shown = [*bar.findChildren(ToolButton), bar.swatches]
    places = [each.geometry() for each in shown]
    assert all(bar.rect().contains(place) for place in places)
    assert [(a, b) for a in places for b in places if a is not b and a.intersects(b)] == []


def test_the_chosen_tool_stands_out_without_the_accent(bar: ToolBar) -> None:
    chosen, other = bar.button("brush"), bar.button("eraser")
    image = bar.grab().toImage()
    ratio = image.devicePixelRatio()

    def ground(button: QWidget) -> str:
        return image.pixelColor((button.geometry().topLeft() + QRect(0, 0, 5, 30).center()) * ratio).name()

    assert ground(chosen) != ground(other)
    red, green, blue = (int(ground(chosen)[i : i + 2], 16) for i in (1, 3, 5))
    assert red == green == blue


def test_colours_swap_and_reset(bar: ToolBar, tool_box: ToolBox) -> None:
    tool_box.set_foreground((200, 10, 20))
    assert button(bar, "Foreground colour #c80a14")
    click(button(bar, "Swap colours"))
    assert tool_box.background == (200, 10, 20)
    assert button(bar, "Background colour #c80a14")
    click(button(bar, "Black and white"))
    assert (tool_box.foreground, tool_box.background) == ((0, 0, 0), (255, 255, 255))


@pytest.mark.parametrize("which", ["foreground", "background"])
def test_a_click_on_a_colour_opens_the_picker_for_it(bar: ToolBar, tool_box: ToolBox, which: str) -> None:
    opened = getattr(bar.swatches, which)
    assert isinstance(opened, QAbstractButton)
    click(opened)
    assert bar.colours.isVisible()
    bar.colours.picker.picked.emit((9, 8, 7))
    assert getattr(tool_box, which) == (9, 8, 7)
    bar.colours.close()


def test_a_colour_picked_in_the_popover_is_remembered_when_it_closes(bar: ToolBar, qtbot: QtBot) -> None:
    click(bar.swatches.foreground)
    with qtbot.waitSignal(bar.recent_changed):
        bar.colours.picker.show_colour((9, 8, 7))
        QTest.keyClick(bar.colours, Qt.Key.Key_Escape)
    assert not bar.colours.isVisible()
    assert bar.colours.recent == ((9, 8, 7),)


def test_a_bar_that_is_gone_leaves_nothing(tool_box: ToolBox) -> None:
    bar = ToolBar(tool_box)
    bar.show()
    bar.close()
    bar.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    tool_box.choose("zoom")
    tool_box.swap_colours()
