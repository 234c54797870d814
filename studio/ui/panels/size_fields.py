"""The size of the picture: a shape to pick, or width and height."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QWidget

from studio.domain.geometry import ASPECTS, Aspect, Size, size_for, snap
from studio.domain.picture import MAX_SIDE
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ROW, SPACE
from studio.ui.widgets.aspect_picker import AspectPicker
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.number_field import NumberField

if TYPE_CHECKING:
    from studio.domain.model import ModelInfo

_MULTIPLE = 8
_SIDE = 512


class SizeFields(QWidget):
    """Aspect presets at the model's own number of pixels, and both sides to type.

    Signals:
        changed: the size changed.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._multiple, self._native = _MULTIPLE, _SIDE
        self._aspects = AspectPicker()
        self._width = NumberField("Width", 1, MAX_SIDE, step=_MULTIPLE, usual_high=2 * _SIDE)
        self._height = NumberField("Height", 1, MAX_SIDE, step=_MULTIPLE, usual_high=2 * _SIDE)
        swap = IconButton(Icon.SWAP, "Swap width and height", "Swap width and height", side=ROW - SPACE)
        layout = QGridLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setHorizontalSpacing(SPACE)
        layout.setVerticalSpacing(2 * SPACE)
        layout.addWidget(self._aspects, 0, 0, 1, 3)
        layout.addWidget(self._width, 1, 0)
        layout.addWidget(swap, 1, 1)
        layout.addWidget(self._height, 1, 2)
        layout.setColumnStretch(0, 1)
        layout.setColumnStretch(2, 1)
        self._aspects.picked.connect(self._take_aspect)
        swap.clicked.connect(self._swap)
        for field, side in ((self._width, "Width"), (self._height, "Height")):
            field.setToolTip(f"{side} of the picture in pixels; time and memory grow with the area")
            field.value_changed.connect(self._mark)

    @property
    def size_in_pixels(self) -> Size:
        """What is asked for; it may not fit the model."""
        return Size(int(self._width.value), int(self._height.value))

    @property
    def nearest_size(self) -> Size:
        """The size nearest to what is asked for that fits the model."""
        size = self.size_in_pixels
        return Size(snap(size.width, self._multiple), snap(size.height, self._multiple))

    def set_size(self, size: Size) -> None:
        """Show another size."""
        self._width.set_value(size.width)
        self._height.set_value(size.height)
        self._mark()

    def follow(self, model: ModelInfo) -> None:
        """Step in the model's multiples, and take its own side for presets and resets."""
        self._multiple, self._native = model.extent_multiple, model.native_side
        for field in (self._width, self._height):
            field.set_step(self._multiple)
            field.default = self._native
        self._mark()

    def use_native_size(self) -> None:
        """Take the present shape at the model's own number of pixels, or a square."""
        self._take_aspect(self._aspect() or ASPECTS[0])

    def _take_aspect(self, aspect: Aspect) -> None:
        self.set_size(size_for(aspect, self._native, self._multiple))

    def _swap(self) -> None:
        size = self.size_in_pixels
        self.set_size(Size(size.height, size.width))

    def _aspect(self) -> Aspect | None:
        """Return the shape of the present size at whatever number of pixels, or None where it is none of them."""
        present = self.size_in_pixels
        presets = {size_for(each, self._native, self._multiple): each for each in reversed(ASPECTS)}
        if present in presets:
            return presets[present]
        likeliest = min(ASPECTS, key=lambda each: abs(math.log(each.ratio * present.height / present.width)))
        # Rounding to the model's multiples moves both sides by less than one of them.
        root = math.sqrt(present.width * present.height / likeliest.ratio)
        off = abs(present.width - root * likeliest.ratio), abs(present.height - root)
        return likeliest if max(off) < self._multiple else None

    def _mark(self) -> None:
        self._aspects.show_aspect(self._aspect())
        self.changed.emit()
