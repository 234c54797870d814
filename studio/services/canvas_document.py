"""What a document file holds: the canvas, and what was set beside it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.domain.canvas.state import CanvasState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pydantic import JsonValue

    from studio.domain.geometry import Rect


@dataclass(frozen=True, slots=True, eq=False)
class StoredDocument:
    """All that a document file of ours holds.

    Attributes:
        state: the canvas; proposals are not stored, for the history keeps their pictures.
        settings: prompt and everything else that is set beside the canvas, by name.
    """

    state: CanvasState = field(default_factory=CanvasState)
    settings: Mapping[str, JsonValue] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class OpenedDocument:
    """What was read from a document file, of Sfumato or of another program.

    Attributes:
        document: what it holds; without proposals.
        area: what the file calls its image, in the document's coordinates.
        is_own: whether Sfumato wrote the mask, the frame and the settings; else they are those of an empty document.
        notes: what could not be taken over as it is, in sentences.
    """

    document: StoredDocument
    area: Rect
    is_own: bool
    notes: tuple[str, ...] = ()
