"""Starting the process again with the environment that makes torch fast."""

from __future__ import annotations

import os
import signal
import sys

from studio.services.engine_environment import child_environment


def restart_fast() -> None:
    """Replace this process by itself with the engine's environment, unless it has it already.

    Only on Linux, where replacing a process keeps its number, its terminal and its parent, and costs 0.1 s. Signals
    are held back until `studio.__main__` takes them again, so that none is lost in between.
    """
    if sys.platform != "linux":
        return
    wanted = child_environment(os.environ)
    if not wanted.keys() - os.environ.keys() - {"PYTHONPATH"}:
        return
    sys.stdout.flush()
    sys.stderr.flush()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], wanted)
