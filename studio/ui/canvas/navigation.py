"""Moves, zooms and turns the view of the document."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QPointF, QRectF, QSizeF, Signal

from studio.ui.canvas.viewport import Viewport

if TYPE_CHECKING:
    from studio.domain.geometry import Rect


class Navigation(QObject):
    """Holds the one viewport of a view. It is `studio.domain.tools.tool.View` as well.

    Attributes:
        extent_multiple: what the chosen model wants widths and heights to be multiples of, in pixels.

    Signals:
        changed: something else is seen, or it is seen in another way.
    """

    changed = Signal()

    def __init__(self, content: Rect, parent: QObject | None = None) -> None:
        """Show a document fitted into a view of no size yet.

        Args:
            content: what is there to be seen.
            parent: owns this object.
        """
        super().__init__(parent)
        self._viewport = Viewport(QSizeF(1, 1), _area(content))
        self.extent_multiple = 8

    @property
    def viewport(self) -> Viewport:
        """How the document lies in the view."""
        return self._viewport

    @property
    def is_fitted(self) -> bool:
        """Whether all of the document is shown, whatever the view's size."""
        return self._viewport.zoom is None

    def resize(self, view: QSizeF, scale: float) -> None:
        """Take note of the view's size in device-independent pixels, and of the screen's pixels for one of these."""
        self._set(replace(self._viewport, view=view, scale=scale))

    def show_content(self, content: Rect, *, keep: bool) -> None:
        """Take note of what is there to be seen.

        Args:
            content: in document pixels.
            keep: leave the view where it is, although it was fitted; as while somebody paints.
        """
        area = _area(content)
        if area != self._viewport.content:
            viewport = self._viewport.loosened() if keep else self._viewport
            self._set(replace(viewport, content=area))

    def fit(self) -> None:
        """Show the whole document."""
        self._set(self._viewport.fitted())

    def zoom_to(self, zoom: float, anchor: QPointF | None = None) -> None:
        """Show the document at a zoom; what lies under a point of the view, or under its middle, stays there."""
        self._set(self._viewport.zoomed(zoom, self._middle() if anchor is None else anchor))

    def zoom_by(self, factor: float, anchor: QPointF | None = None) -> None:
        """Enlarge, likewise."""
        self.zoom_to(self._viewport.shown_zoom * factor, anchor)

    def move(self, by: QPointF) -> None:
        """Move the document by a distance of the view."""
        self._set(self._viewport.moved(by))

    def turn_by(self, degrees: float, anchor: QPointF | None = None) -> None:
        """Turn the view clockwise around one of its points, or around its middle."""
        self._set(self._viewport.turned(self._viewport.angle + degrees, anchor))

    def turn_between(self, start: QPointF, end: QPointF) -> None:
        """Turn the view around its middle as a pointer that goes from one point to another takes it along."""
        before, after = start - self._middle(), end - self._middle()
        angle = math.degrees(math.atan2(after.y(), after.x()) - math.atan2(before.y(), before.x()))
        self.turn_by(angle)

    def straighten(self) -> None:
        """Set the view upright."""
        self._set(self._viewport.turned(0.0))

    def mirror(self) -> None:
        """Exchange left and right."""
        self._set(self._viewport.mirrored())

    def pan(self, dx: float, dy: float) -> None:
        """Move the document under the view by document pixels: (0, 0) is seen where (dx, dy) was."""
        to_view = self._viewport.to_view
        self._set(self._viewport.moved(to_view.map(QPointF(dx, dy)) - to_view.map(QPointF(0, 0))))

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Enlarge, keeping a point of the document where it is on the screen."""
        self.zoom_by(factor, self._viewport.to_view.map(QPointF(x, y)))

    def _middle(self) -> QPointF:
        return QPointF(self._viewport.view.width() / 2, self._viewport.view.height() / 2)

    def _set(self, viewport: Viewport) -> None:
        before, self._viewport = self._viewport, viewport
        if _seen(viewport) != _seen(before):
            self.changed.emit()


def _seen(viewport: Viewport) -> tuple[object, ...]:
    """Return all that decides what is seen; that the content grew somewhere else does not."""
    return viewport.to_screen, viewport.view, viewport.scale


def _area(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.width, rect.height)
