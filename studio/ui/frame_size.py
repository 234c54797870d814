"""Keeps the size that the prompt panel shows and the size of the generation frame the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject

from studio.domain.canvas.commands import SetFrame
from studio.domain.geometry import Rect

if TYPE_CHECKING:
    from studio.bridge.canvas_store import CanvasStore
    from studio.domain.canvas.change import Change
    from studio.domain.canvas.state import CanvasState
    from studio.domain.geometry import Size
    from studio.ui.panels.size_fields import SizeFields

_TITLE: Final = "Resize frame"


class FrameSize(QObject):
    """Takes each over into the other.

    A size that the model cannot paint stays in its fields, for it may be half typed; the frame takes the nearest one
    that it can paint. In the other direction nothing is rounded: what undo brings back must not be changed again.
    """

    def __init__(self, fields: SizeFields, store: CanvasStore) -> None:
        """Join them; a document that nothing was done to takes the size of the fields, any other one gives its own.

        Args:
            fields: of the panel, which own this.
            store: holds the document.
        """
        super().__init__(fields)
        self._fields, self._store = fields, store
        self._is_following = False
        fields.changed.connect(self._resize_frame)
        store.changed.connect(self._follow)
        store.replaced.connect(self._show)
        if _is_untouched(store.state):
            store.replace(replace(store.state, frame=_resized(store.state, fields.nearest_size)))
        else:
            self._show()

    def _resize_frame(self) -> None:
        state, size = self._store.state, self._fields.nearest_size
        if not self._is_following and size != state.frame.size:
            # All sizes on the way to the one that is meant are undone as one.
            self._store.apply(SetFrame(_resized(state, size), title=_TITLE, joins=_TITLE))

    def _follow(self, change: Change) -> None:
        if change.frame:
            self._show()

    def _show(self) -> None:
        size = self._store.state.frame.size
        if size != self._fields.nearest_size:
            self._is_following = True
            self._fields.set_size(size)
            self._is_following = False


def _is_untouched(state: CanvasState) -> bool:
    return not state.layers and not state.proposals and state.mask.is_empty


def _resized(state: CanvasState, size: Size) -> Rect:
    """Return the frame in another size: around the same middle where there is something in the document."""
    frame = state.frame
    if _is_untouched(state):
        return Rect(frame.x, frame.y, size.width, size.height)
    left = frame.x + (frame.width - size.width) // 2
    top = frame.y + (frame.height - size.height) // 2
    return Rect(left, top, size.width, size.height)
