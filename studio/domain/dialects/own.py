"""What Sfumato itself wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.dialects.values import is_sensible
from studio.domain.errors import StudioError
from studio.domain.found_settings import FoundSettings
from studio.domain.metadata import OWN_KEY, Metadata

if TYPE_CHECKING:
    from collections.abc import Mapping


def metadata_of(texts: Mapping[str, str]) -> Metadata | None:
    """Return how Sfumato painted the picture; None where it did not, or where that cannot be read any more."""
    if not (text := texts.get(OWN_KEY, "")) or not is_sensible(text):
        return None
    try:
        return Metadata.from_json(text)
    except StudioError:
        return None  # damaged, or of a newer Sfumato: the other text says most of it


def read(texts: Mapping[str, str]) -> FoundSettings | None:
    """Return the settings, which are complete."""
    metadata = metadata_of(texts)
    return None if metadata is None else FoundSettings.of_metadata(metadata)
