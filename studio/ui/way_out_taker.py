"""Does what a person chose about a failure."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, assert_never

from PySide6.QtCore import QObject

from studio.domain.request import TextToImage
from studio.ui.ways_out import (
    CancelFetch,
    DiscardDocument,
    GoThere,
    SaveAgain,
    SaveDocument,
    Stop,
    TryAgain,
    Undo,
    UseSize,
)

if TYPE_CHECKING:
    from studio.bridge.session import Session
    from studio.ui.commands import Commands
    from studio.ui.message_bar import MessageBar
    from studio.ui.panels import PromptPanel
    from studio.ui.ways_out import WayOut


class WayOutTaker(QObject):
    """Follows the message bar's buttons."""

    def __init__(self, session: Session, panel: PromptPanel, messages: MessageBar, commands: Commands) -> None:
        """Join them.

        Args:
            session: paints and saves again.
            panel: has the size.
            messages: has the buttons, and owns this.
            commands: paint what the panel says, and save.
        """
        super().__init__(messages)
        self._session, self._panel, self._commands = session, panel, commands
        messages.way_out_chosen.connect(self._take)

    def _take(self, way: WayOut) -> None:
        match way:
            case SaveAgain():
                self._session.save_again()
            case CancelFetch():
                self._session.arrivals.cancel()
            case SaveDocument():
                self._commands.files.save()
            case DiscardDocument(go_on) | Undo(go_on) | Stop(go_on) | GoThere(_, go_on):
                go_on()
            case TryAgain(request):
                # What was painted to be compared with a picture of the history belongs nowhere else.
                if not self._session.replays.again(request.job_id):
                    self._session.painting.again(request)
            case UseSize(_, request) if request is not None and self._session.replays.again(request.job_id):
                pass  # in another size it would be compared with nothing, and belongs nowhere else
            case UseSize(size, request):
                self._panel.size_fields.set_size(size)
                if isinstance(request, TextToImage):
                    self._session.painting.again(replace(request, width=size.width, height=size.height))
                else:
                    self._commands.window.generate()
            case _:
                assert_never(way)
