"""The middle of the window: the canvas, with the tools at its left and their options above it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.ui.canvas import CanvasView
from studio.ui.canvas.drop_zones import DropZones
from studio.ui.canvas.proposals_bar import ProposalsBar
from studio.ui.panels.tool_bar import ToolBar
from studio.ui.panels.tool_options import ToolOptions

if TYPE_CHECKING:
    from studio.bridge.session import Session


class Workspace(QWidget):
    """Lays out what one paints with.

    Attributes:
        canvas: shows the document.
        tool_bar: at its left.
        tool_options: above it.
        proposals: over its foot, while a picture waits for a choice.
        drop_zones: over all of it, while a picture is dragged.
    """

    def __init__(self, session: Session, message_bar: QWidget) -> None:
        """Build it.

        Args:
            session: holds document and tools.
            message_bar: lies above the canvas.
        """
        super().__init__()
        self.canvas = CanvasView(session.canvas, session.tool_box)
        self.tool_bar = ToolBar(session.tool_box)
        self.tool_options = ToolOptions(session.tool_box, session.canvas)
        self.proposals = ProposalsBar(session.painting, self.canvas)
        self.drop_zones = DropZones(self.canvas, session.reader)
        self._lay_out(message_bar)
        self.proposals.peeked.connect(self.canvas.peek)
        self.tool_options.done.connect(self.canvas.setFocus)

    def _lay_out(self, message_bar: QWidget) -> None:
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.tool_bar)
        row.addWidget(self.canvas, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.tool_options)
        column.addWidget(message_bar)
        column.addLayout(row, 1)
