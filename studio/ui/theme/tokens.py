"""Every colour, distance and size of type, for the dark and the light theme: the one place to change the look.

Greys are neutral (red = green = blue), because colours are judged beside them. The accent marks the one next action and
how far it is; focus is shown in the colour of the text instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SPACE: Final = 4
"""The step of every distance, in device-independent pixels."""
RADIUS: Final = 6
"""Corners of fields and buttons."""
ROW: Final = 8 * SPACE
"""Height of a field or a button."""
ICON: Final = 4 * SPACE
"""Side of an icon."""

CAPTION: Final = 11
LABEL: Final = 12
BODY: Final = 13
PROMPT: Final = 15
HEADLINE: Final = 20
"""The type scale, in device-independent pixels."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """The colours of one theme, as ``#rrggbb``.

    Attributes:
        name: as the setting calls it.
        backdrop: around the picture.
        window: panels and bars.
        raised: what lies above the window: menus, tooltips, messages.
        field: what can be changed.
        field_hover: the same under the pointer.
        field_pressed: the same while pressed, and what is chosen of several.
        line: hairlines between areas; carries no meaning.
        outline: edges of fields.
        text: what is read.
        text_quiet: labels, units, hints.
        text_disabled: what cannot be used now.
        accent: the one next action.
        accent_hover: the same under the pointer.
        accent_pressed: the same while pressed.
        on_accent: text on the accent.
        selection: behind selected text.
        focus: the ring around what the keyboard reaches.
        danger: marks a failure, beside words that say it.
        scrim: behind words that lie on a picture.
        on_scrim: those words.
        checker: squares that stand for transparency.
        checker_other: the squares between them.
        mask: tint over what is to be painted anew.
    """

    name: str
    backdrop: str
    window: str
    raised: str
    field: str
    field_hover: str
    field_pressed: str
    line: str
    outline: str
    text: str
    text_quiet: str
    text_disabled: str
    accent: str
    accent_hover: str
    accent_pressed: str
    on_accent: str
    selection: str
    focus: str
    danger: str
    scrim: str
    on_scrim: str
    checker: str
    checker_other: str
    mask: str


DARK: Final = Tokens(
    name="dark",
    backdrop="#141414",
    window="#1e1e1e",
    raised="#2a2a2a",
    field="#2b2b2b",
    field_hover="#343434",
    field_pressed="#404040",
    line="#101010",
    outline="#2b2b2b",
    text="#ededed",
    text_quiet="#a6a6a6",
    text_disabled="#6b6b6b",
    accent="#eba53a",
    accent_hover="#f3b455",
    accent_pressed="#cf8d24",
    on_accent="#1a1200",
    selection="#565656",
    focus="#ededed",
    danger="#ff7a6b",
    scrim="#141414",
    on_scrim="#f5f5f5",
    checker="#3a3a3a",
    checker_other="#303030",
    mask="#ff2d20",
)

LIGHT: Final = Tokens(
    name="light",
    backdrop="#d6d6d6",
    window="#f3f3f3",
    raised="#ffffff",
    field="#ffffff",
    field_hover="#fafafa",
    field_pressed="#e0e0e0",
    line="#cccccc",
    outline="#cfcfcf",
    text="#1b1b1b",
    text_quiet="#5c5c5c",
    text_disabled="#a3a3a3",
    accent="#c97400",
    accent_hover="#d98412",
    accent_pressed="#bb6c00",
    on_accent="#1a1200",
    selection="#c4c4c4",
    focus="#1b1b1b",
    danger="#b3261e",
    scrim="#141414",
    on_scrim="#f5f5f5",
    checker="#ffffff",
    checker_other="#ececec",
    mask="#ff2d20",
)

THEMES: Final = {tokens.name: tokens for tokens in (DARK, LIGHT)}
