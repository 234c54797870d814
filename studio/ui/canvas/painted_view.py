"""What the view shows, kept as an image in the screen's pixels: when the view moves, little is painted anew."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QPoint, QRect, QRectF, QSize
from PySide6.QtGui import QImage, QPainter, QRegion

from studio.ui.canvas.scene import EFFORT_AT_ONCE
from studio.ui.canvas.tile_pyramid import Patience

if TYPE_CHECKING:
    from studio.domain.geometry import Rect
    from studio.ui.canvas.scene import Awaited, Scene
    from studio.ui.canvas.viewport import Viewport
    from studio.ui.theme.tokens import Tokens

_QUICK_FROM: Final = 600_000
"""Screen pixels. Blending reduced pixels takes 20 ms at 1920 x 1080; a smaller view is painted with care at once."""
_PIECES: Final = 6
"""A region of more rectangles than this is painted as the one around them."""


class PaintedView:
    """Keeps what is painted of a scene.

    Attributes:
        is_draft: whether what is kept was painted quickly and wants to be painted with care once the view rests.
    """

    def __init__(self, scene: Scene, viewport: Viewport) -> None:
        self._scene, self._viewport = scene, viewport
        self._image = _blank(viewport)
        self._dirty = QRegion(self._image.rect())
        self._awaited: dict[Awaited, None] = {}
        self._is_moving = False
        self.is_draft = False

    @property
    def is_finished(self) -> bool:
        """Whether everything is painted, and with care."""
        return self._dirty.isEmpty() and not self._awaited and not self.is_draft

    @property
    def is_awaiting(self) -> bool:
        """Whether there is more to show than could be made ready so far: see `prepare`."""
        return bool(self._awaited)

    def look(self, viewport: Viewport) -> None:
        """Look elsewhere."""
        before, self._viewport = self._viewport, viewport
        size = _size(viewport)
        if size != self._image.size():
            self._image = _blank(viewport)
            self.spoil_all()
            return
        old, new = before.to_screen, viewport.to_screen
        linear = (old.m11(), old.m12(), old.m21(), old.m22())
        if linear != (new.m11(), new.m12(), new.m21(), new.m22()):
            self._is_moving = True
            self.spoil_all()
        elif (by := QPoint(round(new.dx() - old.dx()), round(new.dy() - old.dy()))) != QPoint(0, 0):
            self._shift(by)

    def rest(self) -> bool:
        """Paint with care what was painted quickly; return whether there is anything to paint."""
        self._is_moving = False
        if self.is_draft:
            self.spoil_all()
        return self.is_draft

    def spoil_all(self) -> None:
        """Paint everything anew."""
        self._dirty = QRegion(self._image.rect())
        self._awaited.clear()

    def spoil(self, rect: Rect) -> QRectF:
        """Paint a rectangle of the document anew, and return where that is in the view."""
        if rect.is_empty:
            return QRectF()
        # Pixels are blended with their neighbours in the level that is shown.
        reach = 2 * math.ceil(1 / self._viewport.shown_zoom)
        area = self._viewport.covering(rect.grown(reach))
        self._dirty += self._screen(area)
        return area

    def update(self, area: QRectF, tokens: Tokens) -> None:
        """Paint what is dirty in an area of the view."""
        wanted = self._dirty.intersected(self._screen(area))
        if wanted.isEmpty():
            return
        self._dirty -= wanted
        is_quick = self._is_moving and self._image.width() * self._image.height() >= _QUICK_FROM
        is_whole = wanted.boundingRect() == self._image.rect() and wanted.rectCount() == 1
        self.is_draft = is_quick or (self.is_draft and not is_whole)
        pieces = list(wanted) if wanted.rectCount() <= _PIECES else [wanted.boundingRect()]  # pyright: ignore[reportArgumentType]  # a QRegion is iterable
        painter = QPainter(self._image)
        for piece in pieces:
            awaited = self._scene.draw(painter, self._viewport, piece, tokens, is_quick=is_quick)
            self._awaited.update(dict.fromkeys(awaited))
        painter.end()

    def prepare(self) -> QRectF:
        """Make ready some of what was not when it was painted, and return where in the view that is to be painted."""
        patience = Patience(EFFORT_AT_ONCE)
        ready = QRectF()
        for awaited in list(self._awaited):
            if patience.is_out:
                break
            if awaited.tiles.prepare(awaited.key, patience):
                del self._awaited[awaited]
                ready = ready.united(self.spoil(awaited.area))
        return ready

    def blit(self, painter: QPainter) -> None:
        """Draw what is kept with a painter on the view."""
        # Only here: a painter on the image itself counts the screen's pixels.
        self._image.setDevicePixelRatio(self._viewport.scale)
        painter.drawImage(QPoint(0, 0), self._image)
        self._image.setDevicePixelRatio(1.0)

    def _shift(self, by: QPoint) -> None:
        moved = _blank(self._viewport)
        painter = QPainter(moved)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QRect(by, self._image.size()), self._image)
        painter.end()
        kept = QRegion(self._image.rect()).intersected(self._image.rect().translated(by))
        self._dirty = self._dirty.translated(by) + (QRegion(self._image.rect()) - kept)
        self._image = moved

    def _screen(self, area: QRectF) -> QRect:
        scale = self._viewport.scale
        corner, size = area.topLeft() * scale, area.size() * scale
        return QRectF(corner, size).toAlignedRect().intersected(self._image.rect())


def _size(viewport: Viewport) -> QSize:
    view = viewport.view * viewport.scale
    return QSize(max(1, math.ceil(view.width())), max(1, math.ceil(view.height())))


def _blank(viewport: Viewport) -> QImage:
    return QImage(_size(viewport), QImage.Format.Format_RGB32)
