"""Keeps the settings: read at the start, saved soon after each change, behind the window."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, QTimer, Signal

from studio.domain.errors import StudioError
from studio.domain.settings import Settings
from studio.services.settings_store import SettingsStore

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SAVE_DELAY_MS: Final = 500
_log = logging.getLogger("sfumato.settings")


class SettingsKeeper(QObject):
    """Owns the settings.

    Attributes:
        trouble: why they could not be read; None if they could. They are not overwritten then.

    Signals:
        changed: names of the fields that were set, as a frozenset.
    """

    changed = Signal(object)

    def __init__(
        self, file: Path, run: Callable[[Callable[[], object]], object], parent: QObject | None = None
    ) -> None:
        """Read the settings.

        Args:
            file: where they are.
            run: runs something behind the window.
            parent: owns this object.
        """
        super().__init__(parent)
        self.trouble: StudioError | None = None
        self._store = SettingsStore(file)
        self._run = run
        self._settings = self._load()
        self._timer = QTimer(self, interval=SAVE_DELAY_MS, singleShot=True)
        self._timer.timeout.connect(self._save)

    @property
    def settings(self) -> Settings:
        """What is remembered."""
        return self._settings

    def update(self, **changes: object) -> None:
        """Remember something else from now on.

        Args:
            changes: fields of `Settings` by name.

        Raises:
            ValueError: a field that is not there, or a value out of its range.
        """
        if unknown := changes.keys() - Settings.model_fields.keys():
            message = f"no such settings: {', '.join(sorted(unknown))}"
            raise ValueError(message)
        # Which fields were set tells a first start from a later one: see `is_set`.
        settings = Settings.model_validate(self._settings.model_dump(exclude_unset=True) | changes)
        if settings != self._settings:
            self._settings = settings
            if self.trouble is None:
                self._timer.start()
            self.changed.emit(frozenset(changes))

    def is_set(self, field: str) -> bool:
        """Tell whether a field was ever kept, or has its default because nothing was."""
        return field in self._settings.model_fields_set

    def close(self) -> None:
        """Save what is still to be saved, on this thread: there is no window left that could stall."""
        if self._timer.isActive():
            self._timer.stop()
            try:
                self._store.save(self._settings)
            except StudioError:
                _log.exception("the settings could not be saved")

    def _load(self) -> Settings:
        try:
            return self._store.load()
        except StudioError as error:
            # What could not be read, or set aside, must not be overwritten with defaults.
            self.trouble = error
            return Settings()

    def _save(self) -> None:
        settings = self._settings
        self._run(lambda: self._store.save(settings))
