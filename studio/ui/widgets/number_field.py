"""A number with its name inside the field: typed, stepped, wheeled, dragged, reset."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
    QValidator,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractSpinBox, QApplication
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, ROW

if TYPE_CHECKING:
    from collections.abc import Callable

PIXELS_PER_STEP: Final = 6
"""How far the pointer is dragged for one step; a tenth of the speed while Shift is held."""
_PAD: Final = 10


class NumberField(QAbstractSpinBox):
    """A whole number, or one with a fixed count of decimals.

    It is typed; stepped with the arrow and page keys; wheeled while it has the focus, so that scrolling a panel changes
    nothing; dragged sideways with the mouse; and reset to its default by a double click. A bar at its foot shows where
    in the usual range it stands.

    Attributes:
        default: what a double click goes back to.

    Signals:
        value_changed: the new value, an int where there are no decimals.
    """

    value_changed = Signal(object)

    def __init__(
        self,
        title: str,
        low: float,
        high: float,
        *,
        step: float = 1,
        decimals: int = 0,
        usual_high: float | None = None,
    ) -> None:
        super().__init__()
        self.default: float = low
        self._title = title
        self._low, self._high, self._step = low, high, step
        self._decimals = decimals
        self._usual_high = usual_high
        self._value: float = low
        self._word = ""
        self._press: QPoint | None = None
        self._dragged_from: float | None = None
        self.setButtonSymbols(QAbstractSpinBox.ButtonSymbols.NoButtons)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(title)
        edit = self.lineEdit()
        edit.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        edit.setFont(font(LABEL))
        edit.setTextMargins(self._title_width() + _PAD, 0, _PAD - 2, 0)
        edit.setCursor(Qt.CursorShape.SizeHorCursor)
        edit.installEventFilter(self)
        edit.textEdited.connect(self._take_typed)
        self.editingFinished.connect(self._show_value)
        self._show_value()

    @property
    def value(self) -> float:
        """The number; an int where there are no decimals."""
        return self._value

    def set_value(self, value: float) -> None:
        """Show another value, brought into the range."""
        if self._put(value):
            self._show_value()

    def show_word(self, word: str) -> None:
        """Show a word until there is another value: the present one means nothing to people."""
        self._word = word
        self.lineEdit().setPlaceholderText(word)
        self._show_value()

    def set_step(self, step: float) -> None:
        """Step, and round what is dragged, by this much."""
        self._step = step

    def reset(self) -> None:
        """Go back to the default."""
        self.set_value(self.default)
        self._show_value()

    @override
    def stepBy(self, steps: int) -> None:
        self.set_value(self._stepped(self._value, steps))
        self.selectAll()

    @override
    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._value < self._high:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._value > self._low:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    @override
    def validate(self, text: str, pos: int, /) -> tuple[QValidator.State, str, int]:
        if self._parsed(text) is not None:
            return QValidator.State.Acceptable, text, pos
        characters = "0123456789.," if self._decimals else "0123456789"
        fits = all(character in characters for character in text)
        return (QValidator.State.Intermediate if fits else QValidator.State.Invalid), text, pos

    @override
    def sizeHint(self) -> QSize:
        widest = self.fontMetrics().horizontalAdvance(self._text(self._usual_high or self._high))
        return QSize(self._title_width() + widest + 3 * _PAD, ROW)

    @override
    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self._place_edit()

    @override
    def showEvent(self, event: QShowEvent, /) -> None:
        super().showEvent(event)
        self._place_edit()

    @override
    def changeEvent(self, event: QEvent, /) -> None:
        super().changeEvent(event)
        self._place_edit()

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._has_no_use(event):
            # Left to the window's shortcuts.
            event.ignore()
            return True
        return super().event(event)

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    @override
    def eventFilter(self, watched: QObject, event: QEvent, /) -> bool:
        if (
            isinstance(event, QMouseEvent)
            and self.isEnabled()
            and event.buttons() | event.button() == Qt.MouseButton.LeftButton
        ):
            handler = self._mouse_handlers().get(event.type())
            return handler is not None and handler(event)
        return super().eventFilter(watched, event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        super().paintEvent(event)
        tokens = theme.current()
        painter = QPainter(self)
        painter.setFont(font(LABEL))
        painter.setPen(QColor(tokens.text_quiet if self.isEnabled() else tokens.text_disabled))
        area = self.rect().adjusted(_PAD, 0, -_PAD, 0)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self._title)
        if self._usual_high is not None:
            share = min(1.0, max(0.0, self._share(self._usual_high)))
            painter.fillRect(QRectF(area.left(), self.height() - 4, area.width(), 1), QColor(tokens.field_pressed))
            painter.fillRect(QRectF(area.left(), self.height() - 4, area.width() * share, 1), QColor(tokens.text_quiet))
        painter.end()

    def _has_no_use(self, event: QKeyEvent) -> bool:
        """Return whether the key takes back, or does again, what was typed, and nothing was."""
        edit, keys = self.lineEdit(), QKeySequence.StandardKey
        return (event.matches(keys.Undo) and not edit.isUndoAvailable()) or (
            event.matches(keys.Redo) and not edit.isRedoAvailable()
        )

    def _share(self, high: float) -> float:
        """Return where the value stands on the way from the least to a high one, 0 to 1 and beyond."""
        return (self._value - self._low) / (high - self._low)

    def _place_edit(self) -> None:
        # A styled spin box without buttons leaves its editor one pixel of room.
        self.lineEdit().setGeometry(self.rect().adjusted(1, 1, -1, -1))

    def _mouse_handlers(self) -> dict[QEvent.Type, Callable[[QMouseEvent], bool]]:
        return {
            QEvent.Type.MouseButtonPress: self._pressed,
            QEvent.Type.MouseMove: self._moved,
            QEvent.Type.MouseButtonRelease: self._released,
            QEvent.Type.MouseButtonDblClick: self._double_clicked,
        }

    def _pressed(self, event: QMouseEvent) -> bool:
        self._press, self._dragged_from = event.globalPosition().toPoint(), None
        return True

    def _moved(self, event: QMouseEvent) -> bool:
        if self._press is None:
            return False
        distance = event.globalPosition().toPoint().x() - self._press.x()
        if self._dragged_from is None:
            if abs(distance) < QApplication.startDragDistance():
                return True
            self._dragged_from = self._value
        slow = 10 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
        self.set_value(self._stepped(self._dragged_from, round(distance / (PIXELS_PER_STEP * slow))))
        return True

    def _released(self, _event: QMouseEvent) -> bool:
        if self._press is not None and self._dragged_from is None:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.selectAll()
        self._press = self._dragged_from = None
        return True

    def _double_clicked(self, _event: QMouseEvent) -> bool:
        self.reset()
        return True

    def _stepped(self, start: float, steps: int) -> float:
        moved = start + steps * self._step
        # A value between two steps goes to the next step first, so that sizes land on what the model can paint.
        return round(moved / self._step) * self._step

    def _take_typed(self, text: str) -> None:
        value = self._parsed(text)
        if value is not None:
            self._put(value)

    def _put(self, value: float) -> bool:
        value = min(self._high, max(self._low, value))
        value = round(value, self._decimals) if self._decimals else int(value)
        if value == self._value and not self._word:
            return False
        self._value, self._word = value, ""
        self.update()
        self.value_changed.emit(value)
        return True

    def _parsed(self, text: str) -> float | None:
        try:
            value = float(text.replace(",", ".")) if self._decimals else int(text)
        except ValueError:
            return None
        return value if self._low <= value <= self._high else None

    def _text(self, value: float) -> str:
        return f"{value:.{self._decimals}f}"

    def _show_value(self) -> None:
        text = "" if self._word else self._text(self._value)
        if self.lineEdit().text() != text:
            self.lineEdit().setText(text)

    def _title_width(self) -> int:
        return QFontMetrics(font(LABEL)).horizontalAdvance(self._title)
