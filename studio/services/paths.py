"""Where everything is kept: one value that names every folder and file of a user."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import platformdirs

if TYPE_CHECKING:
    from collections.abc import Mapping

HOME_VARIABLE: Final = "SFUMATO_HOME"
"""Names one folder that holds all user data, for a second profile or a test."""
_NAME: Final = "sfumato"


@dataclass(frozen=True, slots=True)
class Paths:
    """The folders of one user. None of them needs to exist yet; who writes makes them.

    Attributes:
        data: what must not be lost: history, models.
        config: settings.
        cache: what can be made again.
        pictures: finished pictures.
    """

    data: Path
    config: Path
    cache: Path
    pictures: Path

    @classmethod
    def of_user(cls, environ: Mapping[str, str]) -> Paths:
        """Return the folders under ``SFUMATO_HOME`` where ``environ`` has it, else the platform's own."""
        if home := environ.get(HOME_VARIABLE):
            root = Path(home).expanduser().absolute()
            return cls(data=root / "data", config=root / "config", cache=root / "cache", pictures=root / "pictures")
        return cls(
            data=platformdirs.user_data_path(_NAME, appauthor=False),
            config=platformdirs.user_config_path(_NAME, appauthor=False),
            cache=platformdirs.user_cache_path(_NAME, appauthor=False),
            pictures=platformdirs.user_pictures_path() / "Sfumato",
        )

    def with_pictures(self, folder: str) -> Paths:
        """Return the same with another folder of pictures, as the settings name it; the own one where that is empty."""
        return replace(self, pictures=Path(folder).expanduser().absolute()) if folder else self

    @property
    def models(self) -> Path:
        """Folder of the user's own models, one folder each."""
        return self.data / "models"

    @property
    def database(self) -> Path:
        """The history's index."""
        return self.data / "history.sqlite3"

    @property
    def sources(self) -> Path:
        """What pictures were painted from."""
        return self.data / "sources"

    @property
    def document(self) -> Path:
        """The open document as it was a moment ago, which comes back at the next start."""
        return self.data / "document.ora"

    @property
    def log(self) -> Path:
        """What went wrong lately, for a report."""
        return self.data / "sfumato.log"

    @property
    def settings(self) -> Path:
        """The settings."""
        return self.config / "settings.json"

    @property
    def signed_sources(self) -> Path:
        """Pictures from outside that carry Content Credentials."""
        return self.sources / "signed"

    @property
    def signing(self) -> Path:
        """What pictures are signed with; nobody but the user may look in."""
        return self.data / "signing"

    @property
    def engine_cache(self) -> Path:
        """What the engine measured on this machine."""
        return self.cache / "engine"

    @property
    def thumbnails(self) -> Path:
        """Small copies of the history's pictures."""
        return self.cache / "thumbnails"


def resources() -> Path:
    """Return the folder of the data files that ship with Sfumato, in an installed wheel and in a checkout."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "_resources"
    return installed if installed.is_dir() else package.parent / "resources"
