"""The panels: one file each, and the list of those that stand beside the history."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.ui.panels.layers import LayersPanel
from studio.ui.panels.prompt_panel import PromptPanel
from studio.ui.panels.queue_panel import QueuePanel

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from studio.bridge.session import Session

__all__ = ["PANELS", "LayersPanel", "PanelRow", "PromptPanel", "QueuePanel"]


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


PANELS: Final = (PanelRow("layers", "Layers", _build_layers), PanelRow("queue", "Queue", _build_queue))
