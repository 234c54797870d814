"""The line below the grid: how many pictures there are, how many are selected, and how large they are shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.ui.gallery.cell_view import SIDES
from studio.ui.gallery.size_slider import SizeSlider
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from studio.ui.gallery.gallery_grid import GalleryGrid

_EDGE: Final = 4 * SPACE
_HEIGHT: Final = 9 * SPACE


class CountLine(QWidget):
    """Follows a grid, and sets the size of its cells.

    Attributes:
        slider: the size.
    """

    def __init__(self, grid: GalleryGrid) -> None:
        super().__init__()
        self._grid = grid
        self._words = QLabel()
        self._words.setFont(font(LABEL))
        self._words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.slider = SizeSlider(*SIDES)
        self.slider.setValue(grid.side)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_EDGE, 0, _EDGE, 0)
        layout.addWidget(self._words, 1)
        layout.addWidget(self.slider)
        self.setFixedHeight(_HEIGHT)
        self.slider.valueChanged.connect(grid.set_side)
        grid.side_changed.connect(self.slider.setValue)
        grid.selection_changed.connect(self._count)
        grid.history.counted.connect(self._count)
        self._count()

    @property
    def text(self) -> str:
        """What it says."""
        return self._words.text()

    def _count(self) -> None:
        history, selected = self._grid.history, self._grid.selected.count
        more = "" if history.is_complete or not history.rowCount() else "+"
        words = [f"{history.rowCount():,}{more} {'picture' if history.rowCount() == 1 else 'pictures'}"]
        if selected > 1:
            words.append(f"{selected:,} selected")
        self._words.setText(" \u00b7 ".join(words))
