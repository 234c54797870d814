"""A request that exists is valid; one that cannot be valid says what, why and what to do."""

from collections.abc import Callable
from dataclasses import FrozenInstanceError, replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.domain.errors import InvalidRequest, InvalidSetting, InvalidSize
from studio.domain.inpainting import MAX_EDGE, MAX_PADDING, Inpainting
from studio.domain.picture import MAX_SIDE, Mask, Picture
from studio.domain.request import (
    MAX_COUNT,
    MAX_SEED,
    GenerationRequest,
    ImageToImage,
    Inpaint,
    ModelRef,
    Sampling,
    Task,
    TextToImage,
    random_seed,
)

MODEL = ModelRef("starter", Path("starter"))
SAMPLING = Sampling(steps=20, guidance_scale=4.0, seed=3)
PICTURE = Picture(np.zeros((32, 48, 3), np.uint8))
MASK = Mask(np.full((32, 48), 255, np.uint8))

REQUESTS: dict[Task, Callable[[], GenerationRequest]] = {
    Task.TEXT_TO_IMAGE: lambda: TextToImage(model=MODEL, prompt="a fox", sampling=SAMPLING, width=48, height=32),
    Task.IMAGE_TO_IMAGE: lambda: ImageToImage(
        model=MODEL, prompt="a fox", sampling=SAMPLING, image=PICTURE, strength=0.5
    ),
    Task.INPAINT: lambda: Inpaint(model=MODEL, prompt="a fox", sampling=SAMPLING, image=PICTURE, mask=MASK),
    Task.OUTPAINT: lambda: Inpaint(
        model=MODEL, prompt="a fox", sampling=SAMPLING, image=PICTURE, mask=MASK, continues=True
    ),
}


@pytest.mark.parametrize("task", Task)
def test_every_task_has_a_request_that_knows_its_task_and_size(task: Task) -> None:
    request = REQUESTS[task]()
    assert (request.task, request.width, request.height) == (task, 48, 32)


@pytest.mark.parametrize("task", Task)
def test_two_equal_requests_are_two_jobs(task: Task) -> None:
    first, second = REQUESTS[task](), REQUESTS[task]()
    assert first == second
    assert first.job_id != second.job_id


@pytest.mark.parametrize("task", Task)
@pytest.mark.parametrize("field", ["prompt", "negative_prompt"])
def test_words_that_no_file_can_hold_are_refused(task: Task, field: str) -> None:
    with pytest.raises(InvalidSetting, match=r"rompt holds a NUL character.*Delete it"):
        replace(REQUESTS[task](), **{field: "a\0fox"})


@pytest.mark.parametrize("task", Task)
def test_a_request_cannot_be_changed(task: Task) -> None:
    with pytest.raises(FrozenInstanceError):
        REQUESTS[task]().prompt = "a cat"  # pyright: ignore[reportAttributeAccessIssue] - the point of the test


@pytest.mark.parametrize(
    "change",
    [
        {"steps": 0},
        {"steps": 1001},
        {"guidance_scale": -0.1},
        {"guidance_scale": 101},
        {"guidance_scale": float("nan")},
        {"guidance_scale": float("inf")},
        {"seed": -1},
        {"seed": 2**63 - MAX_COUNT},
    ],
    ids=str,
)
def test_a_number_out_of_range_is_refused_in_words(change: dict[str, float]) -> None:
    with pytest.raises(InvalidSetting) as caught:
        replace(SAMPLING, **change)
    assert caught.value.what
    assert caught.value.why
    assert caught.value.remedy


@pytest.mark.parametrize("count", [0, -1, MAX_COUNT + 1])
def test_a_count_out_of_range_is_refused(count: int) -> None:
    with pytest.raises(InvalidSetting, match="Number of pictures"):
        TextToImage(model=MODEL, prompt="", sampling=SAMPLING, width=64, height=64, count=count)


@pytest.mark.parametrize(("width", "height"), [(0, 64), (64, 0), (-8, 64), (MAX_SIDE + 1, 64)])
def test_an_impossible_size_is_refused(width: int, height: int) -> None:
    with pytest.raises(InvalidSize):
        TextToImage(model=MODEL, prompt="", sampling=SAMPLING, width=width, height=height)


@pytest.mark.parametrize("strength", [0.0, -0.5, 1.01, float("nan")])
def test_a_strength_out_of_range_is_refused(strength: float) -> None:
    with pytest.raises(InvalidSetting, match="strength"):
        ImageToImage(model=MODEL, prompt="", sampling=SAMPLING, image=PICTURE, strength=strength)


def test_a_mask_of_another_size_is_refused_with_both_sizes() -> None:
    with pytest.raises(InvalidSize, match=r"10x20.*48x32"):
        Inpaint(model=MODEL, prompt="", sampling=SAMPLING, image=PICTURE, mask=Mask(np.full((20, 10), 255, np.uint8)))


def test_an_empty_mask_is_refused() -> None:
    with pytest.raises(InvalidSetting, match="mask is empty"):
        Inpaint(model=MODEL, prompt="", sampling=SAMPLING, image=PICTURE, mask=Mask(np.zeros((32, 48), np.uint8)))


@pytest.mark.parametrize("padding", [-1, MAX_PADDING + 1])
def test_a_padding_out_of_range_is_refused(padding: int) -> None:
    with pytest.raises(InvalidSetting, match="padding"):
        Inpainting(padding=padding)


@pytest.mark.parametrize("edge", [-1, MAX_EDGE + 1])
def test_an_edge_out_of_range_is_refused(edge: int) -> None:
    with pytest.raises(InvalidSetting, match="edge"):
        Inpainting(edge=edge)


@pytest.mark.parametrize("task", Task)
def test_a_task_has_a_mask_exactly_when_its_request_has_one(task: Task) -> None:
    assert task.has_mask is isinstance(REQUESTS[task](), Inpaint)


def test_random_seeds_differ_and_stay_in_the_range_other_programs_use() -> None:
    seeds = {random_seed() for _ in range(50)}
    assert len(seeds) > 45
    assert all(0 <= seed <= MAX_SEED for seed in seeds)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((4, 4), np.uint8),
        np.zeros((4, 4, 4), np.uint8),
        np.zeros((4, 4, 3), np.float32),
        np.zeros((0, 4, 3), np.uint8),
    ],
    ids=lambda array: f"{array.shape}-{array.dtype}",
)
def test_an_array_that_is_no_picture_is_refused(array: np.ndarray) -> None:
    with pytest.raises(InvalidRequest):
        Picture(array)


def test_a_picture_does_not_change_with_the_array_it_was_made_from() -> None:
    array = np.zeros((4, 4, 3), np.uint8)
    picture = Picture(array)
    array[:] = 9
    assert not picture.pixels.any()
    with pytest.raises(ValueError, match="read-only"):
        picture.pixels[0, 0, 0] = 1


@given(st.binary(min_size=12, max_size=12), st.binary(min_size=12, max_size=12))
def test_pictures_are_equal_exactly_when_their_pixels_are(one: bytes, other: bytes) -> None:
    pictures = [Picture(np.frombuffer(data, np.uint8).reshape(2, 2, 3)) for data in (one, other)]
    assert (pictures[0] == pictures[1]) == (one == other)
    assert (pictures[0].sha256 == pictures[1].sha256) == (one == other)
