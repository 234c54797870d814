"""Cached tiles show what the document shows, at every size, whatever changed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PySide6.QtGui import QColor, QImage

from studio.bridge.canvas_store import CanvasStore
from studio.bridge.images import argb_image, argb_of
from studio.domain.canvas.blend import premultiplied
from studio.domain.canvas.commands import ChangeLayer, Paint
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.canvas.state import CanvasState
from studio.domain.geometry import NOWHERE, Rect
from studio.ui.canvas.outline import Outline
from studio.ui.canvas.paper import Paper, beyond
from studio.ui.canvas.sources import LayersSource, MaskSource
from studio.ui.canvas.tile_pyramid import Patience, TilePyramid, halved, level_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray
    from PySide6.QtWidgets import QApplication

PLENTY = 10**6
TOUCHES = st.builds(Rect, st.integers(-150, 700), st.integers(-150, 700), st.integers(1, 200), st.integers(1, 200))
RECTS = st.builds(Rect, st.integers(-300, 700), st.integers(-300, 700), st.integers(1, 300), st.integers(1, 300))


def noise(rect: Rect, seed: int) -> NDArray[np.uint8]:
    dice = np.random.default_rng(seed)
    return premultiplied(dice.integers(0, 256, (rect.height, rect.width, 4), np.uint8))


@pytest.fixture
def store(app: QApplication) -> Iterator[CanvasStore]:
    assert app
    area = Rect(-130, 40, 700, 500)
    layers = tuple(
        Layer(name=name, id=name, pixels=plane_of(noise(area, seed), area.x, area.y), offset=offset, opacity=opacity)
        for seed, (name, offset, opacity) in enumerate([("low", (0, 0), 1.0), ("high", (31, -17), 0.6)])
    )
    store = CanvasStore(CanvasState(layers=layers, active="high"))
    yield store
    store.close()


def reduced(store: CanvasStore, level: int, rect: Rect) -> NDArray[np.uint32]:
    """Return what a pyramid should hold, made from the document itself."""
    step = 1 << level
    pixels = argb_of(
        flatten(store.state.layers, Rect(rect.x * step, rect.y * step, rect.width * step, rect.height * step))
    )
    for _ in range(level):
        pixels = halved(pixels)
    return pixels


@pytest.mark.parametrize("level", [0, 1, 2, 3])
def test_every_level_shows_the_document(store: CanvasStore, level: int) -> None:
    rect = Rect(-200 >> level, -100 >> level, 1000 >> level, 800 >> level)
    shown, missing = TilePyramid(LayersSource(store)).region(level, rect, Patience(PLENTY))
    assert missing == []
    assert np.array_equal(shown, reduced(store, level, rect))


@pytest.mark.parametrize("level", [0, 2])
def test_what_a_touch_changes_is_mended_at_once(store: CanvasStore, level: int) -> None:
    tiles = TilePyramid(LayersSource(store))
    rect = Rect(-128 >> level, -128 >> level, 900 >> level, 900 >> level)
    tiles.region(level, rect, Patience(PLENTY))

    @settings(max_examples=8)
    @given(area=TOUCHES, seed=st.integers(0, 99))
    def law(area: Rect, seed: int) -> None:
        change = store.apply(Paint("high", area, noise(area, seed)))
        assert change is not None
        tiles.spoil(change.bounds)
        shown, missing = tiles.region(level, rect, Patience(0))
        assert missing == []
        assert np.array_equal(shown, reduced(store, level, rect))

    law()


def test_a_large_change_is_made_anew_as_patience_allows(store: CanvasStore) -> None:
    tiles = TilePyramid(LayersSource(store))
    rect = Rect(0, 0, 128, 128)
    tiles.region(2, rect, Patience(PLENTY))
    change = store.apply(ChangeLayer(layer_id="low", opacity=0.2))
    assert change is not None
    tiles.spoil(change.bounds)
    _, missing = tiles.region(2, rect, Patience(0))
    assert missing == [(2, 0, 0)]
    while not tiles.prepare((2, 0, 0), Patience(2)):
        pass
    shown, missing = tiles.region(2, rect, Patience(0))
    assert missing == []
    assert np.array_equal(shown, reduced(store, 2, rect))


def test_what_is_not_there_yet_is_shown_coarsely(store: CanvasStore) -> None:
    tiles = TilePyramid(LayersSource(store), memory=5 * 256 * 256 * 4)
    tiles.region(1, Rect(0, 0, 256, 256), Patience(PLENTY))
    tiles.region(1, Rect(0, 0, 1, 1), Patience(0))
    store.replace(CanvasState())
    tiles.region(4, Rect(-16, -16, 32, 32), Patience(PLENTY))
    shown, missing = tiles.region(0, Rect(0, 100, 8, 8), Patience(0))
    assert len(missing) <= 1
    assert shown.shape == (8, 8)


def test_nothing_is_kept_where_nothing_is_seen(store: CanvasStore) -> None:
    tiles = TilePyramid(LayersSource(store))
    shown, missing = tiles.region(0, Rect(5000, 5000, 900, 900), Patience(0 + 1))
    assert missing == []
    assert not shown.any()
    assert tiles.nbytes == 0


def test_memory_stays_within_its_bound(store: CanvasStore) -> None:
    bound = 3 * 256 * 256 * 4
    tiles = TilePyramid(LayersSource(store), memory=bound)
    for level in (0, 1, 2):
        tiles.region(level, Rect(-200, -200, 1000, 1000), Patience(PLENTY))
        assert tiles.nbytes <= bound
    shown, _ = tiles.region(0, Rect(0, 0, 300, 300), Patience(PLENTY))
    assert np.array_equal(shown, reduced(store, 0, Rect(0, 0, 300, 300)))


@given(zoom=st.floats(0.01, 32))
def test_the_painter_reduces_by_less_than_half(zoom: float) -> None:
    level = level_for(zoom)
    assert zoom * 2**level > 0.5 or level == 0
    assert zoom * 2**level <= 1 or level == 0


def test_halving_takes_the_mean_of_four() -> None:
    dice = np.random.default_rng(1)
    pixels = dice.integers(0, 256, (8, 6, 4), np.uint8)
    wanted = (pixels.reshape(4, 2, 3, 2, 4).astype(int).sum((1, 3)) + 2) // 4
    small = halved(pixels.view("<u4")[..., 0])
    assert np.array_equal(small.view(np.uint8).reshape(4, 3, 4), wanted)


def test_pixels_keep_their_colour_on_the_way_to_qt() -> None:
    pixels = np.array([[[200, 100, 50, 255], [10, 20, 30, 40]]], np.uint8)
    argb = argb_of(pixels)
    image = argb_image(argb)
    assert image.format() == QImage.Format.Format_ARGB32_Premultiplied
    assert image.pixelColor(0, 0).getRgb() == (200, 100, 50, 255)
    assert [hex(value) for value in argb[0]] == ["0xffc86432", "0x280a141e"]


def test_the_tint_is_as_strong_as_the_mask(store: CanvasStore) -> None:
    store.replace(CanvasState(mask=plane_of(np.array([[0, 128, 255]], np.uint8))))
    source = MaskSource(store)
    assert source.set_tint(QColor("#ff0000"), 0.5)
    assert not source.set_tint(QColor("#ff0000"), 0.5)
    assert [hex(value) for value in source.pixels(Rect(0, 0, 3, 1))[0]] == ["0x0", "0x40400000", "0x80800000"]


@given(outer=RECTS, inner=RECTS)
def test_strips_are_what_lies_beyond(outer: Rect, inner: Rect) -> None:
    marks = np.zeros((1400, 1400), np.uint8)
    plane = Rect(-350, -350, 1400, 1400)
    for strip in beyond(outer, inner):
        marks[strip.within(plane)] += 1
    wanted = np.zeros_like(marks)
    wanted[outer.within(plane)] = 1
    wanted[inner.within(plane)] = 0
    assert np.array_equal(marks, wanted)


def test_the_paper_covers_what_is_painted_and_the_frame(store: CanvasStore) -> None:
    paper = Paper(store.state)
    paper.measure(store.state)
    assert paper.area == store.state.bounds.united(store.state.frame)
    change = store.apply(Paint("low", Rect(900, 900, 9, 9), noise(Rect(900, 900, 9, 9), 5)))
    assert change is not None
    strips = paper.follow(change, store.state)
    assert paper.area == store.state.bounds.united(store.state.frame)
    assert strips


def test_an_outline_follows_the_edges_of_pixels() -> None:
    marks = np.zeros((5, 7), np.uint8)
    marks[1:4, 2:5] = 255
    marks[2, 3] = 100
    outline = Outline.of(plane_of(marks, 10, 20))
    assert outline.bounds == Rect(12, 21, 3, 3)
    pieces = {tuple(piece) for piece in outline.within(outline.bounds).tolist()}
    around = {(12, 21, 15, 21), (12, 24, 15, 24), (12, 21, 12, 24), (15, 21, 15, 24)}
    hole = {(13, 22, 14, 22), (13, 23, 14, 23), (13, 22, 13, 23), (14, 22, 14, 23)}
    assert pieces == around | hole
    assert len(outline.within(Rect(500, 500, 9, 9))) == 0


def test_no_selection_has_no_outline() -> None:
    assert Outline.of(None).bounds == NOWHERE
    assert len(Outline.of(None).within(Rect(0, 0, 9, 9))) == 0
