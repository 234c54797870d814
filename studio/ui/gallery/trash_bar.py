"""The line above the grid while the trash is looked at."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE

_EDGE: Final = 4 * SPACE


class TrashBar(QWidget):
    """Says how long the trash keeps pictures, and brings them back or lets them go.

    Signals:
        bring_back_wanted: the selected pictures shall come back.
        empty_wanted: all of them shall go.
    """

    bring_back_wanted = Signal()
    empty_wanted = Signal()

    def __init__(self) -> None:
        super().__init__()
        words = QLabel("Pictures stay in the trash for 30 days")
        words.setFont(font(LABEL))
        words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._back = QPushButton("Put back")
        self._back.setEnabled(False)
        empty = QPushButton("Empty the trash")
        for button in (self._back, empty):
            button.setFont(font(LABEL))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(_EDGE, 0, _EDGE, 2 * SPACE)
        layout.setSpacing(2 * SPACE)
        layout.addWidget(words, 1)
        layout.addWidget(self._back)
        layout.addWidget(empty)
        self._back.clicked.connect(self.bring_back_wanted)
        empty.clicked.connect(self.empty_wanted)

    def show_selected(self, count: int) -> None:
        """Offer to bring back what is selected."""
        self._back.setEnabled(count > 0)
