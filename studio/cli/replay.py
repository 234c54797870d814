"""`sfumato replay`: paint pictures again from what their files say, and tell how that came out."""

from __future__ import annotations

import json
import os
import sys
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, assert_never

from studio.cli.interrupts import Interrupted, Interrupts
from studio.cli.outputs import Outputs
from studio.cli.painting import Done, Painting, Stopped
from studio.cli.progress import ProgressLine
from studio.domain.errors import DeviceUnavailable, InvalidSetting, StudioError
from studio.domain.events import Progress
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
    from collections.abc import Callable

    from studio.domain.events import Event, Result
    from studio.domain.ports import Engine
    from studio.domain.replay import Original, Verdict

    EngineFactory = Callable[[str, str, Path, str], Engine]
    """Takes device, dtype, the engine's cache folder and the memory's layout; called on the engine's thread."""

_AUTO: Final = "auto"


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
        """Whether the picture came out as it was, or nearly."""
        return isinstance(self.verdict, Identical | Close)


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
    outcomes: list[Outcome] = []
    for path in options.files:
        outcome = replaying.replayed(path)
        if isinstance(outcome, int):
            return outcome
        outcomes.append(outcome)
        if not options.json:
            _print(outcome)
    if options.json:
        print(json.dumps([_as_json(one) for one in outcomes], indent=2, ensure_ascii=False))
    return 0 if all(one.is_well for one in outcomes) else 1


class _Replaying:
    """Paints one file after the other."""

    def __init__(self, options: argparse.Namespace, make_engine: EngineFactory) -> None:
        paths = Paths.of_user(os.environ)
        library = ModelLibrary.of(paths)
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

    def replayed(self, path: str) -> Outcome | int:
        """Return what became of a file, or the exit code where the user stopped it."""
        try:
            if self._outputs is not None:
                require_writable(self._outputs.folder)
            original = read_original(Path(path).expanduser())
            plan = self._replays.plan(original, self._given)
            return Outcome(path, plan) if isinstance(plan, Cannot) else self._painted(path, plan)
        except StudioError as error:
            return Outcome(path, error=error)

    def _painted(self, path: str, plan: Plan) -> Outcome | int:
        self._line.say("Starting the engine")
        painting = Painting(plan.request, partial(self._engine, plan.original))
        with Interrupts(painting.interrupt):
            try:
                end = painting.follow(self._take)
            finally:
                self._line.clear()
        match end:
            case Done(result):
                image = result.images[0]
                verdict = plan.judged(image.picture, result.conditions)
                return Outcome(path, verdict, result.seconds, self._kept(plan, result))
            case Interrupted():
                print("sfumato: stopped", file=sys.stderr)
                return painting.leave(end.exit_code)
            case Stopped(error):
                raise error
            case _:
                assert_never(end)

    def _engine(self, original: Original) -> Engine:
        """Return an engine that computes as the one did that painted the picture, as far as this machine can."""
        asked = self._options.device, self._options.dtype
        own = original.metadata
        if own is None or asked != (_AUTO, _AUTO):
            return self._make_engine(*asked, self._cache, _AUTO)
        device = own.device.partition(" ")[0]
        try:
            return self._make_engine(device, own.dtype, self._cache, own.versions.get("layout", _AUTO))
        except (DeviceUnavailable, InvalidSetting):
            return self._make_engine(_AUTO, _AUTO, self._cache, _AUTO)

    def _take(self, event: Event) -> None:
        if isinstance(event, Progress):
            self._line.show(event)

    def _kept(self, plan: Plan, result: Result) -> Path | None:
        if self._outputs is None:
            return None
        image = result.images[0]
        metadata = Metadata.of(plan.request, image, result.conditions, datetime.now(UTC), seconds=result.seconds)
        return self._outputs.write(
            image.seed, lambda path, replace: write_png(path, image.picture, metadata, replace=replace)
        )


def _file(path: str | None) -> Path | None:
    return None if path is None else Path(path).expanduser()


def _print(outcome: Outcome) -> None:
    if outcome.error is not None:
        place = "" if outcome.path in outcome.error.what else f"{outcome.path}: "
        print(f"sfumato: {place}{outcome.error}", file=sys.stderr)
    elif outcome.verdict is not None:
        written = "" if outcome.out is None else f"\n{outcome.out}"
        print(f"{outcome.path}: {outcome.verdict.described()}{written}", flush=True)


def _as_json(outcome: Outcome) -> dict[str, object]:
    found: dict[str, object] = {"path": outcome.path}
    if (verdict := outcome.verdict) is not None:
        psnr = verdict.psnr_db if isinstance(verdict, Close | Changed) else None
        found |= {"verdict": verdict.word, "said": verdict.described(), "reasons": list(verdict.reasons)}
        found |= {"psnr_db": psnr, "seconds": outcome.seconds}
    if outcome.out is not None:
        found["out"] = str(outcome.out.absolute())
    return found if outcome.error is None else found | {"error": str(outcome.error)}
