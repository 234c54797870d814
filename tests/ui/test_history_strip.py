"""A picture of the history is chosen by a click or a key, and a press that becomes a drag chooses nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.bridge.history_model import HistoryModel
from studio.domain.metadata import Metadata
from studio.ui.gallery import HistoryStrip
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from PySide6.QtCore import QPoint
    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry

LEFT = Qt.MouseButton.LeftButton


def entry(number: int, tmp_path: Path) -> Entry:
    request = text_request(f"picture {number}", seed=number)
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    return entry_of(number, tmp_path / f"{number}.png", metadata)


@pytest.fixture
def strip(app: QApplication, qtbot: QtBot, tmp_path: Path) -> HistoryStrip:
    assert app
    model = HistoryModel()
    model.reset([entry(number, tmp_path) for number in (3, 2, 1)])
    strip = HistoryStrip(model)
    model.setParent(strip)
    qtbot.addWidget(strip)
    strip.resize(400, 300)
    strip.show()
    strip.activateWindow()
    qtbot.waitUntil(strip.isActiveWindow)
    return strip


@pytest.fixture
def chosen(strip: HistoryStrip) -> list[int]:
    """Return the numbers of the entries that were asked for, as they come."""
    numbers: list[int] = []
    strip.entry_chosen.connect(lambda entry: numbers.append(entry.id))
    return numbers


def middle(strip: HistoryStrip, row: int) -> QPoint:
    return strip.visualRect(strip.model().index(row, 0)).center()


def test_a_click_chooses_once(strip: HistoryStrip, chosen: list[int]) -> None:
    for row in (1, 1, 0):
        QTest.mouseClick(strip.viewport(), LEFT, pos=middle(strip, row))
    assert chosen == [2, 3]


def test_a_press_alone_chooses_nothing(strip: HistoryStrip, chosen: list[int]) -> None:
    QTest.mousePress(strip.viewport(), LEFT, pos=middle(strip, 1))
    assert chosen == []
    QTest.mouseRelease(strip.viewport(), LEFT, pos=middle(strip, 1))
    assert chosen == [2]


def test_the_keyboards_coming_by_a_click_chooses_nothing_and_by_a_key_the_first(
    strip: HistoryStrip,
) -> None:
    fresh = HistoryStrip(strip.history)
    numbers: list[int] = []
    fresh.entry_chosen.connect(lambda entry: numbers.append(entry.id))
    QApplication.sendEvent(fresh, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.ActiveWindowFocusReason))
    assert numbers == []
    fresh.deleteLater()
    other = HistoryStrip(strip.history)
    other.entry_chosen.connect(lambda entry: numbers.append(entry.id))
    QApplication.sendEvent(other, QFocusEvent(QEvent.Type.FocusIn, Qt.FocusReason.TabFocusReason))
    assert numbers == [3]
    other.deleteLater()


def test_a_key_chooses_at_once(strip: HistoryStrip, chosen: list[int]) -> None:
    strip.choose(0)
    QTest.keyClick(strip, Qt.Key.Key_Right)
    assert chosen == [2]


def test_one_that_is_marked_already_is_chosen_by_a_click(strip: HistoryStrip, chosen: list[int]) -> None:
    strip.choose(2)
    QTest.mouseClick(strip.viewport(), LEFT, pos=middle(strip, 2))
    assert chosen == [1]
