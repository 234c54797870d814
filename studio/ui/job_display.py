"""Says what becomes of a job, wherever the eye is: Generate button, status line and message bar."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.bridge.generation import EngineState
from studio.domain.geometry import Size
from studio.domain.job import JobState
from studio.ui.pace import Pace, duration
from studio.ui.ways_out import ways_out

if TYPE_CHECKING:
    from studio.bridge.generation import GenerationController
    from studio.domain.errors import StudioError
    from studio.domain.events import Cancelled, Failed, Finished, Progress, Started
    from studio.domain.request import GenerationRequest
    from studio.ui.message_bar import MessageBar
    from studio.ui.panels import PromptPanel
    from studio.ui.status_line import StatusLine

_IDLE = {
    EngineState.STARTING: "Starting the engine",
    EngineState.READY: "Ready",
    EngineState.LOADING: "Loading the model",
    EngineState.PAINTING: "",
    EngineState.DEAD: "The engine stopped",
}


class JobDisplay(QObject):
    """Follows the controller's signals; `studio.ui.canvas_display` shows the pictures.

    Attributes:
        unsaved: painted pictures that could not be kept so far.

    Signals:
        headline_changed: how far the running job is, in a few words; empty once none runs.
    """

    headline_changed = Signal(str)

    def __init__(
        self,
        generation: GenerationController,
        panel: PromptPanel,
        status: StatusLine,
        messages: MessageBar,
    ) -> None:
        super().__init__(panel)
        self._generation = generation
        self._panel, self._status, self._messages = panel, status, messages
        self._request: GenerationRequest | None = None
        self._pace: Pace | None = None
        self.unsaved = 0
        generation.started.connect(self._on_started)
        generation.progressed.connect(self._on_progressed)
        generation.finished.connect(self._on_finished)
        generation.failed.connect(self._on_failed)
        generation.cancelled.connect(self._on_cancelled)
        generation.engine_state_changed.connect(self._on_engine_state)
        generation.engine_described.connect(status.show_engine)
        generation.memory_changed.connect(status.show_memory)
        generation.queue_model.dataChanged.connect(self._show_button)
        self._on_engine_state(generation.engine_state)

    @property
    def is_painting(self) -> bool:
        """Whether a job runs."""
        return self._request is not None

    def show_error(self, error: StudioError, request: GenerationRequest | None = None) -> None:
        """Say what went wrong, with its ways out."""
        asked = Size(request.width, request.height) if request is not None else self._panel.size_fields.size_in_pixels
        self._messages.show_error(error, ways_out(error, asked, self._panel.model, request, unsaved=self.unsaved))

    def _on_started(self, started: Started) -> None:
        request = self._generation.current
        if request is None or request.job_id != started.job_id:
            return
        # A message stays: what failed before this job still wants an answer.
        self._request = request

    def _on_progressed(self, progress: Progress) -> None:
        self._pace = pace = Pace.of(progress)
        self._status.show_pace(pace)
        self.headline_changed.emit(pace.headline)
        self._show_button()

    def _on_finished(self, finished: Finished) -> None:
        self._rest()
        result = finished.result
        pictures = len(result.images)
        what = f"{pictures} pictures" if pictures > 1 else "Painted"
        self._status.show_activity(f"{what} in {duration(result.seconds)}")

    def _on_failed(self, failed: Failed) -> None:
        request = self._request
        self._rest()
        self._status.show_activity("Not painted")
        self.show_error(failed.error, request)

    def _on_cancelled(self, cancelled: Cancelled) -> None:
        if self._request is None or self._request.job_id != cancelled.job_id:
            return  # one that only waited
        self._rest()
        self._status.show_activity("Cancelled")

    def _on_engine_state(self, state: EngineState) -> None:
        if self._request is None and _IDLE[state]:
            self._status.show_activity(_IDLE[state])

    def _show_button(self) -> None:
        if self._request is None or self._pace is None:
            return
        states = {row.job.id: row.job.state for row in self._generation.queue_model.rows}
        is_stopping = states.get(self._request.job_id) is JobState.CANCELLING
        self._panel.show_painting(self._pace, is_stopping=is_stopping)

    def _rest(self) -> None:
        self._request = self._pace = None
        self._panel.show_idle()
        self.headline_changed.emit("")
