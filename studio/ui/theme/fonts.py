"""The typeface and its sizes."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QFont, QFontDatabase

from studio.services.paths import resources

FAMILY: Final = "Inter"
_FILES: Final = ("Inter-Regular.ttf", "Inter-Medium.ttf", "Inter-SemiBold.ttf")


def load_typeface() -> str:
    """Make the typeface known to the application and return its family."""
    folder = resources() / "fonts"
    for name in _FILES:
        QFontDatabase.addApplicationFont(str(folder / name))
    return FAMILY


def font(pixels: int, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    """Return the typeface in a size of the type scale, with figures of one width so that counters do not tremble."""
    made = QFont(FAMILY)
    made.setPixelSize(pixels)
    made.setWeight(weight)
    made.setFeature(QFont.Tag.fromString("tnum"), 1)
    return made
