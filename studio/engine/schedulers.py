"""Samplers and schedules: one row for each name in `studio.domain.samplers`.

The mapping of names follows diffusers' own table,
https://huggingface.co/docs/diffusers/api/schedulers/overview.
"""

from __future__ import annotations

import inspect
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from studio.domain.errors import InvalidSetting
from studio.domain.samplers import Sampler, Schedule
from studio.engine.library import library_class

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.domain.request import Sampling


@dataclass(frozen=True, slots=True)
class Row:
    """A sampler of diffusers.

    Attributes:
        scheduler: its class.
        options: set on top of the model's own scheduler configuration.
        max_steps: what it can do at most; None for no limit.
    """

    scheduler: str
    options: Mapping[str, object] = field(default_factory=dict[str, object])
    max_steps: int | None = None


# Clipping the clean estimate to -1 to 1 suits pixels; latents go further, and not every model's configuration says so.
_LATENTS: Final = {"clip_sample": False}

SAMPLERS: Final[Mapping[Sampler, Row]] = {
    Sampler.DPMPP_2M: Row("DPMSolverMultistepScheduler", {"algorithm_type": "dpmsolver++"}),
    Sampler.DPMPP_2M_SDE: Row("DPMSolverMultistepScheduler", {"algorithm_type": "sde-dpmsolver++"}),
    Sampler.EULER: Row("EulerDiscreteScheduler"),
    Sampler.EULER_A: Row("EulerAncestralDiscreteScheduler"),
    Sampler.UNIPC: Row("UniPCMultistepScheduler"),
    Sampler.DDIM: Row("DDIMScheduler", {**_LATENTS, "set_alpha_to_one": False}),
    Sampler.DDPM: Row("DDPMScheduler", _LATENTS),
    Sampler.HEUN: Row("HeunDiscreteScheduler", _LATENTS),
    Sampler.LMS: Row("LMSDiscreteScheduler"),
    Sampler.PNDM: Row("PNDMScheduler", {"skip_prk_steps": True, "set_alpha_to_one": False}),
    Sampler.DEIS: Row("DEISMultistepScheduler", {"algorithm_type": "deis"}),
    Sampler.DPM2: Row("KDPM2DiscreteScheduler"),
    Sampler.DPM2_A: Row("KDPM2AncestralDiscreteScheduler"),
    # It picks its steps out of the 50 that the models it is made for were distilled with.
    Sampler.LCM: Row("LCMScheduler", {**_LATENTS, "original_inference_steps": 50}, max_steps=50),
}

_PLAIN: Final = {"use_karras_sigmas": False, "use_exponential_sigmas": False, "use_beta_sigmas": False}

SCHEDULES: Final[Mapping[Schedule, Mapping[str, object]]] = {
    Schedule.KARRAS: {**_PLAIN, "use_karras_sigmas": True},
    Schedule.EXPONENTIAL: {**_PLAIN, "use_exponential_sigmas": True},
    Schedule.UNIFORM: {**_PLAIN, "timestep_spacing": "linspace"},
    Schedule.SGM_UNIFORM: {**_PLAIN, "timestep_spacing": "trailing"},
}


def make_scheduler(own: Any, sampling: Sampling) -> Any:  # noqa: ANN401 - diffusers is untyped
    """Return a fresh scheduler.

    Args:
        own: the model's own scheduler; with neither sampler nor schedule asked for, the result is its equal.
        sampling: what is asked for.

    Raises:
        InvalidSetting: the sampler cannot take that schedule or that many steps.
    """
    row = None if sampling.sampler is None else SAMPLERS[sampling.sampler]
    kind: Any = type(own) if row is None else library_class("diffusers", row.scheduler)  # Any: a class found by name
    options: dict[str, object] = {} if row is None else dict(row.options)
    if sampling.schedule is not None:
        options |= _schedule_options(kind, sampling.schedule)
    if row is not None and row.max_steps is not None and sampling.steps > row.max_steps:
        title = "" if sampling.sampler is None else sampling.sampler.title
        raise InvalidSetting(
            f"{title} cannot take {sampling.steps} steps",
            f"it takes at most {row.max_steps}",
            "Choose fewer steps or another sampler",
        )
    made = kind.from_config(own.config, **options)
    # Up to half as many steps as noise levels are no trouble to any of them, and trying takes time.
    many = sampling.steps > made.config.num_train_timesteps // 2
    if many and not _can_space(kind.from_config(made.config), sampling.steps):
        raise InvalidSetting(
            f"{sampling.sampler.title if sampling.sampler else kind.__name__} cannot take {sampling.steps} steps",
            f"it cannot space so many noise levels among the {made.config.num_train_timesteps} of the model",
            "Choose fewer steps or another sampler",
        )
    return made


def _can_space(trial: Any, steps: int) -> bool:  # noqa: ANN401 - diffusers is untyped
    """Tell whether a scheduler can space that many noise levels.

    From about as many steps as the model has noise levels on, diffusers' schedulers look for a level beyond the last
    one, or give two steps the same one, between which multistep solvers then divide by zero.
    """
    try:
        trial.set_timesteps(steps)
    except (AssertionError, IndexError, ValueError):
        return False
    if not hasattr(trial, "sigmas"):
        return int(trial.timesteps.max()) < trial.config.num_train_timesteps
    is_multistep = "solver_order" in trial.config or hasattr(trial, "get_lms_coefficient")
    return not is_multistep or len(trial.sigmas.unique()) == len(trial.sigmas)


def _schedule_options(kind: Any, schedule: Schedule) -> dict[str, object]:  # noqa: ANN401 - diffusers is untyped
    takes = inspect.signature(kind.__init__).parameters
    options: dict[str, object] = {name: value for name, value in SCHEDULES[schedule].items() if name in takes}
    needed = {name for name, value in SCHEDULES[schedule].items() if value is not False}
    if not needed <= options.keys():
        raise InvalidSetting(
            f"This sampler has no {schedule.title} schedule",
            f"{kind.__name__} spaces its noise levels in other ways",
            "Choose another schedule, or a sampler such as DPM++ 2M",
        )
    return options
