"""How far the picture is, painted at the foot of its own frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, RADIUS, SPACE

if TYPE_CHECKING:
    from studio.ui.pace import Pace
    from studio.ui.theme.tokens import Tokens

_LINE = 3
_OPACITY = 208
_ROW = 26


def paint_progress(painter: QPainter, frame: QRectF, pace: Pace, tokens: Tokens) -> None:
    """Paint the step, the speed, the time left, and a line as long as the job's done share of the frame's width."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scrim = QColor(tokens.scrim)
    scrim.setAlpha(_OPACITY)
    track = QRectF(frame.left(), frame.bottom() - _LINE, frame.width(), _LINE)
    painter.fillRect(track, scrim)
    painter.fillRect(QRectF(track.left(), track.top(), track.width() * pace.share, _LINE), QColor(tokens.accent))

    strong, plain = font(LABEL, QFont.Weight.DemiBold), font(LABEL)
    headline_width = QFontMetricsF(strong).horizontalAdvance(pace.headline)
    details_width = QFontMetricsF(plain).horizontalAdvance(pace.details)
    gap = 2 * SPACE if pace.details else 0
    room = frame.width() - 4 * SPACE
    if headline_width + gap + details_width + 5 * SPACE > room:
        gap = details_width = 0
    chip = QRectF(0, 0, headline_width + gap + details_width + 5 * SPACE, _ROW)
    chip.moveBottomLeft(track.topLeft())
    chip.translate(2 * SPACE, -2 * SPACE)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(scrim)
    painter.drawRoundedRect(chip, RADIUS, RADIUS)
    text = chip.adjusted(2.5 * SPACE, 0, 0, 0)
    painter.setPen(QColor(tokens.on_scrim))
    painter.setFont(strong)
    painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, pace.headline)
    if details_width:
        painter.setFont(plain)
        text.translate(headline_width + gap, 0)
        painter.drawText(text, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, pace.details)
