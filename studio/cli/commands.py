"""The table of commands, and how each of them ends."""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from studio.cli.options import (
    Parser,
    add_bench,
    add_doctor,
    add_generate,
    add_history,
    add_inspect,
    add_replay,
    check_generate,
    check_replay,
    main_parser,
)
from studio.cli.terminal import plain
from studio.domain.errors import InvalidRequest, StudioError

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Sequence

FAILED: Final = 1
USAGE: Final = 2
INTERRUPTED: Final = 130
"""128 and the number of SIGINT, as shells count."""


@dataclass(frozen=True, slots=True)
class Command:
    """One command.

    Attributes:
        help: what it does.
        add_options: puts its options into its parser.
        run: does it and returns the exit code; imports what it needs itself.
        check: refuses options that do not go together.
    """

    help: str
    add_options: Callable[[Parser], None]
    run: Callable[[argparse.Namespace], int]
    check: Callable[[Parser, argparse.Namespace], None] = lambda _parser, _options: None


def main(arguments: Sequence[str], commands: dict[str, Command] | None = None) -> int:
    """Do what the arguments say.

    Args:
        arguments: without the program's name.
        commands: the table; the house's own unless a test brings another.

    Returns:
        The exit code: 0, 1 failed, 2 wrong usage, 128 and the number of the signal that stopped it.
    """
    table = own_commands() if commands is None else commands
    parser, add = main_parser()
    parsers: dict[str, Parser] = {}
    for name, one in table.items():
        parsers[name] = add.add_parser(name, help=one.help, description=one.help.capitalize() + ".", allow_abbrev=False)
        one.add_options(parsers[name])
    try:
        options = parser.parse_args(arguments)
        table[options.command].check(parsers[options.command], options)
    except SystemExit as end:  # argparse's way to say that it has answered
        return int(end.code or 0)
    return _run(table[options.command], options)


def own_commands(*, own_process: bool = False) -> dict[str, Command]:
    """Return the commands of Sfumato; in a process of their own they may start it again with another environment."""
    generate = _generate_fast if own_process else _generate
    replay = _replay_fast if own_process else _replay
    return {
        "generate": Command("paint pictures", add_generate, generate, check_generate),
        "inspect": Command("print what pictures say about themselves", add_inspect, _inspect),
        "replay": Command("paint pictures again and tell how it came out", add_replay, replay, check_replay),
        "history": Command("list, fill, check and rebuild the history", add_history, _history),
        "doctor": Command("tell what Sfumato finds on this machine and what is missing", add_doctor, _doctor),
        "bench": Command("measure how fast this machine paints", add_bench, _bench),
    }


def _run(command: Command, options: argparse.Namespace) -> int:
    """Run a command; what goes wrong becomes one sentence and an exit code."""
    from studio.services.log_file import terminal_log

    with warnings.catch_warnings(), terminal_log(verbose=options.verbose):
        if not options.verbose:
            warnings.simplefilter("ignore")  # libraries warn about themselves, which no user can mend
        try:
            code = command.run(options)
            # Here and not at the process's end, where nobody would hear of a full disk or of a reader that is gone.
            sys.stdout.flush()
            return code
        except InvalidRequest as error:
            return _fail(options, error, USAGE)
        except StudioError as error:
            return _fail(options, error, FAILED)
        except KeyboardInterrupt:
            return INTERRUPTED
        except BrokenPipeError:
            # The reader, such as head, has seen enough. Python would complain when it flushes at the end.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return FAILED
        except Exception as error:  # noqa: BLE001 - the process's boundary: a mistake of ours is a sentence too
            said = f"{type(error).__name__}: {error}"
            unforeseen = StudioError("Something unforeseen happened", said, "Add --verbose and report what it says")
            unforeseen.__cause__ = error
            return _fail(options, unforeseen, FAILED)


def _fail(options: argparse.Namespace, error: StudioError, code: int) -> int:
    if options.verbose:
        traceback.print_exception(error)
    print(plain(f"sfumato: {error}"), file=sys.stderr)
    return code


def _generate(options: argparse.Namespace) -> int:
    from studio.cli.generate import diffusers_engine, run

    return run(options, diffusers_engine)


def _generate_fast(options: argparse.Namespace) -> int:
    from studio.cli.restart import restart_fast

    restart_fast()
    return _generate(options)


def _replay(options: argparse.Namespace) -> int:
    from studio.cli.replay import diffusers_engine, run

    return run(options, diffusers_engine)


def _replay_fast(options: argparse.Namespace) -> int:
    from studio.cli.restart import restart_fast

    restart_fast()
    return _replay(options)


def _inspect(options: argparse.Namespace) -> int:
    from studio.cli.inspection import run

    return run(options)


def _history(options: argparse.Namespace) -> int:
    from studio.cli.history import run

    return run(options)


def _doctor(options: argparse.Namespace) -> int:
    from studio.cli.doctor import run

    return run(options)


def _bench(options: argparse.Namespace) -> int:
    from studio.cli.bench import run

    return run(options)
