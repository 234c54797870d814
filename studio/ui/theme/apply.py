"""Dressing the application in a theme."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QStyleFactory

from studio.ui.theme.fonts import load_typeface
from studio.ui.theme.stylesheet import stylesheet
from studio.ui.theme.tokens import BODY, DARK, LIGHT, THEMES, Tokens

if TYPE_CHECKING:
    from PySide6.QtWidgets import QApplication

_PROPERTY: Final = "theme"
"""The application itself remembers its theme, so that no module holds state."""

_ROLES: Final = {
    QPalette.ColorRole.Window: "window",
    QPalette.ColorRole.WindowText: "text",
    QPalette.ColorRole.Base: "field",
    QPalette.ColorRole.AlternateBase: "raised",
    QPalette.ColorRole.Text: "text",
    QPalette.ColorRole.PlaceholderText: "text_quiet",
    QPalette.ColorRole.Button: "field",
    QPalette.ColorRole.ButtonText: "text",
    QPalette.ColorRole.BrightText: "danger",
    QPalette.ColorRole.Light: "field_hover",
    QPalette.ColorRole.Midlight: "field_hover",
    QPalette.ColorRole.Mid: "outline",
    QPalette.ColorRole.Dark: "line",
    QPalette.ColorRole.Shadow: "line",
    QPalette.ColorRole.Highlight: "selection",
    QPalette.ColorRole.HighlightedText: "text",
    QPalette.ColorRole.Accent: "accent",
    QPalette.ColorRole.Link: "text",
    QPalette.ColorRole.LinkVisited: "text_quiet",
    QPalette.ColorRole.ToolTipBase: "raised",
    QPalette.ColorRole.ToolTipText: "text",
}
_DISABLED_ROLES: Final = (
    QPalette.ColorRole.WindowText,
    QPalette.ColorRole.Text,
    QPalette.ColorRole.ButtonText,
    QPalette.ColorRole.PlaceholderText,
)


def apply(app: QApplication, name: str) -> None:
    """Dress the application in the theme ``dark``, ``light`` or ``system`` (what the desktop asks for)."""
    tokens = _tokens_named(name)
    if app.property(_PROPERTY) is None:
        # Fusion is the one style that is the same on every platform and follows palette and style sheet fully.
        app.setStyle(QStyleFactory.create("Fusion"))
        font = QFont(load_typeface())
        font.setPixelSize(BODY)
        app.setFont(font)
    elif app.property(_PROPERTY) == tokens.name:
        return
    app.setProperty(_PROPERTY, tokens.name)
    app.setPalette(_palette(tokens))
    app.setStyleSheet(stylesheet(tokens))


def current() -> Tokens:
    """Return the tokens of the theme that is worn now, for widgets that paint themselves."""
    app = QGuiApplication.instance()
    name = app.property(_PROPERTY) if app is not None else None
    return THEMES.get(str(name), DARK)


def _tokens_named(name: str) -> Tokens:
    if name in THEMES:
        return THEMES[name]
    hints = QGuiApplication.styleHints()
    return LIGHT if hints.colorScheme() is Qt.ColorScheme.Light else DARK


def _palette(tokens: Tokens) -> QPalette:
    palette = QPalette()
    for role, token in _ROLES.items():
        palette.setColor(role, QColor(getattr(tokens, token)))
    for role in _DISABLED_ROLES:
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(tokens.text_disabled))
    return palette
