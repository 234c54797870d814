"""The frame's content decides what is painted, and nothing opaque is lost on the way into the request."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.domain.canvas.blend import premultiplied
from studio.domain.errors import InvalidRequest, InvalidSetting, InvalidSize
from studio.domain.framing import (
    Coverage,
    Frame,
    FrameKind,
    FrameSettings,
    Margins,
    continued,
    grown,
    kind_of,
    on_white,
    possible_kinds,
    ramped,
    request_of,
)
from studio.domain.geometry import Size
from studio.domain.inpainting import BEST, PLAIN
from studio.domain.picture import MAX_SIDE
from studio.domain.request import ImageToImage, Inpaint, ModelRef, Sampling, Task, TextToImage

SETTINGS = FrameSettings(
    model=ModelRef("starter", Path("starter")),
    prompt="a fox",
    negative_prompt="fog",
    sampling=Sampling(steps=20, guidance_scale=4.0, seed=3),
    count=2,
)
SIZE = Size(24, 16)
DICE = np.random.default_rng(4)
OPAQUE = DICE.integers(0, 256, (16, 24, 4), np.uint8)
OPAQUE[..., 3] = 255
HALF = OPAQUE.copy()
HALF[:, 12:] = 0
MASK = np.zeros((16, 24), np.uint8)
MASK[4:8, 4:8] = 200
CONTENTS = {Coverage.NONE: None, Coverage.SOME: HALF, Coverage.ALL: OPAQUE}
straight_pixels = arrays(np.uint8, st.tuples(st.integers(1, 12), st.integers(1, 12), st.just(4)))


@pytest.mark.parametrize("coverage", Coverage)
def test_a_frame_knows_how_much_of_it_is_painted_on(coverage: Coverage) -> None:
    assert Frame(SIZE, CONTENTS[coverage]).coverage is coverage


def test_a_frame_of_nothing_but_transparency_is_empty() -> None:
    assert Frame(SIZE, np.zeros_like(HALF)).coverage is Coverage.NONE


def test_the_rounding_of_blended_layers_is_no_hole() -> None:
    rounded = OPAQUE.copy()
    rounded[3, 3, 3] = 253
    assert Frame(SIZE, rounded).coverage is Coverage.ALL


@pytest.mark.parametrize(
    ("coverage", "has_mask", "kind"),
    [
        (Coverage.NONE, False, FrameKind.TEXT),
        (Coverage.NONE, True, FrameKind.TEXT),
        (Coverage.ALL, False, FrameKind.IMAGE),
        (Coverage.ALL, True, FrameKind.INPAINT),
        (Coverage.SOME, False, FrameKind.OUTPAINT),
        (Coverage.SOME, True, FrameKind.OUTPAINT),
    ],
)
def test_the_content_decides(coverage: Coverage, has_mask: bool, kind: FrameKind) -> None:
    assert kind_of(coverage, has_mask) is kind


@pytest.mark.parametrize("has_mask", [False, True])
@pytest.mark.parametrize("coverage", Coverage)
@pytest.mark.parametrize("kind", FrameKind)
def test_what_can_be_forced_makes_a_request_and_what_cannot_says_why(
    kind: FrameKind, coverage: Coverage, has_mask: bool
) -> None:
    frame = Frame(SIZE, CONTENTS[coverage], MASK if has_mask else None)
    if kind in possible_kinds(coverage, has_mask):
        assert kind_of(coverage, has_mask, kind) is kind
        request = request_of(kind, frame, SETTINGS)
        assert (request.width, request.height, request.count) == (24, 16, 2)
    else:
        with pytest.raises(InvalidSetting, match=kind.title):
            kind_of(coverage, has_mask, kind)
        with pytest.raises(InvalidSetting, match="not possible here"):
            request_of(kind, frame, SETTINGS)


def test_what_the_content_decides_can_always_be_made() -> None:
    for coverage in Coverage:
        for has_mask in (False, True):
            assert kind_of(coverage, has_mask) in possible_kinds(coverage, has_mask)


def test_an_empty_frame_asks_for_a_picture_of_its_size() -> None:
    request = request_of(FrameKind.TEXT, Frame(Size(64, 48)), SETTINGS)
    assert isinstance(request, TextToImage)
    assert (request.prompt, request.negative_prompt, request.sampling) == ("a fox", "fog", SETTINGS.sampling)


def test_an_opaque_picture_starts_an_image_to_image() -> None:
    request = request_of(FrameKind.IMAGE, Frame(SIZE, OPAQUE), SETTINGS)
    assert isinstance(request, ImageToImage)
    assert np.array_equal(request.image.pixels, OPAQUE[..., :3])
    assert request.strength == FrameKind.IMAGE.strength


def test_a_sketch_forced_to_be_a_picture_lies_on_white_paper() -> None:
    request = request_of(FrameKind.IMAGE, Frame(SIZE, HALF), SETTINGS)
    assert isinstance(request, ImageToImage)
    assert np.array_equal(request.image.pixels[:, :12], OPAQUE[:, :12, :3])
    assert (request.image.pixels[:, 12:] == 255).all()


def test_a_mask_asks_for_an_inpaint_under_it() -> None:
    request = request_of(FrameKind.INPAINT, Frame(SIZE, OPAQUE, MASK), SETTINGS)
    assert isinstance(request, Inpaint)
    assert np.array_equal(request.image.pixels, OPAQUE[..., :3])
    assert np.array_equal(request.mask.alpha, MASK)
    assert (request.task, request.method) == (Task.INPAINT, BEST)


def test_transparency_asks_to_continue_the_picture_and_the_mask_is_painted_as_well() -> None:
    request = request_of(FrameKind.OUTPAINT, Frame(SIZE, HALF, MASK), SETTINGS)
    assert isinstance(request, Inpaint)
    assert request.task is Task.OUTPAINT
    assert np.array_equal(request.image.pixels[:, :12], OPAQUE[:, :12, :3])
    assert request.mask.alpha[:, 12:].all()
    assert np.array_equal(request.mask.alpha[:, :12], MASK[:, :12])


def test_an_inpaint_forced_beside_transparency_paints_the_mask_alone() -> None:
    request = request_of(FrameKind.INPAINT, Frame(SIZE, HALF, MASK), SETTINGS)
    assert isinstance(request, Inpaint)
    assert request.task is Task.INPAINT
    assert np.array_equal(request.mask.alpha, MASK)


def test_strength_and_method_are_those_asked_for() -> None:
    asked = FrameSettings(model=SETTINGS.model, prompt="", sampling=SETTINGS.sampling, strength=0.25, method=PLAIN)
    request = request_of(FrameKind.INPAINT, Frame(SIZE, OPAQUE, MASK), asked)
    assert isinstance(request, Inpaint)
    assert (request.strength, request.method) == (0.25, PLAIN)


@settings(max_examples=60)
@given(straight=straight_pixels)
def test_a_continued_picture_keeps_every_opaque_pixel_and_masks_no_other(straight: np.ndarray) -> None:
    straight[0, 0, 3] = 255
    picture, mask = continued(premultiplied(straight))
    opaque = straight[..., 3] == 255
    assert np.array_equal(picture.pixels[opaque], straight[opaque][:, :3])
    assert np.array_equal(mask.alpha == 0, straight[..., 3] >= 250)


@settings(max_examples=60)
@given(straight=straight_pixels)
def test_white_paper_shows_through_as_much_as_a_pixel_is_transparent(straight: np.ndarray) -> None:
    alpha = straight[..., 3:].astype(float)
    alpha[alpha >= 250] = 255
    expected = straight[..., :3] * alpha / 255 + 255 - alpha
    assert np.abs(on_white(premultiplied(straight)).pixels - expected).max() <= 3


def test_edges_run_on_into_the_room_around_a_picture() -> None:
    stripes = np.zeros((32, 16, 4), np.uint8)
    stripes[..., 3] = 255
    stripes[:16, :, 0] = 255
    frame = grown(Frame(Size(16, 32), stripes), Margins(left=8, bottom=4))
    assert frame.size == Size(24, 36)
    assert frame.content is not None
    picture, mask = continued(frame.content)
    assert (picture.pixels[2:14, 7, 0] > 230).all()
    assert (picture.pixels[18:30, 7, 0] < 25).all()
    assert np.array_equal(mask.alpha == 0, np.pad(np.ones((32, 16), bool), ((0, 4), (8, 0))))


@pytest.mark.parametrize("width", [8, 16, 40])
def test_what_is_continued_gets_free_of_its_border_on_the_way(width: int) -> None:
    hole = np.zeros((64, 64 + width), np.uint8)
    hole[:, 64:] = 255
    ramp = ramped(hole)
    assert not ramp[:, :64].any()
    across = ramp[32, 64:].astype(int)
    assert 70 <= across[0] <= 140
    assert across[-1] >= 250
    assert (np.diff(across) >= 0).all()


@settings(max_examples=60)
@given(hole=arrays(np.uint8, st.tuples(st.integers(1, 24), st.integers(1, 24))))
def test_a_ramp_stays_in_its_hole_and_leaves_no_pixel_of_it_out(hole: np.ndarray) -> None:
    ramp = ramped(hole)
    assert np.array_equal(ramp == 0, hole == 0)
    assert (ramp <= hole).all()


def test_painted_hard_a_hole_is_painted_all_the_way() -> None:
    hard = FrameSettings(model=SETTINGS.model, prompt="", sampling=SETTINGS.sampling, method=PLAIN)
    request = request_of(FrameKind.OUTPAINT, Frame(SIZE, HALF), hard)
    assert isinstance(request, Inpaint)
    assert (request.mask.alpha[:, 12:] == 255).all()


def test_a_frame_grows_with_its_mask() -> None:
    frame = grown(Frame(SIZE, OPAQUE, MASK), Margins(top=3, right=5))
    assert frame.mask is not None
    assert np.array_equal(frame.mask[3:, :24], MASK)
    assert int(frame.mask.sum()) == int(MASK.sum())


def test_a_picture_cannot_grow_beyond_the_largest_side() -> None:
    with pytest.raises(InvalidSize, match="continued"):
        grown(Frame(SIZE, OPAQUE), Margins(left=MAX_SIDE))


@pytest.mark.parametrize("sides", [{}, {"left": -1}, {"left": -1, "top": 5}])
def test_margins_that_add_nothing_are_refused(sides: dict[str, int]) -> None:
    with pytest.raises(InvalidSetting, match="continued"):
        Margins(**sides)


@pytest.mark.parametrize("part", ["content", "mask"])
def test_a_frame_of_another_size_than_its_parts_is_refused(part: str) -> None:
    arrays_ = {"content": OPAQUE, "mask": MASK}
    with pytest.raises(InvalidRequest, match=part):
        Frame(Size(8, 8), **{part: arrays_[part]})
