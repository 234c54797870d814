"""Where the cells of a grid are, by arithmetic alone: each day begins a new line under its heading."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from PySide6.QtCore import QRect

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


@dataclass(frozen=True, slots=True)
class Spacing:
    """Distances in device-independent pixels.

    Attributes:
        edge: around everything.
        gap: between cells.
        heading: height of a day's heading, 0 for none.
        after_day: below a day's last line.
    """

    edge: int
    gap: int
    heading: int
    after_day: int

    def columns(self, width: int, best_side: int) -> int:
        """Return how many columns of cells of about this side fill a width."""
        inner = max(1, width - 2 * self.edge)
        return max(1, round((inner + self.gap) / (best_side + self.gap)))


class DayLayout:
    """Squares in columns. Finding one takes the logarithm of the number of days, however many pictures there are.

    Attributes:
        columns: how many.
        side: of a cell.
        height: of everything.
        rows: how many cells there are.
        gap: between cells.
        top_margin: above the first line of a day.
    """

    def __init__(self, counts: Sequence[int], width: int, best_side: int, spacing: Spacing) -> None:
        """Lay cells out.

        Args:
            counts: cells of each day, in order; none of them 0.
            width: of everything.
            best_side: of a cell; the one that comes nearest to it and fills the width is taken.
            spacing: distances.
        """
        inner = max(1, width - 2 * spacing.edge)
        self._spacing = spacing
        self.gap = spacing.gap
        self.top_margin = spacing.edge + spacing.heading
        self.columns = spacing.columns(width, best_side)
        self.side = max(1, (inner + spacing.gap) // self.columns - spacing.gap)
        self._step = self.side + spacing.gap
        lines = [-(-count // self.columns) for count in counts]
        heights = [spacing.heading + each * self._step + spacing.after_day for each in lines]
        # Of each day, and of the end: its first row, and its top.
        self._firsts = [0, *accumulate(counts)]
        self._tops = [spacing.edge, *(spacing.edge + height for height in accumulate(heights))]
        self.rows = self._firsts[-1]
        self.height = self._tops[-1] - spacing.after_day * bool(counts) + spacing.edge

    def area(self, row: int) -> QRect:
        """Return where a cell is."""
        day = self.day_of(row)
        line, column = divmod(row - self._firsts[day], self.columns)
        top = self._tops[day] + self._spacing.heading + line * self._step
        return QRect(self._spacing.edge + column * self._step, top, self.side, self.side)

    def day_of(self, row: int) -> int:
        """Return which day a cell belongs to."""
        return bisect_right(self._firsts, row, hi=len(self._firsts) - 1) - 1

    def rows_of(self, day: int) -> range:
        """Return the cells of a day."""
        return range(self._firsts[day], self._firsts[day + 1])

    def rows_between(self, top: int, bottom: int) -> range:
        """Return the cells of which a part lies between two heights, the second one not included."""
        return range(self._first_from(top), self._first_from(bottom, is_end=True))

    def headings_between(self, top: int, bottom: int) -> Iterator[tuple[int, QRect]]:
        """Yield each day whose heading lies between two heights at least in part, with where that is."""
        spacing = self._spacing
        day = max(0, bisect_right(self._tops, top - spacing.heading) - 1)
        width = self.columns * self._step - spacing.gap
        while spacing.heading and day < len(self._tops) - 1 and self._tops[day] < bottom:
            yield day, QRect(spacing.edge, self._tops[day], width, spacing.heading)
            day += 1

    def row_at(self, x: int, y: int) -> int | None:
        """Return the cell at a point, None between cells."""
        row = self.nearest(x, y)
        return row if row is not None and self.area(row).contains(x, y) else None

    def nearest(self, x: int, y: int) -> int | None:
        """Return the cell nearest to a point within its day; None where there are no cells."""
        if not self.rows:
            return None
        day = self._day_at(y)
        rows = self.rows_of(day)
        line = max(0, (y - self._tops[day] - self._spacing.heading) // self._step)
        line = min(line, (len(rows) - 1) // self.columns)
        return min(rows.start + line * self.columns + self._column_at(x), rows.stop - 1)

    def vertically(self, row: int, lines: int) -> int:
        """Return the cell so many lines further down, across days, in the same column or the last one before it."""
        column = (row - self._firsts[self.day_of(row)]) % self.columns
        step = 1 if lines > 0 else -1
        for _ in range(abs(lines)):
            start = row - (row - self._firsts[self.day_of(row)]) % self.columns
            other = start + self.columns if step > 0 else start - 1
            if step > 0:
                other = min(other, self.rows_of(self.day_of(row)).stop)
            if not 0 <= other < self.rows:
                break
            day = self.day_of(other)
            line_start = other - (other - self._firsts[day]) % self.columns
            row = min(line_start + column, self.rows_of(day).stop - 1)
        return row

    def rows_in(self, area: QRect) -> list[range]:
        """Return the cells that a rectangle touches, as runs."""
        first, last = self._columns_touched(area)
        if first > last:
            return []
        runs: list[range] = []
        for line in self._lines(self.rows_between(area.top(), area.bottom() + 1)):
            run = range(line.start + first, min(line.start + last + 1, line.stop))
            if not run:
                continue
            if runs and runs[-1].stop == run.start:
                runs[-1] = range(runs[-1].start, run.stop)
            else:
                runs.append(run)
        return runs

    def _lines(self, rows: range) -> Iterator[range]:
        """Yield whole lines; ``rows`` begins and ends with one."""
        row = rows.start
        while row < rows.stop:
            end = min(row + self.columns, self.rows_of(self.day_of(row)).stop)
            yield range(row, end)
            row = end

    def _columns_touched(self, area: QRect) -> tuple[int, int]:
        left, right = area.left() - self._spacing.edge, area.right() - self._spacing.edge
        first = max(0, -(-(left - self.side + 1) // self._step))
        return first, min(self.columns - 1, right // self._step)

    def _column_at(self, x: int) -> int:
        return max(0, min((x - self._spacing.edge) // self._step, self.columns - 1))

    def _day_at(self, y: int) -> int:
        return max(0, min(bisect_right(self._tops, y) - 1, len(self._tops) - 2))

    def _first_from(self, y: int, *, is_end: bool = False) -> int:
        """Return the first cell of the first line that ends below a height, or begins at it or below it."""
        if not self.rows:
            return 0
        day = self._day_at(y)
        below = y - self._tops[day] - self._spacing.heading
        line = -(-below // self._step) if is_end else (below - self.side) // self._step + 1
        rows = self.rows_of(day)
        return min(rows.start + max(0, line) * self.columns, rows.stop)
