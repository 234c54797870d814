"""The one style sheet of the application, filled with tokens.

Widgets that paint themselves (buttons, aspects, canvas, thumbnails) are not in it.
"""

from __future__ import annotations

from dataclasses import asdict
from string import Template
from typing import TYPE_CHECKING, Final

from studio.ui.theme.tokens import BODY, CAPTION, LABEL, PROMPT, RADIUS, ROW, SPACE

if TYPE_CHECKING:
    from studio.ui.theme.tokens import Tokens

_SHEET: Final = Template("""
QMainWindow, QSplitter, QScrollArea, QScrollArea > QWidget > QWidget#settings { background: $window; }
QScrollArea { border: none; }

QMenuBar { background: $window; color: $text_quiet; padding: 2px ${space}px; border-bottom: 1px solid $line; }
QMenuBar::item { background: transparent; padding: ${space}px ${space2}px; border-radius: ${space}px; }
QMenuBar::item:selected, QMenuBar::item:pressed { background: $field_hover; color: $text; }
QMenu { background: $raised; color: $text; border: 1px solid $field_pressed; padding: ${space}px; }
QMenu::item { min-width: 190px; padding: 6px ${space3}px 6px ${space3}px; border-radius: ${space}px; }
QMenu::item:selected { background: $field_pressed; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $field_pressed; margin: ${space}px ${space2}px; }
QMenu::indicator { width: 8px; height: 8px; border-radius: 4px; margin-left: ${space2}px; }
QMenu::indicator:checked { background: $text; }
QToolTip {
    background: $raised; color: $text; border: 1px solid $field_pressed; padding: 2px ${space}px;
    font-size: ${label}px;
}

QPlainTextEdit, QComboBox, NumberField, LineField {
    background: $field; color: $text; border: 1px solid $outline; border-radius: ${radius}px;
    selection-background-color: $selection; selection-color: $text;
}
QPlainTextEdit { padding: ${space}px 6px; placeholder-text-color: $text_quiet; }
QPlainTextEdit#prompt { font-size: ${prompt}px; }
QComboBox { padding: 0 ${space6}px 0 10px; min-height: ${row_inner}px; }
LineField { padding: 0 ${space2}px; min-height: ${row_inner}px; }
NumberField { padding: 0; min-height: ${row_inner}px; }
NumberField QLineEdit { background: transparent; border: none; color: $text; }
NumberField::up-button, NumberField::down-button { width: 0; border: none; }
NumberField QLineEdit:disabled { color: $text_disabled; }
QPlainTextEdit:hover, QComboBox:hover, NumberField:hover, LineField:hover { background: $field_hover; }
QPlainTextEdit:focus, QComboBox:focus, QComboBox:on, NumberField:focus, LineField:focus {
    border: 1px solid $focus;
}
QComboBox::drop-down { border: none; width: ${space6}px; }
QComboBox::down-arrow { image: none; }
QComboBox QAbstractItemView {
    background: $raised; color: $text; border: 1px solid $field_pressed; padding: ${space}px; outline: none;
    selection-background-color: $field_pressed; selection-color: $text;
}
QComboBox QAbstractItemView::item { min-height: 26px; padding: 0 6px; border-radius: ${space}px; }

QPushButton {
    background: $field; color: $text; border: 1px solid $outline; border-radius: ${radius}px;
    padding: 0 ${space3}px; min-height: 26px;
}
QPushButton:hover { background: $field_hover; }
QPushButton:pressed { background: $field_pressed; }
QPushButton:focus { border: 1px solid $focus; }
QPushButton:disabled { color: $text_disabled; }

QTabWidget::tab-bar { left: ${space}px; }
QTabBar { background: $window; }
QTabBar::tab {
    background: transparent; color: $text_quiet; padding: ${space2}px 2px 6px 2px; margin: 0 ${space2}px;
    border: none; border-bottom: 2px solid transparent;
}
QTabBar::tab:hover { color: $text; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $text_quiet; }
QTabBar::tab:focus { color: $text; border-bottom: 2px solid $focus; }

QListView { background: $window; border: none; outline: none; }
QListView#completions {
    background: $raised; border: 1px solid $field_pressed; border-radius: ${radius}px; padding: ${space}px 0;
}

QScrollBar { background: transparent; border: none; }
QScrollBar:vertical { width: 10px; margin: 0; }
QScrollBar:horizontal { height: 10px; margin: 0; }
QScrollBar::handle { background: $field_pressed; border-radius: 3px; margin: 2px; }
QScrollBar::handle:hover { background: $selection; }
QScrollBar::handle:vertical { min-height: ${row}px; }
QScrollBar::handle:horizontal { min-width: ${row}px; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSplitter::handle { background: $line; }
QLabel { background: transparent; }
""")


def stylesheet(tokens: Tokens) -> str:
    """Return the style sheet for a theme."""
    sizes = {
        "space": SPACE,
        "space2": 2 * SPACE,
        "space3": 3 * SPACE,
        "space6": 6 * SPACE,
        "radius": RADIUS,
        "row": ROW,
        "row_inner": ROW - 2,
        "caption": CAPTION,
        "label": LABEL,
        "body": BODY,
        "prompt": PROMPT,
    }
    return _SHEET.substitute(asdict(tokens), **sizes)
