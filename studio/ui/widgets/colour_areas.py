"""Areas in which a colour is picked by its place: saturation and brightness in a square, the hue on a bar."""

from __future__ import annotations

import colorsys
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QLinearGradient,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
)
from PySide6.QtWidgets import QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.tokens import RADIUS, SPACE

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.tools.tool import RGB

_KEY_STEP: Final = 0.01
_BIG_KEY_STEP: Final = 0.1
_KNOB: Final = 6
_MOVES: Final = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}


@dataclass(frozen=True, slots=True)
class Hsv:
    """A colour as it is picked. It remembers the hue of greys and the saturation of black, which RGB does not.

    Attributes:
        hue: 0 to 1, red at both ends.
        saturation: 0 to 1.
        value: 0 to 1.
    """

    hue: float = 0.0
    saturation: float = 0.0
    value: float = 0.0

    @property
    def rgb(self) -> RGB:
        """The nearest colour of 8 bits a channel."""
        red, green, blue = colorsys.hsv_to_rgb(self.hue, self.saturation, self.value)
        return round(red * 255), round(green * 255), round(blue * 255)

    def near(self, rgb: RGB) -> Hsv:
        """Return a colour in these terms, keeping of the present ones what the colour leaves open."""
        if rgb == self.rgb:
            return self
        hue, saturation, value = colorsys.rgb_to_hsv(*(channel / 255 for channel in rgb))
        if value == 0:
            return replace(self, value=0.0)
        return Hsv(hue if saturation else self.hue, saturation, value)


def hex_of(rgb: RGB) -> str:
    """Return ``#rrggbb``."""
    return "#{:02x}{:02x}{:02x}".format(*rgb)


@dataclass(frozen=True, slots=True)
class Terrain:
    """What the places of an area stand for. Places are shares from 0 to 1, across to the right and upwards.

    Attributes:
        place_of: where a colour lies.
        colour_at: what the present colour becomes at a place.
        grounds: what is painted, the lowest first.
    """

    place_of: Callable[[Hsv], tuple[float, float]]
    colour_at: Callable[[Hsv, float, float], Hsv]
    grounds: Callable[[Hsv, QRectF], tuple[QBrush, ...]]


class ColourArea(QWidget):
    """The pointer and the arrow keys move a knob over colours.

    Signals:
        picked: the new `Hsv`.
    """

    picked = Signal(object)

    def __init__(self, name: str, tip: str, terrain: Terrain, size: QSize) -> None:
        super().__init__()
        self._colour = Hsv()
        self._terrain = terrain
        self._size = size
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)

    def show_colour(self, colour: Hsv) -> None:
        """Show another colour, without telling."""
        if colour != self._colour:
            self._colour = colour
            self.setAccessibleDescription(hex_of(colour.rgb))
            self.update()

    @override
    def sizeHint(self) -> QSize:
        return self._size

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._take(event.position())

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._take(event.position())

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        move = _MOVES.get(Qt.Key(event.key()))
        if move is None:
            super().keyPressEvent(event)
            return
        step = _BIG_KEY_STEP if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else _KEY_STEP
        across, up = self._terrain.place_of(self._colour)
        self._go(across + move[0] * step, up + move[1] * step)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens, room = theme.current(), self._room()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        shape = QPainterPath()
        shape.addRoundedRect(room, SPACE, SPACE)
        for ground in self._terrain.grounds(self._colour, room):
            painter.fillPath(shape, ground)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        across, up = self._terrain.place_of(self._colour)
        _paint_knob(painter, _inside(room, across, up), self._colour.rgb)
        painter.end()

    def _take(self, at: QPointF) -> None:
        room = self._room()
        self._go((at.x() - room.left()) / max(1.0, room.width()), (room.bottom() - at.y()) / max(1.0, room.height()))

    def _go(self, across: float, up: float) -> None:
        colour = self._terrain.colour_at(self._colour, _kept(across), _kept(up))
        if colour != self._colour:
            self.show_colour(colour)
            self.picked.emit(colour)

    def _room(self) -> QRectF:
        # The focus ring stands outside the colours, so that it hides none.
        return QRectF(self.rect()).adjusted(3, 3, -3, -3)


def colour_square() -> ColourArea:
    """Return an area with all colours of one hue: saturation grows to the right, brightness upwards."""
    terrain = Terrain(
        place_of=lambda colour: (colour.saturation, colour.value),
        colour_at=lambda colour, across, up: replace(colour, saturation=across, value=up),
        grounds=_square_grounds,
    )
    tip = "Saturation to the right, brightness upwards; the arrow keys move too"
    return ColourArea("Saturation and brightness", tip, terrain, QSize(60 * SPACE, 42 * SPACE))


def hue_bar() -> ColourArea:
    """Return an area with all hues from red to red."""
    terrain = Terrain(
        place_of=lambda colour: (colour.hue, 0.5),
        colour_at=lambda colour, across, _up: replace(colour, hue=across),
        grounds=_hue_grounds,
    )
    return ColourArea("Hue", "Hue; the left and right keys move too", terrain, QSize(60 * SPACE, 6 * SPACE))


def _square_grounds(colour: Hsv, room: QRectF) -> tuple[QBrush, ...]:
    # Black of the alpha 1 - value over the way from white to the hue is what HSV says, exactly.
    across = QLinearGradient(room.topLeft(), room.topRight())
    across.setColorAt(0, QColor(Qt.GlobalColor.white))
    across.setColorAt(1, QColor.fromHsvF(colour.hue, 1, 1))
    down = QLinearGradient(room.topLeft(), room.bottomLeft())
    down.setColorAt(0, QColor(0, 0, 0, 0))
    down.setColorAt(1, QColor(0, 0, 0, 255))
    return QBrush(across), QBrush(down)


def _hue_grounds(_colour: Hsv, room: QRectF) -> tuple[QBrush, ...]:
    hues = QLinearGradient(room.topLeft(), room.topRight())
    for sixth in range(7):
        hues.setColorAt(sixth / 6, QColor.fromHsvF(sixth % 6 / 6, 1, 1))
    return (QBrush(hues),)


def _inside(room: QRectF, across: float, up: float) -> QPointF:
    return QPointF(room.left() + across * room.width(), room.bottom() - up * room.height())


def _paint_knob(painter: QPainter, at: QPointF, rgb: RGB) -> None:
    """Paint a ring in two tones, which is seen on any colour, filled with its own."""
    painter.setBrush(QColor(*rgb))
    painter.setPen(QPen(QColor(0, 0, 0, 160), 4))
    painter.drawEllipse(at, _KNOB, _KNOB)
    painter.setPen(QPen(QColor(Qt.GlobalColor.white), 2))
    painter.drawEllipse(at, _KNOB, _KNOB)


def _kept(share: float) -> float:
    return min(1.0, max(0.0, share))
