"""What is dragged out of the window, or copied: the picture that is seen, or a layer, with how it was painted."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from studio.domain.canvas.blend import straight
from studio.domain.canvas.plane import held
from studio.domain.errors import InvalidEdit
from studio.services.export import PictureKind, picture_bytes, pixels_of_canvas

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from PySide6.QtCore import QMimeData

    from studio.bridge.session import Session
    from studio.services.provenance import Provenance


def seen(session: Session) -> QMimeData | None:
    """Return the picture that is seen over the layers, or what the frame shows of them; None where that is nothing."""
    proposal = session.painting.proposals.shown
    if proposal is not None:
        opaque = np.full((*proposal.picture.pixels.shape[:2], 1), 255, np.uint8)
        return _mime(session, proposal.name, np.concatenate([proposal.picture.pixels, opaque], 2))
    state = session.canvas.state
    if all(each.pixels.is_empty for each in state.layers):
        return None
    path = session.documents.path
    try:
        pixels = pixels_of_canvas(state, state.frame)
    except InvalidEdit as error:
        session.canvas.refused.emit(error)
        return None
    return _mime(session, "picture" if path is None else path.stem, pixels)


def layer(session: Session) -> QMimeData | None:
    """Return what is painted on the active layer; None where that is nothing, or too large, which is said."""
    active = session.canvas.state.active_layer
    if active is None or active.bounds.is_empty:
        return None
    try:
        area = held(active.bounds)
    except InvalidEdit as error:
        session.canvas.refused.emit(error)
        return None
    return _mime(session, active.name, straight(active.read(area)))


def _mime(session: Session, name: str, pixels: NDArray[np.uint8]) -> QMimeData:
    height, width = pixels.shape[:2]
    solid = np.ascontiguousarray(pixels)
    # The wrapper reads numpy's memory, which goes away first.
    image = QImage(solid.data, width, height, 4 * width, QImage.Format.Format_RGBA8888).copy()
    return session.drag_out.picture(name, image, partial(_png, solid, session.provenance))


def _png(pixels: NDArray[np.uint8], provenance: Provenance) -> bytes:
    return picture_bytes(pixels, PictureKind.PNG, provenance.of(pixels))
