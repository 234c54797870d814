"""The pictures that were made."""

from __future__ import annotations

from studio.ui.gallery.gallery_room import GalleryRoom
from studio.ui.gallery.history_strip import HistoryStrip

__all__ = ["GalleryRoom", "HistoryStrip"]
