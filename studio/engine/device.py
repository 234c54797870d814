"""Where to compute and in what numbers: the device asked for or the best one, dtype and memory format by measuring.

Half of the numbers' width is three and a half times faster on a CPU with AMX or AVX512-BF16 and slower on one without,
and which layout of memory suits convolutions differs as well, so a short probe decides and its result is kept.
"""

from __future__ import annotations

import platform
import time
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

import psutil
import torch
from torch.nn import functional

from studio.domain.errors import DeviceUnavailable, InvalidSetting
from studio.domain.ports import Memory
from studio.engine.kept import keep_json, kept_json

if TYPE_CHECKING:
    from collections.abc import Callable

DeviceName = Literal["cpu", "cuda", "mps", "xpu"]
DEVICES: Final[tuple[DeviceName, ...]] = ("cuda", "mps", "xpu", "cpu")
"""In the order in which ``auto`` tries them."""
DTYPES: Final = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}
CONTIGUOUS: Final = "contiguous"
CHANNELS_LAST: Final = "channels-last"
LAYOUTS: Final = (CONTIGUOUS, CHANNELS_LAST)
_HALF: Final[dict[DeviceName, str]] = {"cpu": "bfloat16", "cuda": "float16", "mps": "float16", "xpu": "float16"}
_WORTH_IT: Final = 1.15
"""How much faster half the width must be to be chosen, for it costs a little precision."""
_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Compute:
    """Where and how to compute.

    Attributes:
        device: torch's name of it.
        name: the processor's or card's own name.
        dtype: name of the number type, a key of `DTYPES`.
        channels_last: whether convolutions get their memory laid out channels-last.
        reason: why, in one sentence with the measured figures.
    """

    device: DeviceName
    name: str
    dtype: str
    channels_last: bool
    reason: str

    @property
    def torch_dtype(self) -> torch.dtype:
        """The number type."""
        return DTYPES[self.dtype]


def choose(device: str, dtype: str, cache_folder: Path | None, layout: str = "auto") -> Compute:
    """Return where and how to compute.

    Args:
        device: ``auto`` or one of `DEVICES`.
        dtype: ``auto`` or one of `DTYPES`.
        cache_folder: keeps what the probe measured; None measures anew each time.
        layout: ``auto`` or one of `LAYOUTS`: of the memory of convolutions, for a picture that was painted so before.

    Raises:
        DeviceUnavailable: this machine or this build of torch does not have the device.
        InvalidSetting: there is no such device or number type.
    """
    where = _device(device)
    name = _device_name(where)
    if dtype != "auto" and dtype not in DTYPES:
        raise InvalidSetting(f'There is no number type "{dtype}"', f"there are {', '.join(DTYPES)}", "Choose one")
    if dtype == "float32" and where == "cpu":
        # The stock pipelines' own way on a CPU; a probe would make the same picture depend on how busy the machine is.
        return Compute(where, name, dtype, channels_last=False, reason="float32 was asked for")
    if dtype != "auto" and layout in LAYOUTS:
        is_last = layout == CHANNELS_LAST
        return Compute(where, name, dtype, channels_last=is_last, reason=f"{dtype}, {layout}, was asked for")
    found = _measured(where, name, dtype, cache_folder)
    return _decide(where, name, dtype, found)


def particulars(compute: Compute) -> dict[str, str]:
    """Return by name what the last bits of a picture depend on beside device, number type and libraries.

    Sums that are split among threads, or by other kernels, are rounded otherwise: of the starter model in float32, 8
    steps, one thread and two make different pictures (in bfloat16 the same).
    """
    told = {
        "layout": CHANNELS_LAST if compute.channels_last else CONTIGUOUS,
        "threads": str(torch.get_num_threads()),
        "kernels": torch.backends.cpu.get_cpu_capability(),
    }
    if compute.device == "cuda":
        cudnn: object = torch.backends.cudnn.version()
        runtime: object = getattr(torch.version, "cuda", None) or getattr(torch.version, "hip", None)
        told |= {"cudnn": str(cudnn), "runtime": str(runtime)}
    return told


def memory_of(device: DeviceName) -> Memory:
    """Return the memory used by this process and what there is, in bytes."""
    if device == "cuda":
        return Memory(torch.cuda.memory_reserved(), torch.cuda.mem_get_info()[1])
    if device == "xpu":
        return Memory(torch.xpu.memory_reserved(), torch.xpu.get_device_properties().total_memory)
    used = psutil.Process().memory_info().rss
    if device == "mps":
        used += torch.mps.driver_allocated_memory()
    return Memory(used, psutil.virtual_memory().total)


def _device(asked: str) -> DeviceName:
    present: list[DeviceName] = [name for name in DEVICES if _is_present(name)]
    if asked == "auto":
        return present[0]
    wanted: DeviceName | None = next((name for name in DEVICES if name == asked), None)
    if wanted is None:
        raise InvalidSetting(
            f'There is no device "{asked}"', f"there are auto, {', '.join(DEVICES)}", "Choose one of them"
        )
    if wanted not in present:
        raise DeviceUnavailable(
            f"There is no {asked} device here",
            "this machine has none, its driver is missing, or this build of torch cannot use it",
            f"Use {' or '.join(present)}",
        )
    return wanted


def _is_present(name: DeviceName) -> bool:
    present: dict[DeviceName, Callable[[], bool]] = {
        "cuda": torch.cuda.is_available,
        "mps": torch.backends.mps.is_available,
        "xpu": torch.xpu.is_available,
        "cpu": lambda: True,
    }
    return present[name]()


def _device_name(device: DeviceName) -> str:
    if device == "cuda":
        return torch.cuda.get_device_name()
    if device == "xpu":
        return torch.xpu.get_device_name()
    return _processor()


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8", errors="replace").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


@dataclass(frozen=True, slots=True)
class _Timing:
    """Seconds of the probe's work in one dtype and layout."""

    dtype: str
    channels_last: bool
    seconds: float


def _measured(device: DeviceName, name: str, dtype: str, cache_folder: Path | None) -> list[_Timing]:
    key = f"{device} {name} {_instructions()} {torch.__version__} threads={torch.get_num_threads()} {dtype}"
    file = None if cache_folder is None else cache_folder / "probe.json"
    kept = kept_json(file)
    try:
        return [_Timing(one["dtype"], one["channels_last"], float(one["seconds"])) for one in kept[key]]
    except (KeyError, TypeError, ValueError):
        found = _probe(device, dtype)
        keep_json(file, {**kept, key: [asdict(one) for one in found]})
        return found


def _instructions() -> str:
    # Two machines may share a name and a folder, and differ in what a hypervisor lets through.
    return torch.backends.cpu.get_cpu_capability()


def _probe(device: DeviceName, dtype: str) -> list[_Timing]:
    """Time a slice of a denoiser's step: a convolution, a linear layer and an attention; about 0.2 s in all."""
    dtypes = ("float32", _HALF[device]) if dtype == "auto" else (dtype,)
    ways = [(one, layout) for one, layout in product(dtypes, (False, True)) if one != "float32" or not layout]
    works = {way: _work(device, *way) for way in ways}
    best = dict.fromkeys(ways, float("inf"))
    # Interleaved and the best of a few: another program's burst hits one round of all and not all rounds of one.
    for _ in range(1 + _ROUNDS):
        for way, work in works.items():
            begun = time.perf_counter()
            work()
            best[way] = min(best[way], time.perf_counter() - begun)
    return [_Timing(*way, seconds) for way, seconds in best.items()]


def _work(device: DeviceName, dtype: str, channels_last: bool) -> Callable[[], None]:
    number = DTYPES[dtype]
    layout = torch.channels_last if channels_last else torch.contiguous_format
    picture = torch.ones(2, 128, 32, 32, device=device, dtype=number).contiguous(memory_format=layout)
    kernel = torch.ones(128, 128, 3, 3, device=device, dtype=number).contiguous(memory_format=layout)
    square = torch.ones(512, 512, device=device, dtype=number)
    tokens = torch.ones(2, 4, 512, 40, device=device, dtype=number)

    def work() -> None:
        with torch.inference_mode():
            for _ in range(2):
                functional.conv2d(picture, kernel, padding=1)
                functional.linear(square, square)
                functional.scaled_dot_product_attention(tokens, tokens, tokens)
        _WAIT[device]()

    return work


def _no_wait() -> None:
    """The CPU has finished when the call returns."""


_WAIT: Final[dict[DeviceName, Callable[[], None]]] = {
    "cpu": _no_wait,
    "cuda": partial(torch.cuda.synchronize),
    "mps": partial(torch.mps.synchronize),
    "xpu": partial(torch.xpu.synchronize),
}


def _decide(device: DeviceName, name: str, dtype: str, found: list[_Timing]) -> Compute:
    fastest = min(found, key=lambda one: one.seconds)
    full = next((one for one in found if one.dtype == "float32"), None)
    if full is not None and full.seconds < _WORTH_IT * fastest.seconds:
        fastest = full
    figures = ", ".join(f"{_words(one)} {one.seconds * 1000:.1f} ms" for one in found)
    why = "fastest here" if dtype == "auto" else f"{dtype} was asked for"
    if full is fastest and len(found) > 1:
        why = "half the width gains too little here"
    return Compute(device, name, fastest.dtype, fastest.channels_last, f"{why}; a short test took: {figures}")


def _words(timing: _Timing) -> str:
    return timing.dtype + (" channels-last" if timing.channels_last else "")
