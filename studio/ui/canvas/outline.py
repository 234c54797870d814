"""The outline of a selection: where it crosses one half."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QLineF, QPointF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPen, QPixmap

from studio.domain.geometry import NOWHERE, Rect

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtGui import QTransform

    from studio.domain.canvas.plane import Plane

_HALF: Final = 128
_STRIPE: Final = 4
"""Width of the stripes, in widths of the line."""


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Straight pieces along the edges of pixels.

    Attributes:
        pieces: (N, 4) int: x and y of the start, x and y of the end, in document pixels; or nothing.
        bounds: what lies inside, in document pixels.
    """

    pieces: NDArray[np.int64] | tuple[()]
    bounds: Rect = NOWHERE

    @classmethod
    def of(cls, selection: Plane | None) -> Outline:
        """Return the outline of a selection; None and one of nothing have none."""
        area = NOWHERE if selection is None else selection.bounds
        if selection is None or area.is_empty:
            return cls(())
        is_in = np.pad(selection.read(area) >= _HALF, 1)
        # An edge lies between two pixels of which one is in. Edges in a row make one piece.
        across = _runs(is_in[1:, 1:-1] != is_in[:-1, 1:-1])
        along = _runs((is_in[1:-1, 1:] != is_in[1:-1, :-1]).T)
        origin = np.array([area.x, area.y, area.x, area.y])
        rows = np.stack([across[:, 1], across[:, 0], across[:, 2], across[:, 0]], 1)
        columns = np.stack([along[:, 0], along[:, 1], along[:, 0], along[:, 2]], 1)
        return cls(np.concatenate([rows, columns]) + origin, area)

    def within(self, rect: Rect) -> NDArray[np.int64]:
        """Return the pieces that may be seen in a rectangle."""
        pieces = np.asarray(self.pieces, np.int64).reshape(-1, 4)
        is_near = (
            (pieces[:, 2] >= rect.x - 1)
            & (pieces[:, 0] <= rect.right + 1)
            & (pieces[:, 3] >= rect.y - 1)
            & (pieces[:, 1] <= rect.bottom + 1)
        )
        return pieces[is_near]


def draw_outline(painter: QPainter, outline: Outline, to_screen: QTransform, seen: Rect, width: int) -> None:
    """Draw an outline in stripes of black and white, which are seen on any ground.

    The stripes lie still on the screen, like the ground that a stencil lets through: so they run on across pieces, and
    moving the view moves them with what is painted already.

    Args:
        painter: on an image of the screen's pixels.
        outline: what is drawn.
        to_screen: from document pixels to those of the screen.
        seen: the part of the document that is painted.
        width: of the line, in screen pixels.
    """
    pieces = outline.within(seen)
    if not len(pieces):
        return
    painter.setBrushOrigin(to_screen.map(QPointF(outline.bounds.x, outline.bounds.y)).toPoint())
    pen = QPen(QBrush(_stripes(_STRIPE * width)), width)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    painter.setPen(pen)
    start_x, start_y, end_x, end_y = pieces.T
    m11, m12, m21, m22 = to_screen.m11(), to_screen.m12(), to_screen.m21(), to_screen.m22()
    dx, dy = to_screen.dx(), to_screen.dy()
    ends = np.stack(
        [
            m11 * start_x + m21 * start_y + dx,
            m12 * start_x + m22 * start_y + dy,
            m11 * end_x + m21 * end_y + dx,
            m12 * end_x + m22 * end_y + dy,
        ],
        1,
    )
    painter.drawLines([QLineF(*piece) for piece in ends.tolist()])
    painter.setBrushOrigin(0, 0)


def _runs(marked: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Return (N, 3): row, first column, and the column after the last one, of every run of marks in a row."""
    steps = np.diff(np.pad(marked, ((0, 0), (1, 1))).astype(np.int8), axis=1)
    rows, firsts = np.nonzero(steps == 1)
    _, ends = np.nonzero(steps == -1)
    return np.stack([rows, firsts, ends], 1)


def _stripes(stripe: int) -> QPixmap:
    side = 2 * stripe
    image = QImage(side, side, QImage.Format.Format_RGB32)
    image.fill(QColor("#000000"))
    for y in range(side):
        for x in range(side):
            if (x + y) % side < stripe:
                image.setPixelColor(x, y, QColor("#ffffff"))
    return QPixmap.fromImage(image)
