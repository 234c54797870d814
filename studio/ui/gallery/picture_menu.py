"""What can be done with pictures of the history, as a menu."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from PySide6.QtWidgets import QMenu


@dataclass(frozen=True, slots=True)
class MenuRow:
    """An action of the menu.

    Attributes:
        title: of it.
        do: what it does; None for a line between groups.
        shortcut: the key that does the same.
        is_enabled: whether it can be done now.
        rows: of its own menu, where it opens one.
    """

    title: str = ""
    do: Callable[[], object] | None = None
    shortcut: str = ""
    is_enabled: bool = True
    rows: tuple[MenuRow, ...] = ()


LINE = MenuRow()


def fill(menu: QMenu, rows: Sequence[MenuRow]) -> QMenu:
    """Put rows into a menu."""
    for row in rows:
        if row.rows:
            fill(menu.addMenu(row.title), row.rows)
        elif row.do is None:
            menu.addSeparator()
        else:
            # A tab shows a key without making it a second shortcut.
            action = QAction(f"{row.title}\t{row.shortcut}" if row.shortcut else row.title, menu)
            action.setEnabled(row.is_enabled)
            action.triggered.connect(row.do)
            menu.addAction(action)
    return menu
