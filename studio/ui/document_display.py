"""Says what became of a document's file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from pathlib import Path

    from studio.bridge.session import Session
    from studio.services.canvas_document import OpenedDocument
    from studio.ui.message_bar import MessageBar
    from studio.ui.status_line import StatusLine


class DocumentDisplay(QObject):
    """Follows the keeper: what was done is said in the status line, what could not be taken over in the message bar."""

    def __init__(self, session: Session, status: StatusLine, messages: MessageBar) -> None:
        """Join them.

        Args:
            session: has the keeper.
            status: at the foot.
            messages: above the canvas, and owns this.
        """
        super().__init__(messages)
        self._status, self._messages = status, messages
        session.documents.opened.connect(self._on_opened)
        session.documents.saved.connect(self._on_saved)
        session.documents.exported.connect(self._on_exported)

    def _on_opened(self, opened: OpenedDocument, path: Path) -> None:
        self._status.show_activity(f"Opened {path.name}")
        if opened.notes:
            self._messages.show_notice(f"{path.name} looks different here", " ".join(opened.notes))

    def _on_saved(self, path: Path) -> None:
        self._status.show_activity(f"Saved {path.name}")

    def _on_exported(self, path: Path, notes: tuple[str, ...]) -> None:
        self._status.show_activity(f"Exported {path.name}")
        if notes:
            self._messages.show_notice(f"{path.name} does not hold everything", " ".join(notes))
