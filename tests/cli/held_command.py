"""`sfumato generate` or `replay` in a process of its own whose engine stands still at a place, or hears nothing at all.

python -m tests.cli.held_command listening|deaf ARGUMENTS
"""

import sys
import threading
from dataclasses import replace
from functools import partial
from pathlib import Path

from studio.cli.commands import main, own_commands
from studio.cli.generate import run
from studio.cli.replay import run as replay
from studio.domain.events import Phase
from tests.fakes import Gate, Script, ScriptedEngine


def make_engine(_device: str, _dtype: str, _cache: Path, layout: str = "", *, deaf: bool) -> ScriptedEngine:
    """Return an engine that waits for a gate which nobody opens; or never return, as an import that takes for ever."""
    if deaf or layout:
        sys.stdout.write("importing\n")
        sys.stdout.flush()
    if deaf:
        threading.Event().wait()
    # What is painted again is painted alone.
    return ScriptedEngine(Script(gates=(Gate(Phase.DENOISING, step=2, index=0 if layout else 1),)))


if __name__ == "__main__":
    commands = own_commands()
    make = partial(make_engine, deaf=sys.argv[1] == "deaf")
    commands["generate"] = replace(commands["generate"], run=partial(run, make_engine=make))
    commands["replay"] = replace(commands["replay"], run=partial(replay, make_engine=make))
    sys.exit(main(sys.argv[2:], commands))
