"""Stand-ins that follow a script: real implementations of the doors between rooms, without torch."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import numpy as np

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import StudioError
from studio.domain.events import (
    Cancelled,
    Conditions,
    Emit,
    Failed,
    Finished,
    GeneratedImage,
    Painted,
    Phase,
    Preview,
    Progress,
    Result,
    Started,
)
from studio.domain.picture import Picture
from studio.domain.ports import EngineDescription, Memory
from studio.domain.request import GenerationRequest, ImageToImage, Inpaint, ModelRef, TextToImage

if TYPE_CHECKING:
    from numpy.typing import NDArray

PREVIEW_SCALE = 16
"""A preview is this many times smaller than its picture."""
GLANCE_S = 0.002
"""How long a held engine waits between two looks at its cancel token."""

DESCRIPTION = EngineDescription(
    device="cpu",
    device_name="Scripted processor",
    dtype="float32",
    channels_last=False,
    threads=1,
    reason="a script needs no arithmetic",
    versions={"script": "1"},
)
CONDITIONS = Conditions(device="cpu: Scripted processor", dtype="float32", model_hash="", versions={"script": "1"})


@dataclass(frozen=True)
class Gate:
    """Holds the engine at one place of its script until a test opens it, or the job is cancelled.

    Attributes:
        phase: where.
        step: after this many finished steps while denoising; 0 before the first and in every other phase.
        index: of which picture of the job.
        reached: set once the engine stands there.
        opened: lets it go on.
    """

    phase: Phase = Phase.DENOISING
    step: int = 0
    index: int = 0
    reached: threading.Event = field(default_factory=threading.Event)
    opened: threading.Event = field(default_factory=threading.Event)

    def open(self) -> None:
        """Let the engine go on."""
        self.opened.set()

    def hold(self, cancel: CancelToken) -> None:
        """Wait for `open` or a cancelled job."""
        self.reached.set()
        while not self.opened.wait(GLANCE_S) and not cancel.is_cancelled:
            pass


@dataclass(frozen=True)
class Script:
    """What happens in one job.

    Attributes:
        steps: denoising steps of each picture; None for what the request asks for.
        previews: whether each step shows one.
        error: ends the job, if there is one.
        error_at: as soon as this phase ...
        error_step: ... has this many finished steps; 0 in every phase but denoising.
        gates: where to wait.
    """

    steps: int | None = None
    previews: bool = True
    error: StudioError | None = None
    error_at: Phase = Phase.DENOISING
    error_step: int = 0
    gates: tuple[Gate, ...] = ()


class ScriptedEngine:
    """An `Engine` that does what its scripts say: the first job follows the first script; the last one is kept.

    Equal requests give equal pictures, and another seed another one; an `Inpaint` keeps what its mask says.

    Attributes:
        requests: every request taken so far.
        loaded: the model that is ready, if any.
        closed: whether `close` was called.
        load_error: raised by `load`, if there is one.
    """

    def __init__(self, *scripts: Script, load_error: StudioError | None = None) -> None:
        self.requests: list[GenerationRequest] = []
        self.loaded: ModelRef | None = None
        self.closed = False
        self.load_error = load_error
        self._scripts = scripts or (Script(),)

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        script = self._scripts[min(len(self.requests), len(self._scripts) - 1)]
        self.requests.append(request)
        emit(Started(request.job_id))
        try:
            result = _Performance(script, request, emit, cancel).play()
        except JobCancelled:
            emit(Cancelled(request.job_id))
            raise
        except StudioError as error:
            emit(Failed(request.job_id, error))
            raise
        self.loaded = request.model
        emit(Finished(request.job_id, result))
        return result

    def load(self, model: ModelRef) -> None:
        if self.load_error is not None:
            raise self.load_error
        self.loaded = model

    def unload(self) -> None:
        self.loaded = None

    def memory(self) -> Memory:
        return Memory(used=(2 if self.loaded else 1) * 10**9, total=16 * 10**9)

    def describe(self) -> EngineDescription:
        return DESCRIPTION

    def close(self) -> None:
        self.loaded = None
        self.closed = True


class _Performance:
    """One job, played."""

    def __init__(self, script: Script, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> None:
        self._script = script
        self._request = request
        self._emit = emit
        self._cancel = cancel
        self._steps = script.steps or request.sampling.steps

    def play(self) -> Result:
        self._reach(Phase.LOADING, 0, 0)
        self._reach(Phase.ENCODING, 0, 0)
        images = tuple(self._paint(index) for index in range(self._request.count))
        return Result(images, seconds=0.25, seconds_per_step=0.01, conditions=CONDITIONS)

    def _paint(self, index: int) -> GeneratedImage:
        seed = self._request.sampling.seed + index
        pixels = scripted_pixels(self._request, seed)
        self._reach(Phase.DENOISING, 0, index)
        for step in range(1, self._steps + 1):
            self._reach(Phase.DENOISING, step, index)
            if self._script.previews:
                preview = scripted_preview(pixels, step / self._steps)
                self._emit(Preview(self._request.job_id, Picture(preview), step, index))
        self._reach(Phase.DECODING, self._steps, index)
        image = GeneratedImage(Picture(pixels), seed, index)
        self._emit(Painted(self._request.job_id, image, CONDITIONS))
        return image

    def _reach(self, phase: Phase, step: int, index: int) -> None:
        self._cancel.raise_if_cancelled()
        here = Progress(self._request.job_id, phase, step, self._steps, index, self._request.count, 0.0)
        self._emit(replace(here, seconds_per_step=0.01) if step else here)
        place = (phase, step if phase is Phase.DENOISING else 0)
        for gate in self._script.gates:
            if (gate.phase, gate.step) == place and gate.index == index:
                gate.hold(self._cancel)
        self._cancel.raise_if_cancelled()
        if self._script.error is not None and (self._script.error_at, self._script.error_step) == place:
            raise self._script.error


def scripted_pixels(request: GenerationRequest, seed: int) -> NDArray[np.uint8]:
    """Return what `ScriptedEngine` paints: (H, W, 3) uint8, a smooth ramp in a colour that depends on the seed."""
    colour = np.random.default_rng([seed, *request.prompt.encode(errors="replace")]).integers(64, 256, 3)
    across = np.linspace(0.25, 1.0, request.width)[None, :, None]
    down = np.linspace(0.5, 1.0, request.height)[:, None, None]
    painted = (across * down * colour).astype(np.uint8)
    match request:
        case TextToImage() | ImageToImage():
            return painted
        case Inpaint():
            return np.where(request.mask.alpha[..., None] > 0, painted, request.image.pixels)


def scripted_preview(pixels: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return the picture small, and the greyer the smaller ``share`` (0 to 1) is: (h, w, 3) uint8."""
    small = pixels[::PREVIEW_SCALE, ::PREVIEW_SCALE].astype(np.float32)
    return (128 + (small - 128) * share).astype(np.uint8)
