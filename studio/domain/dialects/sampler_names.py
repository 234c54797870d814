"""What every program calls its samplers and schedules, and which of ours they are."""

from __future__ import annotations

import re
from typing import Final

from studio.domain.samplers import Sampler, Schedule

_SAMPLERS: Final = {
    "dpm++ 2m": Sampler.DPMPP_2M,
    "dpmpp 2m": Sampler.DPMPP_2M,
    "dpm++ 2m sde": Sampler.DPMPP_2M_SDE,
    "dpmpp 2m sde": Sampler.DPMPP_2M_SDE,
    "dpmpp 2m sde gpu": Sampler.DPMPP_2M_SDE,
    "euler": Sampler.EULER,
    "euler a": Sampler.EULER_A,
    "euler ancestral": Sampler.EULER_A,
    "unipc": Sampler.UNIPC,
    "uni pc": Sampler.UNIPC,
    "uni pc bh2": Sampler.UNIPC,
    "ddim": Sampler.DDIM,
    "ddpm": Sampler.DDPM,
    "heun": Sampler.HEUN,
    "lms": Sampler.LMS,
    "plms": Sampler.PNDM,
    "pndm": Sampler.PNDM,
    "deis": Sampler.DEIS,
    "dpm2": Sampler.DPM2,
    "dpm 2": Sampler.DPM2,
    "kdpm 2": Sampler.DPM2,
    "dpm2 a": Sampler.DPM2_A,
    "dpm 2 a": Sampler.DPM2_A,
    "dpm 2 ancestral": Sampler.DPM2_A,
    "kdpm 2 a": Sampler.DPM2_A,
    "lcm": Sampler.LCM,
}
"""By name in small letters, with blanks for ``_``: A1111's titles, ComfyUI's and k-diffusion's, InvokeAI's, NovelAI's.

Sources: A1111 ``modules/sd_samplers_kdiffusion.py``, ComfyUI ``comfy/samplers.py``, InvokeAI
``backend/stable_diffusion/schedulers/schedulers.py``, Fooocus ``modules/flags.py``.
"""
_SCHEDULES: Final = {
    "karras": Schedule.KARRAS,
    "k": Schedule.KARRAS,
    "exponential": Schedule.EXPONENTIAL,
    "uniform": Schedule.UNIFORM,
    "normal": Schedule.UNIFORM,
    "sgm uniform": Schedule.SGM_UNIFORM,
}
"""Likewise. What ComfyUI calls normal are A1111's uniform steps in time; InvokeAI ends a sampler's name in ``_k``."""
_PREFIX: Final = re.compile("^(?:k|sample) ")
"""NovelAI says ``k_euler``; k-diffusion's functions are called ``sample_euler``."""


def understood(sampler_name: str, schedule_name: str = "") -> tuple[Sampler | None, Schedule | None]:
    """Return which of ours is meant; None for what is not known here, and for the sampler's own schedule.

    Args:
        sampler_name: in any program's words; may end in the schedule, as A1111 wrote it before it had two fields.
        schedule_name: likewise; empty where the program has no such setting.
    """
    name, schedule = _PREFIX.sub("", _plain(sampler_name)), _SCHEDULES.get(_plain(schedule_name))
    if name in _SAMPLERS:
        return _SAMPLERS[name], schedule
    for end, named in _SCHEDULES.items():
        if name.endswith(f" {end}") and (start := name.removesuffix(f" {end}")) in _SAMPLERS:
            return _SAMPLERS[start], schedule or named
    return None, schedule


def _plain(name: str) -> str:
    return " ".join(re.split(r"[\s_\-]+", name.strip()[:100].lower()))
