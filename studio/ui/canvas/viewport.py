"""Which part of the plane is seen, how large, and turned how far: plain geometry, without widgets."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import Final

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QTransform

from studio.domain.geometry import Rect

MARGIN: Final = 24
"""Room around a fitted document, in device-independent pixels."""
MIN_ZOOM: Final = 0.01
MAX_ZOOM: Final = 32.0
KEPT_IN_SIGHT: Final = 64
"""Of the document so much stays in the view, however far it is moved, in device-independent pixels."""
_FULL_TURN: Final = 360.0
_QUARTER: Final = 90.0


@dataclass(frozen=True)
class Viewport:
    """How the document lies in a view.

    Attributes:
        view: size of the view in device-independent pixels.
        content: what is there to be seen, in document pixels: not empty.
        scale: the screen's pixels for one device-independent pixel.
        zoom: screen pixels for one pixel of the document, or None to fit.
        centre: the point of the document that lies in the middle of the view; used when not fitted.
        angle: by which the view is turned, clockwise, in degrees from 0 to 360.
        is_mirrored: whether left and right are exchanged.
    """

    view: QSizeF
    content: QRectF
    scale: float = 1.0
    zoom: float | None = None
    centre: QPointF = field(default_factory=QPointF)
    angle: float = 0.0
    is_mirrored: bool = False

    @property
    def shown_zoom(self) -> float:
        """Screen pixels for one pixel of the document, fitted or not."""
        if self.zoom is not None:
            return self.zoom
        width = max(1.0, self.view.width() - 2 * MARGIN)
        height = max(1.0, self.view.height() - 2 * MARGIN)
        turned = self._turn().mapRect(self.content)
        fitting = min(width / turned.width(), height / turned.height()) * self.scale
        return min(MAX_ZOOM, max(MIN_ZOOM, fitting))

    @property
    def is_upright(self) -> bool:
        """Whether rows and columns of the document run along those of the screen."""
        return self.angle % _QUARTER == 0

    @property
    def to_screen(self) -> QTransform:
        """From document pixels to the screen's pixels, counted from the view's corner.

        Where the document lies upright, its corner lies on a whole pixel: at 100 % each of its pixels is one of the
        screen, and moving the view moves what is painted already without painting it anew.
        """
        turn = self._turn() * QTransform.fromScale(self.shown_zoom, self.shown_zoom)
        middle = QPointF(self.view.width(), self.view.height()) * (self.scale / 2)
        shift = middle - turn.map(self._centre())
        return turn * QTransform.fromTranslate(round(shift.x()), round(shift.y()))

    @property
    def to_view(self) -> QTransform:
        """From document pixels to device-independent pixels of the view."""
        return self.to_screen * QTransform.fromScale(1 / self.scale, 1 / self.scale)

    @property
    def frame(self) -> QRectF:
        """Where the content lies in the view, in device-independent pixels."""
        return self.to_view.mapRect(self.content)

    def document_point(self, at: QPointF) -> QPointF:
        """Return what lies under a point of the view."""
        return self.to_view.inverted()[0].map(at)

    def seen(self, area: QRectF | None = None) -> Rect:
        """Return the document pixels that show in an area of the view, or in all of it."""
        whole = QRectF(QPointF(), self.view)
        found = self.to_view.inverted()[0].mapRect(whole if area is None else area)
        return Rect.around(found.left(), found.top(), found.right(), found.bottom())

    def covering(self, rect: Rect) -> QRectF:
        """Return the area of the view in which document pixels show."""
        return self.to_view.mapRect(QRectF(rect.x, rect.y, rect.width, rect.height))

    def fitted(self) -> Viewport:
        """Return the viewport that shows all of the content."""
        return replace(self, zoom=None)

    def loosened(self) -> Viewport:
        """Return the viewport that looks the same and fits no more."""
        return replace(self, zoom=self.shown_zoom, centre=self._centre())

    def zoomed(self, zoom: float, anchor: QPointF) -> Viewport:
        """Return the viewport with another zoom, in which the point under ``anchor`` (of the view) stays there."""
        return replace(self, zoom=min(MAX_ZOOM, max(MIN_ZOOM, zoom)))._with_point(self._under(anchor), anchor)

    def turned(self, angle: float, anchor: QPointF | None = None) -> Viewport:
        """Return the viewport turned to an angle around a point of the view, or around its middle; it fits no more."""
        at = self._middle() if anchor is None else anchor
        return replace(self.loosened(), angle=angle % _FULL_TURN)._with_point(self._under(at), at)

    def mirrored(self) -> Viewport:
        """Return the viewport with left and right exchanged around the view's middle, as a mirror shows it."""
        angle = -self.angle % _FULL_TURN
        return replace(self, is_mirrored=not self.is_mirrored, angle=angle)

    def moved(self, delta: QPointF) -> Viewport:
        """Return the viewport with the document moved by a distance of the view; it fits no more."""
        free = self.loosened()
        return free._with_point(self._under(self._middle()), self._middle() + delta)

    def _with_point(self, point: QPointF, anchor: QPointF) -> Viewport:
        """Return the viewport in which a point of the document lies under ``anchor``, as far as content stays."""
        back = self._turn().inverted()[0].map((self._middle() - anchor) * (self.scale / self.shown_zoom))
        return replace(self, centre=self._kept(point + back))

    def _under(self, anchor: QPointF) -> QPointF:
        """Return what lies under a point of the view, without the rounding to whole pixels of the screen."""
        away = (anchor - self._middle()) * (self.scale / self.shown_zoom)
        return self._centre() + self._turn().inverted()[0].map(away)

    def _turn(self) -> QTransform:
        turn = QTransform().rotate(self.angle)
        return QTransform.fromScale(-1.0 if self.is_mirrored else 1.0, 1.0) * turn

    def _middle(self) -> QPointF:
        return QPointF(self.view.width() / 2, self.view.height() / 2)

    def _centre(self) -> QPointF:
        return self.content.center() if self.zoom is None else self.centre

    def _kept(self, centre: QPointF) -> QPointF:
        """Keep some of the content in the view, so that it cannot be lost; and let one look well beyond its edge."""
        short = min(self.view.width(), self.view.height()) / 2 - KEPT_IN_SIGHT
        reach = max(0.0, short) * self.scale / self.shown_zoom / math.sqrt(1.0 if self.is_upright else 2.0)
        room = self.content.adjusted(-reach, -reach, reach, reach)
        return QPointF(
            min(room.right(), max(room.left(), centre.x())),
            min(room.bottom(), max(room.top(), centre.y())),
        )
