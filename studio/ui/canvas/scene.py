"""All of the document that is painted: ground, layers, generated picture, mask, pixel grid and selection."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QImage, QPainter, QPixmap, QPolygonF, QTransform

from studio.bridge.images import argb_image
from studio.domain.geometry import Rect
from studio.ui.canvas.outline import Outline, draw_outline
from studio.ui.canvas.paper import Paper
from studio.ui.canvas.pixel_grid import draw_pixel_grid
from studio.ui.canvas.sources import LayersSource, MaskSource
from studio.ui.canvas.tile_pyramid import Key, Patience, TilePyramid, area_of, level_for

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.ui.canvas.shown_picture import ShownPicture
    from studio.ui.canvas.viewport import Viewport
    from studio.ui.theme.tokens import Tokens

PIXELS_FROM: Final = 2.0
"""Above this zoom the document's pixels are shown as squares."""
GRID_FROM: Final = 8.0
"""Above this zoom lines part the pixels."""
MASK_STRENGTH: Final = 0.5
_CHECK: Final = 8
"""Side of a square of the ground, in device-independent pixels."""
_MASK_MEMORY: Final = 64 * 2**20
EFFORT_AT_ONCE: Final = 16
"""Layers of tiles that are composited before the window is painted: about 10 ms. A frame of 512 x 512 needs four for
each layer, so a small document is there at once; a large one is completed while the window answers."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A tile that is not there yet.

    Attributes:
        tiles: of which cache.
        key: which.
    """

    tiles: TilePyramid
    key: Key

    @property
    def area(self) -> Rect:
        """What it covers, in document pixels."""
        return area_of(self.key)


class Scene:
    """Draws a document into an image of the screen's pixels.

    Attributes:
        paper: what the document covers.
        picture: generated, over the layers; None for none.
        is_mask_shown: whether the mask is tinted.
    """

    def __init__(self, store: CanvasStore) -> None:
        self._store = store
        self._mask_source = MaskSource(store)
        self._layers = TilePyramid(LayersSource(store))
        self._mask = TilePyramid(self._mask_source, _MASK_MEMORY)
        self._selection = Outline(())
        self.paper = Paper(store.state)
        self.picture: ShownPicture | None = None
        self.is_mask_shown = True
        self.forget()

    @property
    def nbytes(self) -> int:
        """Memory that cached tiles take."""
        return self._layers.nbytes + self._mask.nbytes

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted on any layer, nor on the mask."""
        return self.paper.is_blank and self._store.state.mask.is_empty

    def forget(self) -> None:
        """Show another document."""
        state = self._store.state
        self._layers.forget()
        self._mask.forget()
        self._selection = Outline.of(state.selection)
        self.paper.measure(state)

    def follow(self, change: Change) -> tuple[Rect, ...]:
        """Take note of a change, and return where in the document something else is to be painted."""
        dirty = [change.bounds, change.mask]
        self._layers.spoil(change.bounds)
        self._mask.spoil(change.mask)
        if change.has_selection_changed:
            before, self._selection = self._selection, Outline.of(self._store.state.selection)
            dirty.append(before.bounds.united(self._selection.bounds).grown(1))
        return (*dirty, *self.paper.follow(change, self._store.state))

    def draw(
        self, painter: QPainter, viewport: Viewport, area: QRect, tokens: Tokens, *, is_quick: bool = False
    ) -> list[Awaited]:
        """Paint a rectangle of the screen, all of it.

        Args:
            painter: on an image of the view's size in screen pixels.
            viewport: how the document lies in the view.
            area: in screen pixels.
            tokens: the colours.
            is_quick: pixels may be skipped, because the view moves and is painted with care a moment later.

        Returns:
            What is not as it should be yet: to be prepared, and painted again.
        """
        to_screen = viewport.to_screen
        painter.setClipRect(area)
        painter.resetTransform()
        painter.fillRect(area, QColor(tokens.backdrop))
        self._draw_ground(painter, viewport, tokens)
        seen = _seen(to_screen, area)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, not is_quick and _is_blended(viewport))
        patience = Patience(EFFORT_AT_ONCE)
        missing = _draw_tiles(self._layers, painter, viewport, seen, patience)
        if self.picture is not None:
            self._draw_picture(painter, self.picture, viewport)
        elif self.is_mask_shown and not self._store.state.mask.is_empty:
            self._mask_source.set_tint(QColor(tokens.mask), MASK_STRENGTH)
            missing += _draw_tiles(self._mask, painter, viewport, seen, patience)
        painter.resetTransform()
        if viewport.shown_zoom >= GRID_FROM:
            draw_pixel_grid(painter, to_screen, seen.intersected(self.paper.area))
        draw_outline(painter, self._selection, to_screen, seen, max(1, round(viewport.scale)))
        return missing

    def _draw_ground(self, painter: QPainter, viewport: Viewport, tokens: Tokens) -> None:
        """Paint the squares that stand for transparency where there is something, or could be."""
        area, to_screen = self.paper.area, viewport.to_screen
        polygon = to_screen.map(QPolygonF(QRectF(area.x, area.y, area.width, area.height)))
        brush = QBrush(_checkers(tokens, round(_CHECK * viewport.scale)))
        painter.setBrushOrigin(to_screen.map(QPointF(area.x, area.y)).toPoint())
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(brush)
        painter.drawPolygon(polygon)
        painter.setBrushOrigin(QPoint(0, 0))

    def _draw_picture(self, painter: QPainter, picture: ShownPicture, viewport: Viewport) -> None:
        if not picture.is_exact:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.setTransform(viewport.to_screen)
        picture.draw(painter, level_for(viewport.shown_zoom))


def _draw_tiles(
    tiles: TilePyramid, painter: QPainter, viewport: Viewport, seen: Rect, patience: Patience
) -> list[Awaited]:
    """Draw what is seen in one piece: tiles that are drawn one by one show their edges where pixels are blended."""
    level = level_for(viewport.shown_zoom)
    step = 1 << level
    # Two pixels more on every side, so that those at the edge are blended with their neighbours.
    rect = Rect.around(seen.x / step, seen.y / step, seen.right / step, seen.bottom / step).grown(2)
    pixels, missing = tiles.region(level, rect, patience)
    painter.setTransform(QTransform.fromScale(step, step) * viewport.to_screen)
    painter.drawImage(QPoint(rect.x, rect.y), argb_image(pixels))
    return [Awaited(tiles, key) for key in missing]


def _is_blended(viewport: Viewport) -> bool:
    """Whether pixels of the document are blended into those of the screen."""
    zoom = viewport.shown_zoom
    return zoom <= PIXELS_FROM and not (zoom == 1 and viewport.is_upright)


def _seen(to_screen: QTransform, area: QRect) -> Rect:
    found = to_screen.inverted()[0].mapRect(QRectF(area))
    return Rect.around(found.left(), found.top(), found.right(), found.bottom())


def _checkers(tokens: Tokens, side: int) -> QPixmap:
    image = QImage(2 * side, 2 * side, QImage.Format.Format_RGB32)
    image.fill(QColor(tokens.checker))
    painter = QPainter(image)
    for x, y in ((0, 0), (side, side)):
        painter.fillRect(x, y, side, side, QColor(tokens.checker_other))
    painter.end()
    return QPixmap.fromImage(image)
