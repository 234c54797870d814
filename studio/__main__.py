"""`sfumato` and `python -m studio`: the window, or the command line."""

from __future__ import annotations

import gc
import io
import signal
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Open the window, or run a command.

    Args:
        arguments: without the program's name; None for the process's own.

    Returns:
        The exit code.
    """
    own = list(sys.argv[1:]) if arguments is None else list(arguments)
    try:
        if arguments is None:
            _settle_process()
        if opens_window(own):
            gc.disable()  # app.py enables it once the window is painted, a tenth of the start earlier
            from studio import app

            return app.main(own)
        from studio.cli import commands

        return commands.main(own, commands.own_commands(own_process=arguments is None))
    except KeyboardInterrupt:
        return 130
    finally:
        gc.enable()


def opens_window(arguments: Sequence[str]) -> bool:
    """Tell whether the arguments are the window's: none, or options only, unless they ask for help or the version."""
    speaks = {"-h", "--help", "--version"} & set(arguments)
    return not speaks and all(argument.startswith("-") for argument in arguments[:1])


def _settle_process() -> None:
    if sys.platform != "win32":
        # A restarted command line comes with its signals held back: see studio/cli/restart.py.
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    for stream in (sys.stdout, sys.stderr):
        # A prompt or a file name that the terminal's encoding lacks must not end a command.
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    sys.exit(main())
