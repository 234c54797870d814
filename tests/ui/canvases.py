"""Documents, pictures and hands for the tests of the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QImage, QMouseEvent, QPointingDevice, QTabletEvent, QWheelEvent
from PySide6.QtWidgets import QApplication

from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.proposal import Proposal
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.picture import Mask, Picture

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    from studio.ui.canvas import CanvasView

LEFT, MIDDLE, NO_BUTTON = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton, Qt.MouseButton.NoButton
SQUARE = Rect(0, 0, 64, 64)
NO_KEY = Qt.KeyboardModifier.NoModifier
KINDS = {
    "press": (QEvent.Type.MouseButtonPress, QEvent.Type.TabletPress),
    "move": (QEvent.Type.MouseMove, QEvent.Type.TabletMove),
    "release": (QEvent.Type.MouseButtonRelease, QEvent.Type.TabletRelease),
}


def plain(colour: str, width: int = 64, height: int = 64) -> QImage:
    """Return an image of one colour."""
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor(colour))
    return image


def filled(colour: str, rect: Rect) -> NDArray[np.uint8]:
    """Return opaque pixels of one colour: (H, W, 4) uint8."""
    wanted = QColor(colour)
    return np.full((rect.height, rect.width, 4), (wanted.red(), wanted.green(), wanted.blue(), 255), np.uint8)


def document(*fills: tuple[str, Rect], frame: Rect = SQUARE) -> CanvasState:
    """Return a document with a layer for each rectangle of one colour; the last one is active."""
    layers = [
        Layer(name=f"Layer {number}", id=f"layer-{number}", pixels=plane_of(filled(colour, rect), rect.x, rect.y))
        for number, (colour, rect) in enumerate(fills, 1)
    ]
    return CanvasState(layers=tuple(layers), active=layers[-1].id if layers else None, frame=frame)


def proposal(colour: str, area: Rect = SQUARE, cover: NDArray[np.uint8] | None = None) -> Proposal:
    """Return a generated picture of one colour."""
    picture = Picture(np.ascontiguousarray(filled(colour, area)[..., :3]))
    return Proposal(picture=picture, area=area, cover=None if cover is None else Mask(cover), prompt=f"all {colour}")


def colour_at(canvas: CanvasView, x: float, y: float) -> str:
    """Return the colour of a point of the view."""
    return canvas.grab().toImage().pixelColor(round(x), round(y)).name()


def colour_of(canvas: CanvasView, x: float, y: float) -> str:
    """Return the colour in which a point of the document is seen."""
    at = canvas.navigation.viewport.to_view.map(QPointF(x, y))
    return colour_at(canvas, int(at.x()), int(at.y()))


def at(canvas: CanvasView, x: float, y: float) -> QPointF:
    """Return where in the view a point of the document is seen."""
    return canvas.navigation.viewport.to_view.map(QPointF(x, y))


def wheel(canvas: CanvasView, where: QPointF, notches: int) -> None:
    """Turn the wheel."""
    event = QWheelEvent(
        where,
        QPointF(canvas.mapToGlobal(where)),
        QPoint(),
        QPoint(0, 120 * notches),
        NO_BUTTON,
        NO_KEY,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(canvas, event)


def mouse(
    canvas: CanvasView,
    kind: str,
    where: QPointF,
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEY,
) -> None:
    """Press, move or release the mouse at a point of the view."""
    one = NO_BUTTON if kind == "move" else button
    held = NO_BUTTON if kind == "release" else button
    QApplication.sendEvent(canvas, QMouseEvent(KINDS[kind][0], where, canvas.mapToGlobal(where), one, held, keys))


def drag(
    canvas: CanvasView,
    points: Iterable[QPointF],
    button: Qt.MouseButton = LEFT,
    keys: Qt.KeyboardModifier = NO_KEY,
) -> None:
    """Press at the first point, go through all, release at the last."""
    way = list(points)
    mouse(canvas, "press", way[0], button, keys)
    for where in way[1:]:
        mouse(canvas, "move", where, button, keys)
    mouse(canvas, "release", way[-1], button, keys)


def pen(device: QPointingDevice, canvas: CanvasView, kind: str, where: QPointF, pressure: float) -> bool:
    """Let the pen do something; return whether the canvas took it, so that Qt sends no mouse event as well."""
    event = QTabletEvent(
        KINDS[kind][1],
        device,
        where,
        QPointF(canvas.mapToGlobal(where)),
        pressure,
        10.0,
        -20.0,
        0.0,
        0.0,
        0.0,
        NO_KEY,
        NO_BUTTON if kind == "move" else LEFT,
        NO_BUTTON if kind == "release" else LEFT,
    )
    event.setAccepted(False)
    QApplication.sendEvent(canvas, event)
    return event.isAccepted()
