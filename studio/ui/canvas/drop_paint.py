"""How the places to drop a picture look."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from studio.ui.canvas.drop_layout import EDGE, HEADING, DropZone
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, HEADLINE, ICON, SPACE

if TYPE_CHECKING:
    from studio.ui.theme.tokens import Tokens

_CORNER: Final = 14
_LARGE_ICON: Final = 10 * SPACE
_DASHES: Final = (5.0, 4.0)
_TALL: Final = 150
"""A place at least this high has its icon above its words, a lower one beside them."""
_WRAPPED: Final = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap
_BESIDE: Final = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@dataclass(frozen=True, slots=True)
class Words:
    """What a place says.

    Attributes:
        icon: its sign.
        title: what happens.
        hint: what that means, in a few words.
    """

    icon: Icon
    title: str
    hint: str


def words_of(zone: DropZone, count: int) -> Words:
    """Return what a place says for so many pictures."""
    match zone:
        case DropZone.NEW_LAYER if count > 1:
            return Words(Icon.NEW_LAYER, f"{count} new layers", "Above the active layer, in this order")
        case DropZone.NEW_LAYER:
            return Words(Icon.NEW_LAYER, "New layer", "Above the active layer")
        case DropZone.IMAGE_TO_IMAGE:
            return Words(Icon.IMAGE_TO_IMAGE, "Image to image", "Into the frame, to paint from")
        case DropZone.SETTINGS:
            return Words(Icon.SETTINGS, "Use its settings", "Prompt, seed and sampling of this picture")
        case DropZone.DOCUMENT:
            return Words(Icon.DOCUMENT, "Open as document", "With its layers, in place of what is open")


def paint_heading(painter: QPainter, room: QRect, title: str, icon: Icon, tokens: Tokens) -> None:
    """Name what is dragged, at the top."""
    typeface = font(BODY, QFont.Weight.Medium)
    metrics = QFontMetricsF(typeface)
    widest = room.width() - 2 * EDGE - ICON - 2 * SPACE
    shown = metrics.elidedText(title, Qt.TextElideMode.ElideMiddle, widest)
    width = ICON + 2 * SPACE + metrics.horizontalAdvance(shown)
    line = QRectF(room.center().x() - width / 2, room.top() + EDGE, width, HEADING - 3 * SPACE)
    mark = QRect(round(line.left()), round(line.top()), ICON, round(line.height()))
    icons.paint(painter, icon, mark, tokens.text_quiet)
    painter.setPen(QColor(tokens.text))
    painter.setFont(typeface)
    painter.drawText(line.adjusted(ICON + 2 * SPACE, 0, 1, 0), _BESIDE, shown)


def paint_zone(painter: QPainter, area: QRectF, zone: DropZone, count: int, tokens: Tokens, *, is_active: bool) -> None:
    """Paint one place; the active one is where the picture would go now.

    Args:
        painter: on the target, with antialiasing.
        area: where, in device-independent pixels.
        zone: which.
        count: of the pictures that are dragged.
        tokens: colours.
        is_active: whether the pointer is over it.
    """
    pen = QPen(QColor(tokens.accent if is_active else tokens.text_disabled), 2 if is_active else 1.25)
    if not is_active:
        pen.setDashPattern(_DASHES)
    painter.setPen(pen)
    painter.setBrush(QColor(tokens.raised if is_active else tokens.window))
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), _CORNER, _CORNER)
    inner = area.adjusted(4 * SPACE, 2 * SPACE, -4 * SPACE, -2 * SPACE)
    words = words_of(zone, count)
    if area.height() >= _TALL:
        _paint_above(painter, inner, words, tokens, is_active=is_active)
    else:
        _paint_beside(painter, inner, words, tokens, is_active=is_active)


def _paint_above(painter: QPainter, room: QRectF, words: Words, tokens: Tokens, *, is_active: bool) -> None:
    strong, plain = font(HEADLINE, QFont.Weight.DemiBold), font(BODY)
    title_height = QFontMetricsF(strong).boundingRect(room, _WRAPPED, words.title).height()
    hint_height = QFontMetricsF(plain).boundingRect(room, _WRAPPED, words.hint).height()
    whole = _LARGE_ICON + 4 * SPACE + title_height + 2 * SPACE + hint_height
    top = room.top() + max(0.0, (room.height() - whole) / 2)
    mark = QRect(round(room.left()), round(top), round(room.width()), _LARGE_ICON)
    icons.paint(painter, words.icon, mark, tokens.accent if is_active else tokens.text_quiet)
    top += _LARGE_ICON + 4 * SPACE
    painter.setFont(strong)
    painter.setPen(QColor(tokens.text))
    painter.drawText(QRectF(room.left(), top, room.width(), title_height), _WRAPPED, words.title)
    top += title_height + 2 * SPACE
    painter.setFont(plain)
    painter.setPen(QColor(tokens.text_quiet))
    painter.drawText(QRectF(room.left(), top, room.width(), room.bottom() - top), _WRAPPED, words.hint)


def _paint_beside(painter: QPainter, room: QRectF, words: Words, tokens: Tokens, *, is_active: bool) -> None:
    strong, plain = font(HEADLINE, QFont.Weight.DemiBold), font(BODY)
    title_metrics, hint_metrics = QFontMetricsF(strong), QFontMetricsF(plain)
    beside = room.width() - _LARGE_ICON - 4 * SPACE
    hint = hint_metrics.elidedText(words.hint, Qt.TextElideMode.ElideRight, beside)
    width = max(title_metrics.horizontalAdvance(words.title), hint_metrics.horizontalAdvance(hint))
    left = room.center().x() - (_LARGE_ICON + 4 * SPACE + width) / 2
    mark = QRect(round(left), round(room.top()), _LARGE_ICON, round(room.height()))
    icons.paint(painter, words.icon, mark, tokens.accent if is_active else tokens.text_quiet)
    has_hint = room.height() >= title_metrics.height() + hint_metrics.height()
    height = title_metrics.height() + (hint_metrics.height() if has_hint else 0)
    line = QRectF(left + _LARGE_ICON + 4 * SPACE, room.center().y() - height / 2, width + 1, title_metrics.height())
    painter.setFont(strong)
    painter.setPen(QColor(tokens.text))
    painter.drawText(line, _BESIDE, words.title)
    if has_hint:
        painter.setFont(plain)
        painter.setPen(QColor(tokens.text_quiet))
        painter.drawText(line.translated(0, title_metrics.height()), _BESIDE, hint)
