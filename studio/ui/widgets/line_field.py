"""A line of text to type."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget


class LineField(QLineEdit):
    """A line edit that looks like the other fields."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setFont(font(LABEL))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
