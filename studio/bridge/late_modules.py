"""What the window's start does not wait for, and the main thread should not either, when it asks for it later."""

from __future__ import annotations

from importlib import import_module
from typing import Final

LATE: Final = ("studio.services.credentials_seal", "PIL.ImageDraw")
"""A kept or exported picture, and the first line around an area: each would hold up the window for 5 ms."""


def load() -> None:
    """Load them, on any thread but the main one."""
    for name in LATE:
        import_module(name)
