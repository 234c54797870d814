"""Generating on the canvas: the frame's content goes into requests, and painted pictures come back as proposals."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from studio.bridge.background import Background
from studio.bridge.frame_reader import FrameReader, frame_of
from studio.bridge.proposal_choice import ProposalChoice
from studio.domain.canvas.origins import makings_of, with_makings
from studio.domain.canvas.proposal import Proposal
from studio.domain.errors import InvalidSetting, StudioError
from studio.domain.framing import kind_of, request_of
from studio.domain.geometry import Rect
from studio.domain.lineage import EdgeKind, Parent
from studio.domain.request import Inpaint, new_job_id, random_seed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.generation import GenerationController
    from studio.domain.canvas.state import CanvasState
    from studio.domain.events import Cancelled, Finished, Painted, Started
    from studio.domain.framing import FrameKind, FrameSettings
    from studio.domain.picture import Mask
    from studio.domain.request import GenerationRequest

VARIATIONS: Final = 4
"""How many pictures *more like this* asks for."""
_NO_STRENGTHS: Final[Mapping[FrameKind, float]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Aim:
    """A job of the open document.

    Attributes:
        request: what is painted.
        area: where its pictures go, in the document's coordinates.
    """

    request: GenerationRequest
    area: Rect


class CanvasGeneration(QObject):
    """Joins the jobs to the document.

    A job's pictures go where the frame was when it was asked for, wherever the frame is moved meanwhile. A job that
    fails or is cancelled leaves the document as it is. The pictures of a job that was asked for in another document
    than the one that is open when they come go into the history alone.

    Attributes:
        frame: what Generate does.
        proposals: which painted picture is seen.

    Signals:
        queued: the `GenerationRequest` that was built and queued.
        refused: why none could be built.
        staged: a picture was painted and waits in the document.
    """

    queued = Signal(object)
    refused = Signal(StudioError)
    staged = Signal(Proposal)

    def __init__(self, store: CanvasStore, generation: GenerationController, parent: QObject | None = None) -> None:
        """Follow a document and the jobs.

        Args:
            store: holds the document.
            generation: paints.
            parent: owns this object.
        """
        super().__init__(parent)
        self._store, self._generation = store, generation
        self._background = Background("canvas", self)
        self.frame = FrameReader(store, self._background, self)
        self.proposals = ProposalChoice(store, self)
        self._aims: dict[str, _Aim] = {}
        self._building = 0
        self._document_number = 0
        store.replaced.connect(self._forget)
        generation.started.connect(self._on_started)
        generation.painted.connect(self._on_painted)
        generation.finished.connect(self._on_ended)
        generation.cancelled.connect(self._on_ended)

    def submit(self, settings: FrameSettings, strengths: Mapping[FrameKind, float] = _NO_STRENGTHS) -> None:
        """Queue what the frame's content, or the user, asks for; `queued` or `refused` says what came of it.

        The document is taken as it is now. Its frame is flattened behind the window: for a frame of 1024 pixels under
        four layers that takes 45 ms.

        Args:
            settings: what the panel says, the seed resolved.
            strengths: denoising strength for the kinds that have one of their own, above 0 to 1.
        """
        state = self._store.state
        build = partial(_built, state, self.frame.ask.forced, settings, dict(strengths))
        self._building += 1
        then = partial(self._on_built, state.frame, self._document_number)
        self._background.run(build, then, self._on_refused)

    def again(self, request: GenerationRequest) -> None:
        """Queue a request once more, or one made from it that has the same job id, at the place of the first.

        Args:
            request: one that failed.
        """
        aim = self._aims.pop(request.job_id, None)
        at = self._store.state.frame if aim is None else aim.area
        area = Rect(at.x, at.y, request.width, request.height)
        self._queue(area, replace(request, job_id=new_job_id()))

    def more_like_this(self, count: int = VARIATIONS) -> None:
        """Queue variations of the picture that is seen: the same request with new seeds, at the same place.

        Args:
            count: how many.
        """
        shown = self.proposals.shown
        if shown is None:
            return
        if shown.request is None:
            self.refused.emit(
                InvalidSetting(
                    "There is nothing to vary",
                    "it is not known what this picture was painted from",
                    "Use it as a layer, and paint over it",
                )
            )
            return
        sampling = replace(shown.request.sampling, seed=random_seed())
        sources = tuple(parent for parent in shown.request.parents if parent.kind is not EdgeKind.VARIATION)
        parents = (Parent(shown.picture.sha256, EdgeKind.VARIATION), *sources)
        more = replace(shown.request, job_id=new_job_id(), sampling=sampling, count=count, parents=parents)
        self._queue(shown.area, more)

    @property
    def is_painting(self) -> bool:
        """Whether a job runs, or is about to."""
        return self._building > 0 or self._generation.current is not None

    @property
    def is_document_busy(self) -> bool:
        """Whether a tool is at work."""
        return self._store.is_in_gesture

    def area_of(self, job_id: str) -> Rect | None:
        """Return where a job's pictures go; None where it was asked for in another document."""
        aim = self._aims.get(job_id)
        return None if aim is None else aim.area

    def close(self) -> None:
        """Finish what is being read, and end the thread that reads."""
        self.frame.stop()
        self._background.close()

    def _on_built(self, area: Rect, document_number: int, request: GenerationRequest) -> None:
        self._building -= 1
        self._queue(area if document_number == self._document_number else None, request)

    def _on_refused(self, error: StudioError) -> None:
        self._building -= 1
        self.refused.emit(error)

    def _queue(self, area: Rect | None, request: GenerationRequest) -> None:
        if area is not None:
            self._aims[request.job_id] = _Aim(request, area)
        self._generation.submit(request)
        self.queued.emit(request)

    def _on_started(self, started: Started) -> None:
        if started.job_id in self._aims:
            self.proposals.put_away()

    def _on_painted(self, painted: Painted) -> None:
        aim = self._aims.get(painted.job_id)
        if aim is None:
            return
        request = aim.request
        proposal = Proposal(
            picture=painted.image.picture,
            area=aim.area,
            cover=cover_of(request),
            prompt=request.prompt,
            seed=painted.image.seed,
            request=request,
            # What a mask leaves out is not laid on the canvas.
            is_generated=isinstance(request, Inpaint) or not request.has_own_pixels,
        )
        self._store.stage(proposal)
        if painted.image.index == 0:
            # Later ones of the job come while the first is looked at.
            self.proposals.choose(proposal)
        self.staged.emit(proposal)

    def _on_ended(self, ended: Finished | Cancelled) -> None:
        # A job that failed may be tried again.
        self._aims.pop(ended.job_id, None)

    def _forget(self) -> None:
        self._document_number += 1
        self._aims.clear()


def cover_of(request: GenerationRequest) -> Mask | None:
    """Return what of a request's pictures is new; None where all of it is."""
    return request.mask if isinstance(request, Inpaint) else None


def _built(
    state: CanvasState, forced: FrameKind | None, settings: FrameSettings, strengths: Mapping[FrameKind, float]
) -> GenerationRequest:
    frame = frame_of(state)
    kind = kind_of(frame.coverage, frame.has_mask, forced)
    request = request_of(kind, frame, replace(settings, strength=strengths.get(kind, settings.strength)))
    return with_makings(request, makings_of(state, state.frame))
