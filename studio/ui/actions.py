"""Every action of the window in one table: what menus show, what keys do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QActionGroup, QKeySequence

from studio.domain.tools.layer_operations import LAYER_OPERATIONS
from studio.domain.tools.mask_operations import MASK_OPERATIONS
from studio.domain.tools.selection_operations import SELECTION_OPERATIONS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from PySide6.QtCore import QObject

    from studio.domain.tools.tool import Operation
    from studio.ui.commands import Commands


class Menu(Enum):
    """The menus, from left to right; the value is the title."""

    FILE = "&File"
    EDIT = "&Edit"
    LAYER = "&Layer"
    SELECT = "&Select"
    MASK = "&Mask"
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
    handler: Callable[[Commands], object]
    shortcuts: tuple[str, ...] = ()
    choice: str = ""
    starts_group: bool = False


def _operation_row(menu: Menu, operation: Operation, *shortcuts: str) -> ActionRow:
    amount = operation.amount
    by = f" by {amount.default:g} {amount.unit}" if amount is not None else ""
    return ActionRow(
        operation.id.replace("_", "-"),
        f"{operation.title}{by}",
        menu,
        lambda to: to.canvas.operate(operation),
        shortcuts,
    )


_SELECTION_KEYS = {
    "select_all": ("Ctrl+A",),
    "deselect": ("Ctrl+D", "Ctrl+Shift+A"),
    "invert_selection": ("Ctrl+Shift+I",),
}
_MASK_KEYS = {"invert_mask": ("Shift+V",), "clear_mask": ("Ctrl+Shift+Backspace",)}

ACTIONS: tuple[ActionRow, ...] = (
    ActionRow("new", "&New", Menu.FILE, lambda to: to.files.new(), ("Ctrl+N",)),
    ActionRow("open", "&Open...", Menu.FILE, lambda to: to.files.open(), ("Ctrl+O",)),
    ActionRow("place", "&Place pictures as layers...", Menu.FILE, lambda to: to.files.place(), ("Ctrl+Shift+O",)),
    ActionRow(
        "import",
        "&Import pictures into the history...",
        Menu.FILE,
        lambda to: to.history.import_pictures(),
        ("Ctrl+I",),
        starts_group=True,
    ),
    ActionRow(
        "import-folder", "Import a fol&der into the history...", Menu.FILE, lambda to: to.history.import_folder()
    ),
    ActionRow("save", "&Save", Menu.FILE, lambda to: to.files.save(), ("Ctrl+S",), starts_group=True),
    ActionRow("save-as", "Save &as...", Menu.FILE, lambda to: to.files.save_as(), ("Ctrl+Shift+S",)),
    ActionRow("export", "&Export...", Menu.FILE, lambda to: to.files.export(), ("Ctrl+Shift+E",), starts_group=True),
    ActionRow("export-frame", "Export the &frame...", Menu.FILE, lambda to: to.files.export_frame()),
    ActionRow("quit", "&Quit", Menu.FILE, lambda to: to.window.close(), ("Ctrl+Q",), starts_group=True),
    ActionRow("undo", "&Undo", Menu.EDIT, lambda to: to.canvas.undo(), ("Ctrl+Z",)),
    ActionRow("redo", "&Redo", Menu.EDIT, lambda to: to.canvas.redo(), ("Ctrl+Shift+Z", "Ctrl+Y")),
    ActionRow("copy", "&Copy layer", Menu.EDIT, lambda to: to.files.copy(), ("Ctrl+C",), starts_group=True),
    ActionRow("copy-visible", "Copy what is &seen", Menu.EDIT, lambda to: to.files.copy_visible(), ("Ctrl+Shift+C",)),
    ActionRow("paste", "&Paste as a layer", Menu.EDIT, lambda to: to.files.paste(), ("Ctrl+V",)),
    ActionRow(
        "preferences",
        "Pre&ferences...",
        Menu.EDIT,
        lambda to: to.window.show_preferences(),
        ("Ctrl+,",),
        starts_group=True,
    ),
    ActionRow("add-layer", "&Add", Menu.LAYER, lambda to: to.canvas.layers.add(), ("Ctrl+Shift+N",)),
    ActionRow("duplicate-layer", "&Duplicate", Menu.LAYER, lambda to: to.canvas.layers.duplicate(), ("Ctrl+J",)),
    ActionRow("delete-layer", "De&lete", Menu.LAYER, lambda to: to.canvas.layers.remove(), ("Shift+Del",)),
    ActionRow("clear-layer", "&Clear", Menu.LAYER, lambda to: to.canvas.layers.clear(), ("Del",)),
    ActionRow("merge-down", "&Merge down", Menu.LAYER, lambda to: to.canvas.layers.merge_down(), ("Ctrl+E",)),
    ActionRow(
        "hide-layer", "&Show or hide", Menu.LAYER, lambda to: to.canvas.layers.toggle_visible(), starts_group=True
    ),
    ActionRow("lock-layer", "Loc&k or unlock", Menu.LAYER, lambda to: to.canvas.layers.toggle_lock()),
    ActionRow(
        "raise-layer", "Move &up", Menu.LAYER, lambda to: to.canvas.layers.rise(), ("Ctrl+]",), starts_group=True
    ),
    ActionRow("lower-layer", "Move do&wn", Menu.LAYER, lambda to: to.canvas.layers.sink(), ("Ctrl+[",)),
    ActionRow("layer-above", "Paint on the one a&bove", Menu.LAYER, lambda to: to.canvas.layer_above(), ("Alt+]",)),
    ActionRow("layer-below", "Paint on the one b&elow", Menu.LAYER, lambda to: to.canvas.layer_below(), ("Alt+[",)),
    *(_operation_row(Menu.LAYER, operation) for operation in LAYER_OPERATIONS),
    *(_operation_row(Menu.SELECT, one, *_SELECTION_KEYS.get(one.id, ())) for one in SELECTION_OPERATIONS),
    *(_operation_row(Menu.MASK, one, *_MASK_KEYS.get(one.id, ())) for one in MASK_OPERATIONS),
    ActionRow("generate", "&Generate", Menu.PAINT, lambda to: to.window.generate(), ("Ctrl+Enter", "Ctrl+Return")),
    ActionRow("cancel", "&Cancel this picture", Menu.PAINT, lambda to: to.window.cancel(), ("Esc",)),
    ActionRow("cancel-all", "Cancel &all", Menu.PAINT, lambda to: to.window.cancel_all(), ("Ctrl+Shift+X",)),
    ActionRow("accept", "Acce&pt the picture", Menu.PAINT, lambda to: to.canvas.accept(), starts_group=True),
    ActionRow("accept-into", "Accept &into the layer", Menu.PAINT, lambda to: to.canvas.accept_into_layer()),
    ActionRow("discard", "&Discard the pictures", Menu.PAINT, lambda to: to.canvas.discard()),
    ActionRow("vary", "&More like this", Menu.PAINT, lambda to: to.canvas.more_like_this(), ("Ctrl+M",)),
    ActionRow("roll-seed", "&New seed", Menu.PAINT, lambda to: to.window.roll_seed(), ("Ctrl+R",), starts_group=True),
    ActionRow("lock-seed", "&Keep the seed", Menu.PAINT, lambda to: to.window.lock_seed(), ("Ctrl+L",)),
    ActionRow("focus-prompt", "&Write the prompt", Menu.PAINT, lambda to: to.window.focus_prompt(), ("Alt+A",)),
    ActionRow("fit", "&Fit the picture", Menu.VIEW, lambda to: to.window.fit(), ("Ctrl+0",)),
    ActionRow("zoom-to-pixels", "&100 %", Menu.VIEW, lambda to: to.window.zoom_to_pixels(), ("Ctrl+1",)),
    ActionRow("zoom-in", "Zoom &in", Menu.VIEW, lambda to: to.window.zoom_in(), ("Ctrl++", "Ctrl+=")),
    ActionRow("zoom-out", "Zoom &out", Menu.VIEW, lambda to: to.window.zoom_out(), ("Ctrl+-",)),
    ActionRow("mirror", "&Mirror (M)", Menu.VIEW, lambda to: to.window.mirror(), starts_group=True),
    ActionRow("turn-left", "Turn &left (4)", Menu.VIEW, lambda to: to.window.turn_left()),
    ActionRow("turn-right", "Turn &right (6)", Menu.VIEW, lambda to: to.window.turn_right()),
    ActionRow("straighten", "&Upright (5)", Menu.VIEW, lambda to: to.window.straighten()),
    ActionRow("next-area", "&Next area", Menu.VIEW, lambda to: to.window.focus_next_area(), ("F6",), starts_group=True),
    ActionRow("prompt-panel", "Show or hide the &prompt", Menu.VIEW, lambda to: to.window.show_prompt_panel(), ("F7",)),
    ActionRow("side-panel", "Show or hide the &history", Menu.VIEW, lambda to: to.window.show_side_panel(), ("F8",)),
    ActionRow(
        "gallery", "&Gallery", Menu.VIEW, lambda to: to.window.show_gallery(), ("Ctrl+G", "F9"), starts_group=True
    ),
    ActionRow("theme-dark", "&Dark", Menu.THEME, lambda to: to.window.wear("dark"), choice="dark"),
    ActionRow("theme-light", "&Light", Menu.THEME, lambda to: to.window.wear("light"), choice="light"),
    ActionRow("theme-system", "Like the &system", Menu.THEME, lambda to: to.window.wear("system"), choice="system"),
)


_EVERYWHERE = {
    "new",
    "open",
    "import",
    "import-folder",
    "quit",
    "preferences",
    "generate",
    "cancel",
    "cancel-all",
    "gallery",
}
"""What has a meaning also where the canvas is not seen."""


def studio_actions(actions: Mapping[str, QAction]) -> tuple[QAction, ...]:
    """Return the actions that are about the canvas or the panels beside it."""
    return tuple(actions[row.id] for row in ACTIONS if row.menu is not Menu.THEME and row.id not in _EVERYWHERE)


def build_actions(owner: QObject, commands: Commands) -> dict[str, QAction]:
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


def _calling(row: ActionRow, commands: Commands) -> Callable[[], None]:
    def call() -> None:
        row.handler(commands)

    return call
