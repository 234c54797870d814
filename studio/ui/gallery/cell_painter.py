"""How one picture of the history looks in a grid, and the heading above a day."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPen

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, CAPTION, LABEL, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QImage

    from studio.services.history_entry import Entry

CORNER: Final = SPACE
"""Radius of a cell's corners."""
RING: Final = 3
"""How far the ring around a selected cell lies outside it."""
_BADGE: Final = 5 * SPACE
_ICON: Final = 3 * SPACE
_DIM: Final = 0.3
_SCRIM: Final = 0.72
_ROOM_FOR_BADGES: Final = 14 * SPACE
_ROOM_FOR_WORDS: Final = 22 * SPACE


@dataclass(frozen=True, slots=True)
class CellLook:
    """What the user does with a cell.

    Attributes:
        is_selected: whether it is chosen.
        is_current: whether the keyboard is there.
        is_hovered: whether the pointer is over it.
    """

    is_selected: bool = False
    is_current: bool = False
    is_hovered: bool = False


class CellPainter:
    """Paints cells and headings, in the theme that is worn when it is made."""

    def __init__(self, painter: QPainter) -> None:
        self._painter = painter
        self._tokens = theme.current()
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        self._field = QColor(self._tokens.field)

    def paint_picture(self, area: QRect, image: QImage | None, *, is_dim: bool) -> None:
        """Paint a thumbnail that has round corners already, or the ground where it will appear.

        Args:
            area: of the cell.
            image: the thumbnail; None as long as there is none.
            is_dim: whether it stands for something that is not there any more.
        """
        painter = self._painter
        if image is None or is_dim:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._field)
            painter.drawRoundedRect(area, CORNER, CORNER)
        if image is not None:
            painter.setOpacity(_DIM if is_dim else 1.0)
            # One that has the cell's size in pixels of the screen is copied; another one stands in for a moment.
            painter.drawImage(area, image)
            painter.setOpacity(1.0)

    def paint_ring(self, area: QRect, look: CellLook, *, has_focus: bool) -> None:
        """Paint what shows that a cell is selected, current or under the pointer."""
        tokens = self._tokens
        if look.is_selected:
            self._draw_ring(area, tokens.focus if has_focus else tokens.text_quiet, 2.0)
        elif look.is_current and has_focus:
            self._draw_ring(area, tokens.focus, 1.0)
        elif look.is_hovered:
            self._draw_ring(area, tokens.text_quiet, 1.0)

    def paint_badges(self, area: QRect, entry: Entry, *, has_no_picture: bool) -> None:
        """Paint what is so of the picture: starred, brought from outside, missing."""
        if entry.is_missing or has_no_picture:
            self._paint_missing(area, "File is missing" if entry.is_missing else "No preview")
        if area.width() < _ROOM_FOR_BADGES:
            return
        inset = area.adjusted(SPACE, SPACE, -SPACE, -SPACE)
        if entry.is_starred:
            self._paint_badge(QRect(inset.right() - _BADGE + 1, inset.top(), _BADGE, _BADGE), Icon.STAR, is_filled=True)
        if entry.is_imported:
            self._paint_badge(QRect(inset.left(), inset.bottom() - _BADGE + 1, _BADGE, _BADGE), Icon.IMPORTED)

    def paint_heading(self, area: QRect, title: str, count: int) -> None:
        """Paint a day's title with the number of its pictures."""
        painter = self._painter
        words = area.adjusted(0, 0, 0, -SPACE)
        painter.setFont(font(BODY, QFont.Weight.DemiBold))
        painter.setPen(QColor(self._tokens.text))
        at_foot = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom
        painter.drawText(words, at_foot, title)
        used = painter.fontMetrics().horizontalAdvance(title) + 2 * SPACE
        painter.setFont(font(LABEL))
        painter.setPen(QColor(self._tokens.text_quiet))
        painter.drawText(words.adjusted(used, 0, 0, 0), at_foot, f"{count:,}")

    def _paint_missing(self, area: QRect, words: str) -> None:
        painter, ink = self._painter, self._tokens.text_quiet
        has_words = area.width() >= _ROOM_FOR_WORDS
        symbol = QRect(0, 0, 5 * SPACE, 5 * SPACE)
        symbol.moveCenter(area.center())
        symbol.translate(0, -2 * SPACE * has_words)
        icons.paint(painter, Icon.NO_PICTURE, symbol, ink)
        if has_words:
            painter.setFont(font(CAPTION))
            painter.setPen(QColor(ink))
            room = QRect(area.left(), symbol.bottom() + SPACE, area.width(), 4 * SPACE)
            painter.drawText(room, Qt.AlignmentFlag.AlignCenter, words)

    def _paint_badge(self, area: QRect, icon: Icon, *, is_filled: bool = False) -> None:
        painter, tokens = self._painter, self._tokens
        ground = QColor(tokens.scrim)
        ground.setAlphaF(_SCRIM)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(area, CORNER, CORNER)
        symbol = QRect(0, 0, _ICON, _ICON)
        symbol.moveCenter(area.center())
        icons.paint(painter, icon, symbol, tokens.on_scrim, is_filled=is_filled)

    def _draw_ring(self, area: QRect, colour: str, width: float) -> None:
        painter = self._painter
        painter.setPen(QPen(QColor(colour), width))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        out = RING - width / 2
        ring = QRectF(area).adjusted(-out, -out, out, out)
        painter.drawRoundedRect(ring, CORNER + out, CORNER + out)
