"""One setting as a field, with what it is for and what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from studio.domain.settings import Settings
from studio.ui.settings.rows import Ask
from studio.ui.theme.fonts import font
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import BODY, LABEL, ROW, SPACE
from studio.ui.widgets.icon_button import IconButton
from studio.ui.widgets.line_field import LineField
from studio.ui.widgets.number_field import NumberField
from studio.ui.widgets.toggle import Toggle

if TYPE_CHECKING:
    from studio.ui.settings.rows import Row


class SettingField(QWidget):
    """Title, field and help below each other.

    Signals:
        changed: name of the setting, and its new value.
    """

    changed = Signal(str, object)

    def __init__(self, row: Row, value: object) -> None:
        """Show a setting.

        Args:
            row: which, and how it is asked for.
            value: what it is now.
        """
        super().__init__()
        self._row = row
        info = Settings.model_fields[row.field]
        self._title, self._help = info.title or row.field, info.description or ""
        self._note = QLabel(self._help)
        self._note.setFont(font(LABEL))
        self._note.setWordWrap(True)
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        match row.ask:
            case Ask.TOGGLE:
                column.addWidget(self._toggle(bool(value)))
            case Ask.NUMBER:
                column.addWidget(self._number(value))
            case Ask.TEXT | Ask.FOLDER | Ask.FILE:
                title = QLabel(self._title)
                title.setFont(font(BODY))
                column.addWidget(title)
                column.addLayout(self._line(str(value)))
        column.addWidget(self._note)

    @property
    def field(self) -> str:
        """Name of the setting."""
        return self._row.field

    @property
    def note(self) -> str:
        """What is said below the field."""
        return self._note.text()

    def show_refusal(self, why: str) -> None:
        """Say why a value is not taken; an empty text puts the help back."""
        self._note.setText(why or self._help)
        role = QPalette.ColorRole.Text if why else QPalette.ColorRole.PlaceholderText
        self._note.setForegroundRole(role)

    def show_found(self, what: str) -> None:
        """Say what was found under a value, before the help; empty for nothing."""
        self.show_refusal("")
        self._note.setText(f"{what} {self._help}".strip())

    def _toggle(self, value: bool) -> QWidget:
        toggle = Toggle(self._title, self._help)
        toggle.setChecked(value)
        toggle.toggled.connect(self._tell)
        return toggle

    def _number(self, value: object) -> QWidget:
        low, high = _range(self._row.field)
        number = NumberField(self._title, low, high)
        if isinstance(value, int | float):
            number.set_value(value)
        number.value_changed.connect(self._tell)
        number.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        number.setMinimumWidth(60 * SPACE)
        return number

    def _line(self, value: str) -> QHBoxLayout:
        line = LineField(self._title)
        line.setText(value)
        line.setPlaceholderText(self._row.empty)
        line.editingFinished.connect(lambda: self._tell(line.text().strip()))
        row = QHBoxLayout()
        row.setSpacing(SPACE)
        row.addWidget(line, 1)
        if self._row.ask is not Ask.TEXT:
            browse = IconButton(Icon.DOCUMENT, f"Choose {self._title.lower()}", "Choose...", side=ROW, filled=True)
            browse.clicked.connect(lambda: self._browse(line))
            row.addWidget(browse)
        return row

    def _browse(self, line: LineField) -> None:
        if self._row.ask is Ask.FOLDER:
            chosen = QFileDialog.getExistingDirectory(self, self._title, line.text())
        else:
            chosen, _ = QFileDialog.getOpenFileName(self, self._title, line.text())
        if chosen:
            line.setText(chosen)
            self._tell(chosen)

    def _tell(self, value: object) -> None:
        self.changed.emit(self._row.field, value)


def _range(field: str) -> tuple[float, float]:
    """Return the least and the largest value of a number among the settings."""
    limits = Settings.model_fields[field].metadata
    low = next((limit.ge for limit in limits if hasattr(limit, "ge")), 0)
    high = next((limit.le for limit in limits if hasattr(limit, "le")), 2**31 - 1)
    return float(low), float(high)
