"""One picture, large: zoomed, moved, stepped through; whatever happens to the rows below it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSizeF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QMainWindow

from studio.bridge.background import Background
from studio.bridge.history_model import HistoryModel
from studio.bridge.matches import Matches
from studio.ui.gallery.viewer import Viewer
from studio.ui.gallery.viewer_lens import Lens
from tests.bridge.looked_at import entry_at, grey
from tests.ui.looking import Looking, grey_at, show, wheel
from tests.ui.person import button, click

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from PySide6.QtWidgets import QApplication
    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry

KEY = Qt.Key
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def looking(app: QApplication, tmp_path: Path) -> Iterator[Looking]:
    assert app
    reader = Background("test")
    yield Looking.at(tmp_path, reader, [entry_at(tmp_path, number, grey(30 * number)) for number in range(1, 6)])
    reader.close()


@pytest.fixture
def model(looking: Looking) -> HistoryModel:
    model = HistoryModel()
    model.reset(looking.entries)
    return model


@pytest.fixture
def viewer(looking: Looking, model: HistoryModel, qtbot: QtBot) -> Viewer:
    viewer = Viewer(model, looking.loader, looking.small)
    show(viewer, qtbot, 500, 400)
    assert viewer.stage.hasFocus()
    viewer.show_row(1)
    qtbot.waitUntil(lambda: seen(viewer) == 60)
    return viewer


def seen(viewer: Viewer) -> int:
    return grey_at(viewer.stage, viewer.stage.rect().center())


def press(viewer: Viewer, *keys: Qt.Key) -> None:
    for key in keys:
        QTest.keyClick(viewer.stage, key)


# --- which picture


def test_it_says_what_is_seen_and_which_of_how_many(viewer: Viewer) -> None:
    title, figures = viewer.header.title.texts
    assert title == "picture 2"
    assert figures.startswith("2 of 5")
    assert "64 \u00d7 32" in figures


def test_arrows_step_and_stop_at_the_ends(viewer: Viewer, qtbot: QtBot) -> None:
    press(viewer, KEY.Key_Right)
    qtbot.waitUntil(lambda: seen(viewer) == 90)
    press(viewer, KEY.Key_Left, KEY.Key_Left, KEY.Key_Left, KEY.Key_Left)
    qtbot.waitUntil(lambda: seen(viewer) == 30)
    assert viewer.row == 0
    press(viewer, KEY.Key_End)
    qtbot.waitUntil(lambda: seen(viewer) == 150)
    assert not button(viewer, "Next picture").isVisible()
    click(button(viewer, "Previous picture"))
    assert viewer.row == 3


def test_neighbours_are_read_ahead(viewer: Viewer, looking: Looking, qtbot: QtBot) -> None:
    assert viewer.row == 1
    qtbot.waitUntil(lambda: set(looking.loader.kept) >= {1, 2, 3, 4})


def test_a_missing_file_is_said_by_its_name(
    viewer: Viewer, model: HistoryModel, looking: Looking, qtbot: QtBot
) -> None:
    gone = replace(looking.entries[4], path=looking.folder / "gone.png", is_missing=True)
    model.show_entries([5], [gone])
    press(viewer, KEY.Key_End)
    qtbot.waitUntil(lambda: viewer.stage.message is not None)
    message = viewer.stage.message
    assert message is not None
    assert message.what == "gone.png is not there any more"
    assert str(looking.folder) in message.why
    press(viewer, KEY.Key_Left)
    assert viewer.stage.message is None


def test_a_damaged_file_is_said_too(viewer: Viewer, looking: Looking, qtbot: QtBot) -> None:
    looking.entries[4].path.write_bytes(b"no picture")
    press(viewer, KEY.Key_End)
    qtbot.waitUntil(lambda: viewer.stage.message is not None)
    assert viewer.stage.message is not None
    assert viewer.stage.message.what == "5.png cannot be shown"


def test_an_entry_that_is_not_in_memory_is_asked_for_and_shown(looking: Looking, qtbot: QtBot) -> None:
    ids = np.array([entry.id for entry in looking.entries], np.int64)
    model = HistoryModel()
    model.show_matches(0, Matches(ids, (), (), is_all=True))
    asked: list[int] = []
    model.entries_wanted.connect(asked.extend)
    viewer = Viewer(model, looking.loader, looking.small)
    show(viewer, qtbot, 500, 400)
    viewer.show_row(3)
    assert viewer.stage.message is not None
    assert 4 in asked
    model.show_entries(asked, [entry for entry in looking.entries if entry.id in asked])
    qtbot.waitUntil(lambda: seen(viewer) == 120)


def test_a_new_picture_above_does_not_change_what_is_seen(
    viewer: Viewer, model: HistoryModel, looking: Looking
) -> None:
    model.prepend(entry_at(looking.folder, 9, grey(200)))
    assert viewer.row == 2
    assert viewer.entry == looking.entries[1]
    assert viewer.header.title.texts[1].startswith("3 of 6")


def test_what_is_thrown_away_makes_room_for_the_next_one(
    viewer: Viewer, model: HistoryModel, looking: Looking, qtbot: QtBot
) -> None:
    thrown: list[tuple[int, ...]] = []
    viewer.trash_wanted.connect(thrown.append)
    press(viewer, KEY.Key_Delete)
    assert thrown == [(2,)]
    model.reset([entry for entry in looking.entries if entry.id != 2])
    qtbot.waitUntil(lambda: seen(viewer) == 90)
    with qtbot.waitSignal(viewer.closed):
        model.reset([])


# --- what can be done


def test_a_star_is_asked_for_and_shown_once_the_history_has_it(
    viewer: Viewer, model: HistoryModel, looking: Looking
) -> None:
    asked: list[tuple[tuple[int, ...], bool]] = []
    viewer.star_wanted.connect(lambda ids, is_starred: asked.append((ids, is_starred)))
    press(viewer, KEY.Key_Period)
    assert asked == [((2,), True)]
    star = button(viewer, "Star")
    assert not star.isChecked()
    model.show_entries([2], [replace(looking.entries[1], is_starred=True)])
    assert star.isChecked()
    click(star)
    assert asked[-1] == ((2,), False)


def test_it_compares_with_what_was_seen_before(viewer: Viewer, looking: Looking) -> None:
    pairs: list[tuple[Entry, Entry]] = []
    viewer.compare_wanted.connect(lambda first, second: pairs.append((first, second)))
    press(viewer, KEY.Key_C)
    assert pairs == []
    assert not button(viewer, "Compare").isEnabled()
    press(viewer, KEY.Key_Right, KEY.Key_C)
    assert pairs == [(looking.entries[1], looking.entries[2])]


def test_lineage_canvas_and_closing_are_a_key_away(viewer: Viewer, looking: Looking, qtbot: QtBot) -> None:
    for key, signal in ((KEY.Key_L, viewer.lineage_wanted), (KEY.Key_Return, viewer.canvas_wanted)):
        with qtbot.waitSignal(signal) as told:
            press(viewer, key)
        assert told.args == [looking.entries[1]]
    with qtbot.waitSignal(viewer.closed):
        press(viewer, KEY.Key_Escape)
    with qtbot.waitSignal(viewer.closed):
        click(button(viewer, "Back"))


def test_details_come_and_go(viewer: Viewer) -> None:
    details = QLabel("details")
    viewer.set_details(details)
    press(viewer, KEY.Key_I)
    assert details.isVisible()
    assert button(viewer, "Details").isChecked()
    press(viewer, KEY.Key_I)
    assert not details.isVisible()


def test_its_keys_go_before_those_of_the_window(viewer: Viewer, qtbot: QtBot) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    window.setMinimumSize(500, 400)
    window.setCentralWidget(viewer)
    other = QAction("Clear layer", window)
    other.setShortcut("Del")
    cleared: list[bool] = []
    thrown: list[tuple[int, ...]] = []
    other.triggered.connect(cleared.append)
    viewer.trash_wanted.connect(thrown.append)
    window.addAction(other)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    viewer.stage.setFocus()
    press(viewer, KEY.Key_Delete)
    assert (thrown, cleared) == ([(2,)], [])
    # The fixture closes it.
    window.takeCentralWidget()
    viewer.setParent(None)


def test_full_screen_shows_the_same_and_obeys_the_same_keys(viewer: Viewer, qtbot: QtBot) -> None:
    press(viewer, KEY.Key_F)
    screen = viewer.seen()
    assert screen is not viewer.stage
    assert screen.isFullScreen()
    assert grey_at(screen, screen.rect().center()) == 60
    QTest.keyClick(screen, KEY.Key_Right)
    qtbot.waitUntil(lambda: grey_at(screen, screen.rect().center()) == 90)
    QTest.keyClick(screen, KEY.Key_Escape)
    assert viewer.seen() is viewer.stage
    assert seen(viewer) == 90


# --- how large


def test_a_double_click_changes_between_fitted_and_pixels(viewer: Viewer) -> None:
    assert viewer.stage.lens.zoom is None
    QTest.mouseDClick(viewer.stage, LEFT, pos=viewer.stage.rect().center())
    assert viewer.stage.lens.shown_zoom == 1.0
    QTest.mouseDClick(viewer.stage, LEFT, pos=viewer.stage.rect().center())
    assert viewer.stage.lens.zoom is None


def test_the_wheel_keeps_what_is_under_the_pointer(viewer: Viewer) -> None:
    stage, at = viewer.stage, QPoint(120, 200)
    before = share(stage.lens, QPointF(at))
    wheel(stage, at, 8)
    assert stage.lens.shown_zoom > 20
    assert share(stage.lens, QPointF(at)) == pytest.approx(before, abs=0.01)


def test_dragging_moves_the_picture_and_never_out_of_sight(viewer: Viewer) -> None:
    stage = viewer.stage
    wheel(stage, stage.rect().center(), 8)
    before = stage.lens.target.topLeft()
    QTest.mousePress(stage, LEFT, pos=QPoint(100, 100))
    assert stage.cursor().shape() == Qt.CursorShape.ClosedHandCursor
    QTest.mouseMove(stage, QPoint(130, 90))
    QTest.mouseRelease(stage, LEFT, pos=QPoint(130, 90))
    assert stage.lens.target.topLeft() - before == QPointF(30, -10)
    QTest.mousePress(stage, LEFT, pos=QPoint(100, 100))
    QTest.mouseMove(stage, QPoint(100_000, 100_000))
    QTest.mouseRelease(stage, LEFT, pos=QPoint(100, 100))
    assert stage.lens.target.topLeft() == QPointF(0, 0)


def test_keys_zoom(viewer: Viewer) -> None:
    lens = viewer.stage.lens
    press(viewer, KEY.Key_Plus)
    assert viewer.stage.lens.shown_zoom == pytest.approx(1.25 * lens.shown_zoom)
    press(viewer, KEY.Key_1)
    assert viewer.stage.lens.shown_zoom == 1.0
    press(viewer, KEY.Key_0)
    assert viewer.stage.lens == lens


def test_pixels_are_squares_when_one_looks_closely(viewer: Viewer, model: HistoryModel, looking: Looking) -> None:
    stripes = np.zeros((32, 64, 3), np.uint8)
    stripes[:, ::2] = 255
    model.reset([entry_at(looking.folder, 30, stripes)])
    viewer.show_row(0)
    for _ in range(12):
        press(viewer, KEY.Key_Plus)
    assert viewer.stage.lens.is_crisp


def share(lens: Lens, at: QPointF) -> tuple[float, float]:
    """Return what lies under a point of a view: 0 to 1 from left to right, and from top to bottom."""
    target = lens.target
    return (at.x() - target.left()) / target.width(), (at.y() - target.top()) / target.height()


@pytest.mark.parametrize("scale", [1.0, 1.25, 2.0])
def test_at_100_percent_each_pixel_is_one_of_the_screens(scale: float) -> None:
    lens = Lens(QSizeF(801, 603), QSizeF(64, 31), scale).zoomed(1.0, QPointF(400, 300))
    corner = lens.target.topLeft() * scale
    assert (corner.x(), corner.y()) == pytest.approx((round(corner.x()), round(corner.y())))
    assert lens.shown_size * scale == QSizeF(64, 31)
    assert lens.is_crisp


def test_a_fitted_picture_follows_the_view_and_stays_whole() -> None:
    lens = Lens(QSizeF(400, 400), QSizeF(1000, 500)).resized(QSizeF(300, 600), 2.0)
    assert lens.zoom is None
    assert lens.shown_size.width() == pytest.approx(300 - 2 * lens.margin)
    assert not lens.is_movable
