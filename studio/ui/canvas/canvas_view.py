"""The canvas: the picture that is looked at, or comes into being."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, QSizeF, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.ui import theme
from studio.ui.canvas.empty_state import EmptyState
from studio.ui.canvas.enlarge import enlarged
from studio.ui.canvas.progress_overlay import paint_progress
from studio.ui.canvas.viewport import Viewport

if TYPE_CHECKING:
    from studio.ui.pace import Pace

ZOOM_STEP: Final = 1.25
_PAN: Final = 48
"""How far an arrow key moves the picture, in device-independent pixels."""


class CanvasView(QWidget):
    """Shows one picture in its frame: a finished one, or one that is being denoised, in place.

    The wheel zooms around the pointer, dragging and the arrow keys move, a double click fits.

    Signals:
        zoom_changed: screen pixels for one pixel of the picture, or 0 with no picture.
        example_chosen: the prompt that the user picked from the empty canvas.
    """

    zoom_changed = Signal(float)
    example_chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._image: QImage | None = None
        self._reduced: QImage | None = None
        self._pace: Pace | None = None
        self._viewport = Viewport(QSizeF(1, 1), QSizeF(1, 1))
        self._grabbed_at: QPointF | None = None
        self._has_frame = False
        self.setMinimumSize(QSize(320, 240))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")
        # Every pixel is painted in one go, so Qt need not clear the ground first: nothing flickers.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._empty = EmptyState(self)
        self._empty.example_chosen.connect(self.example_chosen)

    @property
    def image(self) -> QImage | None:
        """What is shown, as it was handed in or enlarged."""
        return self._image

    @property
    def zoom(self) -> float:
        """Screen pixels for one pixel of the picture; 0 with no picture."""
        return self._viewport.shown_zoom if self._has_frame else 0.0

    def offer_examples(self, prompts: tuple[str, ...]) -> None:
        """Show these prompts while the canvas is empty."""
        self._empty.offer(prompts)

    def begin(self, width: int, height: int) -> None:
        """Open the frame for a picture that is about to be painted; what was shown stays until there is a preview."""
        if (width, height) != self._frame_size():
            self._set_image(None)
        self._open_frame(width, height)

    def show_progress(self, pace: Pace) -> None:
        """Say in the frame how far the picture is."""
        self._pace = pace
        self.setAccessibleDescription(f"{pace.headline} {pace.details}")
        self.update(self._viewport.frame.toAlignedRect().adjusted(-4, -4, 4, 4))

    def show_preview(self, preview: QImage) -> None:
        """Put the estimate of the finished picture into the frame."""
        self._set_image(enlarged(preview))

    def show_picture(self, image: QImage, description: str) -> None:
        """Show a finished picture."""
        self._set_image(image)
        self._open_frame(image.width(), image.height())
        self.setAccessibleDescription(description)

    def end(self) -> None:
        """Take the progress away: nothing is being painted any more."""
        self._pace = None
        self.update()

    def wait(self) -> None:
        """Show nothing: a picture will be there in a moment."""
        self._empty.hide()

    def clear(self) -> None:
        """Go back to the empty canvas."""
        self._pace, self._has_frame = None, False
        self._set_image(None)
        self._empty.show()
        self.zoom_changed.emit(0.0)

    def fit(self) -> None:
        """Show the whole picture."""
        self._set_viewport(self._viewport.fitted())

    def zoom_to(self, zoom: float) -> None:
        """Show the picture at a zoom, around the middle of the view."""
        self._zoom_around(zoom, QPointF(self.width() / 2, self.height() / 2))

    def zoom_by(self, factor: float) -> None:
        """Zoom in or out around the middle of the view."""
        self.zoom_to(self._viewport.shown_zoom * factor)

    @override
    def sizeHint(self) -> QSize:
        return QSize(720, 640)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self._empty.setGeometry(self.rect())
        self._follow_view()

    @override
    def changeEvent(self, event: QEvent, /) -> None:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._follow_view()
        super().changeEvent(event)

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        notches = event.angleDelta().y() / 120
        self._zoom_around(self._viewport.shown_zoom * ZOOM_STEP**notches, event.position())
        event.accept()

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        if self._has_frame and event.button() in {Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton}:
            self._grabbed_at = event.position()
            self.setCursor(Qt.CursorShape.ClosedHandCursor)

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        if self._grabbed_at is not None:
            self._set_viewport(self._viewport.moved(event.position() - self._grabbed_at))
            self._grabbed_at = event.position()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self._grabbed_at = None
        self.unsetCursor()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        self.fit()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        ways = {
            Qt.Key.Key_Left: QPointF(_PAN, 0),
            Qt.Key.Key_Right: QPointF(-_PAN, 0),
            Qt.Key.Key_Up: QPointF(0, _PAN),
            Qt.Key.Key_Down: QPointF(0, -_PAN),
        }
        if (way := ways.get(Qt.Key(event.key()))) is not None:
            self._set_viewport(self._viewport.moved(way))
        else:
            super().keyPressEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        painter.fillRect(event.rect(), QColor(tokens.backdrop))
        if self._has_frame:
            frame = self._viewport.frame
            self._paint_picture(painter, frame)
            if self._pace is not None:
                paint_progress(painter, frame.intersected(QRectF(self.rect())), self._pace, tokens)
        if self.hasFocus():
            painter.setPen(QPen(QColor(tokens.focus), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()

    def _paint_picture(self, painter: QPainter, frame: QRectF) -> None:
        if self._image is None:
            painter.fillRect(frame, QColor(theme.current().window))
            return
        # From four screen pixels for one on, people zoom in to see the pixels themselves.
        smooth = self._pace is not None or self._viewport.shown_zoom < 4
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        is_small = self._viewport.shown_zoom < 0.5
        painter.drawImage(frame, self._reduced_to(self._image, frame) if is_small else self._image)

    def _reduced_to(self, image: QImage, frame: QRectF) -> QImage:
        """Return the picture as small as it is shown: the painter alone would skip pixels, and each time anew."""
        size = (frame.size() * self.devicePixelRatioF()).toSize()
        if self._reduced is None or self._reduced.size() != size:
            self._reduced = image.scaled(size, mode=Qt.TransformationMode.SmoothTransformation)
        return self._reduced

    def _set_image(self, image: QImage | None) -> None:
        self._image, self._reduced = image, None
        self.update()

    def _frame_size(self) -> tuple[int, int]:
        return round(self._viewport.picture.width()), round(self._viewport.picture.height())

    def _open_frame(self, width: int, height: int) -> None:
        self._empty.hide()
        changed = (width, height) != self._frame_size() or not self._has_frame
        self._has_frame = True
        if changed:
            picture = QSizeF(width, height)
            self._set_viewport(Viewport(QSizeF(self.size()), picture, self.devicePixelRatioF()))
        self.update()

    def _follow_view(self) -> None:
        old = self._viewport
        new = Viewport(QSizeF(self.size()), old.picture, self.devicePixelRatioF(), old.zoom, old.centre)
        self._set_viewport(new)

    def _zoom_around(self, zoom: float, anchor: QPointF) -> None:
        if self._has_frame:
            self._set_viewport(self._viewport.zoomed(zoom, anchor))

    def _set_viewport(self, viewport: Viewport) -> None:
        self._viewport = viewport
        self.update()
        self.zoom_changed.emit(self.zoom)
