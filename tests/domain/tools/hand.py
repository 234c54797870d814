"""A hand that works with a tool on a document, without a window."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.domain.canvas.document import CanvasDocument
from studio.domain.parameters import Values
from studio.domain.tools.tool import Modifier, PointerEvent, PointerKind, ToolContext, ToolMemory

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.domain.tools.tool import RGB, Gesture, Point, Shape, Tool


@dataclass
class Palette:
    """The two colours."""

    foreground: RGB = (200, 30, 90)
    background: RGB = (10, 120, 220)

    def set_foreground(self, colour: RGB) -> None:
        self.foreground = colour

    def set_background(self, colour: RGB) -> None:
        self.background = colour


@dataclass
class Lens:
    """A view that remembers where it was moved to."""

    extent_multiple: int = 64
    pans: list[Point] = field(default_factory=list)
    zooms: list[tuple[float, float, float]] = field(default_factory=list)

    def pan(self, dx: float, dy: float) -> None:
        self.pans.append((dx, dy))

    def zoom(self, factor: float, x: float, y: float) -> None:
        self.zooms.append((factor, x, y))


class Hand:
    """Drives tools as the window does, and keeps what they showed."""

    def __init__(self, document: CanvasDocument | None = None) -> None:
        self.document = CanvasDocument() if document is None else document
        self.colours = Palette()
        self.view = Lens()
        self.memory = ToolMemory()
        self.shown: list[tuple[Shape, ...]] = []

    def context(self, tool: Tool, **given: object) -> ToolContext:
        return ToolContext(
            document=self.document,
            values=Values.of(tool.parameters, given),
            colours=self.colours,
            view=self.view,
            show=lambda *shapes: self.shown.append(shapes),
            memory=self.memory,
        )

    def press(self, tool: Tool, event: PointerEvent, **given: object) -> Gesture:
        """Begin a gesture and leave it open."""
        gesture = tool.run(self.context(tool, **given), event)
        next(gesture, None)
        return gesture

    def drag(
        self,
        tool: Tool,
        points: Sequence[Point],
        *,
        pressure: Sequence[float] | float = 1.0,
        modifiers: frozenset[Modifier] = frozenset(),
        eraser: bool = False,
        zoom: float = 1.0,
        **given: object,
    ) -> None:
        """Press at the first point, move over all others, release at the last."""
        levels = [pressure] * len(points) if isinstance(pressure, int | float) else list(pressure)
        kinds = [PointerKind.PRESS] + [PointerKind.MOVE] * (len(points) - 1)
        events = [
            PointerEvent(kind, *point, pressure=level, modifiers=modifiers, eraser=eraser, view_zoom=zoom)
            for kind, point, level in zip(kinds, points, levels, strict=True)
        ]
        end = PointerEvent(PointerKind.RELEASE, *points[-1], pressure=0, modifiers=modifiers, view_zoom=zoom)
        gesture = self.press(tool, events[0], **given)
        try:
            for event in (*events[1:], end):
                gesture.send(event)
        except StopIteration:
            return
        message = f"{tool.id} goes on after the release"
        raise AssertionError(message)
