"""The border of a picture that the shipped model continues is not to be seen."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from scipy import ndimage

from studio.domain.framing import Frame, FrameKind, FrameSettings, Margins, grown, request_of
from studio.domain.geometry import Size
from studio.domain.inpainting import BEST, PLAIN, Inpainting
from studio.domain.request import GenerationRequest, ModelRef, Sampling, TextToImage
from studio.engine.diffusers_engine import DiffusersEngine
from tests.contract.recording import paint

MODEL = ModelRef("starter", Path(__file__).parents[2] / "resources" / "models" / "starter")
PROMPT = "an owl on a teal background, 3d"
BEYOND = "teal background"
"""What is to be seen where the picture goes on. Asked for another owl, the model begins one in each margin."""
MARGIN, SIDE = 64, 256


@pytest.fixture(scope="module")
def engine() -> Iterator[DiffusersEngine]:
    engine = DiffusersEngine("cpu", "float32")
    yield engine
    engine.close()


def pixels_of(engine: DiffusersEngine, request: GenerationRequest) -> np.ndarray:
    return paint(engine, request)[0].images[0].picture.pixels


def walk(seed: int) -> Sampling:
    return Sampling(steps=12, guidance_scale=2.5, seed=seed)


def step_across(pixels: np.ndarray, column: int, reach: int = 12) -> float:
    """Return the mean step in levels between the means of the columns before and after, smoothed downwards."""
    values = pixels.astype(float)
    before, after = (
        ndimage.uniform_filter1d(values[:, part].mean(axis=1), 16, axis=0)
        for part in (slice(column - reach, column), slice(column, column + reach))
    )
    return float(np.abs(before - after).mean())


@pytest.mark.slow
def test_no_step_shows_where_a_picture_was_continued(engine: DiffusersEngine) -> None:
    words = TextToImage(model=MODEL, prompt=PROMPT, sampling=walk(21), width=SIDE, height=SIDE)
    picture = pixels_of(engine, words)
    content = np.dstack([picture, np.full((SIDE, SIDE), 255, np.uint8)])
    frame = grown(Frame(Size(SIDE, SIDE), content), Margins(left=MARGIN, right=MARGIN))

    def steps(method: Inpainting, strength: float | None) -> list[float]:
        settings = FrameSettings(model=MODEL, prompt=BEYOND, sampling=walk(121), method=method, strength=strength)
        wide = pixels_of(engine, request_of(FrameKind.OUTPAINT, frame, settings))
        assert np.array_equal(wide[:, MARGIN : MARGIN + SIDE], picture)
        return [step_across(wide, column) for column in (MARGIN, MARGIN + SIDE)]

    ours, stock = steps(BEST, None), steps(PLAIN, 1.0)
    assert max(ours) < 6
    assert max(ours) < min(stock) / 2
