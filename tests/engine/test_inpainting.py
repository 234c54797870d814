"""Pixels outside the mask stay, whatever the mask."""

import gc
import weakref

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.domain.cancel import CancelToken
from studio.domain.events import Preview
from studio.domain.geometry import Rect
from studio.domain.inpainting import BEST, PLAIN, Fill, Inpainting
from studio.domain.picture import Mask, Picture
from studio.domain.request import ImageToImage, Inpaint
from studio.engine.crop import bounds
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.inpainting import changes, composite, filled, opacities
from tests.contract.recording import Recording, paint
from tests.engine.requests import left_half, noise, ref, sampling, words
from tests.tiny_models import Tiny

LEVELS = arrays(np.uint8, (6, 5), elements=st.integers(0, 255))


@given(mask=LEVELS, original=arrays(np.uint8, (6, 5, 3)), painted=arrays(np.uint8, (6, 5, 3)))
def test_a_composite_is_exact_at_both_ends_and_between_in_between(
    mask: np.ndarray, original: np.ndarray, painted: np.ndarray
) -> None:
    laid = composite(Picture(original), painted, Mask(mask))
    assert np.array_equal(laid[mask == 0], original[mask == 0])
    assert np.array_equal(laid[mask == 255], painted[mask == 255])
    assert (laid >= np.minimum(original, painted)).all()
    assert (laid <= np.maximum(original, painted)).all()


@pytest.mark.slow
@settings(max_examples=4)
@given(seed=st.integers(0, 2**32), share=st.floats(0.01, 0.99))
def test_pixels_outside_the_mask_are_the_originals(seed: int, share: float) -> None:
    dice = np.random.default_rng(seed)
    alpha = np.where(dice.random((64, 64)) < share, dice.integers(1, 256, (64, 64)), 0).astype(np.uint8)
    alpha[0, 0] = 255
    engine = DiffusersEngine("cpu", "float32")
    request = Inpaint(model=ref(), prompt="a fox", sampling=sampling(2), image=noise(), mask=Mask(alpha))
    painted = engine.generate(request, Recording(), CancelToken()).images[0].picture.pixels
    engine.close()
    assert np.array_equal(painted[alpha == 0], request.image.pixels[alpha == 0])
    assert not np.array_equal(painted, request.image.pixels)


UNETS = [Tiny.TINY_F8, Tiny.INPAINT_F8, Tiny.TINY_F16]


@pytest.mark.slow
@pytest.mark.parametrize("fill", Fill)
@pytest.mark.parametrize("kind", UNETS, ids=[kind.value for kind in UNETS])
@settings(max_examples=6)
@given(data=st.data())
def test_pixels_outside_any_mask_stay_whatever_the_way_of_painting(
    engine: DiffusersEngine, kind: Tiny, fill: Fill, data: st.DataObject
) -> None:
    dice = np.random.default_rng(data.draw(st.integers(0, 2**32)))
    height, width = data.draw(st.integers(kind.multiple, 150)), data.draw(st.integers(kind.multiple, 150))
    method = Inpainting(
        padding=data.draw(st.integers(0, 90)),
        fill=fill,
        soft=data.draw(st.booleans()),
        edge=data.draw(st.integers(0, 20)),
        match_colour=data.draw(st.booleans()),
    )
    alpha = random_mask(dice, height, width)
    image = Picture(dice.integers(0, 256, (height, width, 3), np.uint8))
    request = Inpaint(
        model=ref(kind), prompt="a fox", sampling=sampling(2), image=image, mask=Mask(alpha), method=method
    )
    painted = paint(engine, request)[0].images[0].picture.pixels
    assert np.array_equal(painted[alpha == 0], image.pixels[alpha == 0])
    if (alpha > 64).sum() > 100:
        assert not np.array_equal(painted, image.pixels)


def random_mask(dice: np.random.Generator, height: int, width: int) -> np.ndarray:
    """Return a block of random levels with holes, somewhere."""
    alpha = np.zeros((height, width), np.uint8)
    rows, columns = (slice(*sorted(dice.integers(0, side, 2) + np.array([0, 1]))) for side in (height, width))
    block = alpha[rows, columns]
    block[:] = np.where(dice.random(block.shape) < dice.random(), dice.integers(1, 256, block.shape), 0)
    alpha[rows.start, columns.start] = 255
    return alpha


@pytest.mark.parametrize("kind", UNETS, ids=[kind.value for kind in UNETS])
def test_what_is_masked_is_painted(engine: DiffusersEngine, kind: Tiny) -> None:
    mask = left_half(96)
    request = Inpaint(model=ref(kind), prompt="a fox", sampling=sampling(), image=noise(96), mask=mask, method=BEST)
    painted = paint(engine, request)[0].images[0].picture.pixels
    changed = (painted != request.image.pixels).any(axis=2)
    assert not changed[:, 48:].any()
    assert changed[:, :40].mean() > 0.95


def test_one_grey_level_paints_as_much_as_that_strength_from_a_picture(engine: DiffusersEngine) -> None:
    whole = Inpainting(padding=None, soft=True, edge=0, match_colour=False)
    image, mask = noise(), Mask(np.full((64, 64), 127, np.uint8))
    how = sampling(4)
    hard = ImageToImage(model=ref(), prompt="a fox", sampling=how, image=image, strength=0.5)
    half = paint(engine, hard)[0].images[0].picture.pixels
    request = Inpaint(model=ref(), prompt="a fox", sampling=how, image=image, mask=mask, method=whole)
    soft = paint(engine, request)[0].images[0].picture.pixels
    assert np.abs(soft.astype(int) - half).max() <= 1


def test_a_soft_mask_changes_the_more_the_lighter_it_is(engine: DiffusersEngine) -> None:
    levels = np.zeros((64, 64), np.uint8)
    levels[:, :32], levels[:, 32:] = 255, 70
    whole = Inpainting(padding=None, soft=True, edge=0, match_colour=False)
    request = Inpaint(model=ref(), prompt="a fox", sampling=sampling(8), image=noise(), mask=Mask(levels), method=whole)
    painted = paint(engine, request)[0].images[0].picture.pixels
    as_it_was = (
        paint(engine, ImageToImage(model=ref(), prompt="a fox", sampling=sampling(50), image=noise(), strength=0.02))[0]
        .images[0]
        .picture.pixels
    )
    moved = np.abs(painted.astype(int) - as_it_was).mean(axis=(0, 2))
    assert moved[:28].mean() > 1.2 * moved[36:].mean()


def test_a_preview_says_where_it_lies(engine: DiffusersEngine) -> None:
    alpha = np.zeros((200, 240), np.uint8)
    alpha[20:40, 150:170] = 255
    image = Picture(np.full((200, 240, 3), 90, np.uint8))
    request = Inpaint(
        model=ref(), prompt="a fox", sampling=sampling(8), image=image, mask=Mask(alpha), method=Inpainting(padding=10)
    )
    areas = {event.area for event in paint(engine, request)[1].events if isinstance(event, Preview)}
    assert areas == {Rect(140, 10, 40, 40)}
    assert bounds(alpha).grown(10) == Rect(140, 10, 40, 40)


@pytest.mark.parametrize("method", [PLAIN, Inpainting(padding=500)], ids=["plain", "padded"])
def test_a_preview_of_the_whole_picture_names_no_place(engine: DiffusersEngine, method: Inpainting) -> None:
    request = Inpaint(model=ref(), prompt="a fox", sampling=sampling(8), image=noise(), mask=left_half(), method=method)
    areas = {event.area for event in paint(engine, request)[1].events if isinstance(event, Preview)}
    assert areas == {None}


def test_equal_requests_give_equal_pixels_and_each_picture_its_own_noise(engine: DiffusersEngine) -> None:
    request = Inpaint(
        model=ref(),
        prompt="a fox",
        sampling=sampling(2),
        image=noise(96),
        mask=left_half(96),
        method=Inpainting(fill=Fill.NOISE),
        count=2,
    )
    first, second = (paint(engine, request)[0].images for _ in range(2))
    assert first == second
    assert first[0].picture != first[1].picture


# --- the parts


def test_a_latent_changes_by_the_level_of_its_pixels() -> None:
    mask = np.zeros((8, 24), np.uint8)
    mask[:, 4:8] = 255
    mask[:, 8:16] = 51
    mask[:2, 16:24] = 255
    assert np.allclose(changes(mask, 8, soft=True), [[1.0, 0.2, 0.5]])
    assert changes(mask, 8, soft=False).tolist() == [[1, 1, 1]]
    assert not changes(np.zeros((8, 8), np.uint8), 8, soft=True).any()


@pytest.mark.parametrize("soft", [False, True])
@given(mask=arrays(np.uint8, (12, 15), elements=st.sampled_from([0, 0, 1, 63, 64, 128, 255])), edge=st.integers(0, 9))
def test_nothing_shows_where_the_mask_is_0(soft: bool, mask: np.ndarray, edge: int) -> None:
    shown = opacities(mask, edge, soft=soft)
    assert not shown[mask == 0].any()
    if not soft:
        assert (shown <= mask).all()


def test_the_edge_lies_inside_and_a_thin_line_still_shows() -> None:
    mask = np.zeros((40, 60), np.uint8)
    mask[:, 20:] = 255
    across = opacities(mask, 8, soft=True)[20]
    assert not across[:20].any()
    assert (np.diff(across[20:28].astype(int)) > 0).all()
    assert (across[28:] == 255).all()
    line = np.zeros((40, 60), np.uint8)
    line[18:21] = 255
    assert (opacities(line, 8, soft=True)[19] == 255).all()


def test_a_mask_over_everything_has_no_edge() -> None:
    assert (opacities(np.full((9, 9), 255, np.uint8), 4, soft=True) == 255).all()


def test_the_fills_are_what_their_names_say() -> None:
    image = np.full((64, 64, 3), 200, np.uint8)
    image[16:48, 16:48] = 0
    weights = (image[..., 0] == 0).astype(np.float32)
    assert filled(image, weights, Fill.ORIGINAL, 1, 8) is image
    assert (filled(image, weights, Fill.BLURRED, 1, 8) == 200).all()
    noisy = filled(image, weights, Fill.NOISE, 1, 8)
    assert (noisy[weights == 0] == 200).all()
    assert noisy[20:44, 20:44].std() > 20
    assert np.array_equal(noisy, filled(image, weights, Fill.NOISE, 1, 8))
    assert not np.array_equal(noisy, filled(image, weights, Fill.NOISE, 2, 8))


def test_a_fill_without_surroundings_is_their_mean_colour() -> None:
    image = np.zeros((16, 16, 3), np.uint8)
    image[:8] = 100
    assert (filled(image, np.ones((16, 16), np.float32), Fill.BLURRED, 1, 8) == 50).all()


def test_unloading_frees_the_model() -> None:
    engine = DiffusersEngine("cpu", "float32")
    paint(engine, words())
    kept = engine._models._kept
    assert kept is not None
    parts = [weakref.ref(kept.parts[name]) for name in ("unet", "vae", "text_encoder")]
    del kept
    engine.unload()
    gc.collect()
    assert [part() for part in parts] == [None, None, None]
    paint(engine, words())
    engine.close()
