"""What a tool is, what it is told, and what it may do. A tool knows no window.

A tool's `run` is a generator that lives as long as one gesture: it is made with the press, does what the press asks for
up to its first ``yield``, is sent every later event, and returns when it was sent the release:

    gesture = tool.run(context, press)
    next(gesture)                 # StopIteration: the tool needs no more, and the gesture is over already
    gesture.send(move)            # likewise
    gesture.send(release)         # StopIteration
    gesture.close()               # instead of the release: cancelled, and the document is as it was

A `StudioError` out of any of these ends the gesture, with the document as it was. Whoever drives it clears the shapes
that were shown when it ends, in whichever way.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from studio.domain.canvas.state import CanvasState

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from studio.domain.canvas.change import Change
    from studio.domain.canvas.commands import Command
    from studio.domain.canvas.plane import Plane
    from studio.domain.canvas.transform import Transformed
    from studio.domain.geometry import Rect
    from studio.domain.parameters import Number, Parameter, Values

RGB = tuple[int, int, int]
"""Red, green, blue: 0 to 255, sRGB."""
Point = tuple[float, float]
"""x, y in document pixels: pixel (0, 0) covers the points from 0 to 1."""


class PointerKind(Enum):
    """What the pointer did."""

    PRESS = "press"
    MOVE = "move"
    RELEASE = "release"


class Modifier(Enum):
    """A key that is held while the pointer works."""

    SHIFT = "shift"
    CONTROL = "control"
    ALT = "alt"


@dataclass(frozen=True, slots=True)
class PointerEvent:
    """What the pen or the mouse reports.

    Attributes:
        kind: what the pointer did.
        x: in document pixels, as the view lies at this moment.
        y: likewise.
        pressure: 0 to 1; a mouse has 1.
        tilt_x: of the pen in degrees, -90 to 90; 0 is upright.
        tilt_y: likewise.
        eraser: whether it is the pen's other end.
        modifiers: keys that are held.
        view_zoom: how many screen pixels a document pixel takes: for distances that are felt on the screen.
    """

    kind: PointerKind
    x: float
    y: float
    pressure: float = 1.0
    tilt_x: float = 0.0
    tilt_y: float = 0.0
    eraser: bool = False
    modifiers: frozenset[Modifier] = frozenset()
    view_zoom: float = 1.0

    @property
    def point(self) -> Point:
        """Where it is."""
        return self.x, self.y

    def has(self, modifier: Modifier) -> bool:
        """Tell whether a key is held."""
        return modifier in self.modifiers


@dataclass(frozen=True, slots=True)
class Polyline:
    """Straight lines through points; the view draws its outline one screen pixel wide, seen on any ground."""

    points: tuple[Point, ...]
    is_closed: bool = False


@dataclass(frozen=True, slots=True)
class Oval:
    """The outline of an ellipse that fills the area between two corners."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Handles:
    """Squares of constant size on the screen, to be dragged, around these points."""

    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """A few words beside a point, such as a size or an angle."""

    at: Point
    text: str


Shape = Polyline | Oval | Handles | Label

HANDLE_REACH: Final = 9.0
"""Screen pixels from a handle's middle within which a press takes it."""


class Cursor(Enum):
    """What the pointer looks like over the canvas."""

    ARROW = "arrow"
    BRUSH = "brush"
    """The outline of the dab at its true size: the parameter ``size``."""
    CROSS = "cross"
    PICKER = "picker"
    MOVE = "move"
    HAND = "hand"
    ZOOM = "zoom"
    SIZE_HORIZONTAL = "size-horizontal"
    SIZE_VERTICAL = "size-vertical"
    SIZE_DOWN = "size-down"
    """Along the diagonal that falls to the right."""
    SIZE_UP = "size-up"
    """Along the diagonal that rises to the right."""
    ROTATE = "rotate"


class Group(Enum):
    """What a tool is for: the tool bar puts a space between groups."""

    PAINT = "paint"
    MASK = "mask"
    SELECT = "select"
    ARRANGE = "arrange"
    VIEW = "view"


class Canvas(Protocol):
    """The document as tools see it: `studio.domain.canvas.document.CanvasDocument` is one."""

    @property
    def state(self) -> CanvasState:
        """What it holds now."""
        ...

    def apply(self, command: Command) -> Change:
        """Do an edit.

        Raises:
            InvalidEdit: the document refuses it.
        """
        ...

    def gesture(self, title: str) -> AbstractContextManager[None]:
        """Gather all edits of the block into one; an exception takes them back."""
        ...


class Colours(Protocol):
    """The two colours at hand."""

    @property
    def foreground(self) -> RGB:
        """What is painted with."""
        ...

    @property
    def background(self) -> RGB:
        """The other one."""
        ...

    def set_foreground(self, colour: RGB) -> None:
        """Paint with another colour."""
        ...

    def set_background(self, colour: RGB) -> None:
        """Change the other one."""
        ...


class View(Protocol):
    """The window onto the plane."""

    @property
    def extent_multiple(self) -> int:
        """What the chosen model wants widths and heights to be multiples of, in pixels."""
        ...

    def pan(self, dx: float, dy: float) -> None:
        """Move the document under the window by document pixels: (0, 0) is seen where (dx, dy) was."""
        ...

    def zoom(self, factor: float, x: float, y: float) -> None:
        """Enlarge, keeping a point of the document where it is on the screen."""
        ...


@dataclass(slots=True)
class ToolMemory:
    """What is remembered from one gesture to the next; a new document begins with an empty one.

    Attributes:
        stroke_end: where the last stroke ended, for a straight line from there by Shift and a click.
        transformed: layers that were transformed lately, with what they were before: a second transformation begins at
            those pixels again, so that quality is lost once and not every time.
        measured: the pixels that were measured last, and their bounds.
    """

    stroke_end: Point | None = None
    transformed: deque[Transformed] = field(default_factory=lambda: deque(maxlen=16))
    measured: tuple[Plane, Rect] | None = None

    def bounds_of(self, plane: Plane) -> Rect:
        """Return a plane's bounds, at once where it is the one of the last time: the pointer asks wherever it goes."""
        if self.measured is None or self.measured[0] is not plane:
            self.measured = plane, plane.bounds
        return self.measured[1]


class Show(Protocol):
    """Draws shapes over the canvas while a gesture lasts."""

    def __call__(self, *shapes: Shape) -> None:
        """Draw these in place of those before; none: clear."""
        ...


@dataclass(slots=True, kw_only=True)
class ToolContext:
    """All that a tool may touch.

    Attributes:
        document: what is edited.
        values: of the tool's parameters, as they are at the press.
        colours: to paint with, or to set.
        view: to look elsewhere.
        show: draws shapes over the canvas.
        memory: of earlier gestures.
    """

    document: Canvas
    values: Values
    colours: Colours
    view: View
    show: Show
    memory: ToolMemory = field(default_factory=ToolMemory)


Gesture = Generator[None, PointerEvent, None]
"""One gesture that is going on: see the top of this file."""
Run = Callable[[ToolContext, PointerEvent], Gesture]
"""Begins a gesture with its press."""
Hover = Callable[[CanvasState, ToolMemory, PointerEvent], Cursor]
"""What the pointer looks like where no button is held."""
Idle = Callable[[CanvasState, ToolMemory], tuple[Shape, ...]]
"""What is drawn over the canvas while the tool is chosen and no gesture goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """Something to do at once, without a gesture: a button among the tool's options.

    Attributes:
        id: names it in code, e.g. ``grow_mask``.
        title: the button's words.
        help: what it does, one sentence.
        icon: a name in Lucide.
        command: makes the edit from the document's state and an amount.
        amount: what is asked for beside the button, e.g. by how many pixels; None where there is nothing to ask.

    ``command`` raises `InvalidEdit` where the document has nothing to do it with.
    """

    id: str
    title: str
    help: str
    icon: str
    command: Callable[[CanvasState, float], Command]
    amount: Number | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Tool:
    """A tool, as data.

    Attributes:
        id: names it in code and settings.
        title: for people, and for "Undo ...".
        help: what it does, one sentence.
        icon: a name in Lucide, https://lucide.dev/icons.
        key: that chooses it, e.g. ``Shift+Q``.
        group: what it is for.
        run: the gesture.
        parameters: what its user may choose.
        operations: buttons among its options.
        cursor: what the pointer looks like over the canvas.
        hover: the same, where it depends on what lies under the pointer; None for ``cursor`` everywhere.
        idle: what is drawn over the canvas while the tool is chosen; None for nothing.
        is_painting: whether it paints with the foreground colour, so that Alt picks one.
    """

    id: str
    title: str
    help: str
    icon: str
    key: str
    group: Group
    run: Run
    parameters: tuple[Parameter, ...] = ()
    operations: tuple[Operation, ...] = ()
    cursor: Cursor = Cursor.CROSS
    hover: Hover | None = None
    idle: Idle | None = None
    is_painting: bool = False
