"""Choosing a colour: by eye, by number, or one of the last ones."""

from __future__ import annotations

import re
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from studio.ui.theme.tokens import ROW, SPACE
from studio.ui.widgets.colour_areas import Hsv, colour_square, hex_of, hue_bar
from studio.ui.widgets.colour_button import ColourButton
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.number_field import NumberField
from studio.ui.widgets.popover import Edge, Popover

if TYPE_CHECKING:
    from studio.domain.tools.tool import RGB

RECENT_COLOURS: Final = 10
_EDGE: Final = 3 * SPACE
_HEX: Final = "#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})"


class ColourPicker(QWidget):
    """A square of saturation and brightness, a bar of hues, and the same in numbers.

    Signals:
        picked: the new colour: red, green and blue from 0 to 255.
    """

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._colour = Hsv()
        self._is_showing = False
        self._square, self._hues = colour_square(), hue_bar()
        self._comparison = ColourButton(
            "Before", "Left the colour as it was, right as it is now; a click goes back", QSize(13 * SPACE, ROW)
        )
        self._hex = LineField("Colour as hex digits")
        self._hex.setToolTip("The colour as on the web: #rrggbb or #rgb")
        self._hex.setValidator(QRegularExpressionValidator(_HEX, self))
        self._rgb = tuple(_number(letter, name, 255) for letter, name in (("R", "Red"), ("G", "Green"), ("B", "Blue")))
        self._hsv = (
            _number("H", "Hue in degrees", 360),
            _number("S", "Saturation in percent", 100),
            _number("V", "Brightness in percent", 100),
        )
        self._recent = tuple(
            ColourButton("Recent colour", "Take this colour again", QSize(6 * SPACE, 6 * SPACE))
            for _ in range(RECENT_COLOURS)
        )
        self._lay_out()
        self._connect()
        self.begin((0, 0, 0))
        self.offer(())

    @property
    def colour(self) -> RGB:
        """What is picked."""
        return self._colour.rgb

    def begin(self, colour: RGB) -> None:
        """Start from a colour, with which the picked one is compared."""
        self._before = colour
        self._show(self._colour.near(colour))

    def show_colour(self, colour: RGB) -> None:
        """Show a colour that was picked elsewhere."""
        self._show(self._colour.near(colour))

    def offer(self, recent: tuple[RGB, ...]) -> None:
        """Offer colours to take again, the last one first."""
        for place, button in enumerate(self._recent):
            button.setVisible(place < len(recent))
            if place < len(recent):
                button.show_colours(recent[place])

    def _lay_out(self) -> None:
        numbers = QGridLayout()
        numbers.setSpacing(SPACE)
        for row, fields in enumerate((self._rgb, self._hsv)):
            for column, field in enumerate(fields):
                numbers.addWidget(field, row, column)
        for column in range(3):
            numbers.setColumnStretch(column, 1)
        first = QHBoxLayout()
        first.setSpacing(SPACE)
        first.addWidget(self._comparison)
        first.addWidget(self._hex, 1)
        recent = QHBoxLayout()
        recent.setSpacing(0)
        for button in self._recent:
            recent.addWidget(button)
        recent.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        layout.setSpacing(SPACE)
        layout.addWidget(self._square, 1)
        layout.addWidget(self._hues)
        layout.addSpacing(SPACE)
        layout.addLayout(first)
        layout.addLayout(numbers)
        layout.addSpacing(SPACE)
        layout.addLayout(recent)
        self.setFocusProxy(self._hex)

    def _connect(self) -> None:
        self._square.picked.connect(self._take)
        self._hues.picked.connect(self._take)
        self._comparison.clicked.connect(self._go_back)
        self._hex.textEdited.connect(self._take_hex)
        self._hex.editingFinished.connect(self._show_hex)
        for field in self._rgb:
            field.value_changed.connect(self._take_rgb)
        for field in self._hsv:
            field.value_changed.connect(self._take_hsv)
        for button in self._recent:
            button.clicked.connect(partial(self._take_again, button))

    def _take(self, colour: Hsv) -> None:
        if not self._is_showing and colour != self._colour:
            is_another = colour.rgb != self._colour.rgb
            self._show(colour)
            if is_another:
                self.picked.emit(colour.rgb)

    def _take_rgb(self) -> None:
        red, green, blue = (int(field.value) for field in self._rgb)
        self._take(self._colour.near((red, green, blue)))

    def _take_hsv(self) -> None:
        hue, saturation, value = (field.value for field in self._hsv)
        self._take(Hsv(hue / 360, saturation / 100, value / 100))

    def _take_hex(self, text: str) -> None:
        if re.fullmatch(_HEX, text):
            self._take(self._colour.near(rgb_of(text)))

    def _take_again(self, button: ColourButton) -> None:
        self._take(self._colour.near(button.colour))

    def _go_back(self) -> None:
        self._take(self._colour.near(self._before))

    def _show(self, colour: Hsv) -> None:
        self._colour = colour
        # The fields tell of what they are shown, too, and whole degrees are coarser than what was picked.
        self._is_showing = True
        self._square.show_colour(colour)
        self._hues.show_colour(colour)
        self._comparison.show_colours(self._before, colour.rgb)
        for field, channel in zip(self._rgb, colour.rgb, strict=True):
            field.set_value(channel)
        for field, value in zip(
            self._hsv, (colour.hue * 360, colour.saturation * 100, colour.value * 100), strict=True
        ):
            field.set_value(round(value))
        if not self._hex.hasFocus():
            self._show_hex()
        self._is_showing = False

    def _show_hex(self) -> None:
        self._hex.setText(hex_of(self._colour.rgb))


class ColourPopover(Popover):
    """The picker beside what was clicked. It remembers the colours that were chosen in it.

    Signals:
        picked: the new colour: red, green and blue from 0 to 255.
        recent_changed: the colours to offer have changed.
    """

    picked = Signal(object)
    recent_changed = Signal()

    def __init__(self, owner: QWidget) -> None:
        super().__init__("Colour", owner)
        self.picker = ColourPicker()
        self._recent: tuple[RGB, ...] = ()
        self._start: RGB | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.picker)
        self.setFocusProxy(self.picker)
        self.picker.picked.connect(self.picked)
        self.closed.connect(self._remember_picked)

    @property
    def recent(self) -> tuple[RGB, ...]:
        """The last colours, the latest first."""
        return self._recent

    def restore(self, recent: tuple[RGB, ...]) -> None:
        """Offer these colours."""
        self._recent = recent[:RECENT_COLOURS]
        self.picker.offer(self._recent)

    def remember(self, colour: RGB) -> None:
        """Offer a colour before all others."""
        if self._recent[:1] != (colour,):
            self.restore((colour, *(other for other in self._recent if other != colour)))
            self.recent_changed.emit()

    def open_for(self, colour: RGB, anchor: QWidget, edge: Edge) -> None:
        """Open with a colour."""
        self._start = colour
        self.picker.begin(colour)
        self.open_at(anchor, edge)

    def _remember_picked(self) -> None:
        if self._start is not None and self.picker.colour != self._start:
            self.remember(self.picker.colour)
        self._start = None


def rgb_of(text: str) -> RGB:
    """Return the colour of ``#rrggbb`` or ``#rgb``, with or without the sign."""
    digits = text.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:6], 16)


def _number(title: str, name: str, high: int) -> NumberField:
    field = NumberField(title, 0, high, usual_high=high)
    field.setAccessibleName(name)
    field.setToolTip(name)
    return field
