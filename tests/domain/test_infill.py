"""Spreading keeps what is known, invents nothing beyond it, and is sharp beside the edge."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from studio.domain.infill import spread


@settings(max_examples=40)
@given(height=st.integers(1, 40), width=st.integers(1, 40), seed=st.integers(0, 2**32), share=st.floats(0.01, 1))
def test_what_is_known_stays_and_all_else_lies_between(height: int, width: int, seed: int, share: float) -> None:
    dice = np.random.default_rng(seed)
    values = dice.uniform(-300, 300, (height, width, 2)).astype(np.float32)
    known = (dice.random((height, width)) < share).astype(np.float32)
    known.flat[dice.integers(known.size)] = 1
    out = spread(values, known)
    believed = known == 1
    assert np.allclose(out[believed], values[believed], atol=1e-3)
    assert (out >= values[believed].min(axis=0) - 1e-3).all()
    assert (out <= values[believed].max(axis=0) + 1e-3).all()


def test_beside_an_edge_its_colours_go_on() -> None:
    values = np.zeros((64, 64, 1), np.float32)
    values[:32, :32] = 200
    known = np.zeros((64, 64), np.float32)
    known[:, :32] = 1
    beside = spread(values, known)[:, 32, 0]
    assert (beside[:30] > 190).all()
    assert (beside[34:] < 10).all()


def test_far_from_the_edge_nothing_changes_fast() -> None:
    values = np.random.default_rng(1).uniform(0, 255, (64, 64, 1)).astype(np.float32)
    known = np.zeros((64, 64), np.float32)
    known[:, :16] = 1
    out = spread(values, known)[..., 0]
    assert np.abs(np.diff(out[:, 40:], axis=0)).max() < 8 < np.abs(np.diff(out[:, :16], axis=0)).mean()
