"""What is set once."""

from __future__ import annotations

from studio.ui.settings.preferences import Preferences

__all__ = ["Preferences"]
