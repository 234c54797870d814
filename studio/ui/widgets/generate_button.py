"""The one next action: generate, or cancel what is being generated."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, LABEL, RADIUS, SPACE


class GenerateButton(QAbstractButton):
    """Says *Generate*; while a picture is painted it says *Cancel* and fills up as the picture comes."""

    def __init__(self) -> None:
        super().__init__()
        self._hint = "Ctrl+Enter"
        self._share: float | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.show_idle()

    @property
    def is_painting(self) -> bool:
        """Whether a click cancels."""
        return self._share is not None

    @property
    def hint(self) -> str:
        """The small text at the right: the shortcut, or how far the picture is."""
        return self._hint

    def show_idle(self) -> None:
        """Offer to generate."""
        self._show("Generate", "Ctrl+Enter", None)
        self.setToolTip("Paint this prompt with these settings (Ctrl+Enter)")

    def show_painting(self, share: float, text: str, *, is_stopping: bool = False) -> None:
        """Offer to cancel.

        Args:
            share: of the job that is done, 0 to 1.
            text: how far it is, in words.
            is_stopping: whether cancel was pressed already.
        """
        self._show("Stopping …" if is_stopping else "Cancel", text, share)
        self.setToolTip("Stop painting this picture (Esc)")

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, 11 * SPACE)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        shape = QPainterPath()
        shape.addRoundedRect(area, RADIUS + 1, RADIUS + 1)
        if self._share is None:
            pressed, hovered = self.isDown(), self.underMouse()
            colour = tokens.accent_pressed if pressed else tokens.accent_hover if hovered else tokens.accent
            painter.fillPath(shape, QColor(colour))
            self._paint_text(painter, tokens.on_accent, tokens.on_accent)
        else:
            painter.fillPath(shape, QColor(tokens.field_hover if self.underMouse() else tokens.field))
            done = QRectF(area.left(), area.bottom() - 3, area.width() * self._share, 3.5)
            painter.setClipPath(shape)
            painter.fillRect(done, QColor(tokens.accent))
            painter.setClipping(False)
            painter.setPen(QPen(QColor(tokens.outline), 1))
            painter.drawPath(shape)
            self._paint_text(painter, tokens.text, tokens.text_quiet)
        if self.hasFocus():
            self._paint_focus(painter, area, tokens.window, tokens.focus)
        painter.end()

    def _show(self, text: str, hint: str, share: float | None) -> None:
        if (self.text(), self._hint, self._share) == (text, hint, share):
            return
        self._hint, self._share = hint, share
        self.setText(text)
        self.setAccessibleName(text)
        self.setAccessibleDescription(hint)
        self.update()

    def _paint_text(self, painter: QPainter, ink: str, quiet: str) -> None:
        area = self.rect().adjusted(4 * SPACE, 0, -4 * SPACE, 0)
        painter.setFont(font(BODY + 1, QFont.Weight.DemiBold))
        painter.setPen(QColor(ink))
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, self.text())
        room = area.adjusted(painter.fontMetrics().horizontalAdvance(self.text()) + 2 * SPACE, 0, 0, 0)
        painter.setFont(font(LABEL, QFont.Weight.Medium))
        painter.setPen(QColor(quiet))
        # The end says the most: Step 12/20 after Picture 2/3.
        hint = painter.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideLeft, room.width())
        painter.drawText(room, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, hint)

    def _paint_focus(self, painter: QPainter, area: QRectF, gap: str, ring: str) -> None:
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(QPen(QColor(gap), 3))
        painter.drawRoundedRect(area.adjusted(2, 2, -2, -2), RADIUS, RADIUS)
        painter.setPen(QPen(QColor(ring), 1.5))
        painter.drawRoundedRect(area.adjusted(0.5, 0.5, -0.5, -0.5), RADIUS + 1, RADIUS + 1)
