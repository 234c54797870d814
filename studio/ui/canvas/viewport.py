"""Which part of the canvas is seen, and how large: plain geometry, without widgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

MARGIN: Final = 24
"""Room around a fitted picture, in device-independent pixels."""
MIN_ZOOM: Final = 0.02
MAX_ZOOM: Final = 32.0


@dataclass(frozen=True)
class Viewport:
    """How a picture lies in a view.

    Attributes:
        view: size of the view in device-independent pixels.
        picture: size of the picture in its own pixels.
        scale: the screen's pixels for one device-independent pixel.
        zoom: screen pixels for one pixel of the picture, or None to fit.
        centre: the point of the picture that lies in the middle of the view; used when not fitted.
    """

    view: QSizeF
    picture: QSizeF
    scale: float = 1.0
    zoom: float | None = None
    centre: QPointF = field(default_factory=QPointF)

    @property
    def shown_zoom(self) -> float:
        """Screen pixels for one pixel of the picture, fitted or not."""
        if self.zoom is not None:
            return self.zoom
        width = max(1.0, self.view.width() - 2 * MARGIN)
        height = max(1.0, self.view.height() - 2 * MARGIN)
        return min(width / self.picture.width(), height / self.picture.height()) * self.scale

    @property
    def frame(self) -> QRectF:
        """Where the picture lies in the view, in device-independent pixels."""
        factor = self.shown_zoom / self.scale
        size = self.picture * factor
        middle = QPointF(self.view.width() / 2, self.view.height() / 2)
        centre = self._centre()
        return QRectF(middle - centre * factor, size)

    def fitted(self) -> Viewport:
        """Return the viewport that shows the whole picture."""
        return replace(self, zoom=None)

    def zoomed(self, zoom: float, anchor: QPointF) -> Viewport:
        """Return the viewport with another zoom, in which the point under ``anchor`` (of the view) stays there."""
        zoom = min(MAX_ZOOM, max(MIN_ZOOM, zoom))
        frame = self.frame
        under = (anchor - frame.topLeft()) / (self.shown_zoom / self.scale)
        middle = QPointF(self.view.width() / 2, self.view.height() / 2)
        centre = under - (anchor - middle) / (zoom / self.scale)
        return replace(self, zoom=zoom, centre=self._kept(centre))

    def moved(self, delta: QPointF) -> Viewport:
        """Return the viewport with the picture moved by a distance of the view; a fitted one stays."""
        if self.zoom is None:
            return self
        return replace(self, centre=self._kept(self.centre - delta / (self.zoom / self.scale)))

    def _centre(self) -> QPointF:
        if self.zoom is None:
            return QPointF(self.picture.width() / 2, self.picture.height() / 2)
        return self.centre

    def _kept(self, centre: QPointF) -> QPointF:
        """Keep the middle of the view on the picture, so that it cannot be lost."""
        return QPointF(
            min(self.picture.width(), max(0.0, centre.x())),
            min(self.picture.height(), max(0.0, centre.y())),
        )
