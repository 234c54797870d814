"""A declared choice as a field, with its name inside."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent
from PySide6.QtWidgets import QStyle, QStyleOptionComboBox, QStylePainter
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ICON, LABEL, ROW, SPACE
from studio.ui.widgets.combo_box import ComboBox

if TYPE_CHECKING:
    from studio.domain.parameters import Choice

_PAD: Final = 10
_ARROW: Final = ICON - 2 + 2 * SPACE


class ChoiceBox(ComboBox):
    """One of a few, drawn from a `Choice`; as wide as its longest answer needs.

    Signals:
        chosen: the id of the option.
    """

    chosen = Signal(str)

    def __init__(self, choice: Choice) -> None:
        super().__init__(choice.title)
        self._title = choice.title
        self.setFont(font(LABEL))
        self.setToolTip(f"{choice.title}\n{choice.help}" if choice.help else choice.title)
        # A click leaves the keyboard with the canvas.
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for option in choice.options:
            self.addItem(option.title, option.id)
        self.currentIndexChanged.connect(self._tell)

    @override
    def sizeHint(self) -> QSize:
        metrics = QFontMetrics(font(LABEL))
        widest = max(metrics.horizontalAdvance(self.itemText(place)) for place in range(self.count()))
        return QSize(_PAD + self._title_width() + widest + 2 * SPACE + _ARROW + _PAD, ROW)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QStylePainter(self)
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        quiet = tokens.text_quiet if self.isEnabled() else tokens.text_disabled
        left = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        painter.setFont(font(LABEL))
        painter.setPen(QColor(quiet))
        painter.drawText(self.rect().adjusted(_PAD, 0, 0, 0), left, self._title)
        painter.setPen(QColor(tokens.text if self.isEnabled() else tokens.text_disabled))
        words = self.rect().adjusted(_PAD + self._title_width() + 2 * SPACE, 0, -_ARROW, 0)
        painter.drawText(words, left, self.currentText())
        icons.paint(painter, Icon.CHEVRON_DOWN, QRect(self.width() - _ARROW - 2, 0, ICON - 2, self.height()), quiet)
        painter.end()

    def _tell(self) -> None:
        self.chosen.emit(str(self.currentData()))

    def _title_width(self) -> int:
        return QFontMetrics(font(LABEL)).horizontalAdvance(self._title)
