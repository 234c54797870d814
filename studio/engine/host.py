"""The engine as a process of its own: commands come in on one pipe, answers go out on another.

``python -m studio.engine.host --device auto --dtype auto --cache-folder F`` is started by
`studio.services.engine_process` and is no command for people. Three threads: the main one owns the engine, one reads
commands so that a cancel is seen while the engine paints, one sends heartbeats. The process ends with its parent: its
command pipe then ends, even when the parent was killed and in the middle of a step.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn, assert_never

from studio.domain.cancel import CancelToken, JobCancelled
from studio.domain.errors import EngineFailed, StudioError
from studio.domain.events import Cancelled, Event, Failed, Finished, GeneratedImage, Painted, Preview, Progress, Started
from studio.domain.wire import (
    Answer,
    AskDescription,
    AskMemory,
    CancelJob,
    Command,
    DescriptionTold,
    Done,
    Heartbeat,
    Hello,
    LoadModel,
    MemoryTold,
    Paint,
    Ping,
    Ready,
    Refused,
    Said,
    ShutDown,
    UnloadModel,
    encode,
    receive_command,
)
from studio.domain.wire_values import WireError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from io import FileIO

    from studio.domain.ports import Engine
    from studio.domain.request import GenerationRequest

HEARTBEAT_S: Final = 0.5
MakeEngine = Callable[[], "Engine"]


def main(arguments: Sequence[str]) -> NoReturn:
    """Serve the diffusers engine until told to shut down, and end the process."""
    options = _parser().parse_args(arguments)

    def make_engine() -> Engine:
        # Imported when the parent has its Hello and heartbeats: torch and diffusers take seconds.
        from studio.engine.diffusers_engine import DiffusersEngine  # noqa: PLC0415 - see above

        return DiffusersEngine(options.device, options.dtype, options.cache_folder)

    serve(make_engine)


def serve(make_engine: MakeEngine) -> NoReturn:
    """Serve an engine over this process's standard input and output, and end the process.

    Standard output is taken away from everybody else, so that what libraries print cannot get between the messages.
    """
    # Ctrl-C in a terminal goes to the whole group; the parent decides what it means.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    faulthandler.enable()
    _offer_to_die_first()
    commands, answers = _claim_pipes()
    code = _Host(make_engine, commands, answers).run()
    sys.stderr.flush()
    # Taking torch apart again takes the interpreter a second or two, and the parent waits.
    _leave(code)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="studio.engine.host")
    parser.add_argument("--device", default="auto")
    parser.add_argument("--dtype", default="auto")
    parser.add_argument("--cache-folder", type=Path)
    return parser


def _claim_pipes() -> tuple[FileIO, FileIO]:
    commands = os.fdopen(os.dup(0), "rb", buffering=0)
    answers = os.fdopen(os.dup(1), "wb", buffering=0)
    with Path(os.devnull).open("rb") as nothing:
        os.dup2(nothing.fileno(), 0)
    os.dup2(2, 1)
    return commands, answers


def _offer_to_die_first() -> None:
    """Have Linux end this process and not the window, with the user's work in it, when the machine's memory is full."""
    # Other systems have no such file.
    with contextlib.suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("500", "ascii")


@dataclass(frozen=True)
class _Order:
    """A command on its way to the engine, with the token that stops it."""

    command: Command
    cancel: CancelToken


class _Host:
    """Joins an engine with its two pipes."""

    def __init__(self, make_engine: MakeEngine, commands: FileIO, answers: FileIO) -> None:
        self._make_engine = make_engine
        self._commands = commands
        self._answers = answers
        self._speaking = threading.Lock()
        self._orders: queue.SimpleQueue[_Order | None] = queue.SimpleQueue()
        self._stands = threading.Event()

    def run(self) -> int:
        """Make the engine and carry out commands until the last one; return the exit code."""
        self._say(Hello(os.getpid()))
        for work in (self._read, self._beat):
            threading.Thread(target=work, name=f"engine host{work.__name__}", daemon=True).start()
        try:
            engine = self._make_engine()
        except Exception as error:  # noqa: BLE001 - the boundary of the process: whatever it is, the parent is told
            self._say(Refused(_as_studio_error(error, "The engine could not be started")))
            return 1
        self._stands.set()
        self._say(Ready())
        while (order := self._orders.get()) is not None:
            self._carry_out(engine, order)
        engine.close()
        return 0

    def _carry_out(self, engine: Engine, order: _Order) -> None:
        if isinstance(order.command, Paint):
            _Telling(self._say, order.command.request).paint(engine, order.cancel)
            return
        try:
            answer = _answer(engine, order.command)
        except Exception as error:  # noqa: BLE001 - the boundary of the process: whatever it is, the parent is told
            answer = Refused(_as_studio_error(error, "The engine failed"))
        self._say(answer)

    def _say(self, answer: Answer) -> None:
        """Write a message; called by the engine's and by the heartbeat's thread."""
        try:
            with self._speaking:
                for part in encode(answer):
                    rest = part
                    while rest.nbytes:
                        rest = rest[self._answers.write(rest) :]
        except OSError:
            _leave(0)

    def _beat(self) -> None:
        while True:
            time.sleep(HEARTBEAT_S)
            self._say(Heartbeat())

    def _read(self) -> None:
        """Take commands from the parent; leave at once when there is no parent any more."""
        latest = ("", CancelToken())
        try:
            while (command := receive_command(self._commands.readinto)) is not None:
                match command:
                    case CancelJob(job_id):
                        if job_id == latest[0]:
                            latest[1].cancel()
                        continue
                    case ShutDown():
                        latest[1].cancel()
                        if not self._stands.is_set():
                            _leave(0)
                        self._orders.put(None)
                        return
                    case Paint(request):
                        latest = (request.job_id, CancelToken())
                    case _:
                        latest = ("", CancelToken())
                self._orders.put(_Order(command, latest[1]))
        except (WireError, OSError):
            traceback.print_exc()
            _leave(1)
        _leave(0)


class _Telling:
    """Tells the parent of one job, and sees to it that it ends with exactly one terminal event."""

    def __init__(self, say: Callable[[Answer], None], request: GenerationRequest) -> None:
        self._say = say
        self._request = request
        self._told: list[GeneratedImage] = []
        self._over = False

    def paint(self, engine: Engine, cancel: CancelToken) -> None:
        """Let the engine do the job."""
        try:
            result = engine.generate(self._request, self._emit, cancel)
        except JobCancelled:
            last: Event = Cancelled(self._request.job_id)
        except Exception as error:  # noqa: BLE001 - the boundary of the process: whatever it is, the parent is told
            last = Failed(self._request.job_id, _as_studio_error(error, "The engine failed"))
        else:
            last = Finished(self._request.job_id, result)
        if not self._over:
            self._emit(last)

    def _emit(self, event: Event) -> None:
        match event:
            case Painted():
                self._told.append(event.image)
            case Finished():
                # A job of many pictures would send each of them twice.
                new = tuple(image for image in event.result.images if not any(image is one for one in self._told))
                event = replace(event, result=replace(event.result, images=new))
                self._over = True
            case Failed() | Cancelled():
                self._over = True
            case Started() | Progress() | Preview():
                pass
        self._say(Said(event))


def _answer(engine: Engine, command: Command) -> Answer:
    match command:
        case LoadModel(model):
            engine.load(model)
            return Done()
        case UnloadModel():
            engine.unload()
            return Done()
        case Ping():
            return Done()
        case AskMemory():
            return MemoryTold(engine.memory())
        case AskDescription():
            return DescriptionTold(engine.describe())
        case Paint() | CancelJob() | ShutDown():
            message = f"{command} has no answer of its own"
            raise ValueError(message)
        case _:
            assert_never(command)


def _as_studio_error(error: Exception, what: str) -> StudioError:
    """Return the error to tell the parent; the traceback of one that nobody foresaw goes to standard error."""
    if isinstance(error, StudioError):
        return error
    traceback.print_exception(error)
    reason = f"{type(error).__name__}: {error}"
    return EngineFailed(what, reason, "Try again; if it happens again, please report it with the log")


def _leave(code: int) -> NoReturn:
    # Not by way of the interpreter: the engine may be in the middle of a step that takes minutes.
    os._exit(code)


if __name__ == "__main__":
    main(sys.argv[1:])
