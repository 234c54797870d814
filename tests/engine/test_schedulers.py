"""Every sampler and every schedule has its row, and runs."""

import contextlib
import importlib
from typing import Any

import numpy as np
import pytest
import torch

from studio.domain.cancel import CancelToken
from studio.domain.errors import InvalidSetting
from studio.domain.events import Preview
from studio.domain.request import Sampling
from studio.domain.samplers import Sampler, Schedule
from studio.engine.diffusers_engine import DiffusersEngine
from studio.engine.library import quiet
from studio.engine.schedulers import SAMPLERS, SCHEDULES, make_scheduler
from tests.contract.recording import Recording
from tests.engine.requests import words


def own() -> Any:  # noqa: ANN401 - diffusers is untyped
    kind = importlib.import_module("diffusers").DDIMScheduler
    return kind(beta_schedule="scaled_linear", clip_sample=False, prediction_type="v_prediction", steps_offset=1)


def test_tables_and_names_are_the_same() -> None:
    assert set(SAMPLERS) == set(Sampler)
    assert set(SCHEDULES) == set(Schedule)


@pytest.mark.parametrize("sampler", list(Sampler), ids=[one.value for one in Sampler])
def test_every_sampler_paints_and_shows_it(engine: DiffusersEngine, sampler: Sampler) -> None:
    recording = Recording()
    how = Sampling(steps=6, guidance_scale=2.0, seed=3, sampler=sampler)
    result = engine.generate(words(how=how), recording, CancelToken())
    assert result.images[0].picture.pixels.std() > 1
    assert any(isinstance(event, Preview) for event in recording.events)


@pytest.mark.parametrize("sampler", list(Sampler), ids=[one.value for one in Sampler])
def test_every_schedule_is_set_or_refused(sampler: Sampler) -> None:
    refused: list[Schedule] = []
    for schedule in Schedule:
        how = Sampling(steps=8, guidance_scale=1, seed=0, sampler=sampler, schedule=schedule)
        try:
            with quiet():
                made = make_scheduler(own(), how)
        except InvalidSetting:
            refused.append(schedule)
            continue
        with quiet():
            made.set_timesteps(8)
        assert np.isfinite(np.asarray(made.timesteps, dtype=float)).all()
    assert set(refused) <= {Schedule.KARRAS, Schedule.EXPONENTIAL}


# DPM2 spaces any number of them, and takes seconds to do so.
QUICK = [None, *(one for one in Sampler if one not in {Sampler.DPM2, Sampler.DPM2_A})]


@pytest.mark.parametrize("spacing", ["leading", "linspace", "trailing"])
@pytest.mark.parametrize("sampler", QUICK, ids=[one.value if one else "own" for one in QUICK])
def test_as_many_steps_as_noise_levels_are_walked_or_refused(sampler: Sampler | None, spacing: str) -> None:
    how = Sampling(steps=1000, guidance_scale=1, seed=0, sampler=sampler)
    with quiet(), contextlib.suppress(InvalidSetting):
        kind = importlib.import_module("diffusers").PNDMScheduler
        mine = kind(beta_schedule="scaled_linear", skip_prk_steps=True, steps_offset=1, timestep_spacing=spacing)
        made = make_scheduler(mine, how)
        made.set_timesteps(1000)
        latents = torch.full((1, 4, 2, 2), 0.5)
        # The ends: the first steps look for the highest level, the last ones for the lowest.
        for time in (*made.timesteps[:8], *made.timesteps[-8:]):
            made.scale_model_input(latents, time)
            latents = made.step(torch.full_like(latents, 0.1), time, latents, return_dict=False)[0]
        assert torch.isfinite(latents).all()


def test_too_many_steps_are_refused_with_a_way_out() -> None:
    with quiet(), pytest.raises(InvalidSetting, match="DDIM cannot take 1000 steps") as caught:
        make_scheduler(own(), Sampling(steps=1000, guidance_scale=1, seed=0, sampler=Sampler.DDIM))
    assert "fewer steps" in caught.value.remedy


def test_karras_noise_levels_are_karras() -> None:
    how = Sampling(steps=8, guidance_scale=1, seed=0, sampler=Sampler.EULER, schedule=Schedule.KARRAS)
    with quiet():
        made = make_scheduler(own(), how)
        made.set_timesteps(8)
    # https://arxiv.org/abs/2206.00364, equation 5: even steps in the seventh root.
    roots = np.asarray(made.sigmas[:-1], dtype=float) ** (1 / 7)
    assert np.allclose(np.diff(roots), np.diff(roots)[0], rtol=1e-3)


def test_a_models_own_scheduler_is_left_as_it_is() -> None:
    mine = own()
    made = make_scheduler(mine, Sampling(steps=4, guidance_scale=1, seed=0))
    assert made is not mine
    assert type(made) is type(mine)
    assert dict(made.config) == dict(mine.config)
