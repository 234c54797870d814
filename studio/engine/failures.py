"""What went wrong inside the libraries, in the user's words."""

from __future__ import annotations

import logging
from typing import Final

import torch

from studio.domain.errors import EngineFailed, OutOfMemory, StudioError

_log: Final = logging.getLogger("sfumato.engine")
_MEMORY_SIGNS: Final = ("DefaultCPUAllocator", "out of memory", "Invalid buffer size", "alloc_cpu")
"""How torch's allocators say it where they raise a plain RuntimeError: CPU, older CUDA calls, MPS."""


def as_studio_error(error: Exception) -> StudioError:
    """Return the error to tell the user; one that nobody foresaw is logged with its traceback."""
    if isinstance(error, StudioError):
        return error
    if is_out_of_memory(error):
        return OutOfMemory(
            "There is not enough memory for this picture",
            _first_line(error),
            "Choose a smaller picture, or close other programs",
        )
    _log.error("the engine failed", exc_info=error)
    reason = f"{type(error).__name__}: {_first_line(error)}"
    return EngineFailed("The picture could not be painted", reason, "Try again; if it happens again, please report it")


def is_out_of_memory(error: Exception) -> bool:
    """Tell whether an allocation failed, on the CPU or on a GPU."""
    if isinstance(error, MemoryError | torch.OutOfMemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _MEMORY_SIGNS)


def _first_line(error: Exception) -> str:
    lines = str(error).strip().splitlines()
    return lines[0] if lines else "no reason was given"
