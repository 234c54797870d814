"""What the canvas says before there is a picture."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, HEADLINE, LABEL, SPACE

_OFFERED = 5


class EmptyState(QWidget):
    """Says how to paint the first picture, and offers prompts the model is good at.

    Signals:
        example_chosen: the prompt that was picked.
    """

    example_chosen = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._is_speaking = True
        self._examples = QVBoxLayout()
        self._examples.setSpacing(SPACE)
        layout = QVBoxLayout(self)
        layout.setSpacing(0)
        layout.addStretch(3)
        layout.addWidget(_label("Describe a picture", HEADLINE, QFont.Weight.DemiBold))
        layout.addSpacing(3 * SPACE)
        layout.addLayout(_key_line())
        layout.addSpacing(8 * SPACE)
        layout.addLayout(self._examples)
        layout.addStretch(4)

    def speak(self, *, is_speaking: bool) -> None:
        """Show the words, or none of them.

        The widget itself stays: hidden, it would lose the mouse in the middle of the stroke that was begun over it.
        """
        self._is_speaking = is_speaking
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents, not is_speaking)
        for one in self.findChildren(QWidget, options=Qt.FindChildOption.FindDirectChildrenOnly):
            one.setVisible(is_speaking)

    def offer(self, prompts: tuple[str, ...]) -> None:
        """Show these prompts as buttons, in place of those before."""
        while (item := self._examples.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        if not prompts:
            return
        self._examples.addWidget(_label("or begin with one of these", LABEL, is_quiet=True))
        self._examples.addSpacing(SPACE)
        for prompt in prompts[:_OFFERED]:
            button = _ExampleButton(prompt)
            button.clicked.connect(self._choose)
            self._examples.addWidget(button, 0, Qt.AlignmentFlag.AlignHCenter)
        self.speak(is_speaking=self._is_speaking)

    def _choose(self) -> None:
        button = self.sender()
        if isinstance(button, _ExampleButton):
            self.example_chosen.emit(button.text())


class _ExampleButton(QAbstractButton):
    def __init__(self, prompt: str) -> None:
        super().__init__()
        self.setText(prompt)
        self.setFont(font(BODY))
        self.setAccessibleName(f"Example prompt: {prompt}")
        self.setToolTip("Put this into the prompt")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 8 * SPACE, 8 * SPACE)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        strong = self.underMouse() or self.hasFocus()
        painter.setPen(QPen(QColor(tokens.focus if self.hasFocus() else tokens.field_pressed), 1))
        painter.setBrush(QColor(tokens.field_hover if strong else tokens.window))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 16, 16)
        painter.setPen(QColor(tokens.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()


class _KeyCap(QWidget):
    def __init__(self, key: str) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._key = key
        self.setFont(font(LABEL, QFont.Weight.Medium))
        self.setFixedSize(self.fontMetrics().horizontalAdvance(key) + 4 * SPACE, 6 * SPACE)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(tokens.text_disabled), 1))
        painter.setBrush(QColor(tokens.raised))
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 5, 5)
        painter.setPen(QColor(tokens.text))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self._key)
        painter.end()


def _key_line() -> QHBoxLayout:
    line = QHBoxLayout()
    line.setSpacing(6)
    line.addStretch()
    line.addWidget(_label("Write it at the left and press", BODY, is_quiet=True))
    line.addWidget(_KeyCap("Ctrl"))
    line.addWidget(_KeyCap("Enter"))
    line.addStretch()
    return line


def _label(text: str, pixels: int, weight: QFont.Weight = QFont.Weight.Normal, *, is_quiet: bool = False) -> QLabel:
    label = QLabel(text)
    label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
    label.setFont(font(pixels, weight))
    label.setAlignment(Qt.AlignmentFlag.AlignCenter)
    if is_quiet:
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    return label
