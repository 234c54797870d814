"""What an engine said, and small requests to make it say something."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from studio.domain.cancel import CancelToken
from studio.domain.events import (
    Cancelled,
    Event,
    Failed,
    Finished,
    GeneratedImage,
    Painted,
    Phase,
    Progress,
    Result,
    Started,
)
from studio.domain.request import GenerationRequest, ModelRef, Sampling, TextToImage

if TYPE_CHECKING:
    from collections.abc import Callable

    from studio.domain.ports import Engine

TERMINAL = (Finished, Failed, Cancelled)


def words(model: ModelRef, *, steps: int = 3, seed: int = 7, count: int = 1, prompt: str = "a red fox") -> TextToImage:
    """Return a small request."""
    sampling = Sampling(steps=steps, guidance_scale=4.0, seed=seed)
    return TextToImage(model=model, prompt=prompt, sampling=sampling, width=64, height=64, count=count)


def painting(step: int) -> Callable[[Event], bool]:
    """Return whether an event says that so many steps are done."""
    return lambda event: isinstance(event, Progress) and event.phase is Phase.DENOISING and event.step == step


@dataclass
class Recording:
    """Takes an engine's events and keeps them.

    Attributes:
        when: the event to act on ...
        then: ... and what to do at its first coming.
    """

    when: Callable[[Event], bool] = lambda _: False
    then: Callable[[], object] = lambda: None
    events: list[Event] = field(default_factory=list)
    _acted: bool = False

    def __call__(self, event: Event) -> None:
        self.events.append(event)
        if not self._acted and self.when(event):
            self._acted = True
            self.then()

    @property
    def terminal(self) -> list[Event]:
        """The terminal events; there must be one, and it must be the last."""
        return [event for event in self.events if isinstance(event, TERMINAL)]

    @property
    def painted(self) -> list[GeneratedImage]:
        """The pictures that were announced."""
        return [event.image for event in self.events if isinstance(event, Painted)]

    def assert_one_job(self, request: GenerationRequest, end: type[Event]) -> None:
        """Check what holds for every job: `Started` first, one terminal event last, its own id in all of them."""
        assert [type(event) for event in self.events if isinstance(event, Started)] == [Started]
        assert isinstance(self.events[0], Started)
        assert [type(event) for event in self.terminal] == [end]
        assert self.events[-1] is self.terminal[0]
        assert {event.job_id for event in self.events} == {request.job_id}


def paint(engine: Engine, request: GenerationRequest) -> tuple[Result, Recording]:
    """Let an engine do a whole job."""
    recording = Recording()
    return engine.generate(request, recording, CancelToken()), recording
