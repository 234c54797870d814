"""The canvas: the document, what is painted on it by hand, and what comes into being in its frame."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFocusEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QTabletEvent,
    QWheelEvent,
)
from typing_extensions import override

from studio.ui import theme
from studio.ui.canvas.brush_sizing import BrushSizing
from studio.ui.canvas.canvas_input import CanvasInput
from studio.ui.canvas.canvas_keys import CanvasKeys
from studio.ui.canvas.document_view import DocumentView
from studio.ui.canvas.empty_state import EmptyState
from studio.ui.canvas.overlay_painter import OverlayPainter, draw_focus
from studio.ui.canvas.progress_overlay import paint_progress
from studio.ui.canvas.stage import Stage
from studio.ui.canvas.tool_work import HAND, ToolWork

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.tool_box import ToolBox
    from studio.domain.canvas.proposal import Proposal
    from studio.domain.geometry import Rect
    from studio.domain.picture import Mask
    from studio.ui.pace import Pace


class CanvasView(DocumentView):
    """Shows a document and lets one paint on it; shows a picture in its place while it is denoised.

    Signals:
        example_chosen: the prompt that the user picked from the empty canvas.
    """

    example_chosen = Signal(str)

    def __init__(self, store: CanvasStore, tool_box: ToolBox) -> None:
        """Show a document.

        Args:
            store: holds it; its `refused` says why a tool did nothing.
            tool_box: holds the tools.
        """
        super().__init__(store)
        self._tool_box = tool_box
        self._stage = Stage(store.state.frame)
        self._work = ToolWork(store, tool_box, self.navigation, self)
        sizing = BrushSizing(tool_box)
        self._hand = CanvasInput(self.navigation, self._work, tool_box, sizing, self)
        self._keys = CanvasKeys(self.navigation, self._hand, tool_box, sizing)
        self._overlays = OverlayPainter(store, tool_box, self._work, self._hand, self.navigation)
        self._empty = EmptyState(self)
        self._empty.speak(is_speaking=not self.is_open)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName("Canvas")
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.grabGesture(Qt.GestureType.PinchGesture)
        self._connect()
        self._describe()

    @property
    def image(self) -> QImage | None:
        """The generated picture that is seen, as it was handed in or enlarged; None where none is."""
        shown = self._stage.shown
        return None if shown is None else shown.image

    def offer_examples(self, prompts: tuple[str, ...]) -> None:
        """Show these prompts while the canvas is empty."""
        self._empty.offer(prompts)

    def begin(self, area: Rect, cover: Mask | None = None) -> None:
        """Expect a picture; what is seen stays until there is a preview.

        Args:
            area: where it will lie, in document pixels.
            cover: where it is new, in the area's pixels; None: everywhere.
        """
        self._stage.begin(area, cover)
        self.open()

    def show_progress(self, pace: Pace) -> None:
        """Say in the picture's place how far it is."""
        self._stage.pace = pace
        self._describe()
        self.update(self._progress_area().adjusted(-4, -4, 4, 4))

    def show_preview(self, preview: QImage, area: Rect | None = None) -> None:
        """Put the estimate of the finished picture into its place.

        Args:
            preview: of any size.
            area: the part that it shows, in document pixels; None: all of what `begin` said.
        """
        self._stage.show_preview(preview, area)
        self._show_stage()

    def show_proposal(self, proposal: Proposal | None) -> None:
        """Show a finished picture over the layers; None: the layers alone. A preview goes away."""
        self._stage.show_proposal(proposal)
        self._show_stage()
        self._close_if_blank()
        if proposal is not None:
            self.open()

    def end(self) -> None:
        """Take preview and progress away: nothing is being painted any more."""
        self._stage.end()
        self._show_stage()
        self.update()
        self._close_if_blank()

    def peek(self, is_peeking: bool) -> None:
        """Hide generated pictures, so that what lies under them is seen, or show them again."""
        self._stage.is_hidden = is_peeking
        self._show_stage()

    def wait(self) -> None:
        """Show nothing: a picture will be there in a moment."""
        self._empty.speak(is_speaking=False)

    def clear(self) -> None:
        """Take away all that was generated; where nothing is painted that leaves the empty canvas."""
        self._stage.show_proposal(None)
        self.end()
        self._empty.speak(is_speaking=not self.is_open)

    @override
    def open(self, *, is_open: bool = True) -> None:
        self._empty.speak(is_speaking=not is_open)
        super().open(is_open=is_open)

    @override
    def paint_over(self, painter: QPainter) -> None:
        tokens = theme.current()
        if self.is_open:
            self._overlays.paint(painter, self._scene.paper.area, tokens)
            if self._stage.pace is not None:
                paint_progress(painter, QRectF(self._progress_area()), self._stage.pace, tokens)
        self._overlays.paint_brush(painter)
        if self.hasFocus():
            draw_focus(painter, self.rect(), tokens)

    @override
    def resizeEvent(self, event: QResizeEvent, /) -> None:
        self._empty.setGeometry(self.rect())
        super().resizeEvent(event)

    @override
    def event(self, event: QEvent, /) -> bool:
        if event.type() in {QEvent.Type.NativeGesture, QEvent.Type.Gesture} and self._hand.fingers(event):
            return True
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._keys.act_of(event):
            # Before the window's shortcuts.
            event.accept()
            return True
        return super().event(event)

    @override
    def wheelEvent(self, event: QWheelEvent, /) -> None:
        if self.is_open:
            self._hand.wheel(event)

    @override
    def mousePressEvent(self, event: QMouseEvent, /) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._hand.mouse(event)
        self._follow_pointer()

    @override
    def mouseMoveEvent(self, event: QMouseEvent, /) -> None:
        self._hand.mouse(event)
        self._follow_pointer()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent, /) -> None:
        self._hand.mouse(event)
        self._follow_pointer()

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent, /) -> None:
        # The second of two quick touches is one as any other; only the hand has nothing else to do with it.
        if self._tool_box.tool.id == HAND:
            self.fit()
        else:
            self.mousePressEvent(event)

    @override
    def tabletEvent(self, event: QTabletEvent, /) -> None:
        if event.type() == QEvent.Type.TabletPress:
            self.setFocus(Qt.FocusReason.MouseFocusReason)
        self._hand.tablet(event)
        self._follow_pointer()

    @override
    def enterEvent(self, event: QEnterEvent, /) -> None:
        self._hand.pointer = event.position()
        self._follow_pointer()

    @override
    def leaveEvent(self, event: QEvent, /) -> None:
        self._hand.pointer = None
        self._follow_pointer()

    @override
    def keyPressEvent(self, event: QKeyEvent, /) -> None:
        self._hand.keys_held(event, is_release=False)
        if (act := self._keys.act_of(event)) is None:
            super().keyPressEvent(event)
        else:
            act()
        self._follow_pointer()

    @override
    def keyReleaseEvent(self, event: QKeyEvent, /) -> None:
        self._hand.keys_held(event, is_release=True)
        super().keyReleaseEvent(event)
        self._follow_pointer()

    @override
    def focusOutEvent(self, event: QFocusEvent, /) -> None:
        self._hand.leave_keys()
        super().focusOutEvent(event)

    def _connect(self) -> None:
        self._empty.example_chosen.connect(self.example_chosen)
        self._work.shapes_changed.connect(self.update)
        self._tool_box.tool_changed.connect(self._follow_tool)
        self._tool_box.values_changed.connect(self._follow_pointer)
        self.zoom_changed.connect(self._describe)

    def _follow_pointer(self) -> None:
        self._overlays.follow_pointer(self)

    def _follow_tool(self) -> None:
        # Another tool shows other handles, and the frame stands out with its own.
        self._describe()
        self._follow_pointer()
        self.update()

    def _show_stage(self) -> None:
        self.show_picture(self._stage.shown)
        self._describe()

    def _close_if_blank(self) -> None:
        """Go back to the empty canvas where nothing is to be seen."""
        if self.is_blank and self._stage.is_blank:
            self.open(is_open=False)

    def _progress_area(self) -> QRect:
        area = self.navigation.viewport.covering(self._stage.area)
        return area.toAlignedRect().intersected(self.rect())

    def _describe(self) -> None:
        """Say in words what is seen."""
        parts = [self._stage.words, f"{self._tool_box.tool.title} tool"]
        if self.is_open:
            parts.append(f"{self.zoom:.0%}")
        self.setAccessibleDescription(", ".join(filter(None, parts)) if self._stage.pace is None else self._stage.words)
