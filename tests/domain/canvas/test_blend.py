"""Blending follows the W3C's formulas."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.canvas.blend import BlendMode, blended, divided, faded, premultiplied, source_over, straight
from studio.domain.canvas.composite import flatten
from studio.domain.canvas.layer import Layer
from studio.domain.canvas.plane import plane_of
from studio.domain.geometry import Rect
from tests.domain.canvas.states import noise

SPOT = Rect(0, 0, 16, 16)


def opaque(*colour: int) -> np.ndarray:
    return np.array([[[*colour, 255]]], np.uint8)


# Backdrop (64, 128, 200) under source (180, 100, 40), worked out by hand from section 10 of the specification.
EXPECTED = {
    BlendMode.NORMAL: (180, 100, 40),
    BlendMode.MULTIPLY: (45, 50, 31),
    BlendMode.SCREEN: (199, 178, 209),
    BlendMode.OVERLAY: (90, 101, 162),
    BlendMode.DARKEN: (64, 100, 40),
    BlendMode.LIGHTEN: (180, 128, 200),
    BlendMode.ADD: (244, 228, 240),
    BlendMode.SOFT_LIGHT: (91, 114, 170),
    BlendMode.COLOUR: (179, 99, 39),
}


@pytest.mark.parametrize("mode", BlendMode)
def test_opaque_colours_mix_as_the_specification_says(mode: BlendMode) -> None:
    found = blended(opaque(64, 128, 200), opaque(180, 100, 40), mode)[0, 0]
    assert found[3] == 255
    assert np.abs(found[:3].astype(int) - EXPECTED[mode]).max() <= 1


@pytest.mark.parametrize("mode", BlendMode)
def test_over_nothing_the_source_is_seen_and_nothing_changes_nothing(mode: BlendMode) -> None:
    pixels, clear = noise(SPOT, 1), np.zeros((16, 16, 4), np.uint8)
    assert np.array_equal(blended(clear, pixels, mode), pixels)
    assert np.array_equal(blended(pixels, clear, mode), pixels)


@pytest.mark.parametrize("mode", BlendMode)
@settings(max_examples=10)
@given(seed=st.integers(0, 999))
def test_what_comes_out_is_premultiplied(mode: BlendMode, seed: int) -> None:
    found = blended(noise(SPOT, seed), noise(SPOT, seed + 1), mode)
    assert (found[..., :3] <= found[..., 3:]).all()


def test_division_by_255_is_exact() -> None:
    left, right = np.mgrid[:256, :256].astype(np.uint16)
    assert np.array_equal(divided(left * right), np.rint(left.astype(float) * right / 255))


def test_straight_and_back_is_the_same() -> None:
    alpha, colour = np.mgrid[:256, :256].astype(np.uint8)
    pixels = premultiplied(np.dstack([colour, colour, colour, alpha]))
    assert np.array_equal(premultiplied(straight(pixels)), pixels)


def test_an_opaque_layer_hides_to_the_last_bit_what_is_below() -> None:
    above = noise(SPOT, 3)
    above[..., 3] = 255
    assert np.array_equal(source_over(noise(SPOT, 4), above), above)


def test_hidden_and_clear_layers_are_passed_over() -> None:
    shown = Layer(name="shown", pixels=plane_of(noise(SPOT, 1)), offset=(3, 4))
    hidden = Layer(name="hidden", pixels=plane_of(noise(SPOT, 2)), visible=False)
    clear = Layer(name="clear", pixels=plane_of(noise(SPOT, 2)), opacity=0.0)
    assert np.array_equal(flatten((shown, hidden, clear), SPOT.moved(3, 4)), noise(SPOT, 1))


def test_opacity_fades_all_channels() -> None:
    layer = Layer(name="half", pixels=plane_of(noise(SPOT, 1)), opacity=0.5)
    assert np.array_equal(flatten((layer,), SPOT), faded(noise(SPOT, 1), 0.5))
    assert np.array_equal(faded(np.full((1, 1), 255, np.uint8), 0.5), [[128]])
