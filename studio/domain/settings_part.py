"""Which of a picture's settings are wanted again."""

from __future__ import annotations

from enum import Enum


class SettingsPart(Enum):
    """A choice among the settings of a picture; the value names it in tests and settings."""

    ALL = "all"
    PROMPT = "prompt"
    SEED = "seed"
    SIZE = "size"

    @property
    def title(self) -> str:
        """What people call taking it over."""
        return "Use all settings" if self is SettingsPart.ALL else f"{self.value.capitalize()} only"
