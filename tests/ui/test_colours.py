"""A colour is picked by eye, by number, or from the last ones."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from studio.ui.panels.colours import RECENT_COLOURS, ColourPicker, ColourPopover, rgb_of
from studio.ui.widgets.colour_areas import ColourArea, Hsv, hex_of
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytestqt.qtbot import QtBot

    from studio.domain.tools.tool import RGB

# The screen that is not there keeps no sizes, raises no windows and grabs no keyboard, and says so.
pytestmark = pytest.mark.qt_log_ignore("This plugin does not support", extend=True)

LEFT = Qt.MouseButton.LeftButton
ORANGE = (200, 140, 60)
channels = st.integers(0, 255)
colours = st.tuples(channels, channels, channels)


@given(colours, colours)
def test_every_colour_of_eight_bits_comes_back_from_what_is_picked(before: RGB, colour: RGB) -> None:
    assert Hsv().near(before).near(colour).rgb == colour


def test_greys_keep_the_hue_and_black_the_saturation_too() -> None:
    red = Hsv().near((255, 0, 0))
    blue = red.near((0, 0, 255))
    assert blue.near((90, 90, 90)).hue == blue.hue
    assert (blue.near((0, 0, 0)).hue, blue.near((0, 0, 0)).saturation) == (blue.hue, 1)


@given(colours)
def test_hex_digits_say_the_colour(colour: RGB) -> None:
    assert rgb_of(hex_of(colour)) == colour


def test_three_digits_are_short_for_six() -> None:
    assert rgb_of("#f80") == rgb_of("ff8800") == (255, 136, 0)


@pytest.fixture
def picker(app: QApplication, qtbot: QtBot) -> ColourPicker:
    assert app
    picker = ColourPicker()
    qtbot.addWidget(picker)
    picker.resize(picker.sizeHint())
    picker.begin(ORANGE)
    picker.show()
    picker.activateWindow()
    qtbot.waitUntil(picker.isActiveWindow)
    return picker


def part(picker: QWidget, name: str) -> QWidget:
    found = [each for each in picker.findChildren(QWidget) if each.accessibleName() == name]
    assert len(found) == 1, name
    return found[0]


def numbers(picker: ColourPicker) -> list[float]:
    return [field.value for field in picker.findChildren(NumberField)]


def test_all_parts_show_one_colour(picker: ColourPicker) -> None:
    assert numbers(picker) == [200, 140, 60, 34, 70, 78]
    hex_field = part(picker, "Colour as hex digits")
    assert isinstance(hex_field, LineField)
    assert hex_field.text() == "#c88c3c"
    square = part(picker, "Saturation and brightness")
    assert square.accessibleDescription() == "#c88c3c"


def test_showing_a_colour_tells_nothing(picker: ColourPicker, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(picker.picked):
        picker.show_colour((12, 34, 56))
        picker.begin((1, 2, 3))
    assert picker.colour == (1, 2, 3)


def test_the_square_sets_saturation_and_brightness_and_keeps_the_hue(picker: ColourPicker) -> None:
    square = part(picker, "Saturation and brightness")
    QTest.mousePress(square, LEFT, pos=QPoint(3, 3))
    assert picker.colour == (255, 255, 255)
    QTest.mouseMove(square, QPoint(square.width() + 50, -50))
    QTest.mouseRelease(square, LEFT)
    assert picker.colour == (255, 146, 0)


def test_a_pixel_of_the_square_is_the_colour_that_it_gives(picker: ColourPicker) -> None:
    square = part(picker, "Saturation and brightness")
    at = QPoint(square.width() // 3, square.height() // 3)
    seen = square.grab().toImage().pixelColor(at)
    QTest.mouseClick(square, LEFT, pos=at)
    given_back = picker.colour
    assert max(abs(a - b) for a, b in zip((seen.red(), seen.green(), seen.blue()), given_back, strict=True)) <= 3


def test_the_arrow_keys_move_in_both_areas(picker: ColourPicker) -> None:
    picker.begin((255, 0, 0))
    square, hues = part(picker, "Saturation and brightness"), part(picker, "Hue")
    QTest.keyClick(square, Qt.Key.Key_Down, Qt.KeyboardModifier.ShiftModifier)
    assert picker.colour == (230, 0, 0)
    QTest.keyClick(hues, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    red, green, _ = picker.colour
    assert red == 230
    assert green > 100


def test_numbers_and_digits_are_typed(picker: ColourPicker, qtbot: QtBot) -> None:
    red = part(picker, "Red")
    assert isinstance(red, NumberField)
    with qtbot.waitSignal(picker.picked, check_params_cb=lambda colour: colour == (17, 140, 60)):
        red.set_value(17)
    hex_field = part(picker, "Colour as hex digits")
    hex_field.setFocus()
    QTest.keyClick(hex_field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(hex_field, "#0080ff!")
    assert picker.colour == (0, 128, 255)
    hue = part(picker, "Hue in degrees")
    assert isinstance(hue, NumberField)
    hue.set_value(120)
    assert picker.colour == (0, 255, 0)


def test_the_colour_before_comes_back_by_a_click(picker: ColourPicker) -> None:
    picker.begin(ORANGE)
    QTest.mouseClick(part(picker, "Saturation and brightness"), LEFT, pos=QPoint(40, 100))
    assert picker.colour != ORANGE
    QTest.mouseClick(part(picker, "Before #c88c3c"), LEFT)
    assert picker.colour == ORANGE


@pytest.fixture
def popover(app: QApplication) -> Iterator[ColourPopover]:
    assert app
    owner = QWidget()
    yield ColourPopover(owner)
    owner.deleteLater()


def test_a_colour_that_was_chosen_is_offered_again_and_first(popover: ColourPopover, qtbot: QtBot) -> None:
    for count in range(RECENT_COLOURS + 3):
        popover.remember((count, 0, 0))
    popover.remember((5, 0, 0))
    assert len(popover.recent) == RECENT_COLOURS
    assert popover.recent[:3] == ((5, 0, 0), (12, 0, 0), (11, 0, 0))
    with qtbot.assertNotEmitted(popover.recent_changed):
        popover.remember((5, 0, 0))
    popover.picker.show()
    QTest.mouseClick(part(popover, "Recent colour #0c0000"), LEFT)
    assert popover.picker.colour == (12, 0, 0)


def test_areas_can_be_reached_with_the_tab_key(picker: ColourPicker) -> None:
    areas = picker.findChildren(ColourArea)
    assert len(areas) == 2
    assert all(area.focusPolicy() & Qt.FocusPolicy.TabFocus and area.accessibleName() for area in areas)
