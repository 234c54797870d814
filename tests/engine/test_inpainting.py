"""Pixels outside the mask stay, whatever the mask."""

import gc
import weakref

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from studio.domain.cancel import CancelToken
from studio.domain.picture import Mask, Picture
from studio.domain.request import Inpaint
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.inpainting import composite
from tests.contract.recording import Recording, paint
from tests.engine.requests import noise, ref, sampling, words

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
