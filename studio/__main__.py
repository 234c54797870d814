"""`sfumato` and `python -m studio`: the window, or the command line."""

from __future__ import annotations

import gc
import io
import os
import signal
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn, TextIO

if TYPE_CHECKING:
    from collections.abc import MutableMapping, Sequence
    from types import FrameType

    from studio.domain.errors import StudioError


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or run a command.

    Args:
        arguments: without the program's name; None for the process's own.

    Returns:
        The exit code.
    """
    own = list(sys.argv[1:]) if arguments is None else list(arguments)
    try:
        if opens_window(own):
            return _open_window(own)
        if arguments is None:
            _settle_process()
        from studio.cli import commands

        code = commands.main(own, commands.own_commands(own_process=arguments is None))
        if arguments is None:
            _leave(code)
        return code
    except KeyboardInterrupt:
        return 130
    finally:
        gc.enable()


def _open_window(arguments: Sequence[str]) -> int:
    _hasten(os.environ)
    try:
        from studio import app
    except ImportError as error:
        # Servers lack the system's libraries that Qt stands on. Most lack a screen too, which nothing can mend there.
        sys.stderr.write(f"sfumato: {_why_no_window(error)}\n")
        return 1
    return app.main(arguments)


def _why_no_window(error: ImportError) -> StudioError:
    from studio.domain.errors import StudioError
    from studio.services.display import require_display

    try:
        require_display(os.environ)
    except StudioError as no_screen:
        return no_screen
    remedy = 'Install what is missing, or paint without a window: sfumato generate "a red fox, 3d"'
    return StudioError("The window cannot be opened", f"Qt cannot be loaded: {error}", remedy)


def _hasten(environ: MutableMapping[str, str]) -> None:
    """Leave out of the window's start what it does not need; measured on two busy cores."""
    gc.disable()  # app.py enables it once the window is painted: 50 of 590 ms
    # numpy starts a thread for each core to multiply matrices with, and waits for them: 60 ms. The window has none.
    environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # pydantic reads the entry points of every installed distribution to find plugins: 20 ms.
    environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "1")


def opens_window(arguments: Sequence[str]) -> bool:
    """Tell whether the arguments are the window's: none, or options only, unless they ask for help or the version."""
    speaks = {"-h", "--help", "--version"} & set(arguments)
    return not speaks and all(argument.startswith("-") for argument in arguments[:1])


def _settle_process() -> None:
    """Make the streams and signals of a process that runs one command what the command relies on."""
    # Closed by the caller (``>&-``), they are None, and the next file that is opened gets their number.
    sys.stdout = sys.stdout or _nowhere()
    sys.stderr = sys.stderr or _nowhere()
    for stream in (sys.stdout, sys.stderr):
        # A prompt or a file name that the terminal's encoding lacks must not end a command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    # Not as KeyboardInterrupt: raised in the middle of an import, it was seen to vanish there, and Ctrl-C with it.
    # Nothing is written before `studio.cli.interrupts` takes over.
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _end)
    if sys.platform != "win32":
        # A restarted command line comes with its signals held back: see studio/cli/restart.py.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})


def _nowhere() -> TextIO:
    return Path(os.devnull).open("w", encoding="utf-8")


def _leave(code: int) -> NoReturn:
    """End the process without taking torch apart, which takes seconds on a busy machine and keeps Ctrl-C waiting."""
    with suppress(OSError):  # the reader may be gone, which is not the command's failure
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


def _end(number: int, _frame: FrameType | None) -> None:
    os._exit(128 + number)


if __name__ == "__main__":
    sys.exit(main())
