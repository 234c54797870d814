"""What the actions do with the history."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PySide6.QtWidgets import QFileDialog

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from studio.bridge.history_intake import HistoryIntake

_PICTURES: Final = "Pictures (*.png *.jpg *.jpeg *.webp *.avif)"


@dataclass(frozen=True, eq=False)
class HistoryCommands:
    """Asks for files, and has them taken in.

    Attributes:
        window: what dialogues belong to.
        intake: takes pictures into the history.
    """

    window: QWidget
    intake: HistoryIntake

    def import_pictures(self) -> None:
        """Ask for picture files and enter them into the history."""
        title, folder = "Import pictures into the history", str(Path.home())
        names, _ = QFileDialog.getOpenFileNames(self.window, title, folder, _PICTURES)
        if names:
            self.intake.take([Path(name) for name in names])

    def import_folder(self) -> None:
        """Ask for a folder and enter all pictures in it, at any depth."""
        name = QFileDialog.getExistingDirectory(self.window, "Import a folder into the history", str(Path.home()))
        if name:
            self.intake.take([Path(name)])
