"""Painted scenes: the same state gives the same scene, and the scene shows what its plan says."""

import random
from dataclasses import replace

import numpy as np
import pytest

from starter_model.captions import COLOURS, GRADIENT, Style
from starter_model.composites import Mix, Painter, Plan
from starter_model.pack import Pack, missing
from starter_model.scenes import CropPool, to_model
from starter_model.things import Thing
from starter_model.tints import TINTS, tint
from tests.starter.conftest import EDGE, THINGS

VARIED = Mix(white=0.2, gradient=0.3, tinted=0.3, two=0.2, small=0.1)


@pytest.fixture
def painter(pack: Pack) -> Painter:
    return Painter(pack, THINGS, EDGE, VARIED)


def test_the_same_state_paints_the_same_scene(painter: Painter) -> None:
    first, second = (painter.paint(random.Random(7)) for _ in range(2))
    other = painter.paint(random.Random(8))
    assert first.caption == second.caption
    assert np.array_equal(first.pixels, second.pixels)
    assert (other.caption, other.pixels.tobytes()) != (first.caption, first.pixels.tobytes())


@pytest.mark.parametrize("name", list(COLOURS))
def test_a_plain_background_has_the_colour_it_is_called(painter: Painter, name: str) -> None:
    pixels = painter.draw(Plan((0,), Style.FLAT, name, name), random.Random(0))
    assert np.abs(pixels[0, 0].astype(int) - np.array(COLOURS[name])).max() <= 8


def test_a_gradient_runs_from_top_to_bottom(painter: Painter) -> None:
    plan = Plan((2,), Style.FLAT, "red", "blue")
    pixels = painter.draw(plan, random.Random(0)).astype(int)
    assert plan.background == GRADIENT
    assert np.abs(pixels[0, 0] - np.array(COLOURS["red"])).max() <= 8
    assert np.abs(pixels[-1, 0] - np.array(COLOURS["blue"])).max() <= 12


def test_two_things_stand_side_by_side(painter: Painter) -> None:
    pixels = painter.draw(Plan((0, 1), Style.FLAT), random.Random(0)).astype(int)
    left, right = pixels[EDGE // 2, EDGE // 4], pixels[EDGE // 2, 3 * EDGE // 4]
    assert left[0] > 200 > left[1]
    assert right[1] > 100 > right[0]


def test_a_small_thing_leaves_more_ground(painter: Painter) -> None:
    whole = Plan((1,), Style.FLAT)
    covered = [
        (painter.draw(plan, random.Random(0)) != 255).any(-1).mean() for plan in (replace(whole, small=True), whole)
    ]
    assert 2 * covered[0] < covered[1]


@pytest.mark.parametrize("colour", list(TINTS))
def test_a_tint_turns_the_hue(pack: Pack, colour: str) -> None:
    turned = tint(pack.picture("square", Style.FLAT), TINTS[colour])
    assert turned is not None
    hue = turned.convert("RGB").convert("HSV").getpixel((32, 32))[0] / 255  # pyright: ignore[reportOptionalSubscript, reportIndexIssue]  # three bands
    assert abs((hue - TINTS[colour] + 0.5) % 1 - 0.5) < 0.07


def test_crops_are_what_the_autoencoder_takes(pack: Pack) -> None:
    crops = CropPool(pack, THINGS, EDGE, 8, seed=1).crops(5, 32)
    assert crops.shape == (5, 3, 32, 32)
    assert float(crops.min()) >= -1
    assert float(crops.max()) <= 1


def test_white_is_one_for_the_model() -> None:
    assert float(to_model(np.full((1, 2, 2, 3), 255, np.uint8)).min()) == 1


def test_a_thing_without_pictures_is_named(pack: Pack) -> None:
    assert missing(pack, (*THINGS, Thing("cube", "cube", "", ()))) == ["cube"]
