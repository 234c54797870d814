"""Pictures as arrays and as QImages."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from studio.domain.errors import InvalidRequest
from studio.domain.picture import Picture


def to_qimage(picture: Picture) -> QImage:
    """Return a QImage with bytes of its own. Safe on any thread."""
    pixels = picture.pixels
    wrapped = QImage(pixels.data, picture.width, picture.height, pixels.strides[0], QImage.Format.Format_RGB888)
    # The wrapper reads numpy's memory, which may go away first.
    return wrapped.copy()


def from_qimage(image: QImage) -> Picture:
    """Return the picture of a QImage, without its transparency. Safe on any thread.

    Raises:
        InvalidRequest: the image is empty.
    """
    if image.isNull():
        raise InvalidRequest("An empty picture cannot be used", "it has no pixels", "Use another picture")
    opaque = image.convertToFormat(QImage.Format.Format_RGB888)
    width, height = opaque.width(), opaque.height()
    # A QImage's rows are padded to multiples of four bytes.
    rows = np.frombuffer(opaque.constBits(), np.uint8).reshape(height, opaque.bytesPerLine())
    return Picture(rows[:, : 3 * width].reshape(height, width, 3))
