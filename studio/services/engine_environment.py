"""The environment that makes torch fast. It is read at a process's start, so it must be there before."""

from __future__ import annotations

import math
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

    GNU OpenMP's threads wait for each other by counting to 300,000, some milliseconds, before they sleep. Beside other
    work each waits that long for one that has no core: a step of the starter model took 0.8 to 4 s there, and takes 0.4
    with a count of 10,000. Alone it takes 0.04 s either way; not counting at all made it a fifth slower.
    https://gcc.gnu.org/onlinedocs/libgomp/GOMP_005fSPINCOUNT.html
    """
    environment = {"OMP_NUM_THREADS": str(_cores())}
    if "OMP_WAIT_POLICY" not in environ:
        environment["GOMP_SPINCOUNT"] = "10000"
    if "CS_GNU_LIBC_VERSION" in getattr(os, "confstr_names", {}):
        environment |= {"MALLOC_MMAP_THRESHOLD_": "4294967296", "MALLOC_TRIM_THRESHOLD_": "4294967296"}
    environment |= environ
    root = Path(studio.__file__).parents[1]
    if root.name not in {"site-packages", "dist-packages"}:
        # A checkout that is not installed; the folder the user stands in is not looked into (-P).
        environment["PYTHONPATH"] = os.pathsep.join(filter(None, [environment.get("PYTHONPATH"), str(root)]))
    return environment


def cpu_quota(groups: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> float:
    """Return how many CPUs' time a container may use, as Linux's control groups say; infinite where nothing says so.

    Args:
        groups: where the control groups are mounted; https://docs.kernel.org/admin-guide/cgroup-v2.html, ``cpu.max``,
            and for version 1 https://docs.kernel.org/scheduler/sched-bwc.html.
        own: names this process's groups.
    """
    quota = math.inf
    for line in _text(own).splitlines():
        number, controllers, path = line.split(":", 2)
        if number == "0":
            quota = min(quota, *(_share(_text(place / "cpu.max")) for place in _upwards(groups, path)))
        elif "cpu" in controllers.split(","):
            for place in _upwards(groups / "cpu", path):
                period = _text(place / "cpu.cfs_period_us")
                quota = min(quota, _share(f"{_text(place / 'cpu.cfs_quota_us')} {period}"))
    return quota


def _upwards(root: Path, path: str) -> list[Path]:
    """Return the group's folder and those above it, each of which may set a limit."""
    group = Path(path.lstrip("/"))
    return [root / one for one in (group, *group.parents)]


def _share(text: str) -> float:
    """Return quota / period of ``"200000 100000"``; infinite for ``max``, -1, or anything else."""
    match text.split():
        case [quota, period] if quota.isdecimal() and period.isdecimal() and int(period):
            return int(quota) / int(period)
        case _:
            return math.inf


def _text(path: Path) -> str:
    try:
        return path.read_text("ascii", errors="replace")
    except OSError:
        return ""


def _cores() -> int:
    """Return the physical cores this process may use: twice as many threads as cores take 1.2 times as long.

    A container's quota counts too: more threads than it allows wait for each other while the kernel holds some back.
    """
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    physical = psutil.cpu_count(logical=False) or allowed
    return max(1, math.ceil(min(allowed, physical, cpu_quota())))
