"""The pictures that were made."""

from __future__ import annotations

from studio.ui.gallery.compare import CompareView
from studio.ui.gallery.details import DetailsPanel
from studio.ui.gallery.gallery_room import GalleryRoom
from studio.ui.gallery.history_strip import HistoryStrip
from studio.ui.gallery.lineage import LineageView
from studio.ui.gallery.picture_commands import PictureCommands
from studio.ui.gallery.viewer import Viewer

__all__ = [
    "CompareView",
    "DetailsPanel",
    "GalleryRoom",
    "HistoryStrip",
    "LineageView",
    "PictureCommands",
    "Viewer",
]
