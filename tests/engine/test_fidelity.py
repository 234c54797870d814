"""For equal parameters the pixels are the stock pipelines', bit for bit."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from studio.domain.cancel import CancelToken
from studio.domain.request import GenerationRequest, Inpaint, Sampling, Task
from studio.domain.samplers import Sampler, Schedule
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.schedulers import SAMPLERS, SCHEDULES
from tests.contract.recording import Recording
from tests.engine.requests import ref, request, sampling, stock_pixels, words
from tests.tiny_models import Tiny

ALL_TASKS = list(Task)
SLOW_KINDS = {Tiny.KL_F8, Tiny.TINY_F16}
KINDS = [
    pytest.param(kind, id=kind.value, marks=[pytest.mark.slow] * (kind in SLOW_KINDS))
    for kind in (Tiny.KL_F8, Tiny.TINY_F8, Tiny.TINY_F16)
]


def paint(engine: DiffusersEngine, wanted: GenerationRequest) -> NDArray[np.uint8]:
    return engine.generate(wanted, Recording(), CancelToken()).images[0].picture.pixels


def assert_same(wanted: GenerationRequest, ours: NDArray[np.uint8], stock: NDArray[np.uint8]) -> None:
    if isinstance(wanted, Inpaint):
        inside = wanted.mask.alpha == 255
        assert np.array_equal(ours[inside], stock[inside])
        assert np.array_equal(ours[~inside], wanted.image.pixels[~inside])
    else:
        assert np.array_equal(ours, stock)
    assert len(np.unique(stock)) > 8, "a flat picture proves nothing"


@pytest.mark.parametrize("guidance", [1.0, 4.5], ids=["unguided", "guided"])
@pytest.mark.parametrize("task", ALL_TASKS, ids=[task.value for task in ALL_TASKS])
@pytest.mark.parametrize("kind", KINDS)
def test_pixels_are_those_of_the_stock_pipeline(
    engine: DiffusersEngine, kind: Tiny, task: Task, guidance: float
) -> None:
    wanted = request(task, ref(kind), sampling(guidance=guidance))
    assert_same(wanted, paint(engine, wanted), stock_pixels(wanted))


def test_a_model_made_for_inpainting_paints_the_stock_pixels(engine: DiffusersEngine) -> None:
    wanted = request(Task.INPAINT, ref(Tiny.INPAINT_F8), sampling())
    assert_same(wanted, paint(engine, wanted), stock_pixels(wanted))


OTHERS = [Sampler.DPMPP_2M, Sampler.EULER_A, Sampler.HEUN]


@pytest.mark.parametrize("sampler", OTHERS, ids=[one.value for one in OTHERS])
@pytest.mark.parametrize("task", ALL_TASKS, ids=[task.value for task in ALL_TASKS])
def test_a_sampler_is_diffusers_own(engine: DiffusersEngine, task: Task, sampler: Sampler) -> None:
    how = Sampling(steps=4, guidance_scale=3.0, seed=9, sampler=sampler)
    wanted = request(task, ref(), how)
    row = SAMPLERS[sampler]
    assert_same(wanted, paint(engine, wanted), stock_pixels(wanted, (row.scheduler, dict(row.options))))


def test_a_schedule_is_diffusers_own(engine: DiffusersEngine) -> None:
    how = Sampling(steps=5, guidance_scale=3.0, seed=9, sampler=Sampler.DPMPP_2M, schedule=Schedule.KARRAS)
    wanted = words(how=how)
    row = SAMPLERS[Sampler.DPMPP_2M]
    stock = stock_pixels(wanted, (row.scheduler, {**row.options, **SCHEDULES[Schedule.KARRAS]}))
    assert_same(wanted, paint(engine, wanted), stock)


def test_half_the_width_is_still_the_stock_pipelines_pixels() -> None:
    engine = DiffusersEngine("cpu", "bfloat16")
    wanted = words()
    ours = paint(engine, wanted)
    channels_last = engine.describe().channels_last
    engine.close()
    assert_same(wanted, ours, stock_pixels(wanted, dtype=torch.bfloat16, channels_last=channels_last))


def test_what_went_before_changes_nothing(engine: DiffusersEngine) -> None:
    wanted = words()
    before = paint(engine, wanted)
    paint(engine, words(how=Sampling(steps=3, guidance_scale=1.0, seed=1, sampler=Sampler.LMS)))
    paint(engine, request(Task.INPAINT, ref(), sampling()))
    assert np.array_equal(paint(engine, wanted), before)


def test_each_picture_of_a_job_is_the_one_its_seed_paints(engine: DiffusersEngine) -> None:
    many = engine.generate(words(how=sampling(seed=30), count=3), Recording(), CancelToken()).images
    assert [(one.seed, one.index) for one in many] == [(30, 0), (31, 1), (32, 2)]
    for one in many:
        assert np.array_equal(one.picture.pixels, stock_pixels(words(how=sampling(seed=one.seed))))


def test_half_a_character_costs_nothing(engine: DiffusersEngine) -> None:
    cut, said = (replace(words(ref(Tiny.TINY_F8), sampling()), prompt=f"a fox {mark}") for mark in ("\ud83e", "?"))
    assert np.array_equal(paint(engine, cut), paint(engine, said))
