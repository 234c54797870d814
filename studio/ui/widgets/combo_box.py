"""A choice of one out of a list."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import QComboBox, QStyledItemDelegate
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ICON, ROW


class ComboBox(QComboBox):
    """A combo box with the theme's arrow. Scrolling the panel under the pointer does not change it."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        # The default delegate of a combo box ignores the style sheet's padding.
        self.setItemDelegate(QStyledItemDelegate(self))
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.setMinimumContentsLength(8)

    def choose(self, data: object) -> None:
        """Show the entry that holds ``data``, or the first one."""
        self.setCurrentIndex(max(0, self.findData(data)))

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ROW)

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        tokens = theme.current()
        painter = QPainter(self)
        area = QRect(self.width() - ICON - 8, 0, ICON - 2, self.height())
        icons.paint(painter, Icon.CHEVRON_DOWN, area, tokens.text_quiet if self.isEnabled() else tokens.text_disabled)
        painter.end()
