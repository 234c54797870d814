"""A picture of the history, as it can be laid on the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.domain.canvas.proposal import Proposal
from studio.domain.dialect import Dialect
from studio.domain.geometry import Rect
from studio.domain.request import Task
from studio.domain.source_type import SourceType

if TYPE_CHECKING:
    from collections.abc import Iterable

    from studio.domain.model import ModelInfo
    from studio.domain.picture import Picture
    from studio.domain.request import GenerationRequest
    from studio.services.history_entry import Entry


def proposal_of(entry: Entry, picture: Picture, frame: Rect, models: Iterable[ModelInfo]) -> Proposal:
    """Return the picture in the middle of the frame.

    Args:
        entry: what the history knows of it.
        picture: its pixels.
        frame: where to lay it.
        models: that are on this machine: more like it can be painted where its own is among them, and where it was
            painted from words alone.
    """
    left = frame.x + (frame.width - picture.width) // 2
    top = frame.y + (frame.height - picture.height) // 2
    return Proposal(
        picture=picture,
        area=Rect(left, top, picture.width, picture.height),
        prompt=entry.prompt,
        seed=entry.seed or 0,
        request=_request_of(entry, models),
        entry_id=entry.id,
        is_generated=_is_generated(entry),
    )


def _is_generated(entry: Entry) -> bool:
    if entry.metadata is not None:
        return entry.metadata.digital_source_type is SourceType.GENERATED
    return entry.found.dialect is not Dialect.NONE


def _request_of(entry: Entry, models: Iterable[ModelInfo]) -> GenerationRequest | None:
    metadata = entry.metadata
    if metadata is None or metadata.task is not Task.TEXT_TO_IMAGE:
        return None
    model = next((model for model in models if model.ref.id == metadata.model), None)
    return None if model is None else metadata.to_request(model.ref)
