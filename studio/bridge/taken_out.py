"""What is dragged out of the window, or copied: the picture that is seen, or a layer, with how it was painted."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from studio.domain.canvas.blend import straight
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import held
from studio.domain.errors import InvalidEdit
from studio.services.export import pixels_of_canvas
from studio.services.provenance import Cut

if TYPE_CHECKING:
    from PySide6.QtCore import QMimeData

    from studio.bridge.session import Session


def seen(session: Session) -> QMimeData | None:
    """Return the picture that is seen over the layers, or what the frame shows of them; None where that is nothing."""
    proposal = session.painting.proposals.shown
    state = session.canvas.state
    if proposal is not None:
        opaque = np.full((*proposal.picture.pixels.shape[:2], 1), 255, np.uint8)
        pixels = np.concatenate([proposal.picture.pixels, opaque], 2)
        has_own = proposal.request is not None and proposal.request.has_own_pixels
        origin = replace(proposal.origin, is_generated=proposal.is_generated and not has_own)
        sheet = Layer(name=proposal.name).of(origin).written(proposal.area, pixels)
        return _mime(session, proposal.name, Cut(pixels, state, proposal.area, sheet))
    if all(each.pixels.is_empty for each in state.layers):
        return None
    path = session.documents.path
    try:
        pixels = pixels_of_canvas(state, state.frame)
    except InvalidEdit as error:
        session.canvas.refused.emit(error)
        return None
    return _mime(session, "picture" if path is None else path.stem, Cut(pixels, state, state.frame))


def layer(session: Session) -> QMimeData | None:
    """Return what is painted on the active layer; None where that is nothing, or too large, which is said."""
    state = session.canvas.state
    active = state.active_layer
    if active is None or active.bounds.is_empty:
        return None
    try:
        area = held(active.bounds)
    except InvalidEdit as error:
        session.canvas.refused.emit(error)
        return None
    return _mime(session, active.name, Cut(straight(active.read(area)), state, area, active))


def _mime(session: Session, name: str, cut: Cut) -> QMimeData:
    height, width = cut.pixels.shape[:2]
    solid = replace(cut, pixels=np.ascontiguousarray(cut.pixels))
    # The wrapper reads numpy's memory, which goes away first.
    image = QImage(solid.pixels.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    outgoing = session.outgoing
    return session.drag_out.picture(outgoing.name(name), image, partial(outgoing.png, solid))
