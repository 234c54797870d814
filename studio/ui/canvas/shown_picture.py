"""A generated picture in its place on the document: one that is being denoised, or one that waits for a choice."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np
from PySide6.QtCore import QPoint, QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter

from studio.bridge.images import argb_image, argb_of
from studio.domain.picture import Mask
from studio.ui.canvas.enlarge import enlarged

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from studio.domain.canvas.proposal import Proposal
    from studio.domain.geometry import Rect

_RIM: Final = 4
"""Pixels; as far as blending reaches at a quarter of the size. Further out, edges are finer than one can see."""


class ShownPicture:
    """An image that fills an area of the document.

    Attributes:
        area: in document pixels.
        is_exact: whether it has a pixel for each of the area's, which are shown as such when one looks closely.
    """

    def __init__(self, image: QImage, area: Rect, *, is_exact: bool) -> None:
        """Place an image.

        Args:
            image: premultiplied, or opaque.
            area: in document pixels.
            is_exact: whether it has a pixel for each of the area's.
        """
        self.area, self.is_exact = area, is_exact
        self._image = image
        self._reduced: dict[int, QImage] = {}

    @classmethod
    def of_preview(cls, preview: QImage, area: Rect, cover: Mask | None) -> ShownPicture:
        """Return an estimate of the finished picture, smoothly enlarged, and seen only as far as the mask covers.

        Args:
            preview: of any size; fills the area.
            area: in document pixels.
            cover: of the area, of any size; 0 shows what lies under it, 255 the preview; None: the preview everywhere.
        """
        image = enlarged(preview)
        if cover is not None:
            image = _under(image, cover)
        return cls(image, area, is_exact=False)

    @classmethod
    def of_proposal(cls, proposal: Proposal) -> ShownPicture:
        """Return a finished picture, clear where it is not new, but for a narrow rim that is the same as below it.

        Without the rim, the edges of the layers and of the picture would both be blended with nothing where the view
        is scaled, and the ground would shine through between them.
        """
        if proposal.cover is None:
            pixels = proposal.picture.pixels
            height, width = pixels.shape[:2]
            image = QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGB888)
            return cls(image.convertToFormat(QImage.Format.Format_RGB32), proposal.area, is_exact=True)
        rimmed = replace(proposal, cover=Mask(_spread(proposal.cover.alpha)))
        return cls(argb_image(argb_of(rimmed.pixels)).copy(), proposal.area, is_exact=True)

    @property
    def image(self) -> QImage:
        """What is drawn, at its full size."""
        return self._image

    def draw(self, painter: QPainter, level: int) -> None:
        """Draw it with a painter that takes document pixels.

        Args:
            painter: its hints say how pixels are scaled.
            level: 0 for full size, 1 for half of it and so on: the painter alone would skip pixels.
        """
        painter.drawImage(QRectF(self.area.x, self.area.y, self.area.width, self.area.height), self._at(level))

    def _at(self, level: int) -> QImage:
        target = QSize(max(1, self.area.width >> level), max(1, self.area.height >> level))
        if target.width() >= self._image.width():
            return self._image
        if level not in self._reduced:
            self._reduced[level] = _scaled(self._image, target)
        return self._reduced[level]


def _spread(alpha: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a mask, (H, W) uint8, grown by some pixels to all sides."""
    grown = alpha.copy()
    for _ in range(_RIM):
        for axis in (0, 1):
            along, before = np.moveaxis(grown, axis, 0), np.moveaxis(grown.copy(), axis, 0)
            np.maximum(along[1:], before[:-1], out=along[1:])
            np.maximum(along[:-1], before[1:], out=along[:-1])
    return grown


def _under(image: QImage, cover: Mask) -> QImage:
    alpha = cover.alpha
    height, width = alpha.shape
    mask = QImage(alpha.data, width, height, alpha.strides[0], QImage.Format.Format_Grayscale8).copy()
    # Reading grey as alpha needs no conversion, only the other name.
    mask.reinterpretAsFormat(QImage.Format.Format_Alpha8)
    covered = image.convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    painter = QPainter(covered)
    painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_DestinationIn)
    painter.drawImage(QPoint(0, 0), _scaled(mask, image.size()) if mask.size() != image.size() else mask)
    painter.end()
    return covered


def _scaled(image: QImage, size: QSize) -> QImage:
    return image.scaled(size, Qt.AspectRatioMode.IgnoreAspectRatio, Qt.TransformationMode.SmoothTransformation)
