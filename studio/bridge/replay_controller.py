"""Painting pictures of the history again, to tell whether they come out as they were."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.domain.errors import StudioError
from studio.services.history_entry import Entry
from studio.services.pictures import read_picture

if TYPE_CHECKING:
    from collections.abc import Sequence

    from studio.bridge.background import Background
    from studio.bridge.generation import GenerationController
    from studio.bridge.picture_routes import PictureRoutes
    from studio.domain.events import Cancelled, Failed, Finished, Painted
    from studio.domain.model import ModelInfo
    from studio.domain.picture import Picture
    from studio.domain.replay import Cannot, Verdict
    from studio.domain.request import GenerationRequest
    from studio.services.paths import Paths
    from studio.services.replay import Plan


@dataclass(frozen=True, slots=True, eq=False)
class Replayed:
    """A picture that was painted again, or could not be.

    Attributes:
        entry: of the history.
        verdict: what came of it; `described` says it in a sentence.
        picture: what was painted; None where it could not be.
    """

    entry: Entry
    verdict: Verdict
    picture: Picture | None = None


class ReplayController(QObject):
    """Queues pictures to be painted again, as jobs like all others: they show progress and can be cancelled.

    What they paint goes nowhere but into the comparison: neither into the history nor onto the canvas.

    Signals:
        started: the `Entry` is being looked at or waits in the queue.
        judged: the `Replayed` picture, with its verdict.
        failed: the entry, and why neither could be had.
        ended: nothing becomes of the entry any more: it was judged, failed, or was cancelled.
    """

    started = Signal(Entry)
    judged = Signal(Replayed)
    failed = Signal(Entry, StudioError)
    ended = Signal(Entry)

    def __init__(
        self,
        paths: Paths,
        models: Sequence[ModelInfo],
        generation: GenerationController,
        routes: PictureRoutes,
        reader: Background,
        parent: QObject | None = None,
    ) -> None:
        """Follow the jobs.

        Args:
            paths: where the history and what was painted from are kept.
            models: that are on this machine.
            generation: paints.
            routes: say where pictures go.
            reader: the thread that reads pictures, and compares them.
            parent: owns this object.
        """
        super().__init__(parent)
        self._paths, self._models = paths, models
        self._generation, self._routes, self._reader = generation, routes, reader
        self._entries: dict[str, Entry] = {}
        self._failed: dict[str, Entry] = {}
        self._painted: set[str] = set()
        self._ids: set[int] = set()
        self._stopped: set[int] = set()
        generation.finished.connect(self._on_finished)
        generation.failed.connect(self._on_failed)
        generation.cancelled.connect(self._on_cancelled)

    def is_replaying(self, entry_id: int) -> bool:
        """Tell whether a picture of the history is being painted again, or waits for it."""
        return entry_id in self._ids

    def replay(self, entry: Entry) -> None:
        """Paint a picture of the history again; nothing where that is going on already."""
        if entry.id in self._ids:
            return
        self._ids.add(entry.id)
        self.started.emit(entry)
        self._reader.run(partial(self._planned, entry), partial(self._queue, entry), partial(self._fail, entry))

    def cancel(self, entry_id: int) -> None:
        """Stop painting a picture again, whether it is being painted or waits."""
        jobs = [job_id for job_id, entry in self._entries.items() if entry.id == entry_id]
        if not jobs and entry_id in self._ids:
            self._stopped.add(entry_id)  # it is still being looked at
        for job_id in jobs:
            self._generation.cancel(job_id)

    def again(self, job_id: str) -> bool:
        """Try once more where a job failed; False where it was none of these, and whoever asks must paint it."""
        entry = self._failed.pop(job_id, None)
        if entry is not None:
            self.replay(entry)
        return entry is not None

    def _planned(self, entry: Entry) -> Plan | Cannot:
        """Return how to paint it, on the reader's thread."""
        from studio.domain.replay import Original  # noqa: PLC0415 - the window starts without it
        from studio.services.replay import Replays, history_file  # noqa: PLC0415 - as above
        from studio.services.sources import Sources  # noqa: PLC0415 - as above

        paths = self._paths
        find = partial(history_file, paths.database, paths.pictures)
        replays = Replays(self._models, Sources(paths.sources), find)
        try:
            picture = read_picture(entry.path)
        except StudioError:
            picture = None  # the file is gone; what it was is still known
        return replays.plan(Original(entry.found, entry.metadata, picture))

    def _queue(self, entry: Entry, plan: Plan | Cannot) -> None:
        from studio.domain.replay import Cannot  # noqa: PLC0415 - loaded by now, with the plan

        if entry.id in self._stopped:
            self._end(entry)
            return
        if isinstance(plan, Cannot):
            self._judge(Replayed(entry, plan))
            return
        job_id = plan.request.job_id
        self._entries[job_id] = entry
        self._routes.divert(job_id, partial(self._compare, entry, plan))
        self._generation.submit(plan.request)

    def _compare(
        self, entry: Entry, plan: Plan, _request: GenerationRequest, painted: Painted, _seconds: float
    ) -> None:
        self._painted.add(painted.job_id)
        picture = painted.image.picture
        compare = partial(plan.judged, picture, painted.conditions)
        self._reader.run(lambda: Replayed(entry, compare(), picture), self._judge, partial(self._fail, entry))

    def _judge(self, replayed: Replayed) -> None:
        self.judged.emit(replayed)
        self._end(replayed.entry)

    def _fail(self, entry: Entry, error: StudioError) -> None:
        self.failed.emit(entry, error)
        self._end(entry)

    def _end(self, entry: Entry) -> None:
        self._ids.discard(entry.id)
        self._stopped.discard(entry.id)
        self.ended.emit(entry)

    def _on_finished(self, finished: Finished) -> None:
        # Its verdict is on the way.
        self._let_go(finished.job_id)

    def _on_failed(self, failed: Failed) -> None:
        entry, is_painted = self._let_go(failed.job_id)
        if entry is None:
            return
        self._failed[failed.job_id] = entry
        if not is_painted:
            self._fail(entry, failed.error)

    def _on_cancelled(self, cancelled: Cancelled) -> None:
        entry, is_painted = self._let_go(cancelled.job_id)
        if entry is not None and not is_painted:
            self._end(entry)

    def _let_go(self, job_id: str) -> tuple[Entry | None, bool]:
        """Return what a job painted again, and whether it has, so that a verdict is on the way; the job has ended."""
        self._routes.forget(job_id)
        is_painted = job_id in self._painted
        self._painted.discard(job_id)
        return self._entries.pop(job_id, None), is_painted
