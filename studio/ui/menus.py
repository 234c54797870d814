"""The menu bar, filled from the table of actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QMenu

from studio.ui.actions import ACTIONS, Menu

if TYPE_CHECKING:
    from collections.abc import Mapping

    from PySide6.QtGui import QAction
    from PySide6.QtWidgets import QMenuBar


def fill(bar: QMenuBar, actions: Mapping[str, QAction]) -> None:
    """Put every action into its menu; the themes are a menu inside *View*."""
    menus = {menu: QMenu(menu.value, bar) for menu in Menu}
    for row in ACTIONS:
        if row.starts_group:
            menus[row.menu].addSeparator()
        menus[row.menu].addAction(actions[row.id])
    for menu in Menu:
        if menu is not Menu.THEME:
            bar.addMenu(menus[menu])
    menus[Menu.VIEW].addSeparator()
    menus[Menu.VIEW].addMenu(menus[Menu.THEME])
