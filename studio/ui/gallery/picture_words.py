"""A picture of the history in a few words."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from studio.services.history_entry import Entry

_LONGEST: Final = 280


def picture_title(entry: Entry) -> str:
    """Return the beginning of what was painted, or the file's name where nobody knows."""
    words = " ".join(entry.prompt.split())
    return _shortened(words, _LONGEST) if words else entry.path.name


def picture_facts(entry: Entry) -> str:
    """Return size, model and seed, as far as they are known, in one line."""
    found = entry.found
    size = f"{entry.width} \u00d7 {entry.height}" if entry.width else ""
    seed = "" if found.seed is None else f"seed {found.seed}"
    return " \u00b7 ".join(filter(None, (size, found.model, seed)))


def picture_tip(entry: Entry) -> str:
    """Return what a tooltip says: the prompt, the facts, the note, and what is wrong with the file."""
    missing = f"The file is missing: {entry.path.name}" if entry.is_missing else ""
    note = _shortened(entry.note, _LONGEST)
    return "\n".join(filter(None, (picture_title(entry), picture_facts(entry), note, missing)))


def picture_spoken(entry: Entry) -> str:
    """Return what a screen reader says about a cell."""
    marks = (
        "starred" if entry.is_starred else "",
        "imported" if entry.is_imported else "",
        "file is missing" if entry.is_missing else "",
    )
    made = f"{entry.created.astimezone():%H:%M}"
    return ", ".join(filter(None, (picture_title(entry), picture_facts(entry), made, *marks)))


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}\u2026"
