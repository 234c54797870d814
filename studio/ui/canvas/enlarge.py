"""Enlarging a small preview without blocks."""

from __future__ import annotations

from typing import Final

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

_ENOUGH: Final = 512
"""From this side on, the painter's own interpolation shows no facets any more."""


def enlarged(preview: QImage) -> QImage:
    """Return the picture doubled until it is large enough to be stretched.

    One bilinear step over a factor of 8 or 16 shows the grid as facets. Repeated doubling tends to a quadratic B-spline
    (the limit of the subdivision of Chaikin, 1974), which is smooth. It is done with 16 bits a channel, because
    rounding to 8 bits after each step draws the grid into smooth backgrounds. 32 x 32 to 512 x 512 takes about 4 ms.
    """
    if max(preview.width(), preview.height()) >= _ENOUGH:
        return preview
    image = preview.convertToFormat(QImage.Format.Format_RGBX64)
    while max(image.width(), image.height()) < _ENOUGH:
        image = image.scaled(
            image.width() * 2,
            image.height() * 2,
            Qt.AspectRatioMode.IgnoreAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    # What the painter draws fastest.
    return image.convertToFormat(QImage.Format.Format_RGB32)
