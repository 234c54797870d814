"""The doors between rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from studio.domain.cancel import CancelToken
    from studio.domain.events import Emit, Result
    from studio.domain.request import GenerationRequest, ModelRef


@dataclass(frozen=True, slots=True)
class EngineDescription:
    """Where and how an engine computes.

    Attributes:
        device: ``cpu``, ``cuda``, ``mps`` or ``xpu``.
        device_name: the processor's or card's own name.
        dtype: ``float32``, ``bfloat16`` or ``float16``.
        channels_last: whether the denoiser's memory is laid out channels-last.
        threads: CPU threads used.
        reason: why this dtype and layout, in one sentence with the measured figures.
        versions: of torch, diffusers, transformers, ...
    """

    device: str
    device_name: str
    dtype: str
    channels_last: bool
    threads: int
    reason: str
    versions: dict[str, str]


@dataclass(frozen=True, slots=True)
class Memory:
    """Memory in bytes.

    Attributes:
        used: resident memory of the engine's process, or what it holds on the GPU.
        total: of the machine or the GPU.
    """

    used: int
    total: int


class Engine(Protocol):
    """Paints. One job at a time; every method is called from one and the same thread.

    `generate` emits `Started` first and exactly one terminal event last, then returns the result, raises the
    `StudioError` that it emitted in `Failed`, or raises `JobCancelled`. Afterwards it is ready for the next job.
    """

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        """Paint the request's pictures.

        Raises:
            StudioError: what was emitted in `Failed`.
            JobCancelled: after `Cancelled` was emitted.
        """
        ...

    def load(self, model: ModelRef) -> None:
        """Make the model ready, so that the next job starts at once.

        Raises:
            ModelError: no such model, or a broken one.
            OutOfMemory: it does not fit.
        """
        ...

    def unload(self) -> None:
        """Give the model's memory back."""
        ...

    def memory(self) -> Memory:
        """Return what is used now."""
        ...

    def describe(self) -> EngineDescription:
        """Return device, dtype and why."""
        ...

    def close(self) -> None:
        """End the engine; nothing of it stays behind. A second call does nothing."""
        ...
