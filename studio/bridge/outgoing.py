"""How pictures leave the window: as much as was chosen for the last export is told, and no more."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from studio.bridge.drag_out import history_data
from studio.domain.disclosure import ExportPrivacy
from studio.domain.picture_kind import PictureKind
from studio.services.export import FileOptions, picture_file

if TYPE_CHECKING:
    from collections.abc import Sequence

    from PySide6.QtCore import QMimeData

    from studio.bridge.drag_out import DragOut
    from studio.domain.settings import Settings
    from studio.services.history_entry import Entry
    from studio.services.paths import Paths
    from studio.services.picture_copies import PictureCopy
    from studio.services.provenance import Cut, Provenance
    from studio.services.sealing import Seal

_log = logging.getLogger("sfumato.drag")


@dataclass(frozen=True, slots=True)
class Outgoing:
    """Made of the settings on the main thread, used on any.

    Attributes:
        provenance: knows how pictures were painted.
        privacy: how much of it is told.
        seal: puts Content Credentials into files.
    """

    provenance: Provenance
    privacy: ExportPrivacy
    seal: Seal

    @classmethod
    def of(cls, settings: Settings, paths: Paths, provenance: Provenance) -> Outgoing:
        """Return what the settings say now."""
        from studio.services.credentials_seal import export_seal  # noqa: PLC0415 - loaded once the window is painted

        return cls(provenance, settings.export_privacy, export_seal(settings, paths, provenance))

    def name(self, title: str) -> str:
        """Return what to call a file: what comes from a model is named after its prompt."""
        return title if self.privacy is ExportPrivacy.FULL else "picture"

    def png(self, cut: Cut) -> bytes:
        """Return the PNG file of pixels of the canvas. Not for the main thread."""
        disclosure = self.provenance.disclosure(cut, self.privacy)
        sealed = picture_file(cut.pixels, PictureKind.PNG, disclosure, FileOptions(seal=self.seal))
        for note in sealed.notes:
            _log.warning("%s", note)
        return sealed.content

    def dragged(self, drag_out: DragOut, entries: Sequence[Entry]) -> QMimeData:
        """Return what to drag for pictures of the history: their files, or copies where these must not tell it all."""
        if self.privacy is ExportPrivacy.FULL:
            return history_data(entries)
        return drag_out.copies(entries, partial(_copied, privacy=self.privacy, seal=self.seal))


def _copied(entry: Entry, privacy: ExportPrivacy, seal: Seal) -> PictureCopy:
    """Return the copy of a picture, on the drag's own thread."""
    from studio.services.picture_copies import copied  # noqa: PLC0415 - knows all dialects; the start reads none

    return copied(entry, privacy, seal)
