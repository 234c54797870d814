"""What Sfumato itself wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.dialects.values import is_sensible
from studio.domain.errors import StudioError, UnreadablePicture
from studio.domain.found_settings import FoundSettings
from studio.domain.metadata import OWN_KEY, Metadata

if TYPE_CHECKING:
    from collections.abc import Mapping


def parsed(text: str) -> Metadata:
    """Return our own metadata from a file that anybody may have made.

    Raises:
        NewerData: a newer Sfumato wrote it.
        UnreadablePicture: it is damaged, or longer than Sfumato writes it.
    """
    if not is_sensible(text):
        why = f"it has {len(text)} characters, more than Sfumato writes"
        raise UnreadablePicture("The picture's data is damaged", why, "Use another copy of the picture")
    return Metadata.from_json(text)


def metadata_of(texts: Mapping[str, str]) -> Metadata | None:
    """Return how Sfumato painted the picture; None where it did not, or where that cannot be read any more."""
    try:
        return parsed(texts[OWN_KEY]) if OWN_KEY in texts else None
    except StudioError:
        return None  # damaged, or of a newer Sfumato: the other text says most of it


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings, which are complete."""
    metadata = metadata_of(texts)
    return None if metadata is None else FoundSettings.of_metadata(metadata)
