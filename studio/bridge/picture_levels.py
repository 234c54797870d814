"""A picture made ready to be looked at: at its full size, and at halves of it for a view from afar."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QImage

from studio.bridge.images import to_qimage

if TYPE_CHECKING:
    from studio.domain.picture import Picture

SMALLEST: Final = 256
"""A side that is halved no more, in pixels."""


@dataclass(frozen=True, slots=True, eq=False)
class PictureLevels:
    """A picture, and the same picture halved once, twice and so on.

    A painter that shrinks a picture to less than half skips pixels; from the nearest larger level it does not, and
    the levels are made once instead of for each frame.

    Attributes:
        levels: the largest first, each half as large as the one before; RGB32, which Qt draws fastest.
    """

    levels: tuple[QImage, ...]

    @classmethod
    def of(cls, picture: Picture) -> PictureLevels:
        """Return a picture with its levels. Safe on any thread; takes 15 ms for a million pixels."""
        return cls.of_image(to_qimage(picture))

    @classmethod
    def of_image(cls, image: QImage) -> PictureLevels:
        """Return an image with its levels. Safe on any thread."""
        levels = [image.convertToFormat(QImage.Format.Format_RGB32)]
        while min(levels[-1].width(), levels[-1].height()) >= 2 * SMALLEST:
            half = levels[-1].size() / 2
            keep, smooth = Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation
            levels.append(levels[-1].scaled(half, keep, smooth))
        return cls(tuple(levels))

    @property
    def size(self) -> QSize:
        """At full size, in pixels."""
        return self.levels[0].size()

    @property
    def byte_count(self) -> int:
        """Memory that it takes."""
        return sum(level.sizeInBytes() for level in self.levels)

    def at(self, zoom: float) -> QImage:
        """Return the smallest level that has enough pixels.

        Args:
            zoom: the screen's pixels for one of the picture's.
        """
        wanted = zoom * self.size.width()
        return next((level for level in reversed(self.levels) if level.width() >= wanted), self.levels[0])
