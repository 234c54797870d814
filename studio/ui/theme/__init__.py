"""The look of the window: one file of tokens, and what turns them into a palette, a style sheet, fonts and icons."""

from __future__ import annotations

from studio.ui.theme.apply import apply, current
from studio.ui.theme.tokens import DARK, LIGHT, THEMES, Tokens

__all__ = ["DARK", "LIGHT", "THEMES", "Tokens", "apply", "current"]
