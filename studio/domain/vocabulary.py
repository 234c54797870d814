"""The names that the history knows, to look for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

Counted: TypeAlias = tuple[tuple[str, int], ...]
"""Names with the number of pictures of each, those with most pictures first."""
_DAY_KEYS: Final = ("on", "since", "before", "after")


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names that the history knows.

    Attributes:
        models: that pictures were painted with.
        loras: likewise.
        boards: all of them.
        tags: all of them.
        months: in which pictures were made, ``2026-10``, the latest first.
    """

    models: Counted = ()
    loras: Counted = ()
    boards: Counted = ()
    tags: Counted = ()
    months: Counted = ()

    def of(self, key: str) -> Counted:
        """Return the values of a key that only the history knows."""
        by_key = {"model": self.models, "lora": self.loras, "board": self.boards, "tag": self.tags}
        return self.months if key in _DAY_KEYS else by_key.get(key, ())
