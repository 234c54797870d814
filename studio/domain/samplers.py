"""Samplers and schedules by name. `studio.engine.schedulers` has one row for each of them."""

from __future__ import annotations

from enum import Enum


class Sampler(Enum):
    """How the noise is taken away; the value is the name on the command line and in files."""

    DPMPP_2M = "dpmpp_2m"
    DPMPP_2M_SDE = "dpmpp_2m_sde"
    EULER = "euler"
    EULER_A = "euler_a"
    UNIPC = "unipc"
    DDIM = "ddim"
    DDPM = "ddpm"
    HEUN = "heun"
    LMS = "lms"
    PNDM = "pndm"
    DEIS = "deis"
    DPM2 = "dpm2"
    DPM2_A = "dpm2_a"
    LCM = "lcm"

    @property
    def title(self) -> str:
        """The name users of other programs know, as A1111 writes it into pictures."""
        return _SAMPLER_TITLES[self]


class Schedule(Enum):
    """How the noise levels are spaced; the value is the name on the command line and in files."""

    KARRAS = "karras"
    EXPONENTIAL = "exponential"
    UNIFORM = "uniform"
    SGM_UNIFORM = "sgm_uniform"

    @property
    def title(self) -> str:
        """The name A1111 writes as ``Schedule type``."""
        return _SCHEDULE_TITLES[self]


_SAMPLER_TITLES = {
    Sampler.DPMPP_2M: "DPM++ 2M",
    Sampler.DPMPP_2M_SDE: "DPM++ 2M SDE",
    Sampler.EULER: "Euler",
    Sampler.EULER_A: "Euler a",
    Sampler.UNIPC: "UniPC",
    Sampler.DDIM: "DDIM",
    Sampler.DDPM: "DDPM",
    Sampler.HEUN: "Heun",
    Sampler.LMS: "LMS",
    Sampler.PNDM: "PLMS",
    Sampler.DEIS: "DEIS",
    Sampler.DPM2: "DPM2",
    Sampler.DPM2_A: "DPM2 a",
    Sampler.LCM: "LCM",
}

_SCHEDULE_TITLES = {
    Schedule.KARRAS: "Karras",
    Schedule.EXPONENTIAL: "Exponential",
    Schedule.UNIFORM: "Uniform",
    Schedule.SGM_UNIFORM: "SGM Uniform",
}
