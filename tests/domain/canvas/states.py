"""Documents, commands and comparisons for the tests of the canvas."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import strategies as st

from studio.domain.canvas.blend import BlendMode, premultiplied
from studio.domain.canvas.commands import (
    AddLayer,
    ChangeLayer,
    ClearLayer,
    Command,
    DuplicateLayer,
    Ground,
    MergeDown,
    Paint,
    RemoveLayer,
    ReorderLayer,
    SetFrame,
    SetMask,
    SetPixels,
    SetSelection,
    Target,
)
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import NO_MASK, NO_PIXELS, Plane, plane_of
from studio.domain.canvas.proposal import Proposal
from studio.domain.canvas.proposing import AcceptProposal, DiscardProposals
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import Rect
from studio.domain.picture import Mask, Picture

if TYPE_CHECKING:
    from numpy.typing import NDArray

IDS = ("a", "b", "c")


def noise(rect: Rect, seed: int, channels: int = 4) -> NDArray[np.uint8]:
    """Return random pixels of a rectangle's size: (H, W, 4) premultiplied or (H, W) uint8."""
    dice = np.random.default_rng(seed)
    if channels == 1:
        return dice.integers(0, 256, (rect.height, rect.width), np.uint8)
    return premultiplied(dice.integers(0, 256, (rect.height, rect.width, 4), np.uint8))


def proposal(seed: int) -> Proposal:
    """Return a proposal with a mask."""
    area = Rect(-3, 4, 24, 16)
    dice = np.random.default_rng(seed)
    picture = Picture(dice.integers(0, 256, (16, 24, 3), np.uint8))
    return Proposal(picture=picture, area=area, cover=Mask(noise(area, seed, 1)), prompt="fox", id=f"p{seed}")


def first_state() -> CanvasState:
    """Return three layers, a mask and two proposals."""
    layers = tuple(
        Layer(name=name, id=name, pixels=plane_of(noise(Rect(0, 0, 300, 40), place), place * 100 - 150, 240))
        for place, name in enumerate(IDS)
    )
    return CanvasState(
        layers=layers,
        active="b",
        mask=plane_of(noise(Rect(0, 0, 30, 30), 9, 1), 250, 250),
        proposals=(proposal(1), proposal(2)),
    )


def same(one: CanvasState, other: CanvasState) -> bool:
    """Tell whether two states hold the same, to the last byte."""
    outlines = [(s.active, s.frame, s.proposals, [layer.id for layer in s.layers]) for s in (one, other)]
    if outlines[0] != outlines[1] or (one.selection is None) != (other.selection is None):
        return False
    pairs = list(zip(one.layers, other.layers, strict=True))
    planes: list[tuple[Plane, Plane]] = [(a.pixels, b.pixels) for a, b in pairs]
    planes += [(one.mask, other.mask), (one.selection or NO_MASK, other.selection or NO_MASK)]
    return all(a.is_alike(b) for a, b in pairs) and all(a.equals(b) for a, b in planes)


rects = st.builds(Rect, st.integers(-300, 300), st.integers(-300, 300), st.integers(1, 300), st.integers(1, 300))
seeds = st.integers(0, 99)
layer_ids = st.sampled_from(IDS)


@st.composite
def paints(draw: st.DrawFn) -> Command:
    """Any painting, on a layer, the mask or the selection."""
    target: Target = draw(st.sampled_from((*IDS, Ground.MASK, Ground.SELECTION)))
    rect = draw(rects)
    return Paint(target, rect, noise(rect, draw(seeds), 1 if isinstance(target, Ground) else 4))


@st.composite
def masks(draw: st.DrawFn) -> Plane:
    """Any mask."""
    rect = draw(rects)
    return plane_of(noise(rect, draw(seeds), 1), rect.x, rect.y) if draw(st.booleans()) else NO_MASK


@st.composite
def replacements(draw: st.DrawFn) -> Command:
    """Any transformation of a layer."""
    rect = draw(rects)
    pixels = plane_of(noise(rect, draw(seeds)), rect.x, rect.y) if draw(st.booleans()) else NO_PIXELS
    return SetPixels(draw(layer_ids), pixels, (draw(st.integers(-9, 9)), 5))


changes = st.builds(
    ChangeLayer,
    layer_id=layer_ids,
    visible=st.none() | st.booleans(),
    opacity=st.none() | st.floats(0, 1),
    blend=st.none() | st.sampled_from(BlendMode),
    locked=st.none() | st.just(False),
    offset=st.none() | st.tuples(st.integers(-300, 300), st.integers(-300, 300)),
    joins=st.sampled_from(("", "slider")),
)
commands: st.SearchStrategy[Command] = st.one_of(
    paints(),
    replacements(),
    changes,
    st.builds(lambda seed: AddLayer(Layer(name="new", pixels=plane_of(noise(Rect(0, 0, 9, 9), seed)))), seeds),
    st.builds(RemoveLayer, layer_ids),
    st.builds(DuplicateLayer, layer_ids, st.uuids().map(lambda value: value.hex)),
    st.builds(ReorderLayer, layer_ids, st.integers(-1, 4)),
    st.builds(ClearLayer, layer_ids),
    st.builds(MergeDown, layer_ids),
    st.builds(SetMask, masks()),
    st.builds(SetSelection, st.none() | masks()),
    st.builds(SetFrame, rects),
    st.builds(AcceptProposal, st.sampled_from(("p1", "p2")), st.booleans(), st.uuids().map(lambda value: value.hex)),
    st.just(DiscardProposals()),
)
