"""A picture of the history, as the index knows it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from studio.domain.found_settings import FoundSettings
    from studio.domain.metadata import Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A picture of the history.

    Attributes:
        id: its number; never used again for another one.
        path: its file.
        found: how it was made, as far as its file says.
        picture_sha256: hex SHA-256 of its raw RGB pixels; empty as long as nobody has read them.
        width: in pixels.
        height: in pixels.
        created: when it was made, with a time zone.
        day: the day of that for the user, who may have travelled since: ``YYYY-MM-DD``.
        metadata: all of it, where Sfumato painted the picture; None for one of another program.
        is_missing: whether its file was gone at the last look.
        is_starred: whether the user likes it.
        is_imported: whether it came from outside instead of being painted here.
        note: what the user wrote about it.
        tags: the user's words for it, sorted.
        trashed: when it was thrown away; None for one that was not.
    """

    id: int
    path: Path
    found: FoundSettings
    picture_sha256: str
    width: int
    height: int
    created: datetime
    day: str
    metadata: Metadata | None = None
    is_missing: bool = False
    is_starred: bool = False
    is_imported: bool = False
    note: str = ""
    tags: tuple[str, ...] = ()
    trashed: datetime | None = None

    @property
    def prompt(self) -> str:
        """What was painted; empty where nobody knows."""
        return self.found.prompt

    @property
    def seed(self) -> int | None:
        """Seed of this very picture, where it is known."""
        return self.found.seed
