"""Two pictures are compared: with a divider, side by side, by their difference; and so are their settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from studio.bridge.background import Background
from studio.bridge.picture_comparison import PictureComparison
from studio.ui.gallery.compare import CompareView
from studio.ui.gallery.compare_mode import CompareMode
from tests.bridge.looked_at import entry_at, grey
from tests.ui.looking import grey_at, show, wheel
from tests.ui.person import button, click

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry

    Compare = Callable[..., CompareView]

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def compare(app: QApplication, qtbot: QtBot) -> Iterator[Compare]:
    """Compare two pictures, and wait until they are seen."""
    assert app
    reader = Background("test")

    def open_view(first: Entry, second: Entry, width: int = 900) -> CompareView:
        view = CompareView(PictureComparison(reader))
        show(view, qtbot, width, 500)
        view.compare(first, second)
        qtbot.waitUntil(lambda: bool(view.verdict) or view.stage.message is None)
        return view

    yield open_view
    reader.close()


@pytest.fixture
def view(compare: Compare, tmp_path: Path) -> CompareView:
    """A dark picture as A and a light one as B."""
    return compare(entry_at(tmp_path, 1, grey(60)), entry_at(tmp_path, 2, grey(200)))


def press(view: CompareView, key: Qt.Key, held: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(view.stage, key, held)


def left_and_right(view: CompareView) -> tuple[int, int]:
    """Return how bright the view is at its left and at its right, above its middle."""
    width, height = view.stage.width(), view.stage.height()
    left, right = (grey_at(view.stage, QPoint(x, height // 2 - 40)) for x in (width // 4, 3 * width // 4))
    return left, right


def test_a_divider_lies_between_both(view: CompareView) -> None:
    assert left_and_right(view) == (60, 200)


def test_the_divider_is_dragged(view: CompareView) -> None:
    stage = view.stage
    middle = stage.rect().center()
    QTest.mousePress(stage, LEFT, pos=middle + QPoint(4, 0))
    QTest.mouseMove(stage, QPoint(stage.width() - 2, middle.y()))
    QTest.mouseRelease(stage, LEFT, pos=QPoint(stage.width() - 2, middle.y()))
    assert left_and_right(view) == (60, 60)
    QTest.mouseDClick(stage, LEFT, pos=QPoint(stage.width() - 2, middle.y()))
    assert stage.divider == 0.5


def test_arrow_keys_move_the_divider(view: CompareView) -> None:
    press(view, KEY.Key_Right)
    assert view.stage.divider == pytest.approx(0.52)
    press(view, KEY.Key_Left, SHIFT)
    assert view.stage.divider == pytest.approx(0.42)
    for _ in range(6):
        press(view, KEY.Key_Left, SHIFT)
    assert view.stage.divider == 0.0
    assert left_and_right(view) == (200, 200)


def test_side_by_side_shows_both_whole_and_zooms_them_together(view: CompareView) -> None:
    press(view, KEY.Key_2)
    assert left_and_right(view) == (60, 200)
    stage = view.stage
    assert stage.lens.view.width() == pytest.approx((stage.width() - 4) / 2)
    far_left = QPoint(4, stage.height() // 2)
    assert grey_at(stage, far_left) not in {60, 200}
    wheel(stage, QPoint(3 * stage.width() // 4, stage.height() // 2), 4)
    assert grey_at(stage, far_left) == 60
    assert grey_at(stage, QPoint(stage.width() - 4, stage.height() // 2)) == 200


def test_the_difference_is_seen_and_said(view: CompareView) -> None:
    press(view, KEY.Key_3)
    assert left_and_right(view) == (140, 140)
    assert view.verdict == "5.2 dB PSNR, 100 % of the pixels differ, by 140 of 255 at most"


def test_the_mode_is_picked_by_the_mouse_as_well(view: CompareView) -> None:
    click(button(view, "Compare: Difference"))
    assert view.stage.mode is CompareMode.DIFFERENCE


def test_a_copy_is_identical_to_the_last_bit(compare: Compare, tmp_path: Path) -> None:
    view = compare(entry_at(tmp_path, 1, grey(60)), entry_at(tmp_path, 2, grey(60)))
    assert view.verdict == "Identical to the last bit"


def test_another_size_is_scaled_and_said(compare: Compare, tmp_path: Path) -> None:
    view = compare(entry_at(tmp_path, 1, grey(60)), entry_at(tmp_path, 2, grey(60, 32, 32)))
    assert "B has 32 \u00d7 32 pixels and is shown scaled to 64 \u00d7 32, the size of A" in view.verdict


def test_both_are_exchanged(view: CompareView, qtbot: QtBot) -> None:
    first, second = view.pair or (None, None)
    press(view, KEY.Key_X)
    assert view.pair == (second, first)
    qtbot.waitUntil(lambda: view.stage.message is None)
    assert left_and_right(view) == (200, 60)


def test_settings_that_differ_are_listed_and_no_others(view: CompareView) -> None:
    words = [label.text() for label in view.changes.findChildren(QLabel)]
    assert words == ["Settings that differ", "Prompt", "A", "picture 1", "B", "picture 2", "Seed", "A", "1", "B", "2"]


def test_the_same_settings_are_said_to_be_so(compare: Compare, tmp_path: Path) -> None:
    view = compare(entry_at(tmp_path, 1, grey(60), "a fox", seed=5), entry_at(tmp_path, 2, grey(61), "a fox", seed=5))
    assert [label.text() for label in view.changes.findChildren(QLabel)] == ["All settings are the same"]


def test_settings_step_aside_in_a_narrow_window_until_asked_for(
    view: CompareView, compare: Compare, tmp_path: Path
) -> None:
    assert view.changes.isVisible()
    narrow = compare(entry_at(tmp_path, 1, grey(60)), entry_at(tmp_path, 2, grey(200)), 600)
    assert not narrow.changes.isVisible()
    press(narrow, KEY.Key_I)
    assert narrow.changes.isVisible()
    click(button(narrow, "Settings that differ"))
    assert not narrow.changes.isVisible()


def test_a_missing_file_is_said(compare: Compare, tmp_path: Path, qtbot: QtBot) -> None:
    view = compare(entry_at(tmp_path, 1, grey(60)), entry_at(tmp_path, 2, grey(60)))
    view.compare(entry_at(tmp_path, 1, grey(60)), entry_at(tmp_path, 9))
    qtbot.waitUntil(lambda: view.stage.message is not None and "9.png" in view.stage.message.what)
    assert view.verdict == ""


def test_escape_goes_back(view: CompareView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.closed):
        press(view, KEY.Key_Escape)
