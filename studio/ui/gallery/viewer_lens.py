"""Which part of a picture is seen and how large: plain geometry, without widgets."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF

MIN_ZOOM: Final = 0.02
MAX_ZOOM: Final = 32.0
CRISP_FROM: Final = 2.0
"""From this zoom on, whoever zooms in sees each pixel as the square that it is; below, pixels are blended."""


@dataclass(frozen=True)
class Lens:
    """How a picture lies in a view.

    Attributes:
        view: size of the view in device-independent pixels.
        picture: size of the picture in its pixels; not empty.
        scale: the screen's pixels for one device-independent pixel.
        margin: room around a fitted picture, in device-independent pixels.
        zoom: the screen's pixels for one of the picture's, or None to fit.
        centre: the point of the picture in the middle of the view, each side from 0 to 1; used when not fitted.
    """

    view: QSizeF = field(default_factory=lambda: QSizeF(1, 1))
    picture: QSizeF = field(default_factory=lambda: QSizeF(1, 1))
    scale: float = 1.0
    margin: float = 16.0
    zoom: float | None = None
    centre: QPointF = field(default_factory=lambda: QPointF(0.5, 0.5))

    @property
    def shown_zoom(self) -> float:
        """The screen's pixels for one of the picture's, fitted or not."""
        if self.zoom is not None:
            return self.zoom
        width = max(1.0, self.view.width() - 2 * self.margin)
        height = max(1.0, self.view.height() - 2 * self.margin)
        fitting = min(width / self.picture.width(), height / self.picture.height()) * self.scale
        return min(MAX_ZOOM, max(MIN_ZOOM, fitting))

    @property
    def target(self) -> QRectF:
        """Where the picture lies in the view, in device-independent pixels.

        Its corner lies on a whole pixel of the screen: at 100 % each of its pixels is one of the screen's.
        """
        size = self.shown_size
        centre = QPointF(0.5, 0.5) if self.zoom is None else self.centre
        left = self.view.width() / 2 - centre.x() * size.width()
        top = self.view.height() / 2 - centre.y() * size.height()
        return QRectF(QPointF(round(left * self.scale) / self.scale, round(top * self.scale) / self.scale), size)

    @property
    def shown_size(self) -> QSizeF:
        """How large the picture is shown, in device-independent pixels."""
        return self.picture * (self.shown_zoom / self.scale)

    @property
    def is_movable(self) -> bool:
        """Whether some of the picture lies outside of the view."""
        size = self.shown_size
        return size.width() > self.view.width() + 0.5 or size.height() > self.view.height() + 0.5

    @property
    def is_crisp(self) -> bool:
        """Whether the picture's pixels are shown as squares instead of being blended.

        Not where a small picture is fitted into a large view: there one looks at the picture and not at its pixels.
        """
        return self.shown_zoom == 1.0 or (self.zoom is not None and self.zoom >= CRISP_FROM)

    def fitted(self) -> Lens:
        """Return the lens that shows all of the picture."""
        return replace(self, zoom=None, centre=QPointF(0.5, 0.5))

    def resized(self, view: QSizeF, scale: float) -> Lens:
        """Return the lens of a view of another size, in which the same point stays in the middle."""
        return replace(self, view=view, scale=scale)._kept()

    def zoomed(self, zoom: float, anchor: QPointF) -> Lens:
        """Return the lens with another zoom, in which what lies under ``anchor`` (of the view) stays there."""
        target = self.target
        under = QPointF((anchor.x() - target.left()) / target.width(), (anchor.y() - target.top()) / target.height())
        made = replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, zoom)))
        size = made.shown_size
        centre = QPointF(
            under.x() + (self.view.width() / 2 - anchor.x()) / size.width(),
            under.y() + (self.view.height() / 2 - anchor.y()) / size.height(),
        )
        return replace(made, centre=centre)._kept()

    def moved(self, by: QPointF) -> Lens:
        """Return the lens with the picture moved by a distance of the view; a fitted one stays fitted."""
        if self.zoom is None:
            return self
        size = self.shown_size
        centre = self.centre - QPointF(by.x() / size.width(), by.y() / size.height())
        return replace(self, centre=centre)._kept()

    def _kept(self) -> Lens:
        """Keep the view full of picture where that is larger, and the picture in the middle where it is smaller."""
        if self.zoom is None:
            return self
        size = self.shown_size
        return replace(
            self,
            centre=QPointF(
                _within(self.centre.x(), self.view.width() / size.width()),
                _within(self.centre.y(), self.view.height() / size.height()),
            ),
        )


def _within(centre: float, share: float) -> float:
    """Return a place from 0 to 1 for the middle of a view that sees a ``share`` of the picture."""
    return 0.5 if share >= 1 else min(1 - share / 2, max(share / 2, centre))
