"""The line at the foot of the window: what the engine does, on what, with how much memory, at what zoom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE

if TYPE_CHECKING:
    from studio.domain.ports import EngineDescription, Memory
    from studio.ui.pace import Pace

_DEVICES = {"cpu": "CPU", "cuda": "GPU", "mps": "Apple GPU", "xpu": "Intel GPU"}


class StatusLine(QWidget):
    """Quiet facts: the running job at the left, device, dtype, memory and zoom at the right."""

    def __init__(self) -> None:
        super().__init__()
        self._activity = _Fact("Activity", "What the engine is doing")
        self._activity.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._device = _Fact("Device", "Where pictures are painted")
        self._memory = _Fact("Memory", "Memory that the engine holds now")
        self._zoom = _Fact("Zoom", "Screen pixels for one pixel of the picture: Ctrl+0 fits, Ctrl+1 shows 100 %")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(3 * SPACE, 0, 3 * SPACE, 0)
        layout.setSpacing(5 * SPACE)
        layout.addWidget(self._activity, 1)
        for fact in (self._device, self._memory, self._zoom):
            layout.addWidget(fact)
        self.setFixedHeight(7 * SPACE)
        self.show_zoom(0.0)

    @property
    def text(self) -> str:
        """All facts that are shown, from left to right."""
        facts = (self._activity, self._device, self._memory, self._zoom)
        return " | ".join(fact.text() for fact in facts if fact.text())

    def show_activity(self, text: str) -> None:
        """Say what the engine is doing, in a few words."""
        self._activity.setText(text)

    def show_pace(self, pace: Pace) -> None:
        """Say how far the running job is."""
        self._activity.setText(" · ".join(part for part in (pace.headline, pace.details) if part))

    def show_engine(self, engine: EngineDescription) -> None:
        """Say where the engine computes, and why there in the tooltip."""
        self._device.setText(f"{_DEVICES.get(engine.device, engine.device)} · {engine.dtype}")
        self._device.setToolTip(f"{engine.device_name}\n{engine.dtype}: {engine.reason}")

    def show_memory(self, memory: Memory) -> None:
        """Say what the engine holds."""
        self._memory.setText(_gigabytes(memory.used))
        self._memory.setToolTip(f"The engine holds {_gigabytes(memory.used)} of {_gigabytes(memory.total)}")

    def show_zoom(self, zoom: float) -> None:
        """Say how large the picture is shown; 0 for no picture."""
        self._zoom.setText(f"{100 * zoom:.0f} %" if zoom else "")
        self._zoom.setVisible(bool(zoom))

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(tokens.window))
        painter.fillRect(QRect(0, 0, self.width(), 1), QColor(tokens.line))
        painter.end()


class _Fact(QLabel):
    """A label that gives up its width before it pushes others out."""

    def __init__(self, name: str, tip: str) -> None:
        super().__init__()
        self.setFont(font(LABEL))
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.setTextFormat(Qt.TextFormat.PlainText)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())


def _gigabytes(size: int) -> str:
    return f"{size / 1e9:.1f} GB" if size >= 1e9 else f"{size / 1e6:.0f} MB"
