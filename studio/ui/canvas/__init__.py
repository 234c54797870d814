"""Where the picture appears."""

from __future__ import annotations

from studio.ui.canvas.canvas_view import CanvasView

__all__ = ["CanvasView"]
