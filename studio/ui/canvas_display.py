"""Decides what is seen over the layers: the picture that is being painted, or one that waits for a choice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.bridge.canvas_generation import cover_of
from studio.bridge.images import to_qimage
from studio.ui.pace import Pace

if TYPE_CHECKING:
    from studio.bridge.canvas_generation import CanvasGeneration
    from studio.bridge.canvas_store import CanvasStore
    from studio.bridge.generation import GenerationController
    from studio.bridge.proposal_choice import ProposalChoice
    from studio.domain.canvas.change import Change
    from studio.domain.events import Cancelled, Failed, Finished, Painted, Preview, Progress, Started
    from studio.domain.geometry import Rect
    from studio.domain.picture import Mask
    from studio.ui.canvas import CanvasView


class CanvasDisplay(QObject):
    """Follows the jobs and the choice.

    The canvas follows the running job until the user asks to see another picture; it follows again with the next job,
    and with the first picture of this one. A job that is cancelled or fails uncovers what was there before it.
    """

    def __init__(self, generation: GenerationController, painting: CanvasGeneration, canvas: CanvasView) -> None:
        """Join them.

        Args:
            generation: the jobs.
            painting: knows where their pictures go, and which one is chosen.
            canvas: shows them, and owns this.
        """
        super().__init__(canvas)
        self._generation, self._painting, self._canvas = generation, painting, canvas
        self._area: Rect | None = None
        self._cover: Mask | None = None
        self._follows = False
        generation.started.connect(self._on_started)
        generation.progressed.connect(self._on_progressed)
        generation.previewed.connect(self._on_previewed)
        generation.painted.connect(self._on_painted)
        generation.finished.connect(self._on_ended)
        generation.failed.connect(self._on_ended)
        generation.cancelled.connect(self._on_ended)
        painting.proposals.shown_changed.connect(self._show_choice)
        painting.proposals.looked.connect(self._look_elsewhere)

    def _on_started(self, started: Started) -> None:
        request = self._generation.current
        self._area = self._painting.area_of(started.job_id)
        self._cover = None if request is None else cover_of(request)
        self._follow()

    def _on_progressed(self, progress: Progress) -> None:
        if self._follows:
            self._canvas.show_progress(Pace.of(progress))

    def _on_previewed(self, preview: Preview) -> None:
        if self._follows and (area := self._area) is not None:
            part = area if preview.area is None else preview.area.moved(area.x, area.y)
            self._canvas.show_preview(to_qimage(preview.picture), part)

    def _on_painted(self, painted: Painted) -> None:
        is_first, request = painted.image.index == 0, self._generation.current
        has_more = request is not None and painted.image.index + 1 < request.count
        if has_more and (is_first or self._follows):
            # The finished picture is seen until the next one has a preview.
            self._follow()

    def _on_ended(self, ended: Finished | Failed | Cancelled) -> None:
        current = self._generation.current
        if current is None or current.job_id == ended.job_id:
            # A job that only waited leaves the running one alone.
            self._area = self._cover = None
            self._look_elsewhere()

    def _follow(self) -> None:
        self._follows = self._area is not None
        if self._area is not None:
            self._canvas.begin(self._area, self._cover)

    def _look_elsewhere(self) -> None:
        if self._follows:
            self._follows = False
            self._canvas.end()

    def _show_choice(self) -> None:
        self._canvas.show_proposal(self._painting.proposals.shown)


class ProposalsAside(QObject):
    """Hides the pictures that wait as soon as something is painted: it would go unseen under them.

    They show again with the next step through them, with a new one, and when the original was looked at.
    """

    def __init__(self, store: CanvasStore, proposals: ProposalChoice, canvas: CanvasView) -> None:
        """Join them.

        Args:
            store: says when something was painted.
            proposals: what waits.
            canvas: hides and shows them, and owns this.
        """
        super().__init__(canvas)
        self._proposals, self._canvas = proposals, canvas
        store.changed.connect(self._follow)
        proposals.shown_changed.connect(self._show)

    def _follow(self, change: Change) -> None:
        is_painted = bool(change.layers) or not change.mask.is_empty
        if is_painted and not change.proposals and self._proposals.shown is not None:
            self._canvas.peek(True)

    def _show(self) -> None:
        self._canvas.peek(False)
