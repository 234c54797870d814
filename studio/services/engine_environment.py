"""The environment that makes torch fast. It is read at a process's start, so it must be there before."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

import studio

if TYPE_CHECKING:
    from collections.abc import Mapping


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the engine's process: the caller's, and what makes torch fast in it.

    glibc's malloc hands every large tensor back to the kernel and asks for it again zeroed. With thresholds that no
    tensor reaches, a denoising step takes 0.89 and a decode 0.61 of the time (SD 1.5, 512 x 512, CPU). It is read at
    the start of a process only. What the caller has set already is kept.
    """
    environment = {"OMP_NUM_THREADS": str(_cores())}
    if "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", {}):
        environment |= {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296"}
    environment |= environ
    root = Path(studio.__file__).parents[1]
    if root.name not in {"site-packages", "dist-packages"}:
        # A checkout that is not installed; the folder the user stands in is not looked into (-P).
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [environment.get("PYTHONPATH"), str(root)]))
    return environment


def _cores() -> int:
    """Return the physical cores this process may use: twice as many threads as cores take 1.2 times as long."""
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(allowed, psutil.cpu_count(logical=False) or allowed))
