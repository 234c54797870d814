"""All that is known of one picture."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.ui.gallery.details_actions import DetailsActions
from studio.ui.gallery.details_facts import computing_rows, file_rows, settings_rows
from studio.ui.gallery.details_head import HeadPicture
from studio.ui.gallery.details_kin import KinRow
from studio.ui.gallery.details_rows import FactRows, ReadText
from studio.ui.theme.fonts import font
from studio.ui.theme.tokens import LABEL, SPACE
from studio.ui.widgets.fold import Fold

if TYPE_CHECKING:
    from studio.bridge.entry_pictures import EntryPictures
    from studio.bridge.surroundings import Surroundings
    from studio.services.history_entry import Entry


class OnePicture(QWidget):
    """Picture, actions, prompts, settings, family.

    Attributes:
        buttons: what can be done with it.
        prompt: what was painted.
        negative_prompt: what was avoided.
        settings: how it was painted.
        parents: what it was made of.
        children: what was made of it.
        verdict: what came of painting it again.
    """

    def __init__(self, pictures: EntryPictures) -> None:
        super().__init__()
        self._head = HeadPicture(pictures)
        self.buttons = DetailsActions()
        self.prompt = ReadText("Prompt")
        self.negative_prompt = ReadText("Negative prompt", font(LABEL))
        self.settings = FactRows("Settings")
        self.verdict = QLabel()
        self.verdict.setFont(font(LABEL))
        self.verdict.setTextFormat(Qt.TextFormat.PlainText)
        self.verdict.setWordWrap(True)
        self.verdict.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.parents = KinRow("Made of", pictures)
        self.children_row = KinRow("Used for", pictures)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3 * SPACE)
        column.addWidget(self._head)
        column.addWidget(self.buttons)
        column.addWidget(self.verdict)
        for widget in (self.prompt, self.negative_prompt, self.settings, self.parents, self.children_row):
            column.addWidget(widget)

    def show_entry(self, entry: Entry, verdict: str) -> None:
        """Show a picture, and what came of painting it again; empty where nobody has."""
        self._head.show_entry(entry)
        self.buttons.show_entry(entry)
        self.prompt.show_text(entry.found.prompt)
        self.negative_prompt.show_text(entry.found.negative_prompt)
        self.settings.show_rows(settings_rows(entry))
        self.show_verdict(verdict)

    def leave_out_picture(self) -> None:
        """Show words alone: the picture is seen elsewhere."""
        self._head.hide()

    def show_verdict(self, verdict: str) -> None:
        """Show what came of painting it again; empty where nobody has."""
        self.verdict.setText(f"Replay: {verdict}" if verdict else "")
        self.verdict.setVisible(bool(verdict))

    def show_family(self, around: Surroundings | None) -> None:
        """Show what it was made of and what was made of it; nothing until that is read."""
        self.parents.show_kin(() if around is None else around.parents)
        self.children_row.show_kin(() if around is None else around.children)


class MoreFacts(QWidget):
    """What is folded away: the file, and what its exact pixels depend on.

    Attributes:
        file: rows about the file.
        computing: rows about device, versions and hashes.
    """

    def __init__(self) -> None:
        super().__init__()
        self.file = FactRows("File")
        self.computing = FactRows("How it was computed")
        self._file_fold = Fold("File", "Name, place, size and origin of its file", self.file)
        tip = "Device, versions of the libraries, and hashes: what its exact pixels depend on"
        self._computing_fold = Fold("How it was computed", tip, self.computing)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACE)
        column.addWidget(self._file_fold)
        column.addWidget(self._computing_fold)

    def show_entry(self, entry: Entry, size: int | None) -> None:
        """Show the facts about a picture.

        Args:
            entry: it.
            size: of its file in bytes; None as long as nobody knows.
        """
        self.file.show_rows(file_rows(entry, size))
        self.computing.show_rows(computing_rows(entry))
        self._file_fold.set_summary(entry.path.name)
        said = entry.metadata
        self._computing_fold.set_summary("" if said is None else f"{said.device}, {said.dtype}")
