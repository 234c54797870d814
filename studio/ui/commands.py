"""What each action of the table does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QTabWidget, QWidget

from studio.domain.errors import StudioError
from studio.ui import theme

if TYPE_CHECKING:
    from studio.bridge.session import Session
    from studio.ui.canvas import CanvasView
    from studio.ui.canvas_commands import CanvasCommands
    from studio.ui.file_commands import FileCommands
    from studio.ui.history_commands import HistoryCommands
    from studio.ui.job_display import JobDisplay
    from studio.ui.message_bar import MessageBar
    from studio.ui.panels import PromptPanel
    from studio.ui.picture_rooms import PictureRooms

_ZOOM_STEP: Final = 1.25
TURN: Final = 15.0
"""Degrees."""


@dataclass(frozen=True, eq=False)
class WindowCommands:
    """Carries out the actions on the parts of one window."""

    window: QWidget
    session: Session
    prompt_panel: PromptPanel
    canvas: CanvasView
    side: QTabWidget
    messages: MessageBar
    job_display: JobDisplay
    looking: PictureRooms

    def generate(self) -> None:
        """Queue what the frame's content and the prompt panel ask for."""
        try:
            settings = self.prompt_panel.frame_settings()
        except StudioError as error:
            self.job_display.show_error(error)
            return
        if not self.session.unsaved:
            self.messages.dismiss()
        self.session.painting.submit(settings, self.prompt_panel.canvas_fields.strengths)

    def cancel(self) -> None:
        """Stop the running job; where none runs, close the message."""
        if self.job_display.is_painting:
            self.session.generation.cancel_current()
        else:
            self.messages.dismiss()

    def cancel_all(self) -> None:
        """Stop every job."""
        self.session.generation.cancel_all()

    def roll_seed(self) -> None:
        """Draw another seed."""
        self.prompt_panel.sampling_fields.seed.roll()

    def lock_seed(self) -> None:
        """Keep the seed, or let it go."""
        self.prompt_panel.sampling_fields.seed.toggle_lock()

    def focus_prompt(self) -> None:
        """Put the keyboard into the prompt."""
        self._show_prompt_panel(True)
        self.prompt_panel.prompt.edit.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def focus_next_area(self) -> None:
        """Put the keyboard into the next of prompt, canvas and history."""
        areas = (
            (self.prompt_panel, self.prompt_panel.prompt.edit),
            (self.canvas, self.canvas),
            (self.side, self.side.currentWidget()),
        )
        focused = QApplication.focusWidget()
        here = next(
            (
                i
                for i, (area, _) in enumerate(areas)
                if focused is not None and (area is focused or area.isAncestorOf(focused))
            ),
            -1,
        )
        for step in range(1, len(areas) + 1):
            area, target = areas[(here + step) % len(areas)]
            if area.isVisible():
                target.setFocus(Qt.FocusReason.ShortcutFocusReason)
                return

    def fit(self) -> None:
        """Show the whole picture."""
        self.canvas.fit()

    def zoom_to_pixels(self) -> None:
        """Show one pixel of the picture as one of the screen."""
        self.canvas.zoom_to(1.0)

    def zoom_in(self) -> None:
        """Show the picture larger."""
        self.canvas.zoom_by(_ZOOM_STEP)

    def zoom_out(self) -> None:
        """Show the picture smaller."""
        self.canvas.zoom_by(1 / _ZOOM_STEP)

    def mirror(self) -> None:
        """Mirror the view; the document stays as it is."""
        self.canvas.navigation.mirror()

    def turn_left(self) -> None:
        """Turn the view against the clock."""
        self.canvas.navigation.turn_by(-TURN)

    def turn_right(self) -> None:
        """Turn the view with the clock."""
        self.canvas.navigation.turn_by(TURN)

    def straighten(self) -> None:
        """Set the view upright."""
        self.canvas.navigation.straighten()

    def show_prompt_panel(self) -> None:
        """Show or hide the prompt panel."""
        self._show_prompt_panel(self.prompt_panel.isHidden())

    def show_side_panel(self) -> None:
        """Show or hide history and queue."""
        shown = self.side.isHidden()
        self.side.setVisible(shown)
        self.session.update_settings(side_panel_shown=shown)

    def show_gallery(self) -> None:
        """Show all pictures, or go back from there to the canvas."""
        self.looking.toggle_gallery()

    def show_preferences(self) -> None:
        """Show what is set once, in a window of its own."""
        from studio.ui.settings import Preferences  # noqa: PLC0415 - the window's start need not wait for it

        shown = self.window.findChild(Preferences) or Preferences(self.session, self.window)
        shown.show()
        shown.raise_()
        shown.activateWindow()

    def wear(self, name: str) -> None:
        """Dress in another theme, and remember it."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, name)
        self.session.update_settings(theme=name)

    def close(self) -> bool:
        """Close the window; running jobs are stopped."""
        return self.window.close()

    def _show_prompt_panel(self, shown: bool) -> None:
        self.prompt_panel.setVisible(shown)
        self.session.update_settings(prompt_panel_shown=shown)


@dataclass(frozen=True, eq=False)
class Commands:
    """All that the actions can do.

    Attributes:
        window: to the window, the view and the jobs.
        canvas: to the document.
        files: with files and the clipboard.
        history: with the history.
    """

    window: WindowCommands
    canvas: CanvasCommands
    files: FileCommands
    history: HistoryCommands
