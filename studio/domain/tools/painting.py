"""What the tools that draw a stroke have in common."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from studio.domain.canvas.brush import Tip
from studio.domain.canvas.commands import AddLayer, Ground, unlocked
from studio.domain.canvas.ink import ERASING, MASKING, UNMASKING, Inked
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.stroke import Stroke
from studio.domain.canvas.stroke_path import Touch
from studio.domain.errors import InvalidEdit
from studio.domain.parameters import Number, Scale, Toggle
from studio.domain.tools.tool import Modifier, PointerKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from studio.domain.canvas.commands import Paint
    from studio.domain.canvas.state import CanvasState
    from studio.domain.parameters import Parameter, Values
    from studio.domain.tools.tool import RGB, Canvas, Gesture, PointerEvent, Run, ToolContext

    Aim = Callable[[ToolContext, bool], Inked]
    """Says what is painted on and with what, and whether the pen's other end is used."""

_LONGEST_LAG: Final = 60.0
"""Screen pixels by which the line follows at full smoothing: about a finger's breadth."""

SIZE: Final = Number(
    id="size",
    title="Size",
    default=40,
    minimum=1,
    maximum=1000,
    decimals=1,
    unit="px",
    help="Diameter at full pressure, in pixels of the picture.",
    scale=Scale.LOGARITHMIC,
)
HARDNESS: Final = Number(
    id="hardness",
    title="Hardness",
    default=60,
    minimum=0,
    maximum=100,
    step=10,
    unit="%",
    help="How much of the tip is solid before it fades; at 100 % the edge is sharp.",
)
OPACITY: Final = Number(
    id="opacity",
    title="Opacity",
    default=100,
    minimum=1,
    maximum=100,
    step=10,
    unit="%",
    help="The most that one stroke covers, however often it crosses itself.",
)
FLOW: Final = Number(
    id="flow",
    title="Flow",
    default=100,
    minimum=1,
    maximum=100,
    step=10,
    unit="%",
    help="How much of that a single touch adds: below 100 % the stroke builds up as you go over it.",
)
SMOOTHING: Final = Number(
    id="smoothing",
    title="Smoothing",
    default=0,
    minimum=0,
    maximum=100,
    step=10,
    unit="%",
    help="Calms a shaky hand: the line follows later, and ends where the pen does.",
)
SPACING: Final = Number(
    id="spacing",
    title="Spacing",
    default=10,
    minimum=1,
    maximum=200,
    unit="%",
    help="Distance between touches as a share of the size; above 100 % they stand apart.",
    is_rare=True,
)
PRESSURE_SIZE: Final = Toggle(
    id="pressure_size", title="Pressure sizes", default=True, help="A light hand draws a thin line. Needs a pen."
)
PRESSURE_FADE: Final = Toggle(
    id="pressure_opacity", title="Pressure fades", default=False, help="A light hand covers less. Needs a pen."
)
PRESSURE_CURVE: Final = Number(
    id="pressure_curve",
    title="Pressure curve",
    default=1,
    minimum=0.2,
    maximum=5,
    step=0.1,
    decimals=1,
    help="Below 1 a light hand is enough, above 1 a heavy one is needed.",
    scale=Scale.LOGARITHMIC,
    is_rare=True,
)
STROKE_PARAMETERS: Final[tuple[Parameter, ...]] = (
    SIZE,
    HARDNESS,
    OPACITY,
    FLOW,
    SMOOTHING,
    PRESSURE_SIZE,
    PRESSURE_FADE,
    SPACING,
    PRESSURE_CURVE,
)


def tip_of(values: Values, view_zoom: float) -> Tip:
    """Return the brush that the tool's parameters describe."""
    return Tip(
        size=values.number("size"),
        hardness=values.share("hardness"),
        opacity=values.share("opacity"),
        flow=values.share("flow"),
        spacing=values.share("spacing"),
        # Half the way of the slider is a quarter of the lag: a little is what most hands need.
        smoothing=values.share("smoothing") ** 2 * _LONGEST_LAG / view_zoom,
        does_pressure_size=values.is_on("pressure_size"),
        does_pressure_fade=values.is_on("pressure_opacity"),
        gamma=values.number("pressure_curve"),
    )


def stroke(title: str, aim: Aim) -> Run:
    """Return the gesture that draws a stroke; with Shift it begins with a line from where the last one ended."""

    def run(context: ToolContext, press: PointerEvent) -> Gesture:
        document, last = context.document, context.memory.stroke_end
        with document.gesture(title):
            inked = aim(context, press.eraser)
            start = _touch(press) if last is None or not press.has(Modifier.SHIFT) else Touch(*last, press.pressure)
            line = Stroke(tip_of(context.values, press.view_zoom), inked, start, title)
            _apply_all(document, line.begin())
            touch = _touch(press)
            _apply_all(document, line.to(touch))
            while (event := (yield)).kind is not PointerKind.RELEASE:
                touch = _touch(event)
                _apply_all(document, line.to(touch))
            # A pen that is lifted has no pressure any more, yet the line goes on to where it was lifted.
            _apply_all(document, line.to(Touch(event.x, event.y, touch.pressure)))
            _apply_all(document, line.end())
        context.memory.stroke_end = event.point

    return run


def on_layer(context: ToolContext, is_erasing: bool) -> Inked:
    """Return the active layer, or a new one where there is none, to be painted on with the foreground colour.

    Raises:
        InvalidEdit: the layer is locked or hidden, or there is none to erase from.
    """
    layer = layer_to_erase(context.document.state) if is_erasing else layer_to_paint(context.document)
    ink = ERASING if is_erasing else opaque(context.colours.foreground)
    return Inked.on_layer(context.document.state, layer, ink)


def on_mask(context: ToolContext, is_erasing: bool) -> Inked:
    """Return the mask, to be painted on; it needs no layer."""
    state = context.document.state
    return Inked(Ground.MASK, state.mask.read, UNMASKING if is_erasing else MASKING, state.selection)


def layer_to_paint(document: Canvas) -> Layer:
    """Return the active layer; where none is active, a new one on top of all.

    Raises:
        InvalidEdit: it is locked or hidden.
    """
    state = document.state
    if state.active_layer is not None:
        return visible(unlocked(state, state.active_layer.id))
    names = {layer.name for layer in state.layers}
    name = next(name for number in range(1, len(names) + 2) if (name := f"Layer {number}") not in names)
    layer = Layer(name=name)
    document.apply(AddLayer(layer))
    return layer


def layer_to_erase(state: CanvasState) -> Layer:
    """Return the active layer.

    Raises:
        InvalidEdit: there is none, or it is locked or hidden.
    """
    return visible(unlocked(state, chosen_layer(state).id))


def chosen_layer(state: CanvasState) -> Layer:
    """Return the active layer.

    Raises:
        InvalidEdit: there is none.
    """
    if state.active_layer is None:
        raise InvalidEdit("No layer is chosen", "the tool works on one", "Choose a layer in the list of layers")
    return state.active_layer


def visible(layer: Layer) -> Layer:
    """Return a layer that is seen.

    Raises:
        InvalidEdit: it is hidden.
    """
    if not layer.visible:
        raise InvalidEdit(
            f"The layer \u201c{layer.name}\u201d is hidden",
            "nobody could see what is done to it",
            "Show it in the list of layers, or choose another one",
        )
    return layer


def opaque(colour: RGB) -> tuple[int, int, int, int]:
    """Return the colour as a layer holds it."""
    return (*colour, 255)


def _touch(event: PointerEvent) -> Touch:
    return Touch(event.x, event.y, event.pressure)


def _apply_all(document: Canvas, edits: Iterable[Paint]) -> None:
    for edit in edits:
        document.apply(edit)
