"""What a grid says where there are no pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QRect, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QPushButton
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, LABEL, SPACE

if TYPE_CHECKING:
    from PySide6.QtGui import QPainter
    from PySide6.QtWidgets import QAbstractItemView

    from studio.bridge.history_model import HistoryModel

_EDGE = 4 * SPACE


class ClearButton(QPushButton):
    """Takes the search back where it finds nothing; below the words that say so."""

    def __init__(self, view: QAbstractItemView, history: HistoryModel) -> None:
        """Follow a view.

        Args:
            view: over which it lies.
            history: its rows.
        """
        super().__init__("Clear the search", view.viewport())
        self._view, self._history = view, history
        self.setFont(font(LABEL))
        self.setCursor(Qt.CursorShape.ArrowCursor)
        view.viewport().installEventFilter(self)
        history.counted.connect(self._follow)
        self._follow()

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._follow()
        return super().eventFilter(watched, event)

    def _follow(self) -> None:
        is_wanted = bool(self._history.query.strip()) and not self._history.rowCount() and self._history.is_complete
        self.setVisible(is_wanted)
        if is_wanted:
            self.resize(self.sizeHint())
            middle = self._view.viewport().rect().center()
            self.move(middle.x() - self.width() // 2, middle.y() + 4 * SPACE)


def paint_nothing(painter: QPainter, area: QRect, history: HistoryModel) -> None:
    """Say why there is nothing: nothing was painted yet, or nothing matches; nothing while it is being looked for."""
    if not history.query and (history.is_complete or not history.serial):
        _paint(painter, area, Icon.HISTORY, "No pictures yet", "Every picture you paint is kept here")
    elif history.query and history.is_complete:
        _paint(painter, area, Icon.SEARCH, "Nothing matches", f"No picture is found by {history.query.strip()}")


def _paint(painter: QPainter, area: QRect, icon: Icon, title: str, hint: str) -> None:
    tokens = theme.current()
    area = area.adjusted(_EDGE, 0, -_EDGE, 0)
    middle = area.center().y() - 10 * SPACE
    icons.paint(painter, icon, QRect(area.left(), middle - 48, area.width(), 28), tokens.text_disabled)
    painter.setPen(QColor(tokens.text))
    painter.setFont(font(BODY))
    painter.drawText(QRect(area.left(), middle, area.width(), 20), Qt.AlignmentFlag.AlignCenter, title)
    painter.setPen(QColor(tokens.text_quiet))
    painter.setFont(font(LABEL))
    room = QRect(area.left(), middle + 24, area.width(), 60)
    painter.drawText(room, Qt.AlignmentFlag.AlignHCenter | Qt.TextFlag.TextWordWrap, hint)
