"""A part of a panel that folds away."""

from __future__ import annotations

from PySide6.QtCore import QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ICON, LABEL, RADIUS, ROW, SPACE


class Fold(QWidget):
    """A heading that shows and hides what stands below it. Folded, the heading sums it up.

    Signals:
        toggled: whether it is open now.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, tip: str, content: QWidget, *, is_open: bool = False) -> None:
        super().__init__()
        self._content = content
        self._heading = _Heading(title)
        self._heading.setToolTip(tip)
        self._heading.setChecked(is_open)
        self._heading.toggled.connect(self._toggle)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._heading)
        layout.addWidget(content)
        content.setVisible(is_open)

    @property
    def heading(self) -> QAbstractButton:
        """What is clicked."""
        return self._heading

    def set_summary(self, text: str) -> None:
        """Say in a few words what is folded away."""
        self._heading.summary = text
        self._heading.setAccessibleDescription(text)
        self._heading.update()

    def _toggle(self, is_open: bool) -> None:
        self._content.setVisible(is_open)
        self.toggled.emit(is_open)


class _Heading(QAbstractButton):
    def __init__(self, title: str) -> None:
        super().__init__()
        self.summary = ""
        self.setText(title)
        self.setAccessibleName(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(120, ROW - SPACE)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        strong = self.underMouse() or self.hasFocus()
        ink = tokens.text if strong else tokens.text_quiet
        icon = Icon.CHEVRON_DOWN if self.isChecked() else Icon.CHEVRON_RIGHT
        icons.paint(painter, icon, QRect(2, 0, ICON - 2, self.height()), ink)
        painter.setFont(font(LABEL))
        painter.setPen(QColor(ink))
        area = self.rect().adjusted(ICON + 2 * SPACE, 0, -SPACE, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        if not self.isChecked():
            room = area.adjusted(painter.fontMetrics().horizontalAdvance(self.text()) + 2 * SPACE, 0, 0, 0)
            summary = painter.fontMetrics().elidedText(self.summary, Qt.TextElideMode.ElideRight, room.width())
            painter.setPen(QColor(tokens.text_quiet))
            painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, summary)
        painter.end()
