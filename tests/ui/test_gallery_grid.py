"""The grid is chosen from, selected in and moved through by keys and mouse, and only what is seen is looked at."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from studio.bridge.history_model import HistoryModel
from studio.bridge.matches import Matches
from studio.domain.metadata import Metadata
from studio.ui.gallery.gallery_grid import GalleryGrid
from studio.ui.gallery.grid_keys import PictureAsk
from studio.ui.gallery.grid_pointer import GridPointer
from tests.bridge.requests import entry_of, image_of, minutes_past_noon, text_request
from tests.fakes import CONDITIONS

if TYPE_CHECKING:
    from pathlib import Path

    from pytestqt.qtbot import QtBot

    from studio.services.history_entry import Entry

LEFT = Qt.MouseButton.LeftButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
DAYS = ("2026-11-23", "2026-11-22")


@pytest.fixture
def model(qtbot: QtBot, tmp_path: Path) -> HistoryModel:
    """A list of ten pictures: seven of one day, three of the day before."""
    assert qtbot
    model = HistoryModel()
    model.reset([entry(number, tmp_path) for number in range(10, 0, -1)])
    return model


@pytest.fixture
def grid(app: QApplication, qtbot: QtBot, model: HistoryModel) -> GalleryGrid:
    """Four columns of it."""
    assert app
    grid = GalleryGrid(model)
    model.setParent(grid)
    qtbot.addWidget(grid)
    grid.resize(760, 600)
    grid.show()
    grid.activateWindow()
    qtbot.waitUntil(grid.isActiveWindow)
    grid.setFocus()
    assert grid.layout_of_cells.columns == 4
    return grid


def entry(number: int, tmp_path: Path) -> Entry:
    request = text_request(f"picture {number}", seed=number)
    metadata = Metadata.of(request, image_of(request), CONDITIONS, minutes_past_noon(number))
    made = entry_of(number, tmp_path / f"{number}.png", metadata)
    return replace(made, day=DAYS[0] if number > 3 else DAYS[1])


def middle(grid: GalleryGrid, row: int) -> QPoint:
    return grid.visualRect(grid.history.index(row)).center()


def mouse(kind: QEvent.Type, at: QPoint) -> QMouseEvent:
    return QMouseEvent(kind, QPointF(at), QPointF(at), LEFT, LEFT, Qt.KeyboardModifier.NoModifier)


def click(grid: GalleryGrid, row: int, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.mouseClick(grid.viewport(), LEFT, modifiers, middle(grid, row))


def press(grid: GalleryGrid, *keys: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    for key in keys:
        QTest.keyClick(grid, key, modifiers)


def colour(grid: GalleryGrid, at: QPoint) -> QColor:
    return grid.viewport().grab().toImage().pixelColor(at * grid.devicePixelRatioF())


def test_clicks_select_as_in_a_file_manager(grid: GalleryGrid) -> None:
    click(grid, 2)
    assert grid.selected_ids == (8,)
    click(grid, 5, SHIFT)
    assert grid.selected_ids == (8, 7, 6, 5)
    click(grid, 8, CONTROL)
    click(grid, 3, CONTROL)
    assert grid.selected_ids == (8, 6, 5, 2)
    click(grid, 9, SHIFT | CONTROL)
    assert grid.selected_ids == (8, 7, 6, 5, 4, 3, 2, 1), "from the last that was toggled on, beside what was selected"
    click(grid, 0)
    assert grid.selected_ids == (10,)


def test_a_selection_is_extended_from_its_picture_though_new_ones_have_come(grid: GalleryGrid, tmp_path: Path) -> None:
    click(grid, 2)
    grid.history.prepend(entry(11, tmp_path))
    click(grid, 5, SHIFT)
    assert grid.selected_ids == (8, 7, 6)
    grid.history.reset([entry(number, tmp_path) for number in range(12, 0, -1)])
    click(grid, 9, SHIFT)
    assert grid.selected_ids[-1] == 3, "and after everything was looked at anew, from the picture of the keyboard"
    assert grid.selected_ids[0] == 6


def test_what_was_pressed_is_dragged_though_new_pictures_have_come(grid: GalleryGrid, tmp_path: Path) -> None:
    dragged: list[int] = []
    pointer = GridPointer(grid, grid.selected, dragged.append)
    there = middle(grid, 4)
    pointer.press(mouse(QEvent.Type.MouseButtonPress, there))
    grid.history.prepend(entry(11, tmp_path))
    pointer.move(mouse(QEvent.Type.MouseMove, there + QPoint(40, 0)))
    assert grid.history.ids_of(dragged) == (6,)
    pointer.press(mouse(QEvent.Type.MouseButtonPress, there))
    grid.history.reset([entry(1, tmp_path)])
    pointer.move(mouse(QEvent.Type.MouseMove, there + QPoint(40, 0)))
    assert len(dragged) == 1, "what is gone is not dragged"
    assert pointer.release(mouse(QEvent.Type.MouseButtonRelease, there)) is None


def test_a_click_on_one_of_several_selects_it_alone_and_a_press_does_not_yet(grid: GalleryGrid) -> None:
    grid.selected.take_all()
    QTest.mousePress(grid.viewport(), LEFT, pos=middle(grid, 4))
    assert grid.selected.count == 10, "it may become a drag of all of them"
    QTest.mouseRelease(grid.viewport(), LEFT, pos=middle(grid, 4))
    assert grid.selected_ids == (6,)


def test_a_click_beside_the_pictures_selects_nothing(grid: GalleryGrid) -> None:
    click(grid, 2)
    beside = grid.visualRect(grid.history.index(6)).center() + QPoint(grid.layout_of_cells.side + 20, 0)
    QTest.mouseClick(grid.viewport(), LEFT, pos=beside)
    assert grid.selected_ids == ()


def test_a_rubber_band_selects_what_it_touches(grid: GalleryGrid) -> None:
    start = grid.visualRect(grid.history.index(0)).topLeft() - QPoint(4, 4)
    QTest.mousePress(grid.viewport(), LEFT, pos=start)
    QTest.mouseMove(grid.viewport(), middle(grid, 5))
    assert grid.band is not None
    assert grid.selected_ids == (10, 9, 6, 5)
    QTest.mouseMove(grid.viewport(), middle(grid, 0))
    assert grid.selected_ids == (10,), "it can shrink again"
    QTest.mouseRelease(grid.viewport(), LEFT, pos=middle(grid, 0))
    assert grid.band is None
    assert grid.selected_ids == (10,)


def test_arrows_cross_from_one_day_to_the_next(grid: GalleryGrid) -> None:
    press(grid, Qt.Key.Key_Right)
    assert grid.selected.current == 0, "the first key goes to the first picture"
    press(grid, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    assert grid.selected.current == 3
    press(grid, Qt.Key.Key_Down)
    assert grid.selected.current == 6, "the line is shorter"
    press(grid, Qt.Key.Key_Down)
    assert grid.selected.current == 9
    press(grid, Qt.Key.Key_Down)
    assert grid.selected.current == 9
    press(grid, Qt.Key.Key_Left, Qt.Key.Key_Left, Qt.Key.Key_Up)
    assert grid.selected.current == 4
    press(grid, Qt.Key.Key_End)
    assert grid.selected_ids == (1,)
    press(grid, Qt.Key.Key_Home)
    assert grid.selected_ids == (10,)


def test_shift_extends_and_control_moves_without_selecting(grid: GalleryGrid) -> None:
    click(grid, 1)
    press(grid, Qt.Key.Key_Right, Qt.Key.Key_Down, modifiers=SHIFT)
    assert grid.selected_ids == (9, 8, 7, 6, 5, 4)
    press(grid, Qt.Key.Key_Up, modifiers=SHIFT)
    assert grid.selected_ids == (9, 8)
    press(grid, Qt.Key.Key_End, modifiers=CONTROL)
    assert grid.selected_ids == (9, 8)
    assert grid.selected.current == 9


def test_all_are_selected_and_none_again(grid: GalleryGrid) -> None:
    press(grid, Qt.Key.Key_A, modifiers=CONTROL)
    assert grid.selected.count == 10
    press(grid, Qt.Key.Key_Escape)
    assert grid.selected.count == 0


def test_a_page_down_and_up_again_comes_back(grid: GalleryGrid, qtbot: QtBot) -> None:
    with qtbot.waitSignal(grid.side_changed):
        grid.set_side(320)
    click(grid, 0)
    press(grid, Qt.Key.Key_PageDown)
    there = grid.selected.current
    assert there is not None
    assert there > 0
    assert grid.viewport().rect().contains(grid.visualRect(grid.currentIndex())), "it is scrolled to"
    press(grid, Qt.Key.Key_PageUp)
    assert grid.selected.current == 0


def test_keys_ask_for_what_the_menu_does(grid: GalleryGrid) -> None:
    asked: list[PictureAsk] = []
    chosen: list[Entry] = []
    grid.asked.connect(asked.append)
    grid.entry_chosen.connect(chosen.append)
    click(grid, 1)
    press(grid, Qt.Key.Key_Space, Qt.Key.Key_Period, Qt.Key.Key_Delete, Qt.Key.Key_F2, Qt.Key.Key_T)
    assert asked == [PictureAsk.VIEW, PictureAsk.STAR, PictureAsk.TRASH, PictureAsk.NOTE, PictureAsk.TAGS]
    press(grid, Qt.Key.Key_Return)
    QTest.mouseDClick(grid.viewport(), LEFT, pos=middle(grid, 3))
    assert [one.id for one in chosen] == [9, 9], "a double click opens what its first click selected"


def test_cells_grow_with_keys_and_wheel(grid: GalleryGrid) -> None:
    before = grid.side
    press(grid, Qt.Key.Key_Plus, modifiers=CONTROL)
    larger = grid.side
    assert larger > before
    press(grid, Qt.Key.Key_Minus, modifiers=CONTROL)
    assert grid.side == before
    at = QPointF(middle(grid, 0))
    wheel = QWheelEvent(
        at, at, QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton, CONTROL, Qt.ScrollPhase.NoScrollPhase, False
    )
    QApplication.sendEvent(grid.viewport(), wheel)
    assert grid.side == larger


def test_only_what_is_seen_is_looked_at(app: QApplication, qtbot: QtBot) -> None:
    assert app
    model = HistoryModel()
    grid = GalleryGrid(model)
    model.setParent(grid)
    qtbot.addWidget(grid)
    grid.resize(760, 600)
    grid.show()
    pages: list[tuple[int, ...]] = []
    model.entries_wanted.connect(pages.append)
    model.refresh()
    with qtbot.waitSignal(model.entries_wanted):
        model.show_matches(1, Matches(np.arange(100_000, 0, -1), (("2026-11-23", 100_000),)))
    assert len(pages) == 1
    assert len(pages[0]) < 100
    model.show_entries(pages[0], [])
    with qtbot.waitSignal(model.entries_wanted):
        grid.verticalScrollBar().setValue(grid.verticalScrollBar().maximum() // 2)
    first = grid.rows_seen().start
    assert 45_000 < first < 55_000
    assert pages[-1][0] == 100_000 - first


def test_what_is_seen_stays_where_it_is_when_pictures_come(grid: GalleryGrid, tmp_path: Path) -> None:
    grid.resize(760, 300)
    grid.verticalScrollBar().setValue(150)
    first = grid.rows_seen().start
    number, top = grid.history.ids_of([first])[0], grid.visualRect(grid.history.index(first)).top()
    for new in range(11, 16):
        grid.history.prepend(entry(new, tmp_path))
    row = grid.history.row_of(number)
    assert row == first + 5
    assert grid.visualRect(grid.history.index(first + 5)).top() == top


def test_at_the_top_new_pictures_are_seen(grid: GalleryGrid, tmp_path: Path) -> None:
    click(grid, 0)
    grid.history.prepend(entry(11, tmp_path))
    assert grid.verticalOffset() == 0
    assert grid.selected_ids == (10,), "the same picture stays selected"


def test_another_search_begins_at_the_top_and_a_refresh_keeps_the_selection(grid: GalleryGrid, tmp_path: Path) -> None:
    model = grid.history
    grid.resize(760, 300)
    click(grid, 4)
    grid.verticalScrollBar().setValue(200)
    model.refresh()
    model.show_matches(model.serial, Matches.of_entries([entry(number, tmp_path) for number in (1, 6, 10)]))
    assert grid.selected_ids == (6,)
    model.refresh()
    model.show_matches(model.serial, Matches.of_entries([entry(number, tmp_path) for number in range(40, 0, -1)]))
    grid.verticalScrollBar().setValue(200)
    model.set_query("picture")
    model.show_matches(model.serial, Matches.of_entries([entry(number, tmp_path) for number in range(39, 0, -1)]))
    assert grid.verticalOffset() == 0


def test_what_is_thrown_away_hands_the_selection_to_its_neighbour(grid: GalleryGrid, tmp_path: Path) -> None:
    click(grid, 4)
    model = grid.history
    left = [entry(number, tmp_path) for number in range(10, 0, -1) if number != 6]
    model.refresh()
    model.show_matches(model.serial, Matches.of_entries(left))
    assert grid.selected_ids == (5,)


def test_a_cell_shows_its_thumbnail_and_its_marks(grid: GalleryGrid, tmp_path: Path) -> None:
    side = grid.layout_of_cells.side
    image = QImage(side, side, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor("#3050f0"))
    grid.history.set_thumbnail(10, side, image)
    assert colour(grid, middle(grid, 0)) == QColor("#3050f0")
    corner = grid.visualRect(grid.history.index(0)).topRight() + QPoint(-8, 8)
    plain = colour(grid, corner)
    grid.history.show_entries((), [replace(entry(10, tmp_path), is_starred=True)])
    assert colour(grid, corner) != plain
    grid.history.show_entries((), [replace(entry(10, tmp_path), is_missing=True)])
    dim = colour(grid, grid.visualRect(grid.history.index(0)).topLeft() + QPoint(20, 20))
    assert dim.blue() < 0xC0


def test_a_selected_cell_has_a_ring(grid: GalleryGrid) -> None:
    at = grid.visualRect(grid.history.index(0)).topLeft() + QPoint(40, -2)
    before = colour(grid, at)
    click(grid, 0)
    assert colour(grid, at).lightness() > before.lightness() + 100


def test_a_screen_reader_hears_where_the_keyboard_is(grid: GalleryGrid) -> None:
    click(grid, 2)
    assert "picture 8" in grid.accessibleDescription()
    assert "seed 8" in grid.accessibleDescription()
    assert grid.accessibleName() == "Pictures"


def test_days_are_named_above_their_pictures(grid: GalleryGrid) -> None:
    headings = list(grid.layout_of_cells.headings_between(0, 2000))
    assert [day for day, _ in headings] == [0, 1]
    first_of_second = grid.layout_of_cells.area(7)
    assert headings[1][1].bottom() < first_of_second.top()
    assert grid.layout_of_cells.rows_of(0) == range(7)
