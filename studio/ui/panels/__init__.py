"""The panels: one file each, and the list of those that stand beside the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.ui.panels.layers import LayersPanel
from studio.ui.panels.prompt_panel import PromptPanel
from studio.ui.panels.queue_panel import QueuePanel
from studio.ui.panels.tool_bar import ToolBar
from studio.ui.panels.tool_options import ToolOptions

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from studio.bridge.session import Session

__all__ = [
    "PANELS",
    "LayersPanel",
    "PanelRow",
    "PromptPanel",
    "QueuePanel",
    "ToolBar",
    "ToolOptions",
    "build_tool_bar",
    "build_tool_options",
]


@dataclass(frozen=True, slots=True)
class PanelRow:
    """A panel of the right column.

    Attributes:
        id: never shown; names it in tests and settings.
        title: on its tab.
        build: makes it, joined to what it shows.
    """

    id: str
    title: str
    build: Callable[[Session], QWidget]


def _build_queue(session: Session) -> QWidget:
    panel = QueuePanel(session.queue_model)
    panel.cancel_requested.connect(session.generation.cancel)
    return panel


def _build_layers(session: Session) -> QWidget:
    return LayersPanel(session.canvas)


def build_tool_bar(session: Session) -> ToolBar:
    """Return the bar of tools for the left of the canvas."""
    return ToolBar(session.tool_box)


def build_tool_options(session: Session) -> ToolOptions:
    """Return the bar of the tool's options for above the canvas."""
    return ToolOptions(session.tool_box, session.canvas)


PANELS: Final = (PanelRow("layers", "Layers", _build_layers), PanelRow("queue", "Queue", _build_queue))
