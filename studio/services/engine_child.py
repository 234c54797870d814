"""One run of the engine's process: how it is started, spoken with, heard and ended."""

from __future__ import annotations

import contextlib
import io
import queue
import signal
import subprocess
import threading
from collections import deque
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Final, cast

from studio.domain.errors import EngineDied
from studio.domain.wire import Answer, Command, Heartbeat, ShutDown, encode, receive_answer
from studio.domain.wire_values import WireError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

LAST_WORDS: Final = 200
"""Lines of the process's standard error that are kept."""
LONGEST_LINE: Final = 4096
EOF_GRACE_S: Final = 0.5
"""How long a dead process's pipe may stay open, because somebody inherited it."""


@dataclass(frozen=True)
class Ended:
    """The process says nothing more.

    Attributes:
        reason: what was wrong with its last message; empty if its pipe simply ended.
    """

    reason: str


class EngineChild:
    """A running process. Three threads serve its pipes; everything else happens on the caller's.

    Attributes:
        is_ready: whether it said that it takes commands; the caller keeps it.
    """

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        """Start the process.

        Raises:
            EngineDied: it could not be started at all.
        """
        self.is_ready = False
        self._inbox: queue.SimpleQueue[Answer | Ended] = queue.SimpleQueue()
        self._outbox: queue.SimpleQueue[Command | None] = queue.SimpleQueue()
        self._last_words: deque[str] = deque(maxlen=LAST_WORDS)
        self._bytes_heard = 0
        try:
            self._process = subprocess.Popen(
                command,
                bufsize=0,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=environment,
                # Windows would open a console beside the window.
                creationflags=getattr(subprocess, "CREATE_NO_WINDOW", 0),
            )
        except OSError as error:
            raise EngineDied("The engine could not be started", str(error), "Install Sfumato again") from error
        # Unbuffered pipes are FileIO.
        self._stdin, self._stdout = (cast("io.FileIO", pipe) for pipe in (self._process.stdin, self._process.stdout))
        self._stderr = cast("IO[bytes]", self._process.stderr)
        self._threads = [
            threading.Thread(target=work, name=f"engine process{work.__name__}", daemon=True)
            for work in (self._write, self._read, self._keep_last_words)
        ]
        for thread in self._threads:
            thread.start()

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def bytes_heard(self) -> int:
        """How much it has said so far; grows at least with every heartbeat."""
        return self._bytes_heard

    @property
    def is_alive(self) -> bool:
        """Whether it has not ended."""
        return self._process.poll() is None

    @property
    def last_words(self) -> tuple[str, ...]:
        """The last lines of its standard error."""
        return tuple(self._last_words)

    def send(self, command: Command) -> None:
        """Hand a command to the writing thread. A process that is gone does not read it: `take` tells."""
        self._outbox.put(command)

    def take(self, timeout_s: float) -> Answer | Ended | None:
        """Return its next message, heartbeats aside, or None if none came in time."""
        with contextlib.suppress(queue.Empty):
            return self._inbox.get(timeout=timeout_s)
        if self.is_alive:
            return None
        # What it said before it ended still counts.
        with contextlib.suppress(queue.Empty):
            return self._inbox.get(timeout=EOF_GRACE_S)
        return Ended("")

    def close(self, grace_s: float) -> int:
        """Ask it to end, wait, insist; free everything and return its exit code, negative for a signal."""
        self.send(ShutDown())
        return self.kill(grace_s)

    def kill(self, patience_s: float = 0.0) -> int:
        """Wait for its end, or else end it; free everything and return its exit code, negative for a signal."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(patience_s)
        self._process.kill()
        code = self._process.wait()
        self._outbox.put(None)
        for thread in self._threads:
            thread.join(EOF_GRACE_S)
        return code

    def _write(self) -> None:
        # A process that is gone is noticed by the reading thread.
        with contextlib.suppress(OSError), self._stdin as pipe:
            while (command := self._outbox.get()) is not None:
                for part in encode(command):
                    rest = part
                    while rest.nbytes:
                        rest = rest[pipe.write(rest) :]

    def _read(self) -> None:
        reason = ""
        with self._stdout as pipe:

            def read_into(buffer: memoryview) -> int | None:
                read = pipe.readinto(buffer)
                self._bytes_heard += read
                return read

            try:
                while (answer := receive_answer(read_into)) is not None:
                    if not isinstance(answer, Heartbeat):
                        self._inbox.put(answer)
            except (WireError, OSError) as error:
                reason = str(error)
            self._inbox.put(Ended(reason))

    def _keep_last_words(self) -> None:
        with io.TextIOWrapper(self._stderr, "utf-8", errors="replace") as stream:
            for line in iter(lambda: stream.readline(LONGEST_LINE), ""):
                self._last_words.append(line.rstrip("\n"))


def died(code: int, reason: str, last_words: Sequence[str]) -> EngineDied:
    """Return what to tell the user about a process that ended in the middle of its work.

    Args:
        code: its exit code; negative for a signal.
        reason: what is known beside it; empty if nothing is.
        last_words: its last lines; they go into the error's notes, for the log.
    """
    if reason:
        why = reason
    elif code < 0:
        why = _SIGNALS.get(-code, f"signal {-code} ended it ({_signal_name(-code)})")
    else:
        why = f"it ended with exit code {code}" + (f": {last_words[-1]}" if code and last_words else "")
    error = EngineDied("The engine stopped in the middle of its work", why, _REMEDY)
    for line in last_words:
        error.add_note(line)
    return error


def _signal_name(number: int) -> str:
    return signal.Signals(number).name if number in {*signal.Signals} else "unknown"


_REMEDY: Final = (
    "Try again: the next job starts a new engine. If it happens again, paint a smaller picture or use a smaller model"
)
# Numbers and not names, for Windows has no SIGKILL to name.
_SIGNALS: Final = {
    6: "it gave itself up (SIGABRT), as native libraries do when something is wrong inside them",
    9: "something killed it (SIGKILL); most often that is the system, because memory ran out",
    11: "a native library crashed (SIGSEGV)",
    15: "something asked it to end (SIGTERM)",
}
