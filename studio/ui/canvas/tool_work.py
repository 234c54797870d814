"""Drives the tool in the hand: one gesture at a time, from the press to the release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError
from studio.domain.tools.tool import Cursor, PointerKind, ToolContext, ToolMemory

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.tool_box import ToolBox
    from studio.domain.tools.tool import Gesture, PointerEvent, Shape, View

HAND: Final = "hand"
PICKER: Final = "picker"
"""Tools that are borrowed while a key is held."""


class ToolWork(QObject):
    """Runs gestures on the document. Another document, or `cancel`, ends the one that goes on.

    Signals:
        shapes_changed: something else is to be drawn over the canvas.
    """

    shapes_changed = Signal()

    def __init__(self, store: CanvasStore, tool_box: ToolBox, view: View, parent: QObject | None = None) -> None:
        """Join the tools to what they work on.

        Args:
            store: holds the document; `refused` of it says why a gesture came to nothing.
            tool_box: holds the tools.
            view: the window onto the document.
            parent: owns this object.
        """
        super().__init__(parent)
        self._store, self._tool_box, self._view = store, tool_box, view
        self._memory = ToolMemory()
        self._gesture: Gesture | None = None
        self._shapes: tuple[Shape, ...] = ()
        store.replacing.connect(self._begin_anew)

    @property
    def is_busy(self) -> bool:
        """Whether a gesture goes on."""
        return self._gesture is not None

    @property
    def shapes(self) -> tuple[Shape, ...]:
        """What is drawn over the canvas: by the gesture, or by the tool while it waits for one."""
        if self._gesture is not None:
            return self._shapes
        idle = self._tool_box.tool.idle
        return () if idle is None else idle(self._store.state, self._memory)

    def cursor_at(self, event: PointerEvent) -> Cursor:
        """Return what the pointer looks like over a point where no button is held."""
        tool = self._tool_box.tool
        return tool.cursor if tool.hover is None else tool.hover(self._store.state, self._memory, event)

    def press(self, event: PointerEvent) -> None:
        """Begin a gesture with the tool in the hand; one that still goes on is cancelled."""
        self.cancel()
        tool = self._tool_box.tool
        context = ToolContext(
            document=self._store.canvas,
            values=self._tool_box.values,
            colours=self._tool_box,
            view=self._view,
            show=self._show,
            memory=self._memory,
        )
        self._gesture = tool.run(context, event)
        self._go_on(None)

    def follow(self, event: PointerEvent) -> None:
        """Go on with the gesture, or end it where this is the release."""
        if self._gesture is None:
            return
        self._go_on(event)
        if event.kind is PointerKind.RELEASE:
            # A tool that does not listen for the release is through as well.
            self.cancel()

    def cancel(self) -> None:
        """Take the gesture back that goes on, if one does."""
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.close()
            self._clear()

    def _go_on(self, event: PointerEvent | None) -> None:
        gesture = self._gesture
        if gesture is None:
            return
        is_over = True
        try:
            if event is None:
                next(gesture)
            else:
                gesture.send(event)
            is_over = False
        except StopIteration:
            pass
        except StudioError as error:
            self._store.refused.emit(error)
        finally:
            # Whatever else comes out of a tool is a mistake in it: the window hears of that, and goes on.
            if is_over and self._gesture is gesture:
                self._gesture = None
                self._clear()

    def _show(self, *shapes: Shape) -> None:
        self._shapes = shapes
        self.shapes_changed.emit()

    def _clear(self) -> None:
        self._shapes = ()
        self.shapes_changed.emit()

    def _begin_anew(self) -> None:
        self.cancel()
        self._memory = ToolMemory()
