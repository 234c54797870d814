"""A widget that shows a document: where it lies, what changes in it, and no more painting than that needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, QSizeF, Qt, QTimer, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget
from typing_extensions import override

from studio.domain.geometry import NOWHERE, Rect
from studio.ui import theme
from studio.ui.canvas.navigation import Navigation
from studio.ui.canvas.painted_view import PaintedView
from studio.ui.canvas.scene import Scene

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.ui.canvas.shown_picture import ShownPicture

_REST_MS: Final = 120
"""After the view was moved for the last time, what was painted quickly is painted with care."""
_MEASURE_MS: Final = 300
"""After the last change the document's extent is measured exactly."""


class DocumentView(QWidget):
    """Shows a document, and a generated picture over it.

    Attributes:
        navigation: moves, zooms and turns the view.

    Signals:
        zoom_changed: screen pixels for one pixel of the document, or 0 with nothing to see.
    """

    zoom_changed = Signal(float)

    def __init__(self, store: CanvasStore) -> None:
        """Show a document.

        Args:
            store: holds it.
        """
        super().__init__()
        self._store = store
        self._scene = Scene(store)
        self._is_open = not self._scene.is_blank
        self.navigation = Navigation(self._scene.paper.area, self)
        self._painted = PaintedView(self._scene, self.navigation.viewport)
        self._resting = QTimer(self, interval=_REST_MS, singleShot=True)
        self._preparing = QTimer(self, interval=0, singleShot=True)
        self._measuring = QTimer(self, interval=_MEASURE_MS, singleShot=True)
        self.setMinimumSize(QSize(320, 240))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        # Every pixel is painted in one go, so Qt need not clear the ground first: nothing flickers.
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self._resting.timeout.connect(self._paint_with_care)
        self._preparing.timeout.connect(self._prepare)
        self._measuring.timeout.connect(self._measure)
        self.navigation.changed.connect(self._look)
        store.changed.connect(self._follow)
        store.replaced.connect(self._begin_anew)

    @property
    def zoom(self) -> float:
        """Screen pixels for one pixel of the document; 0 with nothing to see."""
        return self.navigation.viewport.shown_zoom if self._is_open else 0.0

    @property
    def is_open(self) -> bool:
        """Whether there is anything to see."""
        return self._is_open

    @property
    def is_blank(self) -> bool:
        """Whether nothing is painted in the document."""
        return self._scene.is_blank

    @property
    def is_finished(self) -> bool:
        """Whether all that is seen is painted as it should be; a large document takes some moments."""
        return self._painted.is_finished

    @property
    def is_mask_shown(self) -> bool:
        """Whether the mask is tinted."""
        return self._scene.is_mask_shown

    def show_mask(self, is_shown: bool) -> None:
        """Tint what is to be painted anew, or let it look as it is."""
        self._scene.is_mask_shown = is_shown
        self.spoil(self._store.state.mask.tile_bounds)

    def open(self, *, is_open: bool = True) -> None:
        """Show the document, or nothing at all."""
        if is_open != self._is_open:
            self._is_open = is_open
            self.update()
            self.zoom_changed.emit(self.zoom)

    def show_picture(self, picture: ShownPicture | None) -> None:
        """Lay a generated picture over the layers, in place of the one before; None: none."""
        before, self._scene.picture = self._scene.picture, picture
        if before is picture:
            return
        for shown in (before, picture):
            self.spoil(NOWHERE if shown is None else shown.area)
        # The mask is not tinted while there is a picture to judge.
        self.spoil(self._store.state.mask.tile_bounds)
        self._show_content(keep=not self.navigation.is_fitted)

    def spoil(self, rect: Rect) -> None:
        """Paint a rectangle of the document anew."""
        self.update(self._painted.spoil(rect).toAlignedRect())

    def fit(self) -> None:
        """Show the whole document."""
        self.navigation.fit()

    def zoom_to(self, zoom: float) -> None:
        """Show the document at a zoom, around the middle of the view."""
        self.navigation.zoom_to(zoom)

    def zoom_by(self, factor: float) -> None:
        """Zoom in or out around the middle of the view."""
        self.navigation.zoom_by(factor)

    def paint_over(self, painter: QPainter) -> None:
        """Paint what lies over the document and belongs to the window; for those who inherit."""

    @override
    def sizeHint(self) -> QSize:
        return QSize(720, 640)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self.navigation.resize(QSizeF(self.size()), self.devicePixelRatioF())

    @override
    def changeEvent(self, event: QEvent, /) -> None:
        match event.type():
            case QEvent.Type.DevicePixelRatioChange:
                self.navigation.resize(QSizeF(self.size()), self.devicePixelRatioF())
            case QEvent.Type.PaletteChange | QEvent.Type.StyleChange:
                self._painted.spoil_all()
                self.update()
            case _:
                pass
        super().changeEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent, /) -> None:
        tokens = theme.current()
        painter = QPainter(self)
        if self._is_open:
            self._painted.update(QRectF(event.rect()), tokens)
            self._painted.blit(painter)
            if self._painted.is_awaiting:
                # As soon as what the user did meanwhile is heard.
                self._preparing.start()
        else:
            painter.fillRect(event.rect(), QColor(tokens.backdrop))
        self.paint_over(painter)
        painter.end()

    def _look(self) -> None:
        self._painted.look(self.navigation.viewport)
        self._resting.start()
        self.update()
        self.zoom_changed.emit(self.zoom)

    def _paint_with_care(self) -> None:
        if self._painted.rest():
            self.update()

    def _prepare(self) -> None:
        self.update(self._painted.prepare().toAlignedRect())
        if self._painted.is_awaiting:
            self._preparing.start()

    def _follow(self, change: Change) -> None:
        for dirty in self._scene.follow(change):
            self.spoil(dirty)
        if not self._scene.is_blank or (change.frame and self._store.is_in_gesture):
            self.open()
        if change.frame:
            self.update()
        if change.layers:
            self._measuring.start()
        self._show_content(keep=self._store.is_in_gesture)

    def _measure(self) -> None:
        for dirty in self._scene.paper.measure(self._store.state):
            self.spoil(dirty)
        self._show_content(keep=True)

    def _show_content(self, *, keep: bool) -> None:
        picture = self._scene.picture
        area = self._scene.paper.area
        self.navigation.show_content(area if picture is None else area.united(picture.area), keep=keep)

    def _begin_anew(self) -> None:
        self._scene.forget()
        self._painted.spoil_all()
        self._show_content(keep=False)
        self.open(is_open=not self._scene.is_blank)
        self.fit()
        self.update()
