"""A widget in which pictures are looked at: wheel, drag, double click and two fingers move what it shows."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QNativeGestureEvent, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.ui.gallery.viewer_lens import Lens

WHEEL_STEP: Final = 1.2
"""Zoom of one notch."""
_NOTCH: Final = 120


class LensView(QWidget):
    """Holds one lens; who derives from it paints what that shows. Keys are for the widget around it.

    Signals:
        lens_changed: something else is seen, or it is seen larger or smaller.
    """

    lens_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lens = Lens()
        self._dragged_from: QPointF | None = None
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(120, 120)

    @property
    def lens(self) -> Lens:
        """What is seen, and how large."""
        return self._lens

    def show_size(self, picture: QSize) -> None:
        """Look at a picture of this size; another size than before is fitted."""
        wanted = QSizeF(max(1, picture.width()), max(1, picture.height()))
        if wanted != self._lens.picture:
            self._look(replace(self._lens, picture=wanted).fitted())

    def fit(self) -> None:
        """Show all of the picture."""
        self._look(self._lens.fitted())

    def zoom_to_pixels(self, anchor: QPointF | None = None) -> None:
        """Show each of the picture's pixels as one of the screen's."""
        self._look(self._lens.zoomed(1.0, self._middle() if anchor is None else anchor))

    def zoom_by(self, factor: float, anchor: QPointF | None = None) -> None:
        """Enlarge around a point of a pane, or around its middle."""
        self._look(self._lens.zoomed(self._lens.shown_zoom * factor, self._middle() if anchor is None else anchor))

    def pane_at(self, at: QPointF) -> QRectF:
        """Return the part of the widget that a point lies in; each part shows a picture through the one lens."""
        del at
        return QRectF(self.rect())

    def refit(self) -> None:
        """Take note of another size of the panes."""
        self._look(self._lens.resized(self.pane_at(QPointF()).size(), self.devicePixelRatioF()))

    @override
    def sizeHint(self) -> QSize:
        return QSize(640, 480)

    @override
    def event(self, event: QEvent, /) -> bool:
        match event:
            case QNativeGestureEvent() if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_by(1 + event.value(), self._in_pane(event.position()))
                return True
            case _ if event.type() == QEvent.Type.DevicePixelRatioChange:
                self.refit()
            case _:
                pass
        return super().event(event)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        super().resizeEvent(event)
        self.refit()

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        pixels, notches = event.pixelDelta(), event.angleDelta().y() / _NOTCH
        is_touchpad = event.phase() != Qt.ScrollPhase.NoScrollPhase and not pixels.isNull()
        if is_touchpad and not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            self._look(self._lens.moved(QPointF(pixels)))
        else:
            self.zoom_by(WHEEL_STEP**notches, self._in_pane(event.position()))
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        if event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._dragged_from = event.position()
            self.show_cursor()

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if self._dragged_from is not None:
            by, self._dragged_from = event.position() - self._dragged_from, event.position()
            self._look(self._lens.moved(by))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self._dragged_from = None
        self.show_cursor()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        if self._lens.zoom is None:
            self.zoom_to_pixels(self._in_pane(event.position()))
        else:
            self.fit()

    def show_cursor(self) -> None:
        """Show a hand where the picture can be moved."""
        if not self._lens.is_movable:
            self.unsetCursor()
        elif self._dragged_from is None:
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    def _in_pane(self, at: QPointF) -> QPointF:
        return at - self.pane_at(at).topLeft()

    def _middle(self) -> QPointF:
        return QPointF(self._lens.view.width() / 2, self._lens.view.height() / 2)

    def _look(self, lens: Lens) -> None:
        if lens != self._lens:
            self._lens = lens
            self.show_cursor()
            self.update()
            self.lens_changed.emit()
