"""Where painted pictures go: into the history, unless their job was asked for something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.bridge.generation import Keep
    from studio.domain.events import Painted
    from studio.domain.request import GenerationRequest


class PictureRoutes:
    """Hands every painted picture to whoever wants it. On the main thread."""

    def __init__(self, usual: Keep) -> None:
        """Say where pictures go whose job says nothing else."""
        self._usual = usual
        self._others: dict[str, Keep] = {}

    def divert(self, job_id: str, keep: Keep) -> None:
        """Hand a job's pictures to somebody else, until `forget`."""
        self._others[job_id] = keep

    def forget(self, job_id: str) -> None:
        """Let the job's pictures go the usual way; it has ended."""
        self._others.pop(job_id, None)

    def keep(self, request: GenerationRequest, painted: Painted, seconds: float) -> None:
        """Hand a picture over, with the seconds since its job was started."""
        self._others.get(request.job_id, self._usual)(request, painted, seconds)
