"""The buttons above a picture that is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ROW
from studio.ui.widgets.icon_button import IconButton

if TYPE_CHECKING:
    from studio.services.history_entry import Entry


class ViewerButtons:
    """What can be done with the picture.

    Attributes:
        star: give it a star, or take that away.
        compare: with the one that was seen before.
        lineage: where it comes from.
        trash: throw it away.
        details: show or hide them.
        full_screen: fill the screen.
    """

    def __init__(self) -> None:
        self.star = _button(
            Icon.STAR, "Star", "Give it a star, or take that away (.)", is_checkable=True, fills_icon=True
        )
        self.compare = _button(Icon.COMPARE, "Compare", "Compare with the picture that was seen before (C)")
        self.lineage = _button(Icon.LINEAGE, "Lineage", "What it was made of, and what was made of it (L)")
        self.trash = _button(Icon.DELETE, "Move to trash", "Move it to the trash (Del)")
        self.details = _button(Icon.INFO, "Details", "Show or hide how it was painted (I)", is_checkable=True)
        self.full_screen = _button(Icon.FULL_SCREEN, "Full screen", "Fill the screen with it (F)")

    def show_state(self, entry: Entry | None, *, may_compare: bool) -> None:
        """Show what can be done with an entry."""
        for button in (self.star, self.lineage, self.trash, self.full_screen):
            button.setEnabled(entry is not None)
        self.star.setChecked(entry is not None and entry.is_starred)
        self.compare.setEnabled(entry is not None and may_compare)


def _button(icon: Icon, name: str, tip: str, *, is_checkable: bool = False, fills_icon: bool = False) -> IconButton:
    return IconButton(icon, name, tip, side=ROW, checked_icon=icon if is_checkable else None, fills_icon=fills_icon)
