"""A column that scrolls where there is too little room, and takes no more room than it can use."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QFrame, QLayout, QScrollArea, QWidget
from typing_extensions import override


class ScrolledColumn(QScrollArea):
    """Scrolls up and down only. What stands below it follows its last field, however high the window is."""

    def __init__(self, content: QWidget, layout: QLayout) -> None:
        super().__init__()
        self._layout = layout
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)
        content.installEventFilter(self)
        self.setMaximumHeight(layout.maximumSize().height())

    @override
    def sizeHint(self) -> QSize:
        return self._layout.sizeHint()

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.setMaximumHeight(self._layout.maximumSize().height())
        return super().eventFilter(watched, event)
