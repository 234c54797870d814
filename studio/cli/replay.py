"""`sfumato replay`: paint pictures again from what their files say, and tell how that came out."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias, assert_never

from studio.cli.interrupts import Interrupted, Interrupts
from studio.cli.outputs import Outputs
from studio.cli.painting import Done, Painting, Stopped
from studio.cli.progress import ProgressLine
from studio.cli.terminal import json_text, plain
from studio.domain.errors import DeviceUnavailable, InvalidSetting, StudioError
from studio.domain.events import Cancelled, Failed, Finished, Painted, Preview, Progress, Started
from studio.domain.metadata import Metadata
from studio.domain.replay import Cannot, Changed, Close, Identical
from studio.services.files import require_writable
from studio.services.model_library import ModelLibrary
from studio.services.paths import Paths
from studio.services.pictures import write_png
from studio.services.replay import Given, Plan, Replays, history_file, read_original
from studio.services.sources import Sources

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

    from studio.domain.events import Event, Result
    from studio.domain.ports import Engine
    from studio.domain.replay import Original, Verdict

    EngineFactory = Callable[[str, str, Path, str], Engine]
    """Takes device, dtype, the engine's cache folder and the memory's layout; called on the engine's thread."""

_AUTO: Final = "auto"
_AT_ONCE: Final = 16
"""Files whose pictures are held at once, while one engine paints what it can of them."""
_Way: TypeAlias = tuple[str, str, str]
"""Device, number type and memory layout."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file.

    Attributes:
        path: as the user gave it.
        verdict: None where there is none, because of the error.
        seconds: that painting took; 0 where nothing was painted.
        out: file of the picture that was painted.
        error: what went wrong.
    """

    path: str
    verdict: Verdict | None = None
    seconds: float = 0.0
    out: Path | None = None
    error: StudioError | None = None

    @property
    def is_well(self) -> bool:
        """Whether the picture came out as it was, or nearly, and nothing went wrong."""
        return self.error is None and isinstance(self.verdict, Identical | Close)


def diffusers_engine(device: str, dtype: str, cache_folder: Path, layout: str) -> Engine:
    """Return the engine that ships with Sfumato. Importing it takes seconds."""
    from studio.engine.diffusers_engine import DiffusersEngine

    return DiffusersEngine(device, dtype, cache_folder, layout)


def run(options: argparse.Namespace, make_engine: EngineFactory) -> int:
    """Paint every file again; 0 where all came out identical or close. The first Ctrl-C ends it within a second.

    Raises:
        StudioError: an option names what is not there.
    """
    replaying = _Replaying(options, make_engine)
    files = list(enumerate(options.files))
    for start in range(0, len(files), _AT_ONCE):
        code = replaying.replay(files[start : start + _AT_ONCE])
        if code is not None:
            return code
    outcomes = [outcome for _, outcome in sorted(replaying.outcomes.items())]
    if options.json:
        print(json_text([_as_json(one) for one in outcomes]))
    return 0 if all(one.is_well for one in outcomes) else 1


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """A file that can be painted again.

    Attributes:
        number: of the file among all.
        path: of the file.
        plan: how.
    """

    number: int
    path: str
    plan: Plan


class _Replaying:
    """Paints files again, those that were painted in the same way with the same engine.

    Attributes:
        outcomes: so far, by the file's number.
    """

    def __init__(self, options: argparse.Namespace, make_engine: EngineFactory) -> None:
        paths = Paths.of_user(os.environ)
        library = ModelLibrary.of(paths)
        self.outcomes: dict[int, Outcome] = {}
        self._options = options
        self._make_engine = make_engine
        self._cache = paths.engine_cache
        self._given = Given(
            model=None if options.model is None else library.find(options.model),
            image=_file(options.init),
            mask=_file(options.mask),
        )
        self._replays = Replays(
            library.models(), Sources(paths.sources), partial(history_file, paths.database, paths.pictures)
        )
        self._outputs = None if options.out is None else Outputs.of(options.out, len(options.files))
        self._line = ProgressLine(sys.stderr)

    def replay(self, files: Sequence[tuple[int, str]]) -> int | None:
        """Paint a few files again; return the exit code where the user stopped it."""
        tasks: dict[_Way, list[_Task]] = {}
        for number, path in files:
            try:
                plan = self._planned(path)
            except StudioError as error:
                self._end(number, Outcome(path, error=error))
                continue
            if isinstance(plan, Cannot):
                self._end(number, Outcome(path, plan))
            else:
                tasks.setdefault(self._way_of(plan.original), []).append(_Task(number, path, plan))
        for way, alike in tasks.items():
            code = self._paint(way, alike)
            if code is not None:
                return code
        return None

    def _planned(self, path: str) -> Plan | Cannot:
        if self._outputs is not None:
            require_writable(self._outputs.folder)
        return self._replays.plan(read_original(Path(path).expanduser()), self._given)

    def _way_of(self, original: Original) -> _Way:
        """Return device, number type and memory layout: those that painted the picture, where the user says nothing."""
        asked = self._options.device, self._options.dtype
        own = original.metadata
        if own is None or asked != (_AUTO, _AUTO):
            return (*asked, _AUTO)
        return own.device.partition(" ")[0], own.dtype, own.versions.get("layout", _AUTO)

    def _paint(self, way: _Way, tasks: Sequence[_Task]) -> int | None:
        waiting = {task.plan.request.job_id: task for task in tasks}
        self._line.say("Starting the engine")
        painting = Painting([task.plan.request for task in tasks], partial(self._engine, way))
        with Interrupts(painting.interrupt):
            try:
                end = painting.follow(partial(self._take, waiting))
            finally:
                self._line.clear()
        match end:
            case Done():
                return None
            case Interrupted():
                print("sfumato: stopped", file=sys.stderr)
                return painting.leave(end.exit_code)
            case Stopped(error):
                # The engine could not be made, or what failed was told already.
                for task in waiting.values():
                    self._end(task.number, Outcome(task.path, error=error if isinstance(error, StudioError) else None))
                return None
            case _:
                assert_never(end)

    def _engine(self, way: _Way) -> Engine:
        """Return an engine that computes in this way, or as well as this machine can."""
        device, dtype, layout = way
        try:
            return self._make_engine(device, dtype, self._cache, layout)
        except (DeviceUnavailable, InvalidSetting):
            if self._options.device != _AUTO:
                raise
            return self._make_engine(_AUTO, _AUTO, self._cache, _AUTO)

    def _take(self, waiting: dict[str, _Task], event: Event) -> None:
        match event:
            case Progress():
                self._line.show(event)
            case Finished(job_id, result):
                task = waiting.pop(job_id)
                self._end(task.number, self._judged(task, result))
            case Failed(job_id, error):
                task = waiting.pop(job_id)
                self._end(task.number, Outcome(task.path, error=error))
            case Started() | Preview() | Painted() | Cancelled():
                pass  # the end says it all
            case _:
                assert_never(event)

    def _judged(self, task: _Task, result: Result) -> Outcome:
        verdict = task.plan.judged(result.images[0].picture, result.conditions)
        try:
            return Outcome(task.path, verdict, result.seconds, self._kept(task.plan, result))
        except StudioError as error:
            return Outcome(task.path, verdict, result.seconds, error=error)

    def _kept(self, plan: Plan, result: Result) -> Path | None:
        if self._outputs is None:
            return None
        image = result.images[0]
        metadata = Metadata.of(plan.request, image, result.conditions, datetime.now(UTC), seconds=result.seconds)
        return self._outputs.write(
            image.seed, lambda path, replace: write_png(path, image.picture, metadata, replace=replace)
        )

    def _end(self, number: int, outcome: Outcome) -> None:
        self.outcomes[number] = outcome
        self._line.clear()
        if not self._options.json:
            _print(outcome)


def _file(path: str | None) -> Path | None:
    return None if path is None else Path(path).expanduser()


def _print(outcome: Outcome) -> None:
    if outcome.error is not None:
        place = "" if outcome.path in outcome.error.what else f"{outcome.path}: "
        print(plain(f"sfumato: {place}{outcome.error}"), file=sys.stderr)
    if outcome.verdict is not None:
        written = "" if outcome.out is None else f"\n{outcome.out}"
        print(plain(f"{outcome.path}: {outcome.verdict.described()}{written}"), flush=True)


def _as_json(outcome: Outcome) -> dict[str, object]:
    found: dict[str, object] = {"path": outcome.path}
    if (verdict := outcome.verdict) is not None:
        psnr = verdict.psnr_db if isinstance(verdict, Close | Changed) else None
        found |= {"verdict": verdict.word, "said": verdict.described(), "reasons": list(verdict.reasons)}
        found |= {"psnr_db": psnr, "seconds": outcome.seconds}
    if outcome.out is not None:
        found["out"] = str(outcome.out.absolute())
    return found if outcome.error is None else found | {"error": str(outcome.error)}
