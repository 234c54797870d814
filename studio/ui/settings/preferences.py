"""The window for what is set once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from pydantic import ValidationError
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFont, QKeyEvent, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget
from typing_extensions import override

from studio.bridge.signing_check import SigningCheck
from studio.ui.settings.rows import SECTIONS
from studio.ui.settings.setting_field import SettingField
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import BODY, SPACE
from studio.ui.widgets.scrolled_column import ScrolledColumn

if TYPE_CHECKING:
    from studio.bridge.session import Session

_SIZE: Final = QSize(520, 600)
_EDGE: Final = 5 * SPACE
_SIGNING: Final = ("signing_certificate", "signing_key")


class Preferences(QWidget):
    """Beside the main window; what is changed holds at once, or says when. There is nothing to confirm."""

    def __init__(self, session: Session, parent: QWidget) -> None:
        """Show the settings as they are.

        Args:
            session: keeps them.
            parent: the main window.
        """
        super().__init__(parent, Qt.WindowType.Dialog)
        self._session = session
        self.setWindowTitle("Preferences")
        self.setObjectName("preferences")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        self.fields: dict[str, SettingField] = {}
        content = QWidget()
        content.setObjectName("settings")
        column = QVBoxLayout(content)
        column.setContentsMargins(_EDGE, _EDGE, _EDGE, _EDGE)
        column.setSpacing(3 * SPACE)
        for number, section in enumerate(SECTIONS):
            heading = QLabel(section.title)
            heading.setFont(font(BODY, QFont.Weight.DemiBold))
            column.addSpacing(3 * SPACE if number else 0)
            column.addWidget(heading)
            for row in section.rows:
                field = SettingField(row, getattr(session.settings, row.field))
                field.changed.connect(self._take)
                self.fields[row.field] = field
                column.addWidget(field)
        column.addStretch()
        self._check = SigningCheck(session.reader)
        self._check.passed.connect(self._show_signer)
        self._check.refused.connect(self.fields[_SIGNING[0]].show_refusal)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(ScrolledColumn(content, column))

    @override
    def sizeHint(self) -> QSize:
        return _SIZE

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.close()
        else:
            super().keyPressEvent(event)

    def _take(self, name: str, value: object) -> None:
        try:
            self._session.update_settings(**{name: value})
        except ValidationError as error:
            # What the field's own check says is meant for people; pydantic puts its kind before it.
            self.fields[name].show_refusal(error.errors()[0]["msg"].removeprefix("Value error, "))
        else:
            self.fields[name].show_refusal("")
            if name in _SIGNING:
                self._check.look(self._session.settings)

    def _show_signer(self, name: str) -> None:
        self.fields[_SIGNING[0]].show_found(f"Pictures are signed by \u201c{name}\u201d." if name else "")
