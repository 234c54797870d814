"""The panels: one file each, and the list of those that stand beside the history."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from studio.bridge import taken_out
from studio.ui.panels.layers import LayersPanel
from studio.ui.panels.prompt_panel import PromptPanel
from studio.ui.panels.queue_panel import QueuePanel
from studio.ui.theme.icons import Icon
from studio.ui.theme.tokens import SPACE
from studio.ui.widgets.drag_handle import DragHandle

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from studio.bridge.session import Session

__all__ = ["PANELS", "LayersPanel", "PanelRow", "PromptPanel", "QueuePanel"]


_HANDLE: Final = 7 * SPACE


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
    panel = LayersPanel(session.canvas)
    tip = "Drag this layer to a folder or another program"
    panel.add_to_foot(
        DragHandle(Icon.DRAG_OUT, "Drag layer out", tip, side=_HANDLE, source=partial(taken_out.layer, session))
    )
    return panel


PANELS: Final = (PanelRow("layers", "Layers", _build_layers), PanelRow("queue", "Queue", _build_queue))
