"""What differs between the settings of two pictures."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.domain.found_settings import FoundSettings


@dataclass(frozen=True, slots=True)
class SettingChange:
    """One setting that differs.

    Attributes:
        title: of the setting, for people.
        before: in words; empty where it was not set.
        after: likewise.
    """

    title: str
    before: str
    after: str


def changes_between(before: FoundSettings, after: FoundSettings) -> tuple[SettingChange, ...]:
    """Return every setting that differs, in the order in which people look for them."""
    old, new = before.described(), after.described()
    titles = [*new, *(title for title in old if title not in new)]
    return tuple(
        SettingChange(title, old.get(title, ""), new.get(title, ""))
        for title in titles
        if old.get(title, "") != new.get(title, "")
    )
