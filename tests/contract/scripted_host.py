"""The engine's process with a scripted engine inside: `python -m tests.contract.scripted_host SCENARIO ...`.

Each scenario is one way in which a process can behave or misbehave. The options that follow are `studio.engine.host`'s
and change nothing.
"""

import ctypes
import os
import subprocess
import sys
from collections.abc import Callable
from enum import Enum
from functools import partial

from studio.domain.cancel import CancelToken
from studio.domain.errors import DeviceUnavailable, OutOfMemory
from studio.domain.events import Emit, Event, Finished, Phase, Result
from studio.domain.ports import Engine
from studio.domain.request import GenerationRequest
from studio.domain.wire import Done, encode
from studio.engine.host import serve
from tests.fakes import Gate, Script, ScriptedEngine

HELD_AT_STEP = 2
"""A held engine stands where this many steps are done."""
OUT_OF_MEMORY = OutOfMemory("The machine ran out of memory", "it was asked for too much", "Paint a smaller picture")


class Scenario(Enum):
    """What the process does; the value is its name on the command line."""

    PLAIN = "plain"
    HELD = "held"
    FAILING_ONCE = "failing-once"
    BROKEN_ONCE = "broken-once"
    CHATTY = "chatty"
    CRASHING = "crashing"
    LEAVING = "leaving"
    DYING_LAST = "dying-last"
    NEVER_READY = "never-ready"
    WITHOUT_DEVICE = "without-device"
    WITHOUT_LIBRARY = "without-library"
    GARBLING = "garbling"
    OUT_OF_PLACE = "out-of-place"

    @property
    def command(self) -> tuple[str, ...]:
        """The command that starts it, as `EngineProcess` takes it."""
        return (sys.executable, "-m", "tests.contract.scripted_host", self.value)


class Chatty(ScriptedEngine):
    """Prints wherever a library might, and starts a process that prints too."""

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        sys.stdout.write("printed\n")
        sys.stdout.flush()
        os.write(1, b"written\n")
        subprocess.run([sys.executable, "-c", "print('a child printed')"], check=True)
        sys.stderr.write("complained\n")
        return super().generate(request, emit, cancel)


class BrokenOnce(ScriptedEngine):
    """Fails its first job with what no engine may raise, and without a terminal event."""

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        if not self.requests:
            self.requests.append(request)
            message = "planted"
            raise ZeroDivisionError(message)
        return super().generate(request, emit, cancel)


class Crashing(ScriptedEngine):
    """Reads where no memory is, as a native library with a bug does."""

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        ctypes.string_at(0)
        return super().generate(request, emit, cancel)


class Leaving(ScriptedEngine):
    """Ends the process in the middle of a job."""

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        def emit_and_leave(event: Event) -> None:
            emit(event)
            sys.stderr.write("out of luck\n")
            sys.stderr.flush()
            os._exit(3)

        return super().generate(request, emit_and_leave, cancel)


class DyingLast(ScriptedEngine):
    """Dies right after the terminal event of each job."""

    def generate(self, request: GenerationRequest, emit: Emit, cancel: CancelToken) -> Result:
        def emit_and_die(event: Event) -> None:
            emit(event)
            if isinstance(event, Finished):
                os._exit(0)

        return super().generate(request, emit_and_die, cancel)


def held_engine() -> ScriptedEngine:
    """Return an engine that stands in the middle of each job until it is cancelled."""
    return ScriptedEngine(Script(gates=(Gate(Phase.DENOISING, HELD_AT_STEP),)))


def failing_once_engine() -> ScriptedEngine:
    """Return an engine whose first job runs out of memory."""
    return ScriptedEngine(Script(error=OUT_OF_MEMORY, error_step=1), Script())


def _never_ready() -> Engine:
    Gate().hold(CancelToken())
    return ScriptedEngine()


def _without_device() -> Engine:
    raise DeviceUnavailable("The device cuda cannot be used", "this machine has none", "Choose cpu")


def _without_library() -> Engine:
    message = "planted"
    raise ImportError(message)


def _say(said: bytes) -> int:
    """Write to where answers belong, then wait for the parent to hang up."""
    sys.stdout.buffer.write(said)
    sys.stdout.flush()
    sys.stdin.buffer.read()
    return 0


SCENARIOS: dict[Scenario, Callable[[], int]] = {
    Scenario.PLAIN: partial(serve, ScriptedEngine),
    Scenario.HELD: partial(serve, held_engine),
    Scenario.FAILING_ONCE: partial(serve, failing_once_engine),
    Scenario.BROKEN_ONCE: partial(serve, BrokenOnce),
    Scenario.CHATTY: partial(serve, Chatty),
    Scenario.CRASHING: partial(serve, Crashing),
    Scenario.LEAVING: partial(serve, Leaving),
    Scenario.DYING_LAST: partial(serve, DyingLast),
    Scenario.NEVER_READY: partial(serve, _never_ready),
    Scenario.WITHOUT_DEVICE: partial(serve, _without_device),
    Scenario.WITHOUT_LIBRARY: partial(serve, _without_library),
    Scenario.GARBLING: partial(_say, b"Illegal instruction, or so\n"),
    Scenario.OUT_OF_PLACE: partial(_say, b"".join(encode(Done()))),
}

if __name__ == "__main__":
    sys.exit(SCENARIOS[Scenario(sys.argv[1])]())
