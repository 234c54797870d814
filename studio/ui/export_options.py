"""What is asked between the name of an exported file and the file: how good it is, and how much it tells."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFont, QPalette
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.domain.disclosure import ExportPrivacy
from studio.domain.picture_kind import PictureKind
from studio.services.export import DEFAULT_QUALITY
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, LABEL, SPACE
from studio.ui.widgets.explained_choice import ExplainedChoice
from studio.ui.widgets.number_field import NumberField
from studio.ui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from pathlib import Path

_WIDTH: Final = 120 * SPACE
_EDGE: Final = 5 * SPACE
_INDENT: Final = 30
"""Of words that go on with those of a box with a tick."""
_SIGNED: Final = "Signed: others see that a model had a part in it, and whether the file was changed later."
_UNSIGNED: Final = "Not with \u201c{}\u201d: a signature says which Sfumato made it."
_LOSSLESS: Final = 100
_QUALITY: Final = "A lower one makes smaller files; a WebP of 100 loses nothing."


@dataclass(frozen=True, slots=True)
class ExportChoice:
    """What was chosen.

    Attributes:
        privacy: how much the file tells.
        quality: of a JPEG and a WebP, 1 to 100.
        is_signed: whether it carries Content Credentials.
    """

    privacy: ExportPrivacy
    quality: int
    is_signed: bool


class ExportOptions(QDialog):
    """A sheet over the window; the last choice is the first one offered.

    Signals:
        confirmed: `ExportChoice`, when *Export* is pressed.
    """

    confirmed = Signal(object)

    def __init__(self, path: Path, choice: ExportChoice, parent: QWidget, *, count: int = 1) -> None:
        """Build the sheet.

        Args:
            path: of the file; its end says of what kind. The folder of several, each of its own kind.
            choice: to begin with.
            parent: the window.
            count: of files.
        """
        super().__init__(parent)
        self.setWindowTitle("Export")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.quality = NumberField("Quality", 1, _LOSSLESS)
        self.quality.setToolTip(f"Quality\n{_QUALITY}")
        self.quality.default = DEFAULT_QUALITY
        self.quality.set_value(choice.quality)
        self.privacies = {privacy: ExplainedChoice(privacy.title, privacy.help) for privacy in ExportPrivacy}
        self.signing = Toggle("Content Credentials", "")
        self.signing.setChecked(choice.is_signed)
        self._signing_note = _quiet("")
        self._export = QPushButton("Export")
        if count == 1:
            self._build(f"Export {path.name}", has_quality=PictureKind.of(path) is not PictureKind.PNG)
        else:
            self._build(f"Export {count:,} pictures to {path.name}", has_quality=False)
        for privacy, button in self.privacies.items():
            button.setChecked(privacy is choice.privacy)
            button.toggled.connect(self._show_signing)
        self._show_signing()
        self._export.setFocus()

    @property
    def choice(self) -> ExportChoice:
        """What is chosen now."""
        privacy = next(privacy for privacy, button in self.privacies.items() if button.isChecked())
        return ExportChoice(privacy, int(self.quality.value), self.signing.isChecked())

    def _build(self, heading: str, *, has_quality: bool) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, 4 * SPACE)
        column.setSpacing(2 * SPACE)
        self.setFixedWidth(_WIDTH)
        column.addWidget(_heading(heading))
        column.addWidget(self.quality)
        self.quality.setVisible(has_quality)
        column.addSpacing(2 * SPACE)
        column.addWidget(_quiet("What the file tells about how it was made"))
        choices = QWidget()
        rows = QVBoxLayout(choices)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(0)
        for button in self.privacies.values():
            rows.addWidget(button)
        column.addWidget(choices)
        column.addSpacing(SPACE)
        signing = QVBoxLayout()
        signing.setSpacing(0)
        signing.addWidget(self.signing)
        self._signing_note.setContentsMargins(_INDENT, 0, 0, 0)
        signing.addWidget(self._signing_note)
        column.addLayout(signing)
        column.addSpacing(3 * SPACE)
        column.addLayout(self._buttons())

    def _buttons(self) -> QHBoxLayout:
        export, cancel = self._export, QPushButton("Cancel")
        export.setDefault(True)
        export.clicked.connect(self._confirm)
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(2 * SPACE)
        row.addStretch()
        row.addWidget(cancel)
        row.addWidget(export)
        return row

    def _show_signing(self) -> None:
        may_sign = self.choice.privacy.names_programs
        self.signing.setEnabled(may_sign)
        self._signing_note.setText(_SIGNED if may_sign else _UNSIGNED.format(ExportPrivacy.NOTHING.title))

    def _confirm(self) -> None:
        choice = self.choice
        self.accept()
        self.confirmed.emit(choice)


def _heading(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font(BODY, QFont.Weight.DemiBold))
    label.setWordWrap(True)
    return label


def _quiet(text: str) -> QLabel:
    label = QLabel(text)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setFont(font(LABEL))
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setWordWrap(True)
    return label
