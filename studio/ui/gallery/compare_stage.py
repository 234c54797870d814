"""Two pictures through one lens: with a divider, side by side, or what tells them apart."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, assert_never

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QMouseEvent, QPainter, QPaintEvent, QPen
from typing_extensions import override

from studio.ui import theme
from studio.ui.gallery.compare_mode import CompareMode
from studio.ui.gallery.viewer_lens_view import LensView
from studio.ui.gallery.viewer_stage import Message, paint_message, paint_picture
from studio.ui.theme import icons
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from studio.bridge.picture_comparison import Comparison
    from studio.ui.theme.tokens import Tokens

_GAP: Final = SPACE
"""Between both pictures side by side."""
_REACH: Final = 3 * SPACE
"""How far beside the divider it can be taken hold of."""
_KNOB: Final = 7 * SPACE


class CompareStage(LensView):
    """Shows a comparison in one of the modes.

    Attributes:
        mode: how.
        divider: where the divider is, 0 to 1 from left to right of the view.
    """

    def __init__(self) -> None:
        super().__init__()
        self._shown: Comparison | Message | None = None
        self._is_dividing = False
        self.mode = CompareMode.SLIDER
        self.divider = 0.5
        self.setAccessibleName("Comparison")

    @property
    def message(self) -> Message | None:
        """What is said in the place of the pictures; None where they are seen."""
        return self._shown if isinstance(self._shown, Message) else None

    def show_comparison(self, comparison: Comparison) -> None:
        """Show two pictures; the lens stays where they have the size of those before."""
        self.show_size(comparison.first.size)
        self._shown = comparison
        self.update()

    def say(self, message: Message) -> None:
        """Say something in the place of the pictures."""
        self._shown = message
        self.update()

    def set_mode(self, mode: CompareMode) -> None:
        """Look at them in another way."""
        self.mode = mode
        self.refit()
        self.update()

    def move_divider(self, to: float) -> None:
        """Move the divider, 0 to 1."""
        self.divider = min(1.0, max(0.0, to))
        self.setAccessibleDescription(f"Divider at {100 * self.divider:.0f} %")
        self.update()

    @override
    def pane_at(self, at: QPointF) -> QRectF:
        if self.mode is not CompareMode.SIDE_BY_SIDE:
            return QRectF(self.rect())
        first, second = self._halves()
        return first if at.x() < first.right() + _GAP / 2 else second

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._is_on_divider(event.position()):
            self._is_dividing = True
        else:
            super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if self._is_dividing:
            self.move_divider(event.position().x() / max(1, self.width()))
            return
        super().mouseMoveEvent(event)
        if not event.buttons() and self._is_on_divider(event.position()):
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif not event.buttons():
            self.show_cursor()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self._is_dividing = False
        super().mouseReleaseEvent(event)

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        if self._is_on_divider(event.position()):
            self.move_divider(0.5)
        else:
            super().mouseDoubleClickEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(tokens.backdrop))
        match self._shown:
            case None:
                pass
            case Message() as message:
                paint_message(painter, self.rect(), message, tokens)
            case comparison:
                self._paint(painter, comparison, tokens)
        painter.end()

    def _paint(self, painter: QPainter, comparison: Comparison, tokens: Tokens) -> None:
        match self.mode:
            case CompareMode.SLIDER:
                self._paint_slider(painter, comparison, tokens)
            case CompareMode.SIDE_BY_SIDE:
                for pane, picture, name in zip(
                    self._halves(), (comparison.first, comparison.second), ("A", "B"), strict=True
                ):
                    paint_picture(painter, pane, self.lens, picture)
                    _paint_name(painter, pane, name, Qt.AlignmentFlag.AlignLeft, tokens)
                painter.fillRect(QRectF(self._halves()[0].right(), 0, _GAP, self.height()), QColor(tokens.window))
            case CompareMode.DIFFERENCE:
                paint_picture(painter, QRectF(self.rect()), self.lens, comparison.map)
                gain = comparison.difference.gain
                name = f"Difference, {gain} times as bright" if gain > 1 else "Difference"
                _paint_name(painter, QRectF(self.rect()), name, Qt.AlignmentFlag.AlignLeft, tokens)
            case _:
                assert_never(self.mode)

    def _paint_slider(self, painter: QPainter, comparison: Comparison, tokens: Tokens) -> None:
        whole, at = QRectF(self.rect()), self._divider_x()
        left, right = QRectF(whole), QRectF(whole)
        left.setRight(at)
        right.setLeft(at)
        for half, picture, name, side in (
            (left, comparison.first, "A", Qt.AlignmentFlag.AlignLeft),
            (right, comparison.second, "B", Qt.AlignmentFlag.AlignRight),
        ):
            painter.save()
            painter.setClipRect(half)
            paint_picture(painter, whole, self.lens, picture)
            _paint_name(painter, whole, name, side, tokens)
            painter.restore()
        self._paint_divider(painter, at, tokens)

    def _paint_divider(self, painter: QPainter, at: float, tokens: Tokens) -> None:
        # Light between two dark lines: seen on every picture.
        painter.fillRect(QRectF(at - 1.5, 0, 3, self.height()), QColor(tokens.scrim))
        painter.fillRect(QRectF(at - 0.5, 0, 1, self.height()), QColor(tokens.on_scrim))
        knob = QRectF(0, 0, _KNOB, _KNOB)
        knob.moveCenter(QPointF(at, self.height() / 2))
        painter.setBrush(QColor(tokens.scrim))
        painter.setPen(QPen(QColor(tokens.on_scrim), 2 if self.hasFocus() else 1))
        painter.drawEllipse(knob)
        area = QRect(0, 0, 16, 16)
        area.moveCenter(knob.center().toPoint())
        icons.paint(painter, Icon.SWAP, area, tokens.on_scrim)

    def _divider_x(self) -> float:
        """Return where the divider is, on a whole pixel of the screen."""
        scale = self.devicePixelRatioF()
        return round(self.divider * self.width() * scale) / scale

    def _is_on_divider(self, at: QPointF) -> bool:
        is_there = self.mode is CompareMode.SLIDER and not isinstance(self._shown, Message | None)
        return is_there and abs(at.x() - self._divider_x()) <= _REACH

    def _halves(self) -> tuple[QRectF, QRectF]:
        width = (self.width() - _GAP) / 2
        return QRectF(0, 0, width, self.height()), QRectF(width + _GAP, 0, width, self.height())


def _paint_name(painter: QPainter, pane: QRectF, name: str, side: Qt.AlignmentFlag, tokens: Tokens) -> None:
    """Paint a name on a dark ground into an upper corner."""
    typeface = font(LABEL, QFont.Weight.Medium)
    width = QFontMetricsF(typeface).horizontalAdvance(name) + 4 * SPACE
    label = QRectF(pane.left() + 3 * SPACE, pane.top() + 3 * SPACE, width, 6 * SPACE)
    if side is Qt.AlignmentFlag.AlignRight:
        label.moveRight(pane.right() - 3 * SPACE)
    ground = QColor(tokens.scrim)
    ground.setAlphaF(0.75)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(label, SPACE, SPACE)
    painter.setFont(typeface)
    painter.setPen(QColor(tokens.on_scrim))
    painter.drawText(label, Qt.AlignmentFlag.AlignCenter, name)
