"""Every number can be typed, stepped, wheeled, dragged and reset."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from studio.ui.widgets.number_field import PIXELS_PER_STEP, NumberField

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def ground(app: QApplication, qtbot: QtBot) -> QWidget:
    assert app
    ground = QWidget()
    # With a size of its own the layout asks for none, which the screen that is not there could not keep.
    ground.setMinimumSize(240, 120)
    QVBoxLayout(ground)
    qtbot.addWidget(ground)
    return ground


def placed(ground: QWidget, field: NumberField, qtbot: QtBot) -> NumberField:
    layout = ground.layout()
    assert layout is not None
    other = QWidget()
    other.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    layout.addWidget(other)
    layout.addWidget(field)
    ground.resize(240, 120)
    ground.show()
    ground.activateWindow()
    qtbot.waitUntil(ground.isActiveWindow)
    other.setFocus()
    return field


@pytest.fixture
def steps(ground: QWidget, qtbot: QtBot) -> NumberField:
    field = placed(ground, NumberField("Steps", 1, 1000, usual_high=50), qtbot)
    field.default = 20
    field.reset()
    return field


@pytest.fixture
def guidance(ground: QWidget, qtbot: QtBot) -> NumberField:
    field = placed(ground, NumberField("Guidance", 0, 100, step=0.5, decimals=1, usual_high=15), qtbot)
    field.set_value(7)
    return field


def middle(field: NumberField) -> QPoint:
    return field.lineEdit().rect().center()


def drag(field: NumberField, distance: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    start = middle(field)
    QTest.mousePress(field.lineEdit(), LEFT, modifiers, start)
    for part in (0.5, 1.0):
        move(field, start + QPoint(round(distance * part), 0), modifiers)
    QTest.mouseRelease(field.lineEdit(), LEFT, modifiers, start + QPoint(distance, 0))


def move(field: NumberField, place: QPoint, modifiers: Qt.KeyboardModifier) -> None:
    # QTest.mouseMove takes no modifiers and no buttons.
    edit = field.lineEdit()
    at = QPointF(place)
    event = QMouseEvent(
        QEvent.Type.MouseMove, at, QPointF(edit.mapToGlobal(place)), Qt.MouseButton.NoButton, LEFT, modifiers
    )
    QApplication.sendEvent(edit, event)


def wheel(field: NumberField, notches: int) -> bool:
    event = QWheelEvent(
        QPointF(5, 5),
        QPointF(field.mapToGlobal(QPoint(5, 5))),
        QPoint(),
        QPoint(0, 120 * notches),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(field, event)
    return event.isAccepted()


def test_it_is_typed(steps: NumberField, qtbot: QtBot) -> None:
    QTest.mouseClick(steps.lineEdit(), LEFT, pos=middle(steps))
    assert steps.hasFocus()
    with qtbot.waitSignal(steps.value_changed):
        QTest.keyClicks(steps, "35")
    assert steps.value == 35


def test_half_a_number_does_not_count_and_is_replaced_in_the_end(steps: NumberField) -> None:
    QTest.mouseClick(steps.lineEdit(), LEFT, pos=middle(steps))
    QTest.keyClick(steps, Qt.Key.Key_Delete)
    assert steps.value == 20
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert steps.lineEdit().text() == "20"


@pytest.mark.parametrize("text", ["x", "-3", "1e3", "2.5"])
def test_a_whole_number_takes_digits_only(steps: NumberField, text: str) -> None:
    steps.setFocus()
    steps.selectAll()
    QTest.keyClicks(steps, text)
    # What was selected is replaced by the first digit; where there is none it stays.
    assert steps.lineEdit().text() == ("".join(each for each in text if each.isdigit()) or "20")


def test_a_number_too_large_is_not_taken(steps: NumberField) -> None:
    steps.setFocus()
    steps.selectAll()
    QTest.keyClicks(steps, "5000")
    QTest.keyClick(steps, Qt.Key.Key_Return)
    assert steps.value == 500
    assert steps.lineEdit().text() == "500"


def test_a_comma_is_a_decimal_point_too(guidance: NumberField) -> None:
    guidance.setFocus()
    guidance.selectAll()
    QTest.keyClicks(guidance, "4,5")
    assert guidance.value == 4.5


def test_the_arrow_keys_step(guidance: NumberField) -> None:
    guidance.setFocus()
    QTest.keyClick(guidance, Qt.Key.Key_Up)
    assert guidance.value == 7.5
    QTest.keyClick(guidance, Qt.Key.Key_Down)
    QTest.keyClick(guidance, Qt.Key.Key_Down)
    assert guidance.value == 6.5


def test_the_wheel_turns_it_only_while_it_has_the_focus(steps: NumberField) -> None:
    assert not wheel(steps, 1)
    assert steps.value == 20
    steps.setFocus()
    wheel(steps, 2)
    assert steps.value == 22


def test_it_is_dragged(steps: NumberField) -> None:
    drag(steps, 10 * PIXELS_PER_STEP)
    assert steps.value == 30
    drag(steps, -5 * PIXELS_PER_STEP)
    assert steps.value == 25


def test_shift_drags_slowly(steps: NumberField) -> None:
    drag(steps, 20 * PIXELS_PER_STEP, Qt.KeyboardModifier.ShiftModifier)
    assert steps.value == 22


def test_dragging_stops_at_the_ends(steps: NumberField) -> None:
    drag(steps, -1000)
    assert steps.value == 1


def test_a_double_click_resets_it(steps: NumberField) -> None:
    steps.set_value(33)
    QTest.mouseDClick(steps.lineEdit(), LEFT, pos=middle(steps))
    assert steps.value == 20
    assert steps.lineEdit().text() == "20"


def test_a_size_steps_in_the_model_s_multiples(ground: QWidget, qtbot: QtBot) -> None:
    width = placed(ground, NumberField("Width", 1, 16384), qtbot)
    width.set_step(8)
    width.set_value(250)
    width.stepBy(1)
    assert width.value == 256


def test_nothing_is_said_where_nothing_changed(steps: NumberField, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(steps.value_changed):
        steps.set_value(20)


def test_its_text_fits(steps: NumberField) -> None:
    steps.set_value(1000)
    assert steps.width() >= steps.sizeHint().width()
    edit = steps.lineEdit()
    room = edit.width() - edit.textMargins().left() - edit.textMargins().right()
    assert room >= edit.fontMetrics().horizontalAdvance("1000")
