"""The pictures that were made. The strip alone is there from the start; the rest is loaded when it is entered."""

from __future__ import annotations

from studio.ui.gallery.history_strip import HistoryStrip

__all__ = ["HistoryStrip"]
