"""The middle of the window: the canvas, with the tools at its left and their options above it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.bridge import taken_out
from studio.ui.canvas import CanvasView
from studio.ui.canvas.drop_zones import DropZones
from studio.ui.canvas.proposals_bar import ProposalsBar
from studio.ui.panels.tool_bar import ToolBar
from studio.ui.panels.tool_options import ToolOptions
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import ROW, SPACE
from studio.ui.widgets.drag_handle import DragHandle

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
        handle: above its right corner: drags the picture that is seen out of the window.
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
        tip = "Drag the picture to a folder or another program"
        self.handle = DragHandle(
            Icon.DRAG_OUT, "Drag picture out", tip, side=ROW, source=partial(taken_out.seen, session)
        )
        self._lay_out(message_bar)
        self.proposals.peeked.connect(self.canvas.peek)
        self.tool_options.done.connect(self.canvas.setFocus)

    def _lay_out(self, message_bar: QWidget) -> None:
        self.setAutoFillBackground(True)
        self.setBackgroundRole(QPalette.ColorRole.Window)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.tool_bar)
        row.addWidget(self.canvas, 1)
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, SPACE, 0)
        head.addWidget(self.tool_options, 1)
        head.addWidget(self.handle)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(message_bar)
        column.addLayout(row, 1)
