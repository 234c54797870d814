"""What a tool declares can be set in the bar above the canvas; what finds no room folds away."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.tool_box import ToolBox
from studio.domain.canvas.commands import Ground, Paint
from studio.domain.geometry import Rect
from studio.domain.parameters import Choice, Number, Scale, Toggle
from studio.domain.tools import TOOLS
from studio.ui.panels.tool_options import ToolOptions
from studio.ui.widgets.choice_box import ChoiceBox
from studio.ui.widgets.number_field import PIXELS_PER_STEP
from studio.ui.widgets.operation_button import OperationButton
from studio.ui.widgets.parameter_field import ParameterField
from studio.ui.widgets.toggle import Toggle as ToggleButton
from tests.ui.person import click

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from studio.domain.tools.tool import Tool

# The screen that is not there keeps no sizes, raises no windows and grabs no keyboard, and says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton
Kind = TypeVar("Kind", bound=QWidget)


@pytest.fixture
def store(app: QApplication) -> Iterator[CanvasStore]:
    assert app
    store = CanvasStore()
    yield store
    store.close()


@pytest.fixture
def tool_box(app: QApplication) -> ToolBox:
    assert app
    return ToolBox(TOOLS)


@pytest.fixture
def options(tool_box: ToolBox, store: CanvasStore, qtbot: QtBot) -> ToolOptions:
    options = ToolOptions(tool_box, store)
    qtbot.addWidget(options)
    options.resize(1400, options.height())
    options.show()
    options.activateWindow()
    qtbot.waitUntil(options.isActiveWindow)
    return options


def control(options: ToolOptions, parameter_id: str, kind: type[Kind]) -> Kind:
    found = options.bar.control(parameter_id)
    assert isinstance(found, kind)
    return found


@pytest.mark.parametrize("tool", TOOLS, ids=[tool.id for tool in TOOLS])
def test_every_parameter_of_every_tool_can_be_set_here(tool: Tool, options: ToolOptions, tool_box: ToolBox) -> None:
    tool_box.choose(tool.id)
    for parameter in tool.parameters:
        match parameter:
            case Number():
                wanted: object = parameter.minimum
                control(options, parameter.id, ParameterField).set_value(parameter.minimum)
            case Toggle():
                wanted = not parameter.default
                control(options, parameter.id, ToggleButton).click()
            case Choice():
                wanted = parameter.options[-1].id
                control(options, parameter.id, ChoiceBox).choose(wanted)
        assert tool_box.values.by_id[parameter.id] == wanted


@pytest.mark.parametrize("tool", TOOLS, ids=[tool.id for tool in TOOLS])
@pytest.mark.parametrize("width", [260, 420, 760, 1400])
def test_what_finds_no_room_folds_away_and_nothing_is_cut(
    tool: Tool, options: ToolOptions, tool_box: ToolBox, width: int
) -> None:
    tool_box.choose(tool.id)
    options.resize(width, options.height())
    QApplication.processEvents()
    folded = options.bar.folded
    assert options.bar.more.isVisible() is bool(folded)
    shown = [each for each in options.bar.findChildren(QWidget) if each.isVisible() and each.parent() is options.bar]
    assert all(options.bar.rect().contains(each.geometry()) for each in shown)
    controls = [each for each in shown if each is not options.bar.more]
    assert all(each.width() >= each.sizeHint().width() for each in controls)
    rare = [options.bar.control(each.id) for each in tool.parameters if each.is_rare]
    common = [options.bar.control(each.id) for each in tool.parameters if not each.is_rare]
    if any(each in folded for each in common):
        # What is rare may stay only where it is narrower than all that was folded away.
        assert all(each in folded or each.sizeHint().width() < 90 for each in rare)


def test_what_is_folded_away_opens_and_works(options: ToolOptions, tool_box: ToolBox) -> None:
    options.resize(300, options.height())
    QApplication.processEvents()
    spacing = control(options, "spacing", ParameterField)
    assert not spacing.isVisible()
    click(options.bar.more)
    assert spacing.isVisible()
    spacing.set_value(25)
    assert tool_box.values.number("spacing") == 25
    options.resize(1400, options.height())
    QApplication.processEvents()
    assert options.bar.folded == ()
    assert spacing.isVisible()
    assert spacing.window() is options


def test_the_bar_follows_keys_that_set_the_tool(options: ToolOptions, tool_box: ToolBox) -> None:
    tool_box.set_value("size", 123.0)
    tool_box.set_value("size", 77.0, "eraser")
    assert control(options, "size", ParameterField).value == 123
    tool_box.choose("eraser")
    assert control(options, "size", ParameterField).value == 77


def test_a_borrowed_tool_leaves_the_bar_as_it_is(options: ToolOptions, tool_box: ToolBox) -> None:
    before = options.bar
    tool_box.borrow("hand")
    assert options.bar is before
    assert before.isVisible()
    tool_box.borrow(None)
    tool_box.choose("hand")
    assert not before.isVisible()


def test_operations_edit_the_document(options: ToolOptions, tool_box: ToolBox, store: CanvasStore) -> None:
    tool_box.choose("mask_brush")
    store.apply(Paint(Ground.MASK, Rect(100, 100, 50, 50), np.full((50, 50), 255, np.uint8)))
    amount = next(each for each in options.bar.findChildren(ParameterField) if each.parameter.id == "by")
    amount.set_value(10)
    click(options.bar.button("grow_mask"))
    assert store.state.mask.bounds == Rect(90, 90, 70, 70)
    click(options.bar.button("clear_mask"))
    assert store.state.mask.is_empty
    assert store.undo_title == "Clear mask"


def test_an_operation_that_cannot_be_done_is_said_and_changes_nothing(
    options: ToolOptions, tool_box: ToolBox, store: CanvasStore, qtbot: QtBot
) -> None:
    tool_box.choose("lasso")
    with qtbot.waitSignal(store.refused):
        click(options.bar.button("grow_selection"))
    assert store.undo_title is None


def test_enter_and_escape_give_the_keyboard_back(options: ToolOptions, qtbot: QtBot) -> None:
    size = control(options, "size", ParameterField)
    size.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Escape):
        with qtbot.waitSignal(options.done):
            QTest.keyClick(size, key)


def test_everything_has_a_name_and_says_what_it_does(options: ToolOptions, tool_box: ToolBox) -> None:
    silent: list[str] = []
    for tool in TOOLS:
        tool_box.choose(tool.id)
        controls = [*options.bar.findChildren(ParameterField), *options.bar.findChildren(QAbstractButton)]
        silent += [f"{tool.id} {each}" for each in controls if not (each.accessibleName() and each.toolTip())]
    assert silent == []


def test_operations_have_words_where_they_are_folded_away(options: ToolOptions, tool_box: ToolBox) -> None:
    tool_box.choose("mask_brush")
    button = options.bar.button("mask_from_layer")
    narrow = button.sizeHint().width()
    options.resize(300, options.height())
    QApplication.processEvents()
    assert button in options.bar.folded
    assert button.sizeHint().width() > narrow + 20
    assert isinstance(button, OperationButton)


def test_what_folds_depends_on_the_width_alone(options: ToolOptions, tool_box: ToolBox) -> None:
    tool_box.choose("mask_brush")

    def folded(width: int) -> list[QWidget]:
        options.resize(width, options.height())
        QApplication.processEvents()
        return list(options.bar.folded)

    widths = range(300, 1400, 50)
    growing = [folded(width) for width in widths]
    shrinking = [folded(width) for width in reversed(widths)]
    assert growing == shrinking[::-1]


# --- a declared number as a field


SIZE = Number(
    id="size", title="Size", default=40, minimum=1, maximum=1000, decimals=1, unit="px", scale=Scale.LOGARITHMIC
)


def drag(field: ParameterField, steps: int) -> None:
    edit = field.lineEdit()
    QTest.mousePress(edit, LEFT, pos=QPoint(40, 10))
    QTest.mouseMove(edit, QPoint(40 + steps * PIXELS_PER_STEP, 10))
    QTest.mouseRelease(edit, LEFT)


@pytest.fixture
def size(app: QApplication, qtbot: QtBot) -> ParameterField:
    assert app
    field = ParameterField(SIZE)
    qtbot.addWidget(field)
    field.reset()
    field.show()
    return field


def test_a_size_grows_by_a_share_of_itself(size: ParameterField) -> None:
    drag(size, 20)
    large = size.value
    assert large == pytest.approx(40 * 1.12**20, rel=0.02)
    drag(size, -20)
    assert size.value == pytest.approx(40, abs=1)
    drag(size, 100)
    assert size.value == 1000
    drag(size, -200)
    assert size.value == 1


def test_every_step_of_a_small_size_is_another_size(size: ParameterField) -> None:
    size.set_value(1)
    seen = [size.value]
    for _ in range(60):
        size.stepBy(1)
        seen.append(size.value)
    assert seen == sorted(set(seen))
    assert seen[-1] > 500


def test_the_wheel_needs_no_focus(size: ParameterField) -> None:
    size.clearFocus()
    assert not size.hasFocus()
    middle = QPointF(size.rect().center())
    event = QWheelEvent(
        middle,
        size.mapToGlobal(middle),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(size, event)
    assert size.value == 45


def test_no_needless_digits_are_shown(size: ParameterField) -> None:
    assert size.lineEdit().text() == "40"
    size.set_value(2.5)
    assert size.lineEdit().text() == "2.5"


def test_a_double_click_goes_back_to_the_default(size: ParameterField) -> None:
    size.set_value(300)
    QTest.mouseDClick(size.lineEdit(), LEFT)
    assert size.value == 40


def test_keys_go_in_large_steps_and_a_drag_in_small_ones(app: QApplication, qtbot: QtBot) -> None:
    assert app
    field = ParameterField(Number(id="flow", title="Flow", default=100, minimum=1, maximum=100, step=10, unit="%"))
    qtbot.addWidget(field)
    field.reset()
    field.stepBy(-1)
    assert field.value == 90
    drag(field, -7)
    assert field.value == 83
    field.stepBy(-9)
    assert field.value == 1
    field.stepBy(1)
    assert field.value == 10


def test_the_bar_at_the_foot_runs_along_the_logarithm(size: ParameterField) -> None:
    size.set_value(math.sqrt(1000))
    assert size._share(1000) == pytest.approx(0.5, abs=0.01)
