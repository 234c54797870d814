"""Arithmetic finds every cell of the grid where it is."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QRect

from studio.ui.gallery.day_layout import DayLayout, Spacing
from studio.ui.gallery.day_titles import DayRun, each_day, few_headings, run_title

TODAY = date(2026, 11, 24)
SPACING = Spacing(edge=8, gap=4, heading=30, after_day=12)
LAYOUTS = st.builds(
    DayLayout,
    st.lists(st.integers(1, 9), max_size=6),
    st.integers(1, 500),
    st.integers(20, 120),
    st.sampled_from([SPACING, Spacing(0, 0, 0, 0), Spacing(3, 1, 0, 5)]),
)


@given(LAYOUTS)
def test_each_cell_is_found_at_its_place_and_none_overlaps_another(layout: DayLayout) -> None:
    areas = [layout.area(row) for row in range(layout.rows)]
    for row, area in enumerate(areas):
        assert layout.row_at(area.left(), area.top()) == row
        assert layout.row_at(area.right(), area.bottom()) == row
        assert area.bottom() < layout.height
        assert not any(area.intersects(other) for other in areas[:row])
        assert row in layout.rows_of(layout.day_of(row))


@given(LAYOUTS, st.integers(-50, 900), st.integers(1, 300))
def test_what_is_seen_is_what_lies_between_two_heights(layout: DayLayout, top: int, height: int) -> None:
    strip = QRect(-1000, top, 3000, height)
    seen = [row for row in range(layout.rows) if layout.area(row).intersects(strip)]
    found = list(layout.rows_between(top, top + height))
    assert found == seen


@given(LAYOUTS, st.integers(-50, 600), st.integers(-50, 900), st.integers(1, 400), st.integers(1, 400))
def test_a_rubber_band_takes_the_cells_that_it_touches(
    layout: DayLayout, left: int, top: int, width: int, height: int
) -> None:
    band = QRect(left, top, width, height)
    touched = [row for row in range(layout.rows) if layout.area(row).intersects(band)]
    assert [row for run in layout.rows_in(band) for row in run] == touched


@given(LAYOUTS, st.integers(-50, 900), st.integers(1, 300))
def test_headings_are_found_where_they_are(layout: DayLayout, top: int, height: int) -> None:
    every = list(layout.headings_between(-1, layout.height + 1))
    assert [day for day, _ in every] == list(range(len(every)))
    strip = QRect(-1000, top, 3000, height)
    seen = [day for day, area in every if area.intersects(strip)]
    found = [
        day for day, area in layout.headings_between(top, top + height) if area.height() and area.intersects(strip)
    ]
    assert found == seen


@given(LAYOUTS, st.data())
def test_one_line_down_is_the_next_line_and_up_again_the_one_before(layout: DayLayout, data: st.DataObject) -> None:
    if not layout.rows:
        return
    row = data.draw(st.integers(0, layout.rows - 1))
    below = layout.vertically(row, 1)
    here, there = layout.area(row), layout.area(below)
    if below == row:
        later = [other for other in range(layout.rows) if layout.area(other).top() > here.top()]
        assert not later
    else:
        between = [other for other in range(layout.rows) if here.top() < layout.area(other).top() < there.top()]
        assert not between
        assert there.top() > here.top()
        assert there.left() <= here.left()
        assert layout.area(layout.vertically(below, -1)).top() == here.top()
    assert layout.vertically(row, 0) == row


def test_cells_fill_the_width() -> None:
    layout = DayLayout([10], 500, 100, SPACING)
    assert layout.columns == 5
    assert layout.area(4).right() <= 500 - SPACING.edge - 1
    assert layout.area(4).right() > 500 - SPACING.edge - layout.columns


def test_nothing_is_laid_out_for_nothing() -> None:
    layout = DayLayout([], 500, 100, SPACING)
    assert (layout.rows, layout.height) == (0, 2 * SPACING.edge)
    assert layout.nearest(10, 10) is layout.row_at(10, 10) is None
    assert list(layout.rows_between(0, 100)) == []


@pytest.mark.parametrize(
    ("day", "title"),
    [
        ("2026-11-24", "Today"),
        ("2026-11-23", "Yesterday"),
        ("2026-11-22", "Sunday 22 November 2026"),
        ("2025-03-01", "Saturday 1 March 2025"),
        ("", "No date"),
        ("2026-13-01", "No date"),
    ],
)
def test_a_day_is_called_as_people_call_it(day: str, title: str) -> None:
    assert run_title(DayRun(day, day, 1), TODAY) == title


def test_few_pictures_of_a_month_share_a_line() -> None:
    days = [
        ("2026-11-24", 1),
        ("2026-11-23", 1),
        ("2026-11-20", 2),
        ("2026-11-19", 1),
        ("2026-11-02", 1),
        ("2026-11-01", 1),
        ("2026-10-31", 9),
        ("2026-10-30", 1),
    ]
    runs = few_headings(days, 4, TODAY)
    assert [(run_title(run, TODAY), run.count) for run in runs] == [
        ("Today", 1),
        ("Yesterday", 1),
        ("2 \u2013 20 November 2026", 4),
        ("Sunday 1 November 2026", 1),
        ("Saturday 31 October 2026", 9),
        ("Friday 30 October 2026", 1),
    ]
    assert few_headings(days, 0, TODAY) == each_day(days)


@given(
    st.lists(st.tuples(st.dates(date(2026, 1, 1), TODAY).map(str), st.integers(1, 5)), max_size=30), st.integers(1, 9)
)
def test_no_picture_is_lost_where_days_share_a_heading(days: list[tuple[str, int]], most: int) -> None:
    runs = few_headings(days, most, TODAY)
    assert sum(run.count for run in runs) == sum(count for _, count in days)
    assert all(run.count <= most for run in runs if run.newest != run.oldest)
