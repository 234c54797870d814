"""Words in small frames, as many beside each other as there is room for; a click takes one away, or adds it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

_HEIGHT: Final = 6 * SPACE
_CROSS: Final = 12
_GAP: Final = SPACE


class Chip(QAbstractButton):
    """One word, with an icon that says what a click does."""

    def __init__(self, word: str, tip: str, icon: Icon, parent: QWidget) -> None:
        super().__init__(parent)
        self._icon = icon
        self.setText(word)
        self.setAccessibleName(tip)
        self.setToolTip(tip)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setFont(font(LABEL))

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + _CROSS + 5 * SPACE, _HEIGHT)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.outline), 1))
        painter.setBrush(QColor(tokens.field_hover if strong else tokens.field))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), _HEIGHT / 2, _HEIGHT / 2)
        painter.setPen(QColor(tokens.text))
        room = self.rect().adjusted(2 * SPACE + 2, 0, -_CROSS - 2 * SPACE, 0)
        shown = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, shown)
        cross = QRect(self.width() - _CROSS - 2 * SPACE + 1, 0, _CROSS, self.height())
        icons.paint(painter, self._icon, cross, tokens.text if strong else tokens.text_quiet)
        painter.end()


class ChipFlow(QWidget):
    """Chips in rows.

    Signals:
        taken: the word whose chip was clicked.
    """

    taken = Signal(str)

    def __init__(self, name: str, tip: str, icon: Icon = Icon.CLOSE) -> None:
        """Show none yet.

        Args:
            name: for screen readers.
            tip: of a chip, with ``{}`` for its word.
            icon: of each chip.
        """
        super().__init__()
        self._tip, self._icon = tip, icon
        self._chips: list[Chip] = []
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    @property
    def words(self) -> tuple[str, ...]:
        """What is shown."""
        return tuple(chip.text() for chip in self._chips)

    def show_words(self, words: Sequence[str]) -> None:
        """Show these and no others."""
        if tuple(words) == self.words:
            return
        for chip in self._chips:
            chip.hide()
            chip.deleteLater()
        self._chips = [Chip(word, self._tip.format(word), self._icon, self) for word in words]
        for chip in self._chips:
            chip.clicked.connect(self._take)
            chip.show()
        self.setVisible(bool(words))
        self._place(self.width())
        self.updateGeometry()

    @override
    def hasHeightForWidth(self) -> bool:
        return True

    @override
    def heightForWidth(self, width: int, /) -> int:
        return self._arranged(width)[1]

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self.heightForWidth(max(200, self.width())))

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._place(event.size().width())

    def _take(self) -> None:
        chip = self.sender()
        if isinstance(chip, Chip):
            self.taken.emit(chip.text())

    def _place(self, width: int) -> None:
        for chip, area in zip(self._chips, self._arranged(width)[0], strict=True):
            chip.setGeometry(area)

    def _arranged(self, width: int) -> tuple[list[QRect], int]:
        """Return where each chip is, and how high all are together."""
        at = QPoint(0, 0)
        areas: list[QRect] = []
        for chip in self._chips:
            size = chip.sizeHint().boundedTo(QSize(max(1, width), _HEIGHT))
            if at.x() and at.x() + size.width() > width:
                at = QPoint(0, at.y() + _HEIGHT + _GAP)
            areas.append(QRect(at, size))
            at += QPoint(size.width() + _GAP, 0)
        return areas, at.y() + _HEIGHT if self._chips else 0
