"""Every action of the window in one table: what menus show, what keys do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from studio.ui.commands import WindowCommands

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtCore import QObject


class Menu(Enum):
    """The menus, from left to right; the value is the title."""

    PAINT = "&Paint"
    VIEW = "&View"
    THEME = "&Theme"


@dataclass(frozen=True, slots=True)
class ActionRow:
    """One action.

    Attributes:
        id: never shown; names it in tests and settings.
        text: in the menu.
        menu: which.
        handler: what it does.
        shortcuts: portable key sequences, the first one is shown.
        choice: the setting's value that it stands for, where it is one of several.
        starts_group: whether a line is drawn above it.
    """

    id: str
    text: str
    menu: Menu
    handler: Callable[[WindowCommands], object]
    shortcuts: tuple[str, ...] = ()
    choice: str = ""
    starts_group: bool = False


ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("generate", "&Generate", Menu.PAINT, WindowCommands.generate, ("Ctrl+Enter", "Ctrl+Return")),
    ActionRow("cancel", "&Cancel this picture", Menu.PAINT, WindowCommands.cancel, ("Esc",)),
    ActionRow("cancel-all", "Cancel &all", Menu.PAINT, WindowCommands.cancel_all, ("Ctrl+Shift+X",)),
    ActionRow("roll-seed", "&New seed", Menu.PAINT, WindowCommands.roll_seed, ("Ctrl+R",), starts_group=True),
    ActionRow("lock-seed", "&Keep the seed", Menu.PAINT, WindowCommands.lock_seed, ("Ctrl+L",)),
    ActionRow(
        "focus-prompt", "&Write the prompt", Menu.PAINT, WindowCommands.focus_prompt, ("Alt+A",), starts_group=True
    ),
    ActionRow("quit", "&Quit", Menu.PAINT, WindowCommands.close, ("Ctrl+Q",), starts_group=True),
    ActionRow("fit", "&Fit the picture", Menu.VIEW, WindowCommands.fit, ("Ctrl+0",)),
    ActionRow("zoom-to-pixels", "&100 %", Menu.VIEW, WindowCommands.zoom_to_pixels, ("Ctrl+1",)),
    ActionRow("zoom-in", "Zoom &in", Menu.VIEW, WindowCommands.zoom_in, ("Ctrl++", "Ctrl+=")),
    ActionRow("zoom-out", "Zoom &out", Menu.VIEW, WindowCommands.zoom_out, ("Ctrl+-",)),
    ActionRow("next-area", "&Next area", Menu.VIEW, WindowCommands.focus_next_area, ("F6",), starts_group=True),
    ActionRow("prompt-panel", "Show or hide the &prompt", Menu.VIEW, WindowCommands.show_prompt_panel, ("F7",)),
    ActionRow("side-panel", "Show or hide the &history", Menu.VIEW, WindowCommands.show_side_panel, ("F8",)),
    ActionRow("theme-dark", "&Dark", Menu.THEME, lambda to: to.wear("dark"), choice="dark"),
    ActionRow("theme-light", "&Light", Menu.THEME, lambda to: to.wear("light"), choice="light"),
    ActionRow("theme-system", "Like the &system", Menu.THEME, lambda to: to.wear("system"), choice="system"),
)


def build_actions(owner: QObject, commands: WindowCommands) -> dict[str, QAction]:
    """Return an action for each row, by id."""
    choices = QActionGroup(owner)
    built: dict[str, QAction] = {}
    for row in ACTIONS:
        action = QAction(row.text, owner)
        action.setObjectName(row.id)
        action.setShortcuts([QKeySequence(keys) for keys in row.shortcuts])
        action.triggered.connect(_calling(row, commands))
        if row.choice:
            action.setCheckable(True)
            action.setData(row.choice)
            choices.addAction(action)
        built[row.id] = action
    return built


def _calling(row: ActionRow, commands: WindowCommands) -> Callable[[], None]:
    def call() -> None:
        row.handler(commands)

    return call
