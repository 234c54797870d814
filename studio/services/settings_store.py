"""Settings on disk: one JSON file, written whole, never thrown away."""

from __future__ import annotations

import json
import logging
import shutil
from typing import TYPE_CHECKING, Any

from pydantic import ValidationError

from studio.domain.settings import SETTINGS_VERSION, Settings
from studio.services.files import unwritable, write_whole

if TYPE_CHECKING:
    from pathlib import Path

_log = logging.getLogger("sfumato.settings")


class SettingsStore:
    """Keeps the settings in one file.

    Attributes:
        path: the file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def load(self) -> Settings:
        """Return what is kept, or the defaults where nothing is.

        A file that is no settings file, has values out of range or comes from a newer Sfumato is copied to a name of
        its own first, so that the next `save` loses nothing; the values that can be used are used.

        Raises:
            UnwritablePlace: such a file could not be copied.
        """
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return Settings()
        except OSError as error:
            raise unwritable(self.path, error) from error
        values = _fields(content)
        if values is None:
            self._set_aside("damaged")
            return Settings()
        settings, wrong = _usable(values)
        if wrong:
            self._set_aside("damaged")
        if settings.version > SETTINGS_VERSION:
            self._set_aside(f"version-{settings.version}")
            return settings.model_copy(update={"version": SETTINGS_VERSION})
        return settings

    def save(self, settings: Settings) -> None:
        """Keep the settings.

        Raises:
            UnwritablePlace: the folder cannot be written; what was kept before is still there.
        """
        text = json.dumps(settings.model_dump(mode="json"), indent=2) + "\n"
        write_whole(self.path, text.encode())

    def _set_aside(self, reason: str) -> None:
        number = 1
        while (copy := self.path.with_name(f"{self.path.stem}.{reason}-{number}{self.path.suffix}")).exists():
            number += 1
        try:
            shutil.copyfile(self.path, copy)
        except OSError as error:
            raise unwritable(copy, error) from error
        _log.warning("%s cannot be used as it is and was copied to %s", self.path, copy)


def _fields(content: bytes) -> dict[str, Any] | None:
    """Return the JSON object's fields, or None where there is no object. What is in them is unknown, hence `Any`."""
    try:
        values = json.loads(content)
    except ValueError:
        return None
    return values if isinstance(values, dict) else None


def _usable(values: dict[str, Any]) -> tuple[Settings, tuple[str, ...]]:
    """Return the settings of those fields that are right, and the names of the others."""
    try:
        return Settings.model_validate(values), ()
    except ValidationError as error:
        wrong = tuple({str(problem["loc"][0]) for problem in error.errors()})
        return Settings.model_validate({name: value for name, value in values.items() if name not in wrong}), wrong
