"""A row of choices of which one is taken."""

from __future__ import annotations

from typing import TYPE_CHECKING, Generic, TypeVar

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QButtonGroup, QHBoxLayout, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, RADIUS, ROW, SPACE

if TYPE_CHECKING:
    from collections.abc import Iterable
    from collections.abc import Set as AbstractSet

T = TypeVar("T")


class Segmented(QWidget, Generic[T]):
    """One button for each choice, side by side; the arrow keys go from one to the next.

    One of the others can carry a mark: what the choice that is taken comes down to.

    Signals:
        picked: the value that the user picked.
    """

    picked = Signal(object)

    def __init__(self, name: str, choices: Iterable[tuple[T, str, str]]) -> None:
        """Build the buttons.

        Args:
            name: for screen readers.
            choices: value, title and tooltip of each.
        """
        super().__init__()
        self._group = QButtonGroup(self)
        self._segments: list[tuple[T, _Segment]] = []
        self.setAccessibleName(name)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(2, 2, 2, 2)
        layout.setSpacing(2)
        for value, title, tip in choices:
            segment = _Segment(title, f"{name}: {title}", tip)
            self._group.addButton(segment)
            self._segments.append((value, segment))
            layout.addWidget(segment, 1)
        self._group.buttonClicked.connect(self._pick)

    def show_choice(self, taken: T, marked: T, possible: AbstractSet[T]) -> None:
        """Show what is taken, what that comes down to, and what can be taken."""
        for value, segment in self._segments:
            segment.setChecked(value == taken)
            segment.setEnabled(value in possible)
            segment.set_marked(value == marked)

    @override
    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), ROW)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.outline), 1))
        painter.setBrush(QColor(tokens.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS, RADIUS)
        painter.end()

    def _pick(self, button: QAbstractButton) -> None:
        for value, segment in self._segments:
            if segment is button:
                self.picked.emit(value)


class _Segment(QAbstractButton):
    def __init__(self, title: str, name: str, tip: str) -> None:
        super().__init__()
        self._is_marked = False
        self.setText(title)
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    def set_marked(self, is_marked: bool) -> None:
        """Draw a line under the title, or none."""
        if is_marked is not self._is_marked:
            self._is_marked = is_marked
            self.update()

    @override
    def sizeHint(self) -> QSize:
        self.ensurePolished()
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 2 * SPACE, ROW - SPACE)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        is_hot = self.isEnabled() and self.underMouse()
        if self.isChecked() or is_hot or self.hasFocus():
            ground = tokens.field_pressed if self.isChecked() else tokens.field_hover
            painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else ground), 1))
            painter.setBrush(QColor(ground))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), RADIUS - 2, RADIUS - 2)
        strong = self.isChecked() or is_hot or self._is_marked
        ink = QColor(tokens.text_disabled if not self.isEnabled() else tokens.text if strong else tokens.text_quiet)
        painter.setFont(font(LABEL, QFont.Weight.Medium if self.isChecked() else QFont.Weight.Normal))
        painter.setPen(ink)
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        if self._is_marked and not self.isChecked():
            line = QRectF(0, 0, 4 * SPACE, 2)
            line.moveCenter(QRectF(self.rect()).center())
            line.moveBottom(self.rect().bottom() - 2)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ink)
            painter.drawRoundedRect(line, 1, 1)
        painter.end()
