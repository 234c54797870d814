"""What Generate does with the frame: left to its content, or chosen."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.bridge.frame_reader import EMPTY_FRAME, FrameAsk
from studio.domain.framing import FrameKind
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE
from studio.ui.widgets.segmented import Segmented

_FOUND: Final = {
    FrameKind.TEXT: "the frame is empty",
    FrameKind.IMAGE: "there is a picture in the frame",
    FrameKind.INPAINT: "there is a mask in the frame",
    FrameKind.OUTPAINT: "a part of the frame is empty",
}
_CHOSEN: Final = {
    FrameKind.TEXT: "whatever is in the frame",
    FrameKind.IMAGE: "all of the frame",
    FrameKind.INPAINT: "what the mask covers",
    FrameKind.OUTPAINT: "what is empty in the frame",
}
_CHOICES: Final[tuple[tuple[FrameKind | None, str, str], ...]] = (
    (None, "Auto", "What the frame holds decides; the line below says what that is"),
    (FrameKind.TEXT, "Text", "Text to image: paint a new picture from the prompt alone"),
    (FrameKind.IMAGE, "Image", "Image to image: paint over what is in the frame; the strength says how freely"),
    (FrameKind.INPAINT, "Inpaint", "Paint what the mask covers anew; every other pixel stays as it is"),
    (FrameKind.OUTPAINT, "Outpaint", "Continue the picture into what is empty in the frame"),
)


class KindField(QWidget):
    """The choices, and a line that says what the next press of Generate does, and why.

    Signals:
        picked: the `FrameKind` that the user wants, or None to leave it to the frame's content.
    """

    picked = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._choices: Segmented[FrameKind | None] = Segmented("What to generate", _CHOICES)
        self._words = QLabel()
        self._words.setFont(font(LABEL))
        self._words.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._words.setAccessibleName("What Generate does")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACE)
        layout.addWidget(self._choices)
        layout.addWidget(self._words)
        self._choices.picked.connect(self.picked)
        self.show_ask(EMPTY_FRAME)

    @property
    def text(self) -> str:
        """What Generate does, in words."""
        return self._words.text()

    def show_ask(self, ask: FrameAsk) -> None:
        """Show what Generate does."""
        self._choices.show_choice(ask.forced, ask.kind, {None, *ask.possible})
        why = _FOUND[ask.kind] if ask.forced is None else _CHOSEN[ask.kind]
        self._words.setText(f"{ask.kind.title}: {why}")
