"""What can be done with a picture at one click each."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QAbstractButton, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from studio.domain.settings_part import SettingsPart
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import LABEL, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.domain.found_settings import FoundSettings
    from studio.services.history_entry import Entry

_TIPS = {
    SettingsPart.ALL: "Take over all that is known of how it was painted",
    SettingsPart.PROMPT: "Take over prompt and negative prompt, and nothing else",
    SettingsPart.SEED: "Take over the seed, kept for the next pictures, and nothing else",
    SettingsPart.SIZE: "Take over width and height, and nothing else",
}


class DetailsActions(QWidget):
    """Two rows of buttons for settings, and a row of icons.

    Attributes:
        star: whether it has one.

    Signals:
        part_wanted: the `SettingsPart` to take over.
        star_clicked: give it a star, or take that away.
        copy_clicked: its settings as text.
        folder_clicked: show where its file is.
        export_clicked: write a copy of it for others.
        lineage_clicked: where it comes from.
        replay_clicked: paint it again and compare.
    """

    part_wanted = Signal(SettingsPart)
    star_clicked = Signal()
    copy_clicked = Signal()
    folder_clicked = Signal()
    export_clicked = Signal()
    lineage_clicked = Signal()
    replay_clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.star = IconButton(
            Icon.STAR,
            "Star",
            "Give it a star, or take that away (.)",
            side=ROW,
            checked_icon=Icon.STAR,
            fills_icon=True,
        )
        self._copy = _button(Icon.COPY_TEXT, "Copy as A1111 text", "Copy its settings as the text that A1111 writes")
        self._folder = _button(Icon.DOCUMENT, "Open folder", "Open the folder in which its file is")
        self._export = _button(
            Icon.DRAG_OUT, "Export a copy", "Write a copy for others, which tells as much as you say"
        )
        self._lineage = _button(Icon.LINEAGE, "Lineage", "What it was made of, and what was made of it")
        self._replay = _button(Icon.REPLAY, "Replay", "Paint it again, and say whether it comes out the same")
        self._parts = {part: _part_button(part) for part in SettingsPart}
        icons = (self.star, self._copy, self._folder, self._export, self._lineage, self._replay)
        _leave_keyboard((*icons, *self._parts.values()))
        self._lay_out()
        self._connect()

    def show_entry(self, entry: Entry) -> None:
        """Offer what can be done with a picture."""
        found = entry.found
        self.star.setChecked(entry.is_starred)
        self._copy.setEnabled(bool(found.described()))
        self._replay.setEnabled(bool(found.prompt))
        for part, button in self._parts.items():
            button.setEnabled(_has(found, entry, part))

    def _lay_out(self) -> None:
        icons = QHBoxLayout()
        icons.setSpacing(SPACE)
        for button in (self.star, self._copy, self._folder, self._export, self._lineage, self._replay):
            icons.addWidget(button)
        icons.addStretch(1)
        parts = QHBoxLayout()
        parts.setSpacing(SPACE)
        for part in (SettingsPart.PROMPT, SettingsPart.SEED, SettingsPart.SIZE):
            parts.addWidget(self._parts[part], 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addLayout(icons)
        column.addWidget(self._parts[SettingsPart.ALL])
        column.addLayout(parts)

    def _connect(self) -> None:
        self.star.clicked.connect(self.star_clicked)
        self._copy.clicked.connect(self.copy_clicked)
        self._folder.clicked.connect(self.folder_clicked)
        self._export.clicked.connect(self.export_clicked)
        self._lineage.clicked.connect(self.lineage_clicked)
        self._replay.clicked.connect(self.replay_clicked)
        for part, button in self._parts.items():
            button.clicked.connect(partial(self.part_wanted.emit, part))


def _has(found: FoundSettings, entry: Entry, part: SettingsPart) -> bool:
    """Tell whether there is anything to take over."""
    match part:
        case SettingsPart.ALL:
            return bool(found.described())
        case SettingsPart.PROMPT:
            return bool(found.prompt or found.negative_prompt)
        case SettingsPart.SEED:
            return found.seed is not None
        case SettingsPart.SIZE:
            return found.size is not None or bool(entry.width)


def _button(icon: Icon, name: str, tip: str) -> IconButton:
    return IconButton(icon, name, tip, side=ROW)


def _leave_keyboard(buttons: Iterable[QAbstractButton]) -> None:
    """Have clicks leave the keyboard with the pictures, which it steps through."""
    for button in buttons:
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)


def _part_button(part: SettingsPart) -> QPushButton:
    button = QPushButton(part.title)
    button.setFont(font(LABEL))
    button.setToolTip(_TIPS[part])
    button.setMinimumWidth(0)
    # Three stand in one row of a narrow panel.
    button.setStyleSheet(f"padding: 0 {SPACE}px;")
    return button
