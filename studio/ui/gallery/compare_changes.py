"""The settings in which two pictures differ."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QVBoxLayout, QWidget
from typing_extensions import override

from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, LABEL, SPACE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.domain.setting_changes import SettingChange

_WIDTH: Final = 75 * SPACE
_UNSET: Final = "\u2013"


class ChangesList(QScrollArea):
    """One setting below the other, what one picture says above what the other one says; the text can be selected."""

    def __init__(self, before: str = "A", after: str = "B") -> None:
        """Show nothing yet.

        Args:
            before: what the picture is called whose settings come first.
            after: the other one.
        """
        super().__init__()
        self._names = before, after
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFixedWidth(_WIDTH)
        self.setAccessibleName("Settings that differ")
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.show_changes(())

    def show_changes(self, changes: Sequence[SettingChange], heading: str = "", hint: str = "") -> None:
        """Show what differs.

        Args:
            changes: setting by setting.
            heading: above them; empty for one that says that they differ, or that none does.
            hint: below it.
        """
        content = QWidget()
        content.setObjectName("settings")
        column = QVBoxLayout(content)
        column.setContentsMargins(4 * SPACE, 4 * SPACE, 4 * SPACE, 4 * SPACE)
        column.setSpacing(4 * SPACE)
        said = heading or ("All settings are the same" if not changes else "Settings that differ")
        column.addWidget(_label(said, font(BODY, QFont.Weight.Medium)))
        if hint:
            column.addWidget(_label(hint, font(LABEL), is_quiet=True))
        for change in changes:
            column.addLayout(_row(change, self._names))
        column.addStretch()
        self.setWidget(content)

    @override
    def sizeHint(self) -> QSize:
        return QSize(_WIDTH, 400)


def _row(change: SettingChange, names: tuple[str, str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(2 * SPACE)
    grid.setVerticalSpacing(SPACE)
    grid.setColumnStretch(1, 1)
    grid.addWidget(_label(change.title, font(LABEL), is_quiet=True), 0, 0, 1, 2)
    for row, (name, value) in enumerate(zip(names, (change.before, change.after), strict=True), 1):
        grid.addWidget(_label(name, font(BODY), is_quiet=True), row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(_label(value or _UNSET, font(BODY), can_select=True), row, 1)
    return grid


def _label(text: str, typeface: QFont, *, is_quiet: bool = False, can_select: bool = False) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(typeface)
    label.setWordWrap(True)
    if is_quiet:
        label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    if can_select:
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label
