"""What is dragged out of the window, or copied: the picture that is seen, or a layer, with how it was painted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtGui import QImage

from studio.bridge.drag_out import history_data
from studio.domain.canvas.blend import straight
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import held
from studio.domain.disclosure import ExportPrivacy
from studio.domain.errors import InvalidEdit
from studio.domain.picture_kind import PictureKind
from studio.services.credentials_seal import export_seal
from studio.services.export import FileOptions, picture_file, pixels_of_canvas
from studio.services.picture_copies import copied
from studio.services.provenance import Cut

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData

    from studio.bridge.session import Session
    from studio.services.history_entry import Entry
    from studio.services.provenance import Provenance
    from studio.services.sealing import Seal


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
    # What comes from the model is named after its prompt.
    tells_prompt = session.settings.export_privacy is ExportPrivacy.FULL
    png = partial(Outgoing.of(session).png, solid)
    return session.drag_out.picture(name if tells_prompt else "picture", image, png)


@dataclass(frozen=True, slots=True)
class Outgoing:
    """How pictures leave the canvas: taken from the settings on the main thread, used on any.

    Attributes:
        provenance: knows how they were painted.
        privacy: how much of it is told.
        seal: puts Content Credentials into files.
    """

    provenance: Provenance
    privacy: ExportPrivacy
    seal: Seal

    @classmethod
    def of(cls, session: Session) -> Outgoing:
        """Return what was chosen for the last export."""
        settings, provenance = session.settings, session.provenance
        return cls(provenance, settings.export_privacy, export_seal(settings, session.paths, provenance))

    def png(self, cut: Cut) -> bytes:
        """Return the PNG file of pixels of the canvas. Not for the main thread."""
        disclosure = self.provenance.disclosure(cut, self.privacy)
        return picture_file(cut.pixels, PictureKind.PNG, disclosure, FileOptions(seal=self.seal)).content


def kept(session: Session, entries: Sequence[Entry]) -> QMimeData:
    """Return what to drag for pictures of the history: their own files, or copies where these must not tell it all."""
    outgoing = Outgoing.of(session)
    if outgoing.privacy is ExportPrivacy.FULL:
        return history_data(entries)
    return session.drag_out.copies(entries, partial(copied, privacy=outgoing.privacy, seal=outgoing.seal))
