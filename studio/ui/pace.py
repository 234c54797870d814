"""How far a job is, in numbers and in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.domain.events import Phase

if TYPE_CHECKING:
    from studio.domain.events import Progress

_WORDS = {
    Phase.STARTING: "Starting the engine",
    Phase.LOADING: "Loading the model",
    Phase.ENCODING: "Reading the prompt",
    Phase.DENOISING: "Painting",
    Phase.DECODING: "Finishing",
}


@dataclass(frozen=True, slots=True)
class Pace:
    """What a person wants to know of a running job.

    Attributes:
        share: of all its steps, 0 to 1.
        step: ``12/20`` of the present picture while it is denoised, else empty.
        phase: what is being done, in words.
        picture: ``2/4``, or empty where only one is asked for.
        speed: ``0.21 s/step``, or empty before the first step.
        left: ``2 s left``, or empty while that is unknown.
    """

    share: float
    step: str
    phase: str
    picture: str
    speed: str
    left: str

    @classmethod
    def of(cls, progress: Progress) -> Pace:
        """Return the pace of a job at one moment."""
        steps_done = progress.index * progress.steps + progress.step
        all_steps = max(1, progress.count * progress.steps)
        denoising = progress.phase is Phase.DENOISING
        seconds_left = (all_steps - steps_done) * progress.seconds_per_step
        return cls(
            share=min(1.0, steps_done / all_steps),
            step=f"{progress.step}/{progress.steps}" if denoising and progress.step else "",
            phase=_WORDS[progress.phase],
            picture=f"{progress.index + 1}/{progress.count}" if progress.count > 1 else "",
            speed=f"{_seconds(progress.seconds_per_step)}/step" if progress.seconds_per_step > 0 else "",
            left=f"{duration(seconds_left)} left" if progress.seconds_per_step > 0 and denoising else "",
        )

    @property
    def headline(self) -> str:
        """``Step 12/20``, or what is being done where there are no steps; with the picture where there are several."""
        words = f"Step {self.step}" if self.step else self.phase
        return f"Picture {self.picture} · {words}" if self.picture else words

    @property
    def details(self) -> str:
        """``0.21 s/step · 2 s left``, as far as known."""
        return " · ".join(part for part in (self.speed, self.left) if part)


def duration(seconds: float) -> str:
    """Return a time for people: ``0.8 s``, ``12 s``, ``3 min 20 s``, ``1 h 5 min``."""
    if seconds < 10:
        return f"{seconds:.1f} s" if seconds < 0.95 else f"{round(seconds)} s"
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def _seconds(seconds: float) -> str:
    if seconds < 0.1:
        return f"{1000 * seconds:.0f} ms"
    return f"{seconds:.2f} s" if seconds < 10 else f"{seconds:.0f} s"
